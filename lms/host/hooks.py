"""Sockets that the host itself fills."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import DataPolicy, DoctorFinding
from lms.hookspecs import hookimpl
from lms.host.host import current_host
from lms.host.records import PluginReport

SENTENCES = {
    "active": "The plugin {name} is active.",
    "off": "The plugin {name} is switched off.",
    "blocked": "The plugin {name} is blocked by the configuration.",
    "missing": "The plugin {name} is not installed any more; its data is kept.",
    "quarantined": "The plugin {name} is in quarantine because of {hook}: {error}",
    "refused": "A plugin was refused: {error}",
}


@hookimpl
def lms_doctor() -> Sequence[DoctorFinding]:
    """One sentence for each plugin."""
    return [_finding(report) for report in current_host().report()]


def _finding(report: PluginReport) -> DoctorFinding:
    sentence = SENTENCES[report.state].format(
        name=report.name, hook=report.hook, error=report.error.rpartition("\n")[2]
    )
    if report.needs_restart:
        sentence += " It has been released and comes back when the processes start next."
    if report.remarks:
        sentence += " " + " ".join(report.remarks)
    well = report.state == "active" and not report.remarks
    faulty = report.state in ("quarantined", "refused")
    return DoctorFinding(
        ok=not faulty, name=f"plugin {report.name}", sentence=sentence, warning=not well
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """The host's table holds no persons."""
    return (
        DataPolicy(
            table="host_plugin_state",
            purpose="how each plugin stands: active, switched off or in quarantine, and why",
            export=False,
        ),
    )
