from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.contracts import GUEST, SYSTEM, Actor, JournalEntryFacts
from lms.db import db, now, stopped_clock
from lms.journal import deliver, queries, record, seal
from lms.journal.delivery import NotSetAsideError, give_again, pause_after
from lms.journal.hooks import lms_data_policy, lms_doctor
from lms.journal.models import JournalCursor
from lms.work import unit_of_work
from tests.core.journal.small_site import ADMIN, Site, add_effect, effects_of, hear

Entries = Sequence[JournalEntryFacts]


def write(*subject_ids: int, verb: str = "test.done") -> None:
    with unit_of_work():
        for subject_id in subject_ids:
            record(verb, "thing", subject_id, actor=SYSTEM, data={"n": subject_id})


def hear_subjects(what: str, *bad: int) -> object:
    """A listener that writes what it hears and cannot stand some subjects."""

    def listener(entries: Entries) -> None:
        for entry in entries:
            add_effect(what, entry.subject_id)
        for entry in entries:
            if entry.subject_id in bad:
                raise ValueError(f"cannot take {entry.subject_id}")

    return listener


def cursor(listener: str) -> JournalCursor:
    found = db.session.scalars(
        select(JournalCursor).where(JournalCursor.listener == listener)
    ).one()
    db.session.expunge(found)
    db.session.rollback()
    return found


def deliver_patiently(rounds: int = 30) -> list[float]:
    """Deliver again and again, each time when the pause is over; returns the pauses in seconds."""
    pauses = []
    with ExitStack() as clock:
        clock.enter_context(stopped_clock(now()))
        for _ in range(rounds):
            moment = now()
            deliver()
            waiting = [
                at
                for at in db.session.scalars(select(JournalCursor.next_try)).all()
                if at is not None
            ]
            db.session.rollback()
            if not waiting:
                break
            pauses.append(round((min(waiting) - moment).total_seconds(), 1))
            clock.enter_context(stopped_clock(min(waiting)))
    return pauses


def test_everybody_hears_everything_once_in_order(site: Site) -> None:
    site.host.hearing |= {
        "core.messages": hear_subjects("core"),  # type: ignore[dict-item]
        "small": hear_subjects("small"),  # type: ignore[dict-item]
    }
    write(*range(7))
    assert seal() == 7
    assert [deliver(limit=3) for _ in range(4)] == [6, 6, 2, 0]
    assert effects_of("core") == effects_of("small") == list(range(7))


def test_facts_are_what_was_recorded(site: Site) -> None:
    heard: list[JournalEntryFacts] = []
    site.host.hearing["small"] = heard.extend
    write(5)
    seal()
    deliver()
    (entry,) = heard
    assert (entry.verb, entry.subject_kind, entry.subject_id) == ("test.done", "thing", 5)
    assert (entry.position, entry.actor_id, entry.data) == (1, None, {"n": 5})
    assert timedelta(0) <= now() - entry.at < timedelta(minutes=1)


def test_a_new_listener_begins_at_the_present_end(site: Site) -> None:
    write(1, 2)
    seal()
    deliver()
    site.host.hearing["small"] = hear
    assert deliver() == 0
    assert cursor("small").position == 2
    write(3)
    seal()
    deliver()
    assert effects_of("heard") == [3]


def test_a_new_listener_hears_what_is_sealed_when_it_comes(site: Site) -> None:
    site.host.hearing["small"] = hear
    write(1, 2)
    seal()
    assert deliver() == 2


def test_a_failing_listener_rests_and_the_others_hear(site: Site) -> None:
    tries: list[int] = []

    def failing(entries: Entries) -> None:
        tries.append(len(entries))
        raise ValueError("no")

    site.host.hearing |= {"bad": failing, "good": hear}
    write(1, 2)
    seal()
    with stopped_clock(now()):
        deliver()
        deliver()
        state = cursor("bad")
        assert state.next_try == now() + timedelta(seconds=1)
    assert (state.position, state.attempts, tries) == (0, 1, [2])
    assert effects_of("heard") == [1, 2]


def test_pauses_double_up_to_five_minutes() -> None:
    seconds = [pause_after(n).total_seconds() for n in range(1, 12)]
    assert seconds == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_one_bad_entry_is_set_aside_and_the_rest_is_heard_once(site: Site) -> None:
    site.host.hearing["small"] = hear_subjects("heard", 3)  # type: ignore[assignment]
    write(1, 2, 3, 4, 5)
    seal()
    assert deliver_patiently() == [1, 2, 4, 8, 1, 2, 4, 8]
    assert effects_of("heard") == [1, 2, 4, 5]
    state = cursor("small")
    assert (state.position, state.attempts, state.one_by_one_to) == (5, 0, None)
    (row,) = queries.set_aside(ADMIN)
    assert row.listener == "small"
    assert row.error.endswith("ValueError: cannot take 3")
    assert queries.listener_states(ADMIN)[0].set_aside == 1
    # After that it goes in batches again.
    write(6, 7)
    seal()
    assert deliver() == 2
    assert effects_of("heard") == [1, 2, 4, 5, 6, 7]


