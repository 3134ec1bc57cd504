"""CT1-2: companies apply on equal terms, and nobody reads it before the last day is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from lms.api import SYSTEM, LocalisedText, Refused, actor_for_person, needs_of, now, unit_of_work
from lms.core.messages.queries import mails
from lms.db import db
from lms.journal.models import JournalEntry
from lms_courses.models import Application
from lms_courses.queries import calls as queries
from lms_courses.services.applications import take_back
from lms_courses.services.calls import CallValues, write_call

FIELDS = {
    "name": "Prøvelampen ApS",
    "country": "DK",
    "registration_number": "DK 00100102",
    "size": "micro",
    "contact_name": "Rikke Påfund",
    "contact_email": "rikke@proevelampen.example",
    "person_1_name": "Rikke Påfund",
    "person_1_email": "rikke@proevelampen.example",
    "why": "Vi vil lære, hvad praksis har brug for.",
    "declared": "y",
}


def values(**more: Any) -> CallValues:
    kept = {
        "criteria": LocalisedText(da="a", sv="b", en="c"),
        "category": "",
        "places": 2,
        "people": 2,
        "opens_at": now() + timedelta(days=1),
        "closes_at": now() + timedelta(days=9),
        **more,
    }
    return CallValues(**kept)


def test_ct1_2_apply_and_get_a_receipt(track: Any, submit: Any) -> None:
    track.open()
    client = track.app.test_client()
    page = client.get(f"/courses/calls/{track.run.key}?lang=en").text
    assert "It belongs to care." in page
    assert "Nobody" in page or "nobody" in page
    answer = submit(client, f"/courses/calls/{track.run.key}/apply", **FIELDS)
    assert answer.status_code == 303
    receipt = client.get(answer.location)
    assert "00 10 01 02" in receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"
    (mail,) = track.post()
    assert (mail.to_address, mail.state) == ("rikke@proevelampen.example", "sent")
    assert answer.location in mail.text


@pytest.mark.parametrize("again", ["00100102", "DK-00 10 01 02", "00.10.01.02", " dk00100102 "])
def test_ct1_2_the_same_number_cannot_apply_twice(track: Any, submit: Any, again: str) -> None:
    track.open()
    track.apply("Prøvelampen ApS", "00 10 01 02")
    client = track.app.test_client()
    url = f"/courses/calls/{track.run.key}/apply?lang=en"
    fields = FIELDS | {"name": "En anden stavemåde", "registration_number": again}
    answer = submit(client, url, **fields)
    assert answer.status_code == 422
    assert "Your application is here already" in answer.text
    assert "En anden stavemåde" in answer.text  # nothing typed is lost


def test_foreign_companies_without_a_number_are_known_by_name_and_country(track: Any) -> None:
    track.open()
    track.apply("Beispiel Licht GmbH", country="DE")
    with pytest.raises(Refused, match="already"):
        track.apply("BEISPIEL  Licht, GmbH", country="DE")
    with pytest.raises(Refused, match="already"):
        track.apply("Beispiel Licht GmbH", "HRB 12345", country="DE")
    track.apply("Beispiel Licht GmbH", country="AT")
    with pytest.raises(Refused, match="missing"):
        track.apply("Uden Nummer ApS")
    with pytest.raises(Refused, match="wrong"):
        track.apply("Forkert Nummer ApS", "12 34 56 78")


def test_a_company_that_took_its_application_back_may_apply_again(track: Any) -> None:
    track.open()
    key = track.apply("Prøvelampen ApS", "00 10 01 02")
    with track.app.app_context():
        with unit_of_work():
            take_back(key, "Vi har for travlt.")
        with unit_of_work(), pytest.raises(Refused, match="late"):
            take_back(key)
    track.apply("Prøvelampen ApS", "00 10 01 02")
    with track.app.app_context():
        states = db.session.scalars(select(Application.state).order_by(Application.id)).all()
        assert states == ["withdrawn", "sent"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("registration_number", "12345678"),
        ("registration_number", ""),
        ("size", "huge"),
        ("country", "XX"),
        ("contact_email", "no address"),
        ("person_1_email", "no address"),
        ("declared", ""),
        ("why", ""),
        ("homepage", "https://robots.example"),
        ("person_2_name", "Kun et navn"),
        ("name", "x" * 300),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(
    track: Any, submit: Any, field: str, typed: str
) -> None:
    track.open()
    client = track.app.test_client()
    url = f"/courses/calls/{track.run.key}/apply"
    answer = submit(client, url, **(FIELDS | {field: typed}))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    if field != "why":
        assert "Vi vil lære, hvad praksis har brug for." in answer.text
    assert track.states() == {}


def test_nobody_can_apply_before_it_opens_or_after_the_last_moment(
    track: Any, submit: Any, clock: Any
) -> None:
    clock.stop_at(now())
    track.open(opens_at=now() + timedelta(hours=1), closes_at=now() + timedelta(hours=2))
    client, url = track.app.test_client(), f"/courses/calls/{track.run.key}/apply"
    assert submit(client, url, **FIELDS).status_code == 422
    clock.move(hours=1)
    assert client.get(url).status_code == 200
    clock.move(hours=1)  # the last moment is not part of it
    assert submit(client, url, **FIELDS).status_code == 422
    assert track.states() == {}


# --- nobody reads ---------------------------------------------------------------------------------


def test_ct1_2_nobody_sees_applications_before_closing(track: Any, sign_in: Any) -> None:
    """Not who leads, not who looks after the site: not on a page, in the journal, in a mail's
    list, in a search. All they know is how many."""
    track.open()
    key = track.apply("Hemmelig Lygte ApS", "00 10 01 02")
    track.post()
    site = track.make.person(language="en")
    track.make.access_role(person=site, role="site_admin")
    with track.app.app_context():
        for who in (track.lead, site):
            actor = actor_for_person(who.id)
            assert not queries.applications_of(track.facts, actor)
            assert queries.application_to_decide(key, track.facts, actor) is None
        assert not queries.applications_of(track.facts, SYSTEM)
        assert queries.applications_by_id([1, 2, 3]) == {}
        assert queries.confirmed_in([track.run.id]) == {track.run.id: []}
        assert queries.how_many(track.run.id) == 1
        assert mails(actor_for_person(site.id), limit=50) == ([], 0)
        entry = db.session.scalars(
            select(JournalEntry).where(JournalEntry.verb == "courses.application_sent")
        ).one()
        assert (entry.actor_id, entry.data, entry.payload) == (None, {"run": track.run.id}, None)
    for who in (track.lead, site):
        client = sign_in(track.app.test_client(), who)
        pages = [
            f"/courses/calls/{track.run.key}",
            f"/courses/calls/{track.run.key}/decide",
            f"/catalogue/{track.run.key}",
            "/catalogue?q=Hemmelig",
            "/me",
        ]
        if who is site:
            pages += ["/admin/journal", "/admin/mails", "/admin/people?q=Kim", "/admin/jobs"]
        for page in pages:
            text = client.get(page).text
            assert "Lygte" not in text
            assert "lygte" not in text
        assert client.get(track.desk(key)).status_code == 404
        assert (
            "1 company has applied"
            in client.get(f"/courses/calls/{track.run.key}/decide?lang=en").text
        )
    track.over()
    client = sign_in(track.app.test_client(), track.lead)
    assert "Hemmelig Lygte" in client.get(f"/courses/calls/{track.run.key}/decide").text


def test_applications_are_not_for_who_does_not_decide(track: Any, sign_in: Any) -> None:
    track.open()
    key = track.apply("Prøvelampen ApS", "00 10 01 02")
    track.over()
    elsewhere = track.make.person()
    track.make.access_role(
        person=elsewhere, role="programme_lead", organisation=track.make.organisation()
    )
    client = sign_in(track.app.test_client(), elsewhere)
    for path in ("decide", f"decide/{key}", "write"):
        assert client.get(f"/courses/calls/{track.run.key}/{path}").status_code == 404


# --- writing the call -----------------------------------------------------------------------------


def test_criteria_are_fixed_once_somebody_could_have_applied(track: Any, clock: Any) -> None:
    clock.stop_at(now())
    with track.app.app_context():
        with unit_of_work():
            write_call(track.facts, values(), track.actor)
        with unit_of_work():
            write_call(track.facts, values(places=3), track.actor, revision=1)
        with unit_of_work(), pytest.raises(Refused, match="meanwhile"):
            write_call(track.facts, values(places=4), track.actor, revision=1)
        assert track.call.places == 3
        clock.move(days=1)
        with unit_of_work(), pytest.raises(Refused, match="open"):
            write_call(track.facts, values(places=4), track.actor, revision=2)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"opens_at": -1, "closes_at": 3}, "opens_day.past"),
        ({"opens_at": 3, "closes_at": 2}, "closes_day.early"),
        ({"opens_at": 3, "closes_at": 300}, "closes_day.late"),
        ({"places": 40}, "places.seats"),
    ],
)
def test_a_call_that_cannot_be_is_refused(track: Any, wrong: dict[str, int], code: str) -> None:
    changed: dict[str, Any] = {
        name: now() + timedelta(days=value) if name.endswith("_at") else value
        for name, value in wrong.items()
    }
    with track.app.app_context(), unit_of_work(), pytest.raises(Refused, match=code):
        write_call(track.facts, values(**changed), track.actor)


def test_the_call_is_written_in_the_zone_of_the_run(track: Any, sign_in: Any, submit: Any) -> None:
    client = sign_in(track.app.test_client(), track.lead)
    url = f"/courses/calls/{track.run.key}/write"
    day = (now() + timedelta(days=3)).date().isoformat()
    fields = {
        "revision": "0",
        "criteria_da": "Vi ser på behovet.",
        "criteria_sv": "Vi ser på behovet.",
        "criteria_en": "We look at the need.",
        "category": "",
        "places": "2",
        "people": "2",
        "opens_day": day,
        "opens_clock": "09.00",
        "closes_day": (now() + timedelta(days=9)).date().isoformat(),
        "closes_clock": "12:00",
    }
    assert submit(client, url, **(fields | {"criteria_sv": ""})).status_code == 422
    assert submit(client, url, **fields).status_code == 303
    with track.app.app_context():
        assert track.call.opens_at.astimezone(ZoneInfo(track.run.zone)).hour == 9
    page = client.get(url).text
    assert "Vi ser på behovet." in page
    assert "09:00" in page


def test_a_run_opens_only_with_its_call(track: Any) -> None:
    def need() -> Any:
        with track.app.test_request_context():
            found = needs_of([track.facts])[track.run.id]
            return next(one for one in found if one.key == "courses.call")

    assert (need().state, need().met) == ("open", False)
    assert f"/courses/calls/{track.run.key}/write" in need().url
    track.open(opens_at=now() + timedelta(days=1))
    assert need().met


def test_open_calls_are_listed_for_everybody(track: Any) -> None:
    track.open()
    client = track.app.test_client()
    page = client.get("/courses/calls")
    assert track.run.key in page.text
    assert "public" in page.headers["Cache-Control"]
    run_page = client.get(f"/catalogue/{track.run.key}?lang=en").text
    assert f"/courses/calls/{track.run.key}/apply" in run_page
    assert "Your seat</h2>" not in run_page
    track.over()
    assert track.run.key not in client.get("/courses/calls?lang=en").text
