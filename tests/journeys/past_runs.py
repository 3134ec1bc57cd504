"""Runs whose days lie behind us and which still take requests: a whole journey in one sitting.

They are made by the verbs that people use, from courses of the demo. Run beside a site:
`python -m tests.journeys.past_runs` reads one JSON object per run from its standard input and
prints the runs' keys as a list.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from tests.journeys.running import Site

ROOT = Path(__file__).parents[2]
SESSION = timedelta(hours=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class PastRun:
    """A run to be made: of the course of the demo with this Danish title, under a title of its
    own, with two days last week and the week before."""

    course: str
    title: str
    lead: str
    teacher: str
    languages: list[str]


def make_past_runs(site: Site, runs: Sequence[PastRun]) -> list[str]:
    """Make the runs on the site; their keys."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.past_runs"],
        input=json.dumps([asdict(run) for run in runs]),
        env=site.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    keys: list[str] = json.loads(done.stdout)
    return keys


def main() -> None:
    """Make what stands on the standard input."""
    from lms.app import create_app

    app = create_app()
    wanted = [PastRun(**one) for one in json.load(sys.stdin)]
    with app.app_context():
        print(json.dumps([_make(one) for one in wanted]))  # noqa: T201 - the answer


def _make(wanted: PastRun) -> str:
    from lms import api

    like = next(
        run
        for run in api.runs_by_id(api.run_ids_of_type("staff_innovation_track")).values()
        if run.title.da == wanted.course
    )
    now = api.now().replace(hour=8, minute=0, second=0, microsecond=0)
    text = api.LocalisedText(da=wanted.title, sv=wanted.title, en=wanted.title)
    with api.unit_of_work():
        run_id = api.create_run(
            like.course_version_id,
            api.SYSTEM,
            hosts=like.host_ids,
            sessions=[
                api.SessionPlan(
                    title=api.LocalisedText(da=f"Dag {n}", sv=f"Dag {n}", en=f"Day {n}"),
                    content=api.LocalisedText(da="Vi øver os.", sv="Vi övar.", en="We practise."),
                    starts_at=now - timedelta(days=14 - 7 * (n - 1)),
                    ends_at=now - timedelta(days=14 - 7 * (n - 1)) + SESSION,
                )
                for n in (1, 2)
            ],
            capacity=5,
            zone=like.zone,
            title=text,
            town=like.town,
            venue=like.venue,
            languages=wanted.languages,
            enrol_until=now + timedelta(days=7),
        )
        for mail, role in ((wanted.lead, "programme_lead"), (wanted.teacher, "teacher")):
            person_id = api.person_id_by_email(api.SYSTEM, api.email_key(mail))
            assert person_id is not None, mail
            api.add_to_team(run_id, person_id, role, api.SYSTEM)
        for state in ("announced", "open"):
            api.change_run_state(run_id, state, api.SYSTEM)
    return api.runs_by_id([run_id])[run_id].key


if __name__ == "__main__":
    main()
