"""The runs of the demo to which companies apply are open to all of them on equal terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from lms.api import SYSTEM, now, organisations_by_id, runs_by_id
from lms_fairplay.rules import PUBLIC_KINDS
from lms_fairplay.services.aiding import open_to_all

RUNS = ("klar-til-kommunen-foerste", "klar-til-kommunen-naeste", "byg-det-plejen-bruger-foerste")
"""Runs of the demo, by their names in its file, in which companies get a place."""
REASON = (
    "Forløbet er åbent for alle virksomheder på lige vilkår. Kriterier og frist er offentlige, og "
    "det, værterne deler, får alle."
)


def days(run: str, run_id: int) -> Sequence[tuple[datetime, Callable[[], None]]]:
    """When such a run was just made, its first public host writes that it is open to all."""
    return [(now(), lambda: _open(run_id))] if run in RUNS else []


def _open(run_id: int) -> None:
    run = runs_by_id([run_id])[run_id]
    hosts = organisations_by_id(run.host_ids)
    public = next(id_ for id_ in run.host_ids if hosts[id_].kind in PUBLIC_KINDS)
    open_to_all(run, public, REASON, SYSTEM)
