"""Sockets that the journal fills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.contracts import SYSTEM, DataPolicy, DoctorFinding
from lms.db import now
from lms.hookspecs import hookimpl
from lms.journal import queries

LATE = timedelta(minutes=5)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Who did what stays; what it said about a person can be blanked."""
    return [
        DataPolicy(
            table="journal_entry",
            purpose="Shows afterwards who changed what, and tells the parts of the house about it.",
            person_columns=("actor_id",),
            erase="blank",
        )
    ]


@hookimpl
def lms_doctor() -> Sequence[DoctorFinding]:
    """Is the journal sealed, and does everybody hear it?"""
    findings = []
    unsealed = queries.oldest_unsealed()
    if unsealed is not None and now() - unsealed > LATE:
        findings.append(
            DoctorFinding(
                ok=False,
                name="journal",
                sentence=f"The journal has not been sealed since {unsealed:%Y-%m-%d %H:%M} UTC: "
                "no worker is running. Start one with lms serve or lms worker.",
            )
        )
    for state in queries.listener_states(SYSTEM):
        if state.waiting_since is not None and now() - state.waiting_since > LATE:
            findings.append(
                DoctorFinding(
                    ok=False,
                    warning=True,
                    name="journal",
                    sentence=f"{state.listener} has {state.behind} journal entries yet to hear, "
                    f"the oldest from {state.waiting_since:%Y-%m-%d %H:%M} UTC.",
                )
            )
        if state.set_aside:
            findings.append(
                DoctorFinding(
                    ok=False,
                    warning=True,
                    name="journal",
                    sentence=f"{state.set_aside} journal entries were set aside because "
                    f"{state.listener} could not take them in. See the journal page.",
                )
            )
    return findings or [
        DoctorFinding(ok=True, name="journal", sentence="Every listener has heard the journal.")
    ]
