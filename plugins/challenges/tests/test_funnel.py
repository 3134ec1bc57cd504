"""S02: where problems end, by the way they were told; I-15: no group under five."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from lms.api import LocalisedText, db, unit_of_work
from lms_challenges.funnel import FEWEST, Told, Way, shown, shown_total, tally
from lms_challenges.models import Challenge, Idea
from lms_challenges.queries.funnel import told_since, ways_of
from lms_challenges.services.desk import move_problem
from lms_challenges.services.framing import FramingValues, frame
from lms_challenges.services.merging import merge


@pytest.mark.once
@given(st.lists(st.integers(min_value=0, max_value=60), max_size=9))
def test_hidden_numbers_cannot_be_reckoned_from_their_sum(parts: list[int]) -> None:
    told = shown(parts)
    hidden = [part for part, said in zip(parts, told, strict=True) if said is None]
    assert all(said is None or said == 0 or said >= FEWEST for said in told)
    assert all(said in (None, part) for part, said in zip(parts, told, strict=True))
    if hidden and sum(parts) >= FEWEST:
        assert len(hidden) > 1
        assert sum(hidden) >= FEWEST


@pytest.mark.once
def test_a_sum_is_hidden_when_the_rest_would_tell_of_few() -> None:
    assert [shown_total(n) for n in (0, 1, 4, 5, 40)] == [0, None, None, 5, 40]
    assert shown_total(12, 9) is None
    assert shown_total(12, 7) == 12
    assert shown_total(12, 12) == 12


@pytest.mark.once
def test_each_step_holds_who_came_so_far() -> None:
    ways = {
        1: Way(state="concept", state_before="", level=3, has_ideas=True),
        2: Way(state="in_test", state_before="", level=5, has_ideas=False),
        3: Way(state="stopped", state_before="framed", level=1, has_ideas=False),
    }
    told = [
        Told(organisation_id=1, channel="form", state=state, answered=answered,
             challenge_id=challenge, number=number, in_time=number - 1)
        for state, answered, challenge, number in [
            ("received", False, None, 10), ("clarifying", True, None, 6),
            ("declined", True, None, 5), ("accepted", True, 1, 7),
            ("accepted", True, 2, 8), ("accepted", True, 3, 9),
        ]
    ]  # fmt: skip
    counts = tally(told, ways, "channel")["form"]
    assert counts.steps == {
        "received": 45, "answered": 35, "challenge": 24, "idea": 15, "test": 8,
    }  # fmt: skip
    assert counts.ends == {"waiting": 16, "declined": 5, "under_way": 15, "stopped": 9}
    assert counts.in_time == 39


def test_problems_are_counted_with_the_one_they_were_gathered_with(care: Any) -> None:
    actor = care.actor(care.desk())
    root, part, other = care.problem(), care.problem(channel="apv"), care.problem(channel="apv")
    care.do(merge, part.id, root.id, actor, "Det samme")
    care.do(move_problem, care.now(root), "accepted", actor, challenge_id=challenge(care))
    care.do(move_problem, other, "declined", actor, reason="Nej")
    with care.app.app_context():
        told = told_since(None)
        ways = ways_of([one.challenge_id for one in told if one.challenge_id])
    by_channel = tally(told, ways, "channel")
    assert by_channel["apv"].steps == {"received": 2, "answered": 2, "challenge": 1}
    assert by_channel["apv"].ends == {"declined": 1, "under_way": 1}
    assert by_channel["form"].steps == {"received": 1, "answered": 1, "challenge": 1}


def challenge(care: Any, state: str = "framed", *, idea: bool = False) -> int:
    """A challenge of the northern municipality, by id."""
    values = FramingValues(title=LocalisedText(da="Hjem som arbejdsplads"))
    key = care.do(frame, values, care.north.id, care.actor(care.desk(name="Rie Ramme")))
    with care.app.app_context(), unit_of_work():
        found = db.session.query(Challenge).filter_by(key=key).one()
        db.session.execute(update(Challenge).where(Challenge.id == found.id).values(state=state))
        if idea:
            from lms.api import now

            db.session.add(
                Idea(challenge_id=found.id, title="Idé", language="da", created_at=now())
            )
        made: int = found.id
        return made


@pytest.fixture
def sites(care: Any) -> Any:
    """Twelve problems in Denmark, six in Sweden, of several channels and ends."""
    dorte, disa = care.desk(), care.desk(care.south, "Disa Desk")
    taken = challenge(care, "in_test", idea=True)
    danish = [
        care.problem(channel=c) for c in ("form",) * 7 + ("apv",) * 3 + ("shift_meeting",) * 2
    ]
    for problem in danish[:6]:
        care.do(move_problem, problem, "accepted", care.actor(dorte), challenge_id=taken)
    swedish = [care.problem(organisation_id=care.south.id, unit_id=care.ward.id) for _n in range(6)]
    for problem in swedish[:5]:
        care.do(move_problem, problem, "declined", care.actor(disa), reason="Hemligt skäl")
    return dorte, disa


def test_the_funnel_compares_sites_and_shows_no_group_under_five(care: Any, sites: Any) -> None:
    lead = care.worker("Lea Led", care.north)
    care.maker.access_role(person=lead, role="programme_lead", organisation=None)
    page = care.page(lead, "/challenges/funnel?first=DK&second=SE")
    assert page.status_code == 200
    text = " ".join(page.text.split())
    for words in (
        "Told: 12. Answered: 6. Reached a challenge: 6. Reached an idea: 6. Reached a test: 6",
        "Told: 6. Answered: 5. Reached a challenge: 0",
        "Nordby Kommune",
        "Söderby kommun",
        "not shown",
    ):
        assert words in text, words
    for secret in ("Hemligt skäl", "Liften når ikke", ">3<", ">2<", ">1<"):
        assert secret not in text, secret


def test_each_desk_compares_itself_with_the_countries(care: Any, sites: Any) -> None:
    dorte, _disa = sites
    text = care.page(dorte, "/challenges/funnel").text
    assert "Nordby Kommune" in text
    assert "Sweden" in text
    assert "Söderby kommun" not in text


def test_a_fresh_house_has_a_funnel_and_others_have_none(care: Any) -> None:
    page = care.page(care.desk(), "/challenges/funnel?first=nothing&period=all")
    assert page.status_code == 200
    assert "Nobody has told of a problem" in page.text
    for person in (care.worker(), care.seller(), care.student()):
        assert care.page(person, "/challenges/funnel").status_code == 404
