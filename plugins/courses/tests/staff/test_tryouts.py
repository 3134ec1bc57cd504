"""One small thing tried at work: the manager's yes, a note before and after, confirmed (CT2-2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lms.api import Conflict, Refused, withdraw
from lms.testing import csrf_of
from lms_courses.queries.staff import seat_of
from lms_courses.queries.tryouts import tryout_of, tryout_places
from lms_courses.services import tryouts
from lms_courses.services.tryouts import Note, Plan

from .conftest import NOTE


def code(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.refusals[0].code


def test_ct2_2_a_pair_has_one_try_out_and_it_lasts_a_week(track: Any) -> None:
    tryout = track.plan()
    assert (tryout.enrolment_id, tryout.partner_id) == (track.annas.id, track.bos.id)
    assert tryout.ends_on == date(2026, 12, 13)
    assert track.ask(tryout_of, track.seat(track.bos)).id == tryout.id
    with pytest.raises(Refused) as error:
        track.plan(track.bos)
    assert code(error) == "tryout"


def test_two_of_a_pair_who_plan_at_once_meet_on_one_row(
    track: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(what="En kurv", measure="Skridt", begins_on=None)
    monkeypatch.setattr(tryouts, "tryout_of", lambda _seat: None)  # neither has seen the other's
    monkeypatch.setattr(tryouts, "_free_colleague", lambda seat: seat.colleague.id)
    track.do(tryouts.plan_tryout, track.seat(track.bos), plan, track.actor(track.bo))
    with pytest.raises(Conflict):
        track.do(tryouts.plan_tryout, track.seat(track.annas), plan, track.actor(track.anna))


def test_nothing_is_tried_before_the_manager_said_yes(track: Any) -> None:
    tryout = track.plan()
    anna, seat = track.actor(track.anna), track.seat(track.annas)
    with pytest.raises(Refused) as error:
        track.do(tryouts.hand_in, tryout, seat, NOTE, anna, revision=tryout.revision)
    assert code(error) == "not_allowed"
    track.do(tryouts.ask_manager, tryout, seat, anna)
    assert track.letters(track.manager) == ["A small try-out waits for your yes"]
    asked = track.now(tryout)
    assert track.place(tryout.key, track.manager).answers
    assert not track.place(tryout.key, track.anna).answers
    with pytest.raises(Refused) as error:
        track.do(tryouts.answer, asked, False, "  ", track.actor(track.manager))
    assert code(error) == "reason"
    track.do(tryouts.answer, asked, False, "Ikke i ferien", track.actor(track.manager))
    assert track.letters(track.bo) == ["No to your try-out"]
    refused = track.now(tryout)
    assert (refused.state, refused.reason) == ("refused", "Ikke i ferien")
    track.do(tryouts.ask_manager, refused, seat, anna)
    track.do(tryouts.answer, track.now(tryout), True, "", track.actor(track.manager))
    assert track.letters(track.anna)[-1] == "Yes to your try-out"


def test_a_plan_that_is_changed_is_asked_about_anew(track: Any) -> None:
    tryout = track.allowed()
    plan = Plan(what="To kurve", measure="Skridt", begins_on=date(2026, 12, 8))
    track.do(tryouts.change_plan, tryout, plan, track.actor(track.bo), revision=tryout.revision)
    changed = track.now(tryout)
    assert (changed.state, changed.allowed_at, changed.what) == ("planned", None, "To kurve")


def test_a_week_and_a_manager_are_needed_to_ask(track: Any) -> None:
    tryout = track.plan(begins_on=None)
    with pytest.raises(Refused) as error:
        track.do(tryouts.ask_manager, tryout, track.seat(track.annas), track.actor(track.anna))
    assert code(error) == "week"
    cecilie, alone = track.participant("Cecilie", manager=None)
    key = track.do(
        tryouts.plan_tryout,
        track.seat(alone),
        Plan(what="Et skilt", measure="Spørgsmål", begins_on=date(2026, 12, 7)),
        track.actor(cecilie),
    )
    found = track.place(key, cecilie).tryout
    with pytest.raises(Refused) as error:
        track.do(tryouts.ask_manager, found, track.seat(alone), track.actor(cecilie))
    assert code(error) == "manager"


def test_ct2_2_when_one_submits_and_the_other_confirms_it_holds_for_both(track: Any) -> None:
    tryout = track.allowed()
    bo = track.actor(track.bo)
    track.do(tryouts.hand_in, tryout, track.seat(track.bos), NOTE, bo, revision=tryout.revision)
    waits = track.place(tryout.key, track.bo)
    assert (waits.tryout.state, waits.first) == ("tried", True)
    assert track.letters(track.anna)[-1] == "Your colleague has written about the try-out"
    with pytest.raises(Refused) as error:
        track.do(tryouts.confirm, waits, bo)
    assert code(error) == "own"
    place = track.place(tryout.key, track.anna)
    track.do(tryouts.confirm, place, track.actor(track.anna))
    counts = track.now(tryout)
    assert counts.state == "confirmed"
    assert counts.confirmed_at is not None
    with pytest.raises(Refused):
        track.do(tryouts.confirm, place, track.actor(track.anna))


def test_not_yet_opens_the_note_to_both_again(track: Any) -> None:
    tryout = track.handed_in()
    track.do(tryouts.take_back, tryout, track.actor(track.bo))
    again = track.now(tryout)
    assert (again.state, again.before) == ("allowed", NOTE.before)


def test_two_who_write_at_once_lose_nothing(track: Any) -> None:
    tryout = track.allowed()
    half = Note(before="Tolv gange", after="", learned="")
    track.do(tryouts.save_note, tryout, half, track.actor(track.anna), revision=tryout.revision)
    with pytest.raises(Refused) as error:
        track.do(tryouts.save_note, tryout, NOTE, track.actor(track.bo), revision=tryout.revision)
    assert code(error) == "meanwhile"
    assert track.now(tryout).before == "Tolv gange"


def test_ct2_2_who_stays_keeps_what_the_pair_began(track: Any) -> None:
    tryout = track.allowed()
    track.do(withdraw, track.annas.id, track.actor(track.anna), reason="Nyt job")
    kept = track.now(tryout)
    assert (kept.enrolment_id, kept.partner_id) == (track.bos.id, None)
    bo = track.actor(track.bo)
    seat = track.seat(track.bos)
    assert track.do(tryouts.hand_in, kept, seat, NOTE, bo, revision=kept.revision) == "confirmed"


def test_ct2_2_what_nobody_is_left_to_confirm_counts(track: Any) -> None:
    tryout = track.handed_in()
    track.do(withdraw, track.bos.id, track.actor(track.bo), reason="Nyt job")
    kept = track.now(tryout)
    assert (kept.state, kept.enrolment_id, kept.partner_id) == ("confirmed", track.annas.id, None)


def test_ct2_2_what_the_one_who_left_handed_in_is_open_again(track: Any) -> None:
    tryout = track.handed_in()
    track.do(withdraw, track.annas.id, track.actor(track.anna), reason="Nyt job")
    kept = track.now(tryout)
    assert (kept.state, kept.enrolment_id) == ("allowed", track.bos.id)


def test_ct2_2_a_pair_is_formed_again_with_somebody_new(track: Any) -> None:
    from lms.api import put_into_groups

    tryout = track.allowed()
    track.do(withdraw, track.bos.id, track.actor(track.bo), reason="Nyt job")
    cecilie, cecilies = track.participant("Cecilie")
    track.do(
        put_into_groups,
        track.run.id,
        {track.annas.id: "Aften", cecilies.id: "Aften"},
        track.actor(track.teacher),
    )
    assert track.ask(tryout_of, track.seat(cecilies)).id == tryout.id
    now = track.now(tryout)
    track.do(
        tryouts.hand_in,
        now,
        track.ask(seat_of, track.annas.id),
        NOTE,
        track.actor(track.anna),
        revision=now.revision,
    )
    place = track.place(tryout.key, cecilie)
    assert (place.tryout.state, place.tryout.partner_id) == ("tried", cecilies.id)
    track.do(tryouts.confirm, place, track.actor(cecilie))
    assert track.now(tryout).state == "confirmed"


def test_somebody_without_a_pair_tries_alone(track: Any) -> None:
    _cecilie, alone = track.participant("Cecilie")
    assert track.handed_in(alone).state == "confirmed"


def test_only_the_pair_their_manager_and_the_team_read_a_try_out(track: Any) -> None:
    tryout = track.handed_in()

    def reads(person: Any) -> bool:
        return tryout.key in track.ask(tryout_places, [tryout.key], track.actor(person))

    cecilie, _seat = track.participant("Cecilie")
    seller = track.maker.person(name="Sanne Sælger")
    company = track.maker.organisation(name="Prøve Lift ApS", kind="company")
    track.maker.assignment(person=seller, organisation=company)
    track.maker.team_member(run=track.run, person=seller, role="teacher")
    stranger = track.maker.person(name="Fremmed")
    assert all(reads(one) for one in (track.anna, track.bo, track.manager, track.teacher))
    assert not any(reads(one) for one in (cecilie, seller, stranger))


def test_where_the_manager_has_left_whoever_decides_in_the_run_answers(track: Any) -> None:
    tryout = track.plan()
    track.do(tryouts.ask_manager, tryout, track.seat(track.annas), track.actor(track.anna))
    lead = track.lead()
    assert not track.place(tryout.key, lead).answers
    from lms.core.users.models import Person

    def leave() -> None:
        from lms.api import db

        db.session.get_one(Person, track.manager.id).state = "suspended"

    track.do(leave)
    place = track.place(tryout.key, lead)
    assert place.answers
    track.do(tryouts.answer, place.tryout, True, "", track.actor(lead))
    assert track.now(tryout).manager_id == lead.id


# --- pages ----------------------------------------------------------------------------------------


def test_ct2_3_the_note_is_saved_half_and_handed_in_whole(track: Any) -> None:
    tryout = track.allowed()
    address = f"/courses/tryouts/{tryout.key}/note"
    revision = str(tryout.revision)
    saved = track.post(track.anna, address, before="Tolv gange", revision=revision, save="1")
    assert saved.status_code == 303
    page = track.page(track.anna, address).text
    assert "Tolv gange" in page
    half = track.post(track.anna, address, before="Tolv gange", revision=revision, hand_in="1")
    assert half.status_code == 422
    assert "Write a line before you hand it in." in half.text
    old = track.post(
        track.anna,
        address,
        before="Tretten",
        after="To",
        learned="Godt",
        revision=revision,
        hand_in="1",
    )
    assert old.status_code == 422
    assert "Tretten" in old.text
    sent = track.post(
        track.anna,
        address,
        before="Tolv gange",
        after="To",
        learned="Kurven virker",
        revision=str(track.now(tryout).revision),
        hand_in="1",
    )
    assert sent.status_code == 303
    assert (
        "Your colleague is asked" in track.page(track.anna, f"/courses/tryouts/{tryout.key}").text
    )


def test_i_28_what_may_tell_who_somebody_is_is_pointed_at(track: Any) -> None:
    tryout = track.allowed()
    address = f"/courses/tryouts/{tryout.key}/note"
    fields = {
        "before": "Fru Hansen ringede tolv gange",
        "after": "To",
        "learned": "Godt",
        "revision": str(tryout.revision),
        "hand_in": "1",
    }
    warned = track.post(track.anna, address, **fields)
    assert warned.status_code == 422
    assert "Hansen" in warned.text
    number = track.post(track.anna, address, **fields | {"before": "010180-1234", "no_names": "y"})
    assert number.status_code == 422
    assert track.post(track.anna, address, **fields, no_names="y").status_code == 303


def test_the_manager_answers_on_a_page_and_finds_it_among_what_waits(track: Any) -> None:
    tryout = track.plan()
    track.do(tryouts.ask_manager, tryout, track.seat(track.annas), track.actor(track.anna))
    assert "Answer whether one small thing may be tried" in track.page(track.manager, "/me").text
    address = f"/courses/tryouts/{tryout.key}/answer"
    assert "En kurv ved døren" in track.page(track.manager, address).text
    assert track.page(track.anna, address).status_code == 404
    refused = track.post(track.manager, address, answer="no", reason="", seen=track.seen(tryout))
    assert refused.status_code == 422
    plan = Plan(what="To kurve ved døren", measure="Skridt", begins_on=tryout.begins_on)
    older = {"seen": "2", "answer": "no", "reason": "Ikke i juleugen"}
    track.do(tryouts.change_plan, track.now(tryout), plan, track.actor(track.bo), revision=2)
    track.do(tryouts.ask_manager, track.now(tryout), track.seat(track.annas), track.actor(track.bo))
    stale = track.post(track.manager, address, **older)
    assert stale.status_code == 422
    assert "Somebody else changed it meanwhile." in stale.text
    assert "Ikke i juleugen" in stale.text
    assert "To kurve ved døren" in stale.text
    seen = track.seen(tryout)
    assert f'value="{seen}"' in stale.text
    assert track.post(track.manager, address, answer="yes", seen=seen).status_code == 303
    assert "Answer whether" not in track.page(track.manager, "/me").text


def test_a_pair_plans_and_asks_on_pages(track: Any) -> None:
    address = f"/courses/runs/{track.run.key}/tryout"
    assert track.page(track.anna, address).status_code == 200
    assert track.page(track.manager, address).status_code == 404
    sent = track.post(
        track.anna, address, what="En kurv", measure="Skridt", begins_on="2026-12-07", idea=""
    )
    assert sent.status_code == 303
    there = sent.headers["Location"]
    assert track.page(track.bo, address).status_code == 303
    again = track.post(track.bo, address, what="En til", measure="Skridt", idea="")
    assert again.status_code == 422
    assert "Open the try-out you have" in again.text
    assert track.post(track.bo, f"{there}/ask").status_code == 303
    assert "Your manager has a letter" in track.page(track.anna, there).text
    handed = track.post(track.anna, f"{there}/confirm")
    assert handed.status_code == 303
    assert "Waits for the manager&#39;s yes" in track.page(track.anna, there).text


def test_ct2_2_the_other_says_yes_on_the_page(track: Any) -> None:
    tryout = track.handed_in()
    address = f"/courses/tryouts/{tryout.key}"
    assert "Read what your colleague wrote" in track.page(track.bo, "/me").text
    assert "Yes, it was so" in track.page(track.bo, address).text
    seen = track.seen(tryout)
    track.do(tryouts.take_back, tryout, track.actor(track.anna))
    again = track.now(tryout)
    told = Note(before="To gange", after="Aldrig", learned="Ingen får den på igen.")
    seat, anna = track.seat(track.annas), track.actor(track.anna)
    track.do(tryouts.hand_in, again, seat, told, anna, revision=again.revision)
    client = track.client(track.bo)
    sent = {"csrf_token": csrf_of(client), "seen": seen}
    stale = client.post(f"{address}/confirm", data=sent, follow_redirects=True)
    assert "Somebody else changed it meanwhile." in stale.text
    assert track.now(tryout).state == "tried"
    assert track.post(track.bo, f"{address}/confirm", seen=track.seen(tryout)).status_code == 303
    assert track.now(tryout).state == "confirmed"
