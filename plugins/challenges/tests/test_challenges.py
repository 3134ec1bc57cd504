"""Challenges (S18): framing anew with its history, who may read how much, notes, their way."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from lms.api import Actor, LocalisedText, Refused, db, now
from lms.testing import csrf_of, sign_in_as
from lms_challenges.models import Challenge, Framing
from lms_challenges.profile import drawn
from lms_challenges.queries.challenges import (
    challenge_by_key,
    challenges_found,
    collaborators_of,
    framings_of,
    published,
)
from lms_challenges.queries.notes import library, notes_of
from lms_challenges.records_challenges import describe, find
from lms_challenges.services import framing, maturing
from lms_challenges.services.framing import FramingValues, TextValues
from lms_challenges.services.gates import open_gate
from lms_challenges.services.notes import LearningValues, add_note, judge_note
from lms_challenges.states import CHALLENGE, CHALLENGE_MOVES, LEVEL_OF_STATE

BECAUSE = LocalisedText(
    da="Det handlede om konflikter, ikke om skemaer.",
    sv="Det handlade om konflikter, inte om blanketter.",
)
LEARNED = LearningValues(title="Spørg før I køber", text="Ingen brugte den.", language="da")
TITLES = st.text(
    st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\0"), min_size=1
).filter(lambda text: text.strip() != "")


@pytest.fixture
def owner(care: Any) -> Any:
    """Somebody who owns challenges in the northern municipality."""
    person = care.worker("Ejer Ejersen")
    care.maker.access_role(person=person, role="challenge_owner", organisation=care.north)
    return person


@pytest.fixture
def made(care: Any, owner: Any) -> Callable[..., str]:
    """`made("a name")`: a challenge of the northern municipality; its key."""

    def make(title: str = "APV i borgerens hjem", **texts: str) -> str:
        values = FramingValues(
            title=LocalisedText(da=title),
            question=LocalisedText(da="Hvordan kan vi passe på dem, der arbejder i et hjem?"),
            understood=LocalisedText(da="Skemaerne bliver ikke udfyldt."),
        )
        public = TextValues(public_text=LocalisedText(da=texts.get("public", "")))
        key: str = care.do(framing.frame, values, care.north.id, care.actor(owner), public)
        return key

    return make


def seen(care: Any, key: str, actor: Actor) -> Any:
    with care.app.app_context():
        return challenge_by_key(key, actor)


def reframed(
    care: Any, key: str, actor: Actor, title: str, because: LocalisedText = BECAUSE
) -> None:
    facts = seen(care, key, actor)
    values = FramingValues(title=LocalisedText(da=title), understood=LocalisedText(da="Noget nyt"))
    care.do(framing.reframe, facts.id, values, because, actor, revision=facts.revision)


def why(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.refusals[0].code


# --- reframing ----------------------------------------------------------------------------------


def test_s18_what_we_thought_and_what_it_was_stand_side_by_side(
    care: Any, owner: Any, made: Any
) -> None:
    key, actor = made(public="Et hjem er også en arbejdsplads."), care.actor(owner)
    reframed(care, key, actor, "Mit hjem som arbejdsplads")
    facts = seen(care, key, actor)
    with care.app.app_context():
        present, former = framings_of(facts.id)
    assert facts.title.da == present.title.da == "Mit hjem som arbejdsplads"
    assert former.title.da == "APV i borgerens hjem"
    assert former.left_because == BECAUSE
    assert former.until_at is not None
    care.do(framing.publish, facts.id, actor)
    body = care.app.test_client().get(f"/challenges/{key}?lang=da").text
    for words in (former.title.da, present.title.da, BECAUSE.da):
        assert words in body
    assert former.understood.da not in body  # what we thought of it is for those it concerns
    whole = sign_in_as(care.app.test_client(), owner).get(f"/challenges/{key}?lang=da").text
    assert former.understood.da in whole


def test_s18_a_new_name_needs_a_reason_and_something_new(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    with pytest.raises(Refused) as refusal:
        reframed(care, key, actor, "Et andet navn", LocalisedText())
    assert why(refusal) == "because"
    facts = seen(care, key, actor)
    same = FramingValues(title=facts.title, question=facts.question, understood=facts.understood)
    with pytest.raises(Refused) as refusal:
        care.do(framing.reframe, facts.id, same, BECAUSE, actor, revision=facts.revision)
    assert why(refusal) == "unchanged"


def test_two_tabs_cannot_frame_over_each_other(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    before = seen(care, key, actor)
    reframed(care, key, actor, "Den første fane")
    values = FramingValues(title=LocalisedText(da="Den anden fane"))
    with pytest.raises(Refused) as refusal:
        care.do(framing.reframe, before.id, values, BECAUSE, actor, revision=before.revision)
    assert why(refusal) == "meanwhile"
    assert seen(care, key, actor).title.da == "Den første fane"


def test_the_second_tab_is_shown_what_the_first_saved(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    client = sign_in_as(care.app.test_client(), owner)
    reframed(care, key, actor, "Den første fane")
    sent = {
        "csrf_token": csrf_of(client),
        "revision": "1",
        "title_da": "Den anden fane",
        "because_da": "Vi så noget nyt",
    }
    answer = client.post(f"/challenges/{key}/reframe", data=sent)
    assert answer.status_code == 422
    assert "Den første fane" in answer.text
    assert "Den anden fane" in answer.text


@settings(
    max_examples=500 if os.environ.get("LMS_PROVE") == "1" else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(names=st.lists(TITLES, min_size=1, max_size=5))
def test_s18_any_former_name_finds_the_challenge(
    care: Any, owner: Any, made: Any, names: list[str]
) -> None:
    actor = care.actor(owner)
    key = made(names[0])
    for name in names[1:]:
        if LocalisedText(da=name) != seen(care, key, actor).title:
            reframed(care, key, actor, name)
    with care.app.app_context():
        for name in names:
            found = challenges_found(name, actor, limit=10_000)
            assert key in {one.key for one in found}, name


def test_former_names_find_it_in_the_public_list_and_on_the_thread(
    care: Any, owner: Any, made: Any
) -> None:
    key, actor = made(public="Alle må læse det."), care.actor(owner)
    reframed(care, key, actor, "Mit hjem som arbejdsplads")
    care.do(framing.publish, seen(care, key, actor).id, actor)
    body = care.app.test_client().get("/challenges?q=apv+BORGERENS&lang=da").text
    assert "Mit hjem som arbejdsplads" in body
    assert "APV i borgerens hjem" in body  # as what it was called before
    with care.app.app_context():
        assert [facts.key for facts in find("apv", Actor())] == [key]
        assert [card.key for card in published("arbejdsplads", 1).items] == [key]


# --- who reads what -----------------------------------------------------------------------------


def test_companies_read_the_public_text_and_nothing_else(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(public="Et hjem er også en arbejdsplads."), care.actor(owner)
    facts = seen(care, key, actor)
    care.do(framing.add_collaborator, facts.id, care.company.id, actor, "Prøveliften")
    care.do(add_note, facts.id, "dilemma", LocalisedText(da="Hemmeligt dilemma"), actor)
    seller = care.seller()
    client = sign_in_as(care.app.test_client(), seller)
    assert seen(care, key, care.actor(seller)) is None
    assert client.get(f"/challenges/{key}").status_code == 404
    care.do(framing.publish, facts.id, actor)
    body = client.get(f"/challenges/{key}").text
    assert "Et hjem er også en arbejdsplads." in body
    for hidden in ("Skemaerne bliver ikke udfyldt", "Hemmeligt dilemma", "Prøveliften", "Ejersen"):
        assert hidden not in body
    for page in ("maturity", "notes", "reframe", "options", "gate"):
        assert client.get(f"/challenges/{key}/{page}").status_code == 404


def test_a_company_role_beats_every_other_role(care: Any, owner: Any, made: Any) -> None:
    key = made()
    both = care.seller("Begge Dele")
    care.maker.assignment(person=both, organisation=care.north)
    care.maker.access_role(person=both, role="challenge_owner", organisation=care.north)
    assert seen(care, key, care.actor(both)) is None


def test_partners_see_all_and_others_nothing(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    swede = care.worker("Svea Svensson", care.south)
    assert seen(care, key, care.actor(swede)) is None
    care.do(framing.add_collaborator, seen(care, key, actor).id, care.south.id, actor)
    found = seen(care, key, care.actor(swede))
    assert (found.whole, found.may_own) == (True, False)
    assert seen(care, key, Actor()) is None


def test_the_thread_shows_a_challenge_to_whom_it_may(care: Any, owner: Any, made: Any) -> None:
    key = made()
    stranger = care.actor(care.worker("Svea Svensson", care.south))
    with care.app.app_context():
        assert describe([key], stranger) == {}
        facts = describe([key], care.actor(owner))[key]
    assert (facts.title.da, facts.may_link) == ("APV i borgerens hjem", True)


def test_nothing_is_shown_to_everybody_without_a_text(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    facts = seen(care, key, actor)
    with pytest.raises(Refused):
        care.do(framing.publish, facts.id, actor)
    care.do(
        framing.save_texts,
        facts.id,
        TextValues(public_text=LocalisedText(da="Nu står der noget.")),
        actor,
        revision=facts.revision,
    )
    care.do(framing.publish, facts.id, actor)
    facts = seen(care, key, actor)
    with pytest.raises(Refused):
        care.do(framing.save_texts, facts.id, TextValues(), actor, revision=facts.revision)


# --- owners -------------------------------------------------------------------------------------


def test_a_company_takes_part_but_never_owns(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    facts = seen(care, key, actor)
    with pytest.raises(Refused):
        care.do(
            framing.frame, FramingValues(title=LocalisedText(da="Salg")), care.company.id, actor
        )
    care.do(framing.add_collaborator, facts.id, care.company.id, actor, "Prøveliften")
    with pytest.raises(Refused) as refusal:
        care.do(framing.hand_over, facts.id, care.company.id, actor, "De vil gerne")
    assert why(refusal) == "organisation"
    with care.app.app_context():
        (company,) = collaborators_of(facts.id)
    assert (company.role, company.product) == ("company", "Prøveliften")


def test_when_the_owner_closes_a_partner_takes_over(care: Any, owner: Any, made: Any) -> None:
    from lms.core.organisations.services import close

    key, actor = made(), care.actor(owner)
    facts = seen(care, key, actor)
    care.do(framing.add_collaborator, facts.id, care.south.id, actor)
    partner = care.worker("Per Partner", care.south)
    care.maker.access_role(person=partner, role="challenge_owner", organisation=care.south)
    client = sign_in_as(care.app.test_client(), partner)
    assert client.get(f"/challenges/{key}/hand-over").status_code == 404
    care.do(close, care.north.id, actor=actor)
    with pytest.raises(Refused) as refusal:
        care.do(open_gate, facts, 1, actor)
    assert why(refusal) == "owner"
    assert client.get(f"/challenges/{key}/hand-over").status_code == 200
    sent = {
        "csrf_token": csrf_of(client),
        "organisation": care.south.key,
        "reason": "Kommunen er lagt sammen med en anden.",
    }
    assert client.post(f"/challenges/{key}/hand-over", data=sent).status_code == 303
    taken = seen(care, key, care.actor(partner))
    assert (taken.organisation_id, taken.may_own) == (care.south.id, True)
    care.do(open_gate, taken, 1, care.actor(partner))


# --- notes --------------------------------------------------------------------------------------


def test_a_note_is_dropped_with_a_reason_and_stays(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    facts = seen(care, key, actor)
    care.do(add_note, facts.id, "theme", LocalisedText(da="Nøgler"), actor)
    with care.app.app_context():
        (note,) = notes_of(facts.id)
    with pytest.raises(Refused):
        care.do(judge_note, note, "dropped", actor)
    care.do(judge_note, note, "dropped", actor, "Det er løst")
    with care.app.app_context():
        (note,) = notes_of(facts.id)
    assert (note.state, note.reason) == ("dropped", "Det er løst")


# --- its way ------------------------------------------------------------------------------------


def at_level(care: Any, key: str, level: int) -> None:
    care.do(lambda: db.session.execute(update(Challenge).values(level=level)))


def test_a_challenge_goes_on_only_where_its_gates_have_let_it(
    care: Any, owner: Any, made: Any
) -> None:
    key, actor = made(), care.actor(owner)
    for state in ("prioritised", "in_idea_development"):
        care.do(maturing.move, seen(care, key, actor), state, actor)
    with pytest.raises(Refused) as refusal:
        care.do(maturing.move, seen(care, key, actor), "concept", actor)
    assert why(refusal) == "state"
    with pytest.raises(Refused):
        care.do(maturing.move, seen(care, key, actor), "in_operation", actor)


def test_a_pause_has_a_reason_and_a_day_and_goes_back_to_where_it_was(
    care: Any, owner: Any, made: Any
) -> None:
    key, actor = made(), care.actor(owner)
    care.do(maturing.move, seen(care, key, actor), "prioritised", actor)
    day = (now() + timedelta(days=30)).date()
    for lacking in (
        {"wake_on": day},
        {"reason": "Ferie"},
        {"reason": "Ferie", "wake_on": now().date()},
    ):
        with pytest.raises(Refused):
            care.do(maturing.move, seen(care, key, actor), "paused", actor, **lacking)
    care.do(maturing.move, seen(care, key, actor), "paused", actor, reason="Ferie", wake_on=day)
    facts = seen(care, key, actor)
    assert (facts.state, facts.state_before, facts.wake_on) == ("paused", "prioritised", day)
    with pytest.raises(Refused):
        care.do(maturing.move, facts, "in_idea_development", actor)
    care.do(maturing.move, facts, "prioritised", actor)
    assert seen(care, key, actor).state == "prioritised"


def test_s04_a_stop_needs_a_reason_and_a_learning_note(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    with pytest.raises(Refused) as refusal:
        care.do(maturing.move, seen(care, key, actor), "stopped", actor, note=LEARNED)
    assert why(refusal) == "reason"
    with pytest.raises(Refused) as refusal:
        care.do(maturing.move, seen(care, key, actor), "stopped", actor, reason="Ingen tid")
    assert why(refusal) == "note_text"
    care.do(
        maturing.move, seen(care, key, actor), "stopped", actor, reason="Ingen tid", note=LEARNED
    )
    facts = seen(care, key, actor)
    assert (facts.state, maturing.ways_on(facts)) == ("stopped", frozenset())
    reframe = FramingValues(title=LocalisedText(da="For sent"))
    with pytest.raises(Refused):
        care.do(framing.reframe, facts.id, reframe, BECAUSE, actor, revision=facts.revision)


def test_s04_what_was_learned_from_a_stop_is_found(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    care.do(
        maturing.move, seen(care, key, actor), "stopped", actor, reason="Ingen tid", note=LEARNED
    )
    with care.app.app_context():
        for words in ("", "SPØRG før", "apv", "ingen BRUGTE", "tid"):
            rows, total, _page, _pages = library(actor, words, 1)
            assert (total, rows[0].note.title) == (1, "Spørg før I køber"), words
        assert library(actor, "findes ikke", 1)[1] == 0
        assert library(care.actor(care.worker("Svea", care.south)), "", 1)[1] == 0
        assert library(care.actor(care.seller()), "", 1)[1] == 0


def test_partners_are_looked_for_only_after_three_options(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    for state in ("prioritised", "in_idea_development"):
        care.do(maturing.move, seen(care, key, actor), state, actor)
    at_level(care, key, 3)
    care.do(maturing.move, seen(care, key, actor), "concept", actor)
    challenge_id = seen(care, key, actor).id
    for kind, title in (("new", "En robot"), ("new", "To robotter"), ("existing", "Liften")):
        care.do(maturing.add_option, challenge_id, kind, title, "", "", actor)
        with pytest.raises(Refused) as refusal:
            care.do(maturing.move, seen(care, key, actor), "partnering", actor)
        assert why(refusal) == "options"
    care.do(maturing.add_option, challenge_id, "nothing", "Vi lader være", "", "", actor)
    care.do(maturing.move, seen(care, key, actor), "partnering", actor)
    assert seen(care, key, actor).state == "partnering"
    with pytest.raises(Refused):
        care.do(maturing.drop_option, seen(care, key, actor), "x" * 16, actor)


@pytest.mark.once
def test_every_state_has_words_and_a_way() -> None:
    assert set(CHALLENGE) == set(CHALLENGE_MOVES)
    assert set(LEVEL_OF_STATE) <= set(CHALLENGE)
    assert not {to for ways in CHALLENGE_MOVES.values() for to in ways} - set(CHALLENGE)


def test_only_one_framing_is_the_present_one(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    for name in ("En", "To", "Tre"):
        reframed(care, key, actor, name)
    with care.app.app_context():
        rows = db.session.query(Framing).all()
        assert [row.title.da for row in rows if row.until_at is None] == ["Tre"]
        assert len(rows) == 4


# --- readiness ----------------------------------------------------------------------------------


@pytest.mark.once
def test_a_profile_says_what_runs_ahead_and_what_is_unknown() -> None:
    uneven = drawn({"technology": 7, "law": 2, "need": 6})
    assert [side.key for side in uneven.ahead] == ["technology"]
    assert [side.key for side in uneven.behind] == ["law"]
    assert (len(uneven.known), uneven.apart) == (3, 5)
    even = drawn({"technology": 5, "law": 4})
    assert (list(even.ahead), list(even.behind)) == ([], [])
    assert drawn({}).apart == drawn({"need": 4}).apart == 0


@pytest.mark.once
@given(st.dictionaries(st.sampled_from(["need", "technology", "law", "team"]), st.integers(0, 9)))
def test_a_profile_stays_inside_its_drawing(values: dict[str, int]) -> None:
    profile = drawn(values)
    assert all(profile.left <= side.x <= profile.right < profile.width for side in profile.sides)
    assert all(0 < side.y < profile.height for side in profile.sides)
    assert bool(profile.ahead) == bool(profile.behind)


def test_the_drawing_stands_with_its_table(care: Any, owner: Any, made: Any) -> None:
    key, actor = made(), care.actor(owner)
    facts = seen(care, key, actor)
    profile = {"technology": 7, "law": 2}
    care.do(framing.set_profile, facts.id, profile, actor, revision=facts.revision)
    body = sign_in_as(care.app.test_client(), owner).get(f"/challenges/{key}/maturity").text
    assert 'role="img"' in body
    assert "Teknologi: 5" in body
    assert "<table" in body
