"""Runs of a journey's own, which take requests: such as those whose days lie behind us, for a whole
journey in one sitting.

They are made by the verbs that people use, from courses of the demo. Run beside a site:
`python -m tests.journeys.made_runs` reads one JSON object per run from its standard input and
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
class WantedRun:
    """A run to be made: of the course of the demo with this Danish title, under a title of its
    own, with `capacity` seats and two days, the first one `begins` days from now and the other a
    week later."""

    course: str
    title: str
    lead: str
    teacher: str
    languages: list[str]
    capacity: int = 5
    begins: int = -14


def make_runs(site: Site, runs: Sequence[WantedRun]) -> list[str]:
    """Make the runs on the site; their keys."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.made_runs"],
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
    wanted = [WantedRun(**one) for one in json.load(sys.stdin)]
    with app.app_context():
        print(json.dumps([_make(one) for one in wanted]))  # noqa: T201 - the answer


def _make(wanted: WantedRun) -> str:
    from lms import api

    like = next(
        run
        for run in api.runs_by_id(api.run_ids_of_type("staff_innovation_track")).values()
        if run.title.da == wanted.course
    )
    now = api.now().replace(hour=8, minute=0, second=0, microsecond=0)
    days = [now + timedelta(days=wanted.begins + 7 * n) for n in (0, 1)]
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
                    starts_at=day,
                    ends_at=day + SESSION,
                )
                for n, day in enumerate(days, start=1)
            ],
            capacity=wanted.capacity,
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
