"""The plugin's steps of the demo; each may be run again and then changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from lms.api import (
    SYSTEM,
    LocalisedText,
    RunFacts,
    decide_completions,
    enrolments_in_run,
    now,
    run_ids_of_type,
    runs_by_id,
    stopped_clock,
    unit_of_work,
)
from lms_technology_trials.course_type import KEY
from lms_technology_trials.facts import Solution, TechnologyFacts
from lms_technology_trials.queries import technology_of
from lms_technology_trials.services import publish, set_safe_use, write_log, write_technology

FOLDER = Path(__file__).parent
MOST_PARTICIPANTS = 1000
DECIDED_AFTER = timedelta(hours=2)


def load_mit_hjem() -> None:
    """Publish the collaboration Mit hjem."""
    document = json.loads((FOLDER / "mit_hjem.json").read_text(encoding="utf-8"))
    with unit_of_work():
        publish(document, SYSTEM)


def load_technology() -> None:
    """Say what the demo's runs of the course type try, and let those who finished have practised.

    Runs of other titles are left alone, and so are runs that have their record already. Without
    such runs there is nothing to do.
    """
    given = json.loads((FOLDER / "technology.json").read_text(encoding="utf-8"))
    title = LocalisedText.from_dict(given["title"])
    runs = [run for run in runs_by_id(run_ids_of_type(KEY)).values() if run.title == title]
    known = technology_of([run.id for run in runs])
    with unit_of_work():
        for run in sorted(runs, key=lambda run: run.id):
            if run.id not in known:
                write_technology(_technology(run.id, given["technology"]), SYSTEM)
                _practise(run, given["practice"]["uses"])


def _technology(run_id: int, given: dict[str, Any]) -> TechnologyFacts:
    def texts(name: str) -> tuple[LocalisedText, ...]:
        return tuple(LocalisedText.from_dict(text) for text in given[name])

    return TechnologyFacts(
        run_id=run_id,
        category=LocalisedText.from_dict(given["category"]),
        question=LocalisedText.from_dict(given["question"]),
        solutions=tuple(Solution(**one) for one in given["solutions"]),
        only_one_reason=given["only_one_reason"],
        requirements=texts("requirements"),
        measures=texts("measures"),
        stop_rule=LocalisedText.from_dict(given["stop_rule"]),
        safe_use_check=LocalisedText.from_dict(given["safe_use_check"]),
    )


def _practise(run: RunFacts, uses: int) -> None:
    """Those who took part in a run that is over have used the technology; then their completion,
    which waited for that, is decided."""
    if run.state != "completed" or run.ends_at is None:
        return
    rows = enrolments_in_run(run.id, ("active",), limit=MOST_PARTICIPANTS)
    ids = [row.enrolment.id for row in rows]
    if not ids:
        return
    with stopped_clock(min(run.ends_at + DECIDED_AFTER, now())):
        for enrolment_id in ids:
            write_log(enrolment_id, uses, None, SYSTEM)
            set_safe_use(enrolment_id, True, SYSTEM)
        decide_completions(ids, SYSTEM)
