"""The demo of challenges: what it promises is there, loaded once however often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.api import SYSTEM, Actor, actor_for_person, now, passages
from lms.core.records.models import RecordLink
from lms.core.records.tracing import thread_of
from lms.core.users.models import Person
from lms.db import db
from lms.host import current_host
from lms.journal.models import JournalEntry
from lms_challenges.clock import day_in, working_days_after
from lms_challenges.demo.cast import found_cast
from lms_challenges.demo.reading import read
from lms_challenges.documents import KINDS
from lms_challenges.models import (
    Challenge,
    Decider,
    Framing,
    Gate,
    GateOption,
    Idea,
    LearningNote,
    Method,
    Note,
    Problem,
    TestRound,
    Voice,
    Workroom,
    WorkroomChallenge,
)
from lms_challenges.queries.challenges import challenges_found
from lms_challenges.queries.ideas import challenges_developed
from lms_challenges.queries.seeing import readable
from lms_challenges.scales import CHANNELS, SHOWN
from lms_challenges.states import CHALLENGE, DECISIONS, IDEA, PROBLEM

STEPS = ("20-world", "30-mit-hjem", "50-challenges")
"""The courses of the demo are not needed for this."""


def load(app: Flask) -> None:
    """The world, what is published of Mit hjem, and the plugin's own step."""
    with app.app_context():
        steps = current_host().demo_steps()
        for name in STEPS:
            if name in steps:
                steps[name].item()


@pytest.fixture
def demo(lms_app_factory: Callable[..., Flask]) -> Flask:
    """An app with the demo."""
    return lms_app_factory(plugins=["courses", "challenges", "technology_trials"], fill=load)


