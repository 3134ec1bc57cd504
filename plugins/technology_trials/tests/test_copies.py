"""A copied run tries the same technology."""

from __future__ import annotations

from typing import Any

from lms.api import SYSTEM, CopyFacts, unit_of_work
from lms.host import current_host
from lms_technology_trials.queries import technology_of


def test_after_copies(trial: Any) -> None:
    trial.tries("Prøvebrillen", "Den anden brille")
    old, new = trial.row, trial.maker.run()
    with trial.app.app_context():
        with unit_of_work():
            copies = (CopyFacts(runs={old.id: new.id}, days=7), CopyFacts())
            current_host().after("lms_after_copies", copies=copies, actor=SYSTEM)
        found = technology_of([old.id, new.id])
    assert found[new.id].solutions == found[old.id].solutions
    assert found[new.id].run_id == new.id
