"""A class of a journey's own: a course with a rule and activities, a run that has begun, and people
who have a seat in it.

It is made by the verbs that people use. Run beside a site: `python -m tests.journeys.made_classes`
reads one JSON object from its standard input and prints where everything is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journeys.running import Site

ROOT = Path(__file__).parents[2]
MODULES = ("first", "second")
MINUTES = 90
TYPE = "staff_innovation_track"


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedClass:
    """A class to be made: its run has two sessions, one a week ago where everybody was, and one
    that began a minute ago. An assignment is required, and a page counts the minutes of who missed
    the second session. `members` are mails; besides them there come `crowd` people who have handed
    in the assignment."""

    title: str
    teacher: str
    members: Sequence[str] = ()
    crowd: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeClass:
    """Keys of what was made; `seats` are enrolments by mail."""

    run: str
    session: str
    assignment: str
    catch_up: str
    seats: dict[str, str] = field(default_factory=dict)


def make_class(site: Site, wanted: WantedClass) -> MadeClass:
    """Make the class on the site."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.made_classes"],
        input=json.dumps(asdict(wanted)),
        env=site.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return MadeClass(**json.loads(done.stdout))


def main() -> None:
    """Make what stands on the standard input."""
    from lms.app import create_app

    app = create_app()
    wanted = WantedClass(**json.load(sys.stdin))
    with app.app_context():
        print(json.dumps(asdict(_make(wanted))))  # noqa: T201 - the answer


def _make(wanted: WantedClass) -> MadeClass:
    from lms import api

    with api.unit_of_work():
        run_id = _make_run(wanted, _make_course(wanted))
        assignment, catch_up = _add_activities(run_id)
    mails = [*wanted.members, *_make_crowd(wanted.crowd)]
    with api.unit_of_work():
        seats = {mail: api.ask_for_seat(_person(mail), run_id, api.SYSTEM) for mail in mails}
        api.change_run_state(run_id, "running", api.SYSTEM)
    first, second = api.sessions_of([run_id])[run_id]
    with api.unit_of_work():
        lines = [api.Presence(enrolment_id=id_, mode="present") for id_ in seats.values()]
        api.set_attendance(first.id, lines, api.SYSTEM)
    made = api.activities_by_id([assignment, catch_up])
    for mail in mails[len(wanted.members) :]:
        _hand_in(made[assignment].key, _person(mail))
    enrolments = api.enrolments_by_id(list(seats.values()))
    return MadeClass(
        run=api.runs_by_id([run_id])[run_id].key,
        session=second.key,
        assignment=made[assignment].key,
        catch_up=made[catch_up].key,
        seats={mail: enrolments[id_].key for mail, id_ in seats.items()},
    )


def _make_course(wanted: WantedClass) -> int:
    from lms import api

    plan = api.course_plan(TYPE)
    assert plan is not None
    owner = api.organisation_named("Eksempelby Kommune")
    assert owner is not None
    conditions: dict[str, Any] = {"attendance": {"percent": 80}, "activities": {}}
    version_id = api.create_version(
        api.create_course(TYPE, owner.id, api.SYSTEM),
        api.SYSTEM,
        plan=plan,
        title=_text(wanted.title),
        lead=_text("Vi øver os sammen."),
        purpose=_text("At vi gør det lettere for hinanden."),
        target_group=_text("Alle, der er med i plejen"),
        outcomes=[_text("Fortælle om et løft, så en kollega kan følge det.")],
        minutes=len(MODULES) * MINUTES,
        languages=["da", "sv"],
        modules=[_module(key, plan.phases[0].key) for key in MODULES],
        rule=api.CompletionRule(version="journey-1", conditions=conditions),
    )
    api.approve_version(version_id, api.SYSTEM)
    return version_id


def _module(key: str, phase: str) -> dict[str, Any]:
    title = _text(f"Modul {key}").as_dict()
    return {
        "key": key,
        "phase": phase,
        "title": title,
        "content": title,
        "minutes": MINUTES,
        "activity_type": "session",
        "between": None,
        "between_minutes": 0,
    }


def _make_run(wanted: WantedClass, version_id: int) -> int:
    from lms import api

    host = api.organisation_named("Eksempelby Kommune")
    assert host is not None
    now = api.now()
    run_id = api.create_run(
        version_id,
        api.SYSTEM,
        hosts=[host.id],
        sessions=[
            api.SessionPlan(
                title=_text(f"Gang {key}"),
                content=_text("Vi øver os."),
                starts_at=begins,
                ends_at=begins + timedelta(minutes=MINUTES),
                module=key,
            )
            for key, begins in zip(
                MODULES, (now - timedelta(days=7), now - timedelta(minutes=1)), strict=True
            )
        ],
        capacity=len(wanted.members) + wanted.crowd,
        zone="Europe/Copenhagen",
        title=_text(wanted.title),
        town="Eksempelby",
        languages=["da", "sv"],
    )
    api.add_to_team(run_id, _person(wanted.teacher), "teacher", api.SYSTEM)
    api.set_terms(replace(api.terms_of([run_id])[run_id], approvers=()), api.SYSTEM)
    for state in ("announced", "open"):
        api.change_run_state(run_id, state, api.SYSTEM)
    return run_id


def _add_activities(run_id: int) -> tuple[int, int]:
    from lms import api

    task = {
        "text": _text("Beskriv et løft, I gør hver dag.").as_dict(),
        "parts": "text",
        "again": True,
        "criteria": [
            {
                "key": "clear",
                "title": _text("Kan en kollega følge det?").as_dict(),
                "levels": [_text(level).as_dict() for level in ("Ikke endnu", "Med hjælp", "Ja")],
                "outcome": 0,
            }
        ],
    }
    assignment = api.add_activity(
        ("run", run_id),
        "assignment",
        api.ActivityValues(title=_text("Et løft"), module="first", minutes=45, outcomes=(0,)),
        api.SYSTEM,
        content=task,
    )
    catch_up = api.add_activity(
        ("run", run_id),
        "page",
        api.ActivityValues(
            title=_text("Det, vi talte om"),
            module="second",
            minutes=MINUTES,
            required=False,
            catch_up=True,
        ),
        api.SYSTEM,
        content={"text": _text("Læs det her, og tal med en kollega om det.").as_dict()},
    )
    return assignment, catch_up


def _make_crowd(number: int) -> list[str]:
    from lms import api

    mails = [f"deltager-{n:03d}@eksempelby.example" for n in range(number)]
    with api.unit_of_work():
        for n, mail in enumerate(mails):
            values = api.PersonValues(name=f"Deltager nummer {n + 1}", email=mail)
            api.create_person(values, actor=api.SYSTEM)
    return mails


def _hand_in(activity: str, person_id: int) -> None:
    from lms import api
    from lms_activities.assignment import Draft, Task
    from lms_activities.services.assignment import hand_in, save_draft, side_of

    actor = api.actor_for_person(person_id)
    place = api.activity_place(activity, actor)
    assert place is not None
    task = Task.of(place.activity)
    draft = Draft(text=f"{actor.name}: vi er to om det, og vi tæller til tre.", language="da")
    with api.unit_of_work():
        side = side_of(place, task, actor)
        save_draft(side, draft, actor, revision=side.work.revision)
        hand_in(side, task, draft, actor, due_over=False)


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