def counted(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def somebody(role: str) -> Actor:
    """Who has the demo's account for an access role of the plugin."""
    mail = read("cast")["people"][read("cast")["accounts"][role]]
    person_id = db.session.scalar(select(Person.id).where(Person.email == mail))
    assert person_id is not None
    return actor_for_person(person_id)


def test_problems_of_both_countries_with_voices_and_every_end(demo: Flask) -> None:
    with demo.app_context():
        assert counted(Problem) == 300
        assert Counter(db.session.scalars(select(Problem.language))) == {"da": 180, "sv": 120}
        assert 580 <= counted(Voice, Voice.state == "active") <= 640
        assert set(db.session.scalars(select(Problem.state))) == set(PROBLEM)
        assert set(db.session.scalars(select(Problem.channel))) == set(CHANNELS)
        assert set(db.session.scalars(select(Problem.shown))) == set(SHOWN)
        assert set(db.session.scalars(select(Voice.frequency))) == {
            "daily",
            "weekly",
            "monthly",
            "rarely",
        }
        assert set(db.session.scalars(select(Voice.severity))) == {1, 2, 3, 4}
        merged = counted(Problem, Problem.merged_into_id.is_not(None))
        assert merged == counted(Problem, Problem.state == "clustered") > 50
        assert counted(Problem, Problem.countries == 2) > 10
        for state in ("answered_locally", "known_solution", "parked", "declined"):
            assert not counted(Problem, Problem.state == state, Problem.reason == "")
        assert not counted(Problem, Problem.created_at > now())


def test_at_the_desk_one_is_late_one_due_next_one_asked_one_to_be_looked_through(
    demo: Flask,
) -> None:
    with demo.app_context():
        waiting = db.session.execute(
            select(Problem.answer_due, Problem.what, Problem.state, Problem.checked_at).where(
                Problem.state.in_(("received", "clarifying"))
            )
        ).all()
        received = [row for row in waiting if row.state == "received"]
        assert 6 <= len(received) <= 25
        assert [row for row in waiting if row.state == "clarifying"]
        assert len([row for row in received if row.answer_due < now()]) == 1
        tomorrow = working_days_after(day_in(now(), "DK"), 1, "DK")
        assert [row for row in received if day_in(row.answer_due, "DK") == tomorrow]
        unseen = [row for row in received if row.checked_at is None and passages(row.what)]
        assert len(unseen) == 1
        # Whatever else was told was answered in time.
        assert not counted(Problem, Problem.answered_at > Problem.answer_due)


@pytest.mark.once
def test_texts_name_nobody_and_no_place() -> None:
    texts = [text for one in read("situations")["situations"] for text in one["texts"]]
    assert len(texts) == 300
    assert len({text["title"] + text["what"] for text in texts}) == 300
    for text in texts:
        assert text["language"] in ("da", "sv")
        for name in ("title", "what", "today"):
            assert not passages(text[name]), text


def test_twenty_challenges_in_all_stages_beside_mit_hjem(demo: Flask) -> None:
    with demo.app_context():
        assert counted(Challenge) == 21
        assert set(db.session.scalars(select(Challenge.state))) == set(CHALLENGE)
        for framing in db.session.scalars(select(Framing)):
            for text in (framing.title, framing.question, framing.understood):
                assert all((text.da, text.sv, text.en))
        assert counted(Challenge, Challenge.state == "paused", Challenge.wake_on.is_not(None)) == 1
        stopped = db.session.scalars(select(Challenge.id).where(Challenge.state == "stopped")).all()
        assert counted(LearningNote, LearningNote.challenge_id.in_(stopped)) == 1
        assert {"existing", "nothing", "new"} == set(db.session.scalars(select(GateOption.kind)))
        assert counted(GateOption, GateOption.chosen.is_(True)) >= 8
        assert {"theme", "dilemma"} == set(db.session.scalars(select(Note.kind)))


def test_gates_were_decided_by_people_of_two_organisations(demo: Flask) -> None:
    with demo.app_context():
        decisions = Counter(db.session.scalars(select(Gate.decision)))
        assert set(decisions) == {*DECISIONS, ""}
        assert [decisions[one] for one in ("recycle", "hold", "stop", "")] == [1, 1, 1, 1]
        assert counted(Gate, Gate.skip_reason != "") == 1
        said: dict[int, set[int]] = {}
        for gate_id, organisation_id in db.session.execute(
            select(Decider.gate_id, Decider.organisation_id)
            .join(Gate, Gate.id == Decider.gate_id)
            .where(Decider.opinion == Gate.decision, Gate.decision != "")
        ):
            said.setdefault(gate_id, set()).add(organisation_id)
        assert len(said) == counted(Gate, Gate.decision != "")
        assert all(len(where) >= 2 for where in said.values())
        (waits,) = db.session.scalars(select(Gate).where(Gate.decision == "")).all()
        assert waits.meets_at is not None
        assert waits.meets_at > now()
        assert all(one["score"] is not None for one in waits.sheet.values())


def test_mit_hjem_is_found_by_both_names_and_its_thread_runs_to_the_tests(demo: Flask) -> None:
    with demo.app_context():
        by_former, by_name = (
            [one.key for one in challenges_found(words, SYSTEM)]
            for words in ("APV i borgerens hjem", "Mit hjem som arbejdsplads")
        )
        assert by_former == by_name
        (key,) = by_name
        with demo.test_request_context():
            thread = thread_of("challenge", key, somebody("triage"))
        assert thread is not None
        kinds = Counter(node.kind.key for node in thread.nodes)
        assert kinds["collaboration"] == 1
        assert kinds["workshop"] == 6
        assert kinds["trial_test"] == 6
        assert kinds["problem"] > 3


def test_one_round_of_ideas_is_over_and_one_gives_points(demo: Flask) -> None:
    with demo.app_context():
        stages = dict(db.session.execute(select(Workroom.stage, Workroom.run_id)).all())
        assert set(stages) == {"closed", "scoring"}
        served = Counter(db.session.scalars(select(WorkroomChallenge.run_id)))
        assert set(served.values()) == {2}
        over, under_way = (
            set(db.session.scalars(select(Idea.state).where(Idea.run_id == stages[stage])))
            for stage in ("closed", "scoring")
        )
        assert over >= {"at_gate", "sheet", "shortlisted", "stored", "declined"}
        assert under_way == {"clustered"}
        assert over | under_way <= set(IDEA)
        long_ago = now() - timedelta(days=365)
        # The other run works on one of them too, which counts once all the same.
        assert len(challenges_developed(long_ago, now())) == 2


def test_method_and_model_are_in_force_after_a_round_in_each_country(demo: Flask) -> None:
    with demo.app_context():
        cast = found_cast()
        assert cast is not None
        for kind in KINDS:
            method = db.session.scalars(select(Method).where(Method.kind == kind)).one()
            assert (method.number, method.state) == (1, "current")
            rounds = db.session.scalars(
                select(TestRound).where(TestRound.method_id == method.id)
            ).all()
            assert {one.organisation_id for one in rounds} == {
                cast.organisations["eksempelby-kommune"],
                cast.organisations["exempelstads-kommun"],
            }
            assert all(one.unit_id and one.evaluated_at for one in rounds)


def test_companies_of_the_demo_read_no_problem(demo: Flask) -> None:
    with demo.app_context():
        mail = "produktchef@exempelteknik.example"
        person_id = db.session.scalar(select(Person.id).where(Person.email == mail))
        assert person_id is not None
        company = actor_for_person(person_id)
        assert not counted(Problem, readable(company))
        assert counted(Problem, readable(somebody("triage"))) > 50


def test_loaded_again_changes_nothing(demo: Flask) -> None:
    def there() -> tuple[int, ...]:
        told = JournalEntry.verb.like("challenges.%")
        models = (Problem, Voice, Gate, Idea, RecordLink)
        return (counted(JournalEntry, told), *(counted(model) for model in models))

    with demo.app_context():
        before = there()
    load(demo)
    with demo.app_context():
        assert there() == before


@pytest.mark.once
def test_without_the_world_there_is_nothing_to_do(lms_app_factory: Callable[..., Flask]) -> None:
    app = lms_app_factory(plugins=["challenges"])
    load(app)
    with app.app_context():
        assert counted(Problem) == 0
