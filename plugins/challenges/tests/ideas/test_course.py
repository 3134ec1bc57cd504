"""Idea development as a course type: opening, copying, certificate, counting, pages that hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lms.api import (
    SYSTEM,
    CompletionFacts,
    CopyFacts,
    Refused,
    RunStateChange,
    change_run_state,
    now,
    runs_by_id,
    terms_of,
    unit_of_work,
)
from lms.host import current_host
from lms.testing import counted_queries
from lms_challenges.course_type import COURSE_TYPE, FEWEST, MOST
from lms_challenges.queries.ideas import challenges_developed
from lms_challenges.queries.workroom import rooms_of
from lms_challenges.services.workroom import copy_rooms, set_criteria, tick_exercise


def check(group: Any, run: Any, new: str = "open") -> list[str]:
    """The codes of what stands in the way."""
    with group.app.app_context():
        facts = runs_by_id([run.id])[run.id]
        changes = (RunStateChange(run=facts, old="announced", new=new),)
        found = current_host().check("lms_check_run_states", changes=changes)
    return [refusal.code for refusal in found]


@pytest.mark.once
def test_the_type_has_words_in_every_language() -> None:
    words = [COURSE_TYPE.title, COURSE_TYPE.summary]
    words += [text for phase in COURSE_TYPE.phases for text in (phase.title, phase.purpose)]
    words += [text for module in COURSE_TYPE.modules for text in (module.title, module.content)]
    assert all(text.da and text.sv and text.en for text in words)
    phases = {phase.key for phase in COURSE_TYPE.phases}
    assert {module.phase for module in COURSE_TYPE.modules} <= phases


def test_a_run_without_a_challenge_does_not_open(group: Any) -> None:
    bare = group.a_run(state="announced", capacity=12)
    assert check(group, bare) == ["challenges.none"]
    assert check(group, bare, "cancelled") == []
    with group.app.app_context(), unit_of_work(), pytest.raises(Refused) as caught:
        _open(bare.id)
    assert "no challenge yet" in caught.value.refusals[0].message.en
    group.work_on(group.challenge, run=bare)
    assert check(group, bare) == []


def _open(run_id: int) -> None:
    facts = runs_by_id([run_id])[run_id]
    changes = (RunStateChange(run=facts, old="announced", new="open"),)
    refusals = current_host().check("lms_check_run_states", changes=changes)
    if refusals:
        raise Refused(*refusals)


@pytest.mark.parametrize("seats", [FEWEST - 1, MOST + 1])
def test_it_is_for_six_to_fifteen(group: Any, seats: int) -> None:
    run = group.a_run(state="announced", capacity=seats)
    group.work_on(group.challenge, run=run)
    assert check(group, run) == ["challenges.seats"]


def test_the_terms_say_six_at_least_where_nothing_is_written(group: Any) -> None:
    with group.app.app_context():
        assert terms_of([group.run.id])[group.run.id].minimum == FEWEST


def test_a_copy_asks_the_same_and_begins_without_ideas(group: Any) -> None:
    group.do(
        set_criteria,
        group.run.id,
        group.room.criteria[:3],
        group.lead,
        revision=group.room.revision,
    )
    group.do(tick_exercise, group.run.id, group.room.exercises[0].key, True, group.lead)
    group.idea()
    group.go_to("clustering", "scoring")
    new = group.maker.run(course_type=COURSE_TYPE, state="planned")
    with group.app.app_context():
        with unit_of_work():
            copies = (CopyFacts(runs={group.run.id: new.id}, days=30), CopyFacts())
            current_host().after("lms_after_copies", copies=copies, actor=SYSTEM)
        rooms = rooms_of([group.run.id, new.id])
    old, copied = rooms[group.run.id], rooms[new.id]
    assert copied.criteria == old.criteria
    assert [one.key for one in copied.exercises] == [one.key for one in old.exercises]
    assert not any(one.done for one in copied.exercises)
    assert copied.challenges == old.challenges
    assert copied.stage == "collecting"
    assert copied.criteria_fixed_at is None
    group.do(copy_rooms, {group.run.id: new.id}, SYSTEM)
    assert len(rooms[new.id].challenges) == 1, "twice is as good as once"


def test_a_challenge_counts_once_however_many_runs_it_gets(group: Any) -> None:
    other = group.a_challenge("En anden udfordring")
    group.work_on(group.challenge, other)
    again = group.a_run()
    group.work_on(group.challenge, run=again)
    group.idea()
    begin = now() - timedelta(days=1)
    with group.app.app_context():
        assert challenges_developed(begin, now() + timedelta(days=1)) == []
    _complete(group, group.run)
    middle = now() + timedelta(seconds=1)
    with group.app.app_context():
        found = challenges_developed(begin, middle)
    assert {one.challenge_id for one in found} == {group.challenge.id, other.id}
    lines = {one.challenge_id: [(r.run_id, r.ideas) for r in one.runs] for one in found}
    assert lines[group.challenge.id] == [(group.run.id, 1)]
    assert lines[other.id] == [(group.run.id, 0)]
    _complete(group, again)
    with group.app.app_context():
        everything = challenges_developed(begin, now() + timedelta(days=1))
        assert len(everything) == 2
        by_id = {one.challenge_id: one for one in everything}
        assert [line.run_id for line in by_id[group.challenge.id].runs] == [
            group.run.id,
            again.id,
        ]
        assert challenges_developed(now() + timedelta(days=1), now() + timedelta(days=9)) == []


def _complete(group: Any, run: Any) -> None:
    with group.app.app_context():
        facts = runs_by_id([run.id])[run.id]
        with unit_of_work():
            changes = (RunStateChange(run=facts, old="running", new="completed"),)
            current_host().after("lms_after_run_states", changes=changes)


def test_the_core_completes_a_run_and_the_challenge_counts(group: Any) -> None:
    group.do(change_run_state, group.run.id, "completed", group.lead)
    with group.app.app_context():
        found = challenges_developed(now() - timedelta(days=1), now() + timedelta(days=1))
    assert [one.challenge_id for one in found] == [group.challenge.id]


def test_the_page_of_figures_counts_each_challenge_once_and_names_the_open_ones(
    group: Any,
) -> None:
    elsewhere = group.maker.organisation(name="Söderby kommun")
    hidden = group.a_challenge("Naboens hemmelighed", owner=elsewhere)
    group.work_on(group.challenge, hidden)
    group.idea()
    reader = group.owner()
    group.maker.access_role(person=reader, role="triage", organisation=group.host)
    before = group.page(reader, "/challenges/funnel").text
    assert "0 challenges. Each counts once" in before
    again = group.a_run()
    group.work_on(group.challenge, run=again)
    for run in (group.run, again):
        _complete(group, run)
    for address in ("/challenges/funnel", "/challenges/funnel?period=all"):
        found = group.page(reader, address).text
        assert "2 challenges. Each counts once" in found
        assert f"/challenges/{group.challenge.key}" in found
        assert "Naboens hemmelighed" not in found
        assert "1 more belongs to others." in found


@pytest.mark.parametrize(("result", "kind"), [("met", "course"), ("not_met", "attendance")])
def test_a_certificate_names_the_challenge_and_says_what_it_is_not(
    group: Any, result: Any, kind: str
) -> None:
    _person, seat = group.participant()
    completion = CompletionFacts(
        enrolment_id=seat.id,
        enrolment_key=seat.key,
        run_id=group.run.id,
        person_id=seat.person_id,
        course_type=COURSE_TYPE.key,
        result=result,
        rule_version="1",
        minutes_attended=300,
        minutes_held=360,
        reasons=(),
    )
    with group.app.app_context():
        found = current_host().ask_owner(
            "challenges", "lms_certificate_details", completions=[completion]
        )[seat.id]
    assert found.kind == kind
    assert "»Mit hjem som arbejdsplads«" in found.statement.da
    assert "“Mit hjem som arbejdsplads (en)”" in found.statement.en
    for text in (found.statement, found.not_line):
        assert all((text.da, text.sv, text.en))
    assert bool(found.outcomes) == (kind == "course")


def test_run_panels_name_the_challenge_and_lead_into_the_workroom(group: Any) -> None:
    anna, seat = group.participant()
    shown = group.page(anna, f"/catalogue/{group.run.key}").text
    assert "Mit hjem som arbejdsplads (en)" in shown
    assert group.url in shown
    stranger = group.page(group.maker.person(), f"/catalogue/{group.run.key}").text
    assert group.url not in stranger
    assert group.url in group.page(anna, f"/enrolments/{seat.key}").text


def test_two_hundred_ideas_hold_at_ten_queries_a_page(group: Any) -> None:
    """200 ideas and 15 people who score: no page asks more than ten questions."""
    from lms.api import db
    from lms_challenges.models import Idea, Score

    people = [group.participant(f"Deltager {n}") for n in range(15)]
    group.idea()
    with group.app.app_context(), unit_of_work():
        db.session.execute(
            Idea.__table__.insert(),
            [
                {
                    "key": f"{n:016d}".replace("0", "a")
                    .replace("1", "b")
                    .replace("8", "c")
                    .replace("9", "d"),
                    "run_id": group.run.id,
                    "challenge_id": group.challenge.id,
                    "state": "raw",
                    "title": f"Idé nummer {n}",
                    "text": "En lang forklaring. " * 10,
                    "language": "da",
                    "voiced_for": False,
                    "with_company": False,
                    "sheet": {},
                    "reason": "",
                    "work_key": "",
                    "by_id": people[n % 15][0].id,
                    "created_at": now(),
                    "revision": 1,
                }
                for n in range(199)
            ],
        )
    group.go_to("clustering", "scoring")
    keys = [criterion.key for criterion in group.room.criteria]
    from lms_challenges.queries.ideas import ideas_in_run

    ideas = group.ask(ideas_in_run, group.run.id)
    assert len(ideas) == 200
    with group.app.app_context(), unit_of_work():
        db.session.execute(
            Score.__table__.insert(),
            [
                {
                    "idea_id": idea.id,
                    "person_id": person.id,
                    "criterion": key,
                    "value": (idea.id + person.id) % 6,
                    "at": now(),
                }
                for idea in ideas[:150]
                for person, _seat in people[:5]
                for key in keys[:4]
            ],
        )
    anna, lead, owner = people[0][0], group.facilitator, group.owner()
    asked: dict[str, int] = {}
    counted(group, asked, anna, "", "/score")
    counted(group, asked, lead, "", "/plan", "/criteria", "/exercises", "/clusters")
    group.go_to("choosing")
    counted(group, asked, anna, "", "/points")
    counted(group, asked, lead, "", "/points", "/clusters")
    counted(group, asked, owner, "", "/points")
    for person in (anna, lead, owner):
        counted(group, asked, person, at=f"/challenges/ideas/{ideas[0].key}")
        counted(group, asked, person, at="/challenges/ideas")
    assert {name: n for name, n in asked.items() if n > 10} == {}


def counted(group: Any, asked: dict[str, int], person: Any, *paths: str, at: str = "") -> None:
    """Put down how many questions each page asks, once it is warm."""
    client = group.client(person)
    for url in [f"{group.url}{path}" for path in paths] or [at]:
        client.get(url)
        with counted_queries(group.app) as queries:
            answer = client.get(url)
        assert answer.status_code == 200, url
        asked[f"{person.name} {url}"] = len(queries)
