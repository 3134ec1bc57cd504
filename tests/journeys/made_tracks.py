"""Runs of a journey's own in a course of any type, straight from what the type plans: its modules,
rule and assignments, with the functions it requires filled.

They are made by the verbs that people use. Run beside a site:
`python -m tests.journeys.made_tracks` reads one JSON object from its standard input and prints
where everything is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journeys.running import Site

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedTrack:
    """A run to be made: in a new course of this type that `owner` owns, with a session for each
    module, the first `begins` days from now and then one every `step` days. `team` says who has
    which role by mail. The rule asks for what the type asks, but for the conditions that are
    `left_out`. It takes requests, of two together `in_pairs`; with `opens` off it waits to be
    opened."""

    course_type: str
    title: str
    outcomes: Sequence[str]
    owner: str
    hosts: Sequence[str]
    team: Sequence[tuple[str, str]]
    begins: int
    step: int
    capacity: int = 12
    in_pairs: bool = False
    opens: bool = True
    left_out: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeTrack:
    """Keys of what was made: `activities` by their Danish titles."""

    run: str
    activities: dict[str, str]


def make_track(site: Site, wanted: WantedTrack) -> MadeTrack:
    """Make the run on the site."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.made_tracks"],
        input=json.dumps(asdict(wanted)),
        env=site.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return MadeTrack(**json.loads(done.stdout))


def main() -> None:
    """Make what stands on the standard input."""
    from lms.app import create_app

    app = create_app()
    wanted = WantedTrack(**json.load(sys.stdin))
    with app.test_request_context():
        print(json.dumps(asdict(_make(wanted))))  # noqa: T201 - the answer


def _make(wanted: WantedTrack) -> MadeTrack:
    from lms import api

    with api.unit_of_work():
        run_id = _make_run(wanted, _make_course(wanted))
        for mail, role in wanted.team:
            api.add_to_team(run_id, _person(mail), role, api.SYSTEM)
        terms = replace(api.terms_of([run_id])[run_id], in_pairs=wanted.in_pairs)
        api.set_terms(terms, api.SYSTEM)
        for state in ("announced", "open") if wanted.opens else ("announced",):
            api.change_run_state(run_id, state, api.SYSTEM)
    return MadeTrack(
        run=api.runs_by_id([run_id])[run_id].key,
        activities={one.title.da: one.key for one in api.activities_in_runs([run_id])[run_id]},
    )


def _make_course(wanted: WantedTrack) -> int:
    from lms import api
    from lms.core.learning.services.building import begin_course

    plan = api.course_plan(wanted.course_type)
    assert plan is not None
    asked = {
        name: options
        for name, options in plan.rule.conditions.items()
        if name not in wanted.left_out
    }
    version_id = begin_course(
        replace(plan, rule=replace(plan.rule, conditions=asked)),
        _organisation(wanted.owner),
        api.SYSTEM,
        title=_text(wanted.title),
        lead=_text("Vi ser på det, der fylder i hverdagen."),
        purpose=_text("At det bliver lettere for os alle."),
        target_group=_text("Alle, der er med i plejen"),
        outcomes=[_text(outcome) for outcome in wanted.outcomes],
        minutes=sum(module.minutes for module in plan.modules),
        languages=["da", "sv"],
    )
    api.approve_version(version_id, api.SYSTEM)
    return version_id


def _make_run(wanted: WantedTrack, version_id: int) -> int:
    from lms import api

    plan = api.course_plan(wanted.course_type)
    assert plan is not None
    now = api.now().replace(hour=8, minute=0, second=0, microsecond=0)
    days = [now + timedelta(days=wanted.begins + wanted.step * n) for n in range(len(plan.modules))]
    run = api.RunPlan(
        title=_text(wanted.title),
        hosts=[_organisation(host) for host in wanted.hosts],
        zone="Europe/Copenhagen",
        sessions=[
            api.SessionPlan(
                title=module.title,
                content=module.content,
                starts_at=day,
                ends_at=day + timedelta(minutes=module.minutes),
                module=module.key,
            )
            for module, day in zip(plan.modules, days, strict=True)
        ],
        capacity=wanted.capacity,
        town="Eksempelby",
        languages=["da", "sv"],
        enrol_until=now + timedelta(days=7),
    )
    return api.start_run(version_id, run, api.SYSTEM)


def _organisation(name: str) -> int:
    from lms import api

    found = api.organisation_named(name)
    assert found is not None, name
    return found.id


def _person(mail: str) -> int:
    from lms import api

    found = api.person_id_by_email(api.SYSTEM, api.email_key(mail))
    assert found is not None, mail
    return found


def _text(words: str) -> Any:
    from lms import api

    return api.LocalisedText(da=words, sv=words)


if __name__ == "__main__":
    main()