def test_a_bad_entry_alone_is_set_aside_after_five_tries(site: Site) -> None:
    site.host.hearing["small"] = hear_subjects("heard", 1)  # type: ignore[assignment]
    write(1)
    seal()
    assert deliver_patiently() == [1, 2, 4, 8]
    assert len(queries.set_aside(ADMIN)) == 1


def test_a_listener_that_recovers_misses_nothing(site: Site) -> None:
    broken = [True] * 3
    good = hear_subjects("heard")

    def listener(entries: Entries) -> None:
        good(entries)  # type: ignore[operator]
        if broken:
            broken.pop()
            raise ValueError("not yet")

    site.host.hearing["small"] = listener
    write(1, 2, 3)
    seal()
    assert deliver_patiently() == [1, 2, 4]
    assert effects_of("heard") == [1, 2, 3]
    assert cursor("small").attempts == 0
    assert queries.set_aside(ADMIN) == []


def test_what_was_set_aside_can_be_given_again(site: Site) -> None:
    site.host.hearing["small"] = hear_subjects("heard", 1)  # type: ignore[assignment]
    write(1)
    seal()
    deliver_patiently()
    (row,) = queries.set_aside(ADMIN)
    db.session.rollback()
    assert give_again(row.id) is False
    assert len(queries.set_aside(ADMIN)) == 1
    site.host.hearing["small"] = hear_subjects("heard")  # type: ignore[assignment]
    assert give_again(row.id) is True
    assert effects_of("heard") == [1]
    assert queries.set_aside(ADMIN) == []
    with pytest.raises(NotSetAsideError):
        give_again(row.id)


def test_a_listener_that_went_away_cannot_be_told(site: Site) -> None:
    site.host.hearing["small"] = hear_subjects("heard", 1)  # type: ignore[assignment]
    write(1)
    seal()
    deliver_patiently()
    (row,) = queries.set_aside(ADMIN)
    del site.host.hearing["small"]
    with pytest.raises(NotSetAsideError):
        give_again(row.id)


def test_two_workers_tell_each_entry_once(site: Site) -> None:
    def slow(entries: Entries) -> None:
        time.sleep(0.02)
        hear(entries)

    site.host.hearing["small"] = slow
    write(*range(20))
    seal()

    def work() -> None:
        with site.app.app_context():
            for _ in range(15):
                deliver(limit=2)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while deliver():
        pass
    assert effects_of("heard") == list(range(1, 21))


def test_the_journal_page_is_for_administrators(site: Site) -> None:
    write(1)
    seal()
    teacher = Actor(person_id=1, permissions={"site.admin": frozenset({7})})
    for actor in (GUEST, teacher):
        assert queries.entries(actor).entries == ()
        assert queries.listener_states(actor) == []
        assert queries.set_aside(actor) == []
    assert len(queries.entries(ADMIN).entries) == 1


def test_the_journal_page_filters_and_turns_pages(site: Site) -> None:
    write(*range(5), verb="run.opened")
    write(3, verb="run_closed")
    write(3, verb="enrolment.seated")
    seal()
    assert [e.subject_id for e in queries.entries(ADMIN, verb="run.").entries] == [4, 3, 2, 1, 0]
    assert len(queries.entries(ADMIN, verb="run_").entries) == 1
    found = queries.entries(ADMIN, subject_kind="thing", subject_id=3).entries
    assert [entry.verb for entry in found] == ["enrolment.seated", "run_closed", "run.opened"]
    assert queries.entries(ADMIN, person_id=99).entries == ()

    seen, before = [], None
    while True:
        page = queries.entries(ADMIN, before=before, limit=3)
        seen += [entry.id for entry in page.entries]
        before = page.older
        if before is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


def test_the_history_of_a_subject_carries_no_payload(site: Site) -> None:
    with unit_of_work():
        record("person.renamed", "person", 4, actor=SYSTEM, payload={"before": "A", "after": "B"})
        record("person.renamed", "person", 5, actor=SYSTEM)
    (entry,) = queries.entries_about("person", 4)
    assert (entry.verb, entry.payload, entry.position) == ("person.renamed", None, None)
    assert queries.entries(ADMIN, person_id=4).entries[0].payload == {"before": "A", "after": "B"}


def test_the_doctor_sees_a_journal_nobody_seals_and_listeners_that_lag(site: Site) -> None:
    assert [finding.ok for finding in lms_doctor()] == [True]
    site.host.hearing["small"] = hear_subjects("heard", 1)  # type: ignore[assignment]
    write(1)
    with stopped_clock(now() + timedelta(minutes=6)):
        (finding,) = lms_doctor()
        assert "no worker is running" in finding.sentence
    db.session.rollback()
    seal()
    with stopped_clock(now() + timedelta(minutes=6)):
        (finding,) = lms_doctor()
        assert finding.warning
        assert "small has 1 journal entries yet to hear" in finding.sentence
    db.session.rollback()
    deliver_patiently()
    (finding,) = lms_doctor()
    assert "set aside" in finding.sentence
    assert {policy.table for policy in lms_data_policy()} == {"journal_entry"}
