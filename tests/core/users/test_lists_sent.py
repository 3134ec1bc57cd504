"""Lists of people by page, by the API and from a shell."""

from __future__ import annotations

import io
import re

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from lms.cli.sync import sync
from lms.contracts import SYSTEM
from lms.core.users import services
from lms.core.users.models import Person, Sync
from lms.core.users.outcome_words import LIST_FAILED
from lms.core.users.queries import actor_for_api_token
from lms.db import db
from lms.jobs import drain
from lms.jobs.models import Job
from lms.jobs.services import retry_failed
from lms.testing import csrf_of
from lms.work import unit_of_work
from tests.core.users.lists import people_at, row

HEADING = "Medarbejdernummer;Navn;E-mail;Stilling;Leder;Skostørrelse"


@pytest.fixture
def grounds(place, make_function):
    make_function(key="carer")
    return place


def listing(*rows: str) -> str:
    return "\n".join([HEADING, *rows])


ONE = "1;Åse Ø;aase@proevelev.example;carer;;38"
TWO = "2;Bo Å;bo@proevelev.example;carer;1;44"
WRONG = "3;=1+1;nobody;carer;;42"


def send(client, place, **fields):
    return client.post(
        f"/organisations/{place.key}/people-list",
        data={"csrf_token": csrf_of(client), "mode": "changes", **fields},
        content_type="multipart/form-data",
    )


def send_bytes(client, place, data: bytes):
    """A file whose body the test client does not put into a temporary file that stays open."""
    parts = [
        f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in (("csrf_token", csrf_of(client)), ("mode", "changes"))
    ]
    head = b'--limit\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return client.post(
        f"/organisations/{place.key}/people-list",
        data=b"".join([*parts, head, data, b"\r\n--limit--\r\n"]),
        content_type="multipart/form-data; boundary=limit",
    )


def people(app, place):
    with app.app_context():
        return people_at(place.id)


# --- the page -----------------------------------------------------------------------------------


def test_a_file_is_shown_and_then_done(inside, grounds, lms_app, submit) -> None:
    data = listing(ONE, TWO, WRONG).encode("cp1252")
    answer = send(inside, grounds, file=(io.BytesIO(data), "liste.csv"))
    assert answer.status_code == 303
    shown = inside.get(answer.location)
    assert "Skostørrelse" in shown.text
    assert "aase@proevelev.example" in shown.text
    assert "navn@arbejdsplads.dk" in shown.text
    assert people(lms_app, grounds) == []
    errors = inside.get(f"{answer.location}/errors.csv")
    assert errors.mimetype == "text/csv"
    assert "'=1+1" in errors.data.decode("utf-8-sig")
    assert submit(inside, answer.location).status_code == 303
    assert [one["name"] for one in people(lms_app, grounds)] == ["Åse Ø", "Bo Å"]
    done = inside.get(answer.location)
    assert "navn@arbejdsplads.dk" in done.text
    assert "aase@" not in done.text
    assert submit(inside, answer.location).status_code == 303, "a second press does nothing"
    assert len(people(lms_app, grounds)) == 2
    with lms_app.app_context():
        assert db.session.scalars(select(Sync.rows)).all() == [[]]


def test_pasted_cells_and_what_cannot_be_read(inside, grounds) -> None:
    pasted = listing(ONE).replace(";", "\t")
    assert send(inside, grounds, pasted=pasted).status_code == 303
    empty = send(inside, grounds, pasted="")
    assert (empty.status_code, 'href="#file"' in empty.text) == (422, True)
    image = send(inside, grounds, file=(io.BytesIO(b"\x89PNG\r\n"), "liste.csv"))
    assert (image.status_code, "billede" in image.text) == (422, True)
    typed = send(inside, grounds, pasted="Navn\tNavn\nBo\tIb")
    assert (typed.status_code, "Navn\tNavn" in typed.text) == (422, True)
    huge = send_bytes(inside, grounds, b"x" * (10 * 1024 * 1024 + 9))
    assert (huge.status_code, "10 MB" in huge.text) == (422, True)


def test_an_identity_number_is_kept_nowhere(inside, grounds, lms_app) -> None:
    pasted = listing(ONE, "010190-1234;Cpr Person;c@proevelev.example;carer;;")
    shown = inside.get(send(inside, grounds, pasted=pasted).location)
    assert "cpr-nummer" in shown.text
    with lms_app.app_context():
        kept = db.session.execute(select(Sync.rows, Sync.result)).one()
        assert "010190" not in str(kept)
        assert "Cpr Person" not in str(kept.rows)


def test_many_leavers_must_be_confirmed(inside, grounds, lms_app, submit) -> None:
    assert send(inside, grounds, pasted=listing(ONE, TWO)).status_code == 303
    first = send(inside, grounds, pasted=listing(ONE, TWO)).location
    submit(inside, first)
    full = send(inside, grounds, pasted=listing(ONE), mode="full").location
    assert "confirmed" in inside.get(full).text
    assert submit(inside, full).status_code == 422
    assert {one["state"] for one in people(lms_app, grounds)} == {"invited"}
    assert submit(inside, full, confirmed="y").status_code == 303
    assert [one["state"] for one in people(lms_app, grounds)] == ["invited", "left"]


def test_what_was_shown_is_what_is_done_or_it_is_shown_again(
    inside, grounds, lms_app, submit
) -> None:
    first = send(inside, grounds, pasted=listing(ONE)).location
    with lms_app.test_request_context(), unit_of_work():
        values = services.PersonValues(name="X", email="aase@proevelev.example")
        services.create_person(values, actor=SYSTEM)
    answer = submit(inside, first)
    assert answer.status_code == 422
    assert people(lms_app, grounds) == []
    assert "imens" in answer.text
    assert "hos en anden arbejdsgiver" in answer.text


def test_a_long_list_is_a_job_with_a_bar(inside, grounds, lms_app, submit) -> None:
    rows = [f"{n};Person {n};p{n}@proevelev.example;carer;;" for n in range(1, 262)]
    location = send(inside, grounds, pasted=listing(*rows)).location
    assert submit(inside, location).status_code == 303
    waiting = inside.get(location)
    assert waiting.headers["Refresh"]
    assert "<progress" in waiting.text
    with lms_app.app_context():
        drain()
    assert len(people(lms_app, grounds)) == 261
    done = inside.get(location)
    assert "Refresh" not in done.headers
    assert "261" in done.text


@pytest.fixture
def stopped(inside, grounds, lms_app, submit, monkeypatch):
    """The address of a long list whose job has failed for good, after its first hundreds."""

    def fail(*_args, **_kwargs):
        raise RuntimeError("the disk is full")

    rows = [f"{n};Person {n};p{n}@proevelev.example;carer;;" for n in range(1, 262)]
    location = send(inside, grounds, pasted=listing(*rows)).location
    assert submit(inside, location).status_code == 303
    with lms_app.app_context(), unit_of_work():
        db.session.execute(update(Job).values(max_attempts=1))
    with monkeypatch.context() as patch, lms_app.app_context():
        patch.setattr("lms.core.users.carrying.carry_out_in_pieces", fail)
        drain()
    return location


def test_a_list_whose_job_failed_for_good_says_so_and_can_be_tried_again(
    inside, grounds, lms_app, stopped
) -> None:
    shown = inside.get(stopped)
    assert "Refresh" not in shown.headers
    assert "<progress" not in shown.text
    assert LIST_FAILED.da in shown.text
    assert "Stoppet undervejs" in inside.get(f"/organisations/{grounds.key}/people-list").text
    with lms_app.app_context():
        with unit_of_work():
            job_id = db.session.scalar(select(Job.id).where(Job.state == "failed"))
            assert retry_failed(job_id, actor=SYSTEM)
        assert inside.get(stopped).headers["Refresh"]
        drain()
    assert LIST_FAILED.da not in inside.get(stopped).text
    assert len(people(lms_app, grounds)) == 261


def test_a_list_that_stopped_is_forgotten_after_a_week(lms_app, stopped, clock) -> None:
    for days, stays in ((6, 1), (2, 0)):
        clock.move(days=days)
        with lms_app.app_context(), unit_of_work():
            services.forget_lists_that_wait()
        with lms_app.app_context():
            left = db.session.scalar(select(func.count()).select_from(Sync))
        assert left == stays


def test_another_organisations_list_does_not_exist(
    inside, grounds, make_organisation, root
) -> None:
    other = make_organisation()
    assert inside.get(f"/organisations/{other.key}/people-list").status_code == 404
    location = send(root, other, pasted=listing(ONE)).location
    assert root.get(location).status_code == 200
    assert inside.get(location).status_code == 404
    assert inside.get(location.replace(other.key, grounds.key)).status_code == 404
    assert root.get(location.replace(other.key, grounds.key)).status_code == 404


# --- the API ------------------------------------------------------------------------------------


@pytest.fixture
def bearer(lms_app, boss):
    with lms_app.test_request_context(), unit_of_work():
        from datetime import timedelta

        token = services.mint_api_token(boss.id, "HR", timedelta(days=1), actor=SYSTEM)
    return {"Authorization": f"Bearer {token}"}


def test_a_short_list_is_answered_at_once(client, bearer, grounds, lms_app) -> None:
    url = f"/api/v1/organisations/{grounds.key}/people-sync"
    body = {"mode": "changes", "rows": [row("1"), row("2", manager="1"), row("3", email="x")]}
    dry = client.post(url, json=body | {"dry_run": True}, headers=bearer)
    assert dry.status_code == 200
    assert people(lms_app, grounds) == []
    done = client.post(url, json=body, headers=bearer)
    assert done.status_code == 200
    assert done.json["rows"] == dry.json["rows"]
    assert done.json["counts"] == dry.json["counts"]
    assert [one["outcome"] for one in done.json["rows"]] == ["come", "come", "error"]
    assert len(people(lms_app, grounds)) == 2
    fewer = {"mode": "full", "rows": [row("1")]}
    assert client.post(url, json=fewer, headers=bearer).status_code == 409
    confirmed = client.post(url, json=fewer | {"confirmed": True}, headers=bearer)
    assert confirmed.json["counts"]["leave"] == 1


def test_a_long_list_over_the_api_is_a_job(client, bearer, grounds, lms_app) -> None:
    url = f"/api/v1/organisations/{grounds.key}/people-sync"
    rows = [row(str(n)) for n in range(300)] + [row("x", email="x")]
    for dry_run, number in ((True, 0), (False, 300)):
        body = {"mode": "full", "rows": rows, "dry_run": dry_run}
        answer = client.post(url, json=body, headers=bearer)
        assert answer.status_code == 202
        waiting = client.get(answer.headers["Location"], headers=bearer)
        assert waiting.json["state"] == "working"
        with lms_app.app_context():
            drain()
        done = client.get(answer.headers["Location"], headers=bearer).json
        assert (done["state"], done["carried_out"]) == ("done", not dry_run)
        assert (done["counts"]["come"], len(done["errors"])) == (300, 1)
        assert len(people(lms_app, grounds)) == number


def test_the_api_says_that_a_list_failed_and_what_to_do(client, bearer, stopped) -> None:
    url = f"/api/v1/people-syncs/{stopped.rpartition('/')[2]}"
    told = client.get(url, headers=bearer).json
    assert (told["state"], told["message"], told["total"]) == ("failed", LIST_FAILED.da, 261)


def test_twenty_thousand_rows_fit_and_more_do_not(client, bearer, grounds) -> None:
    url = f"/api/v1/organisations/{grounds.key}/people-sync"
    rows = [{"employee_number": str(n), "name": "x" * 100} for n in range(20_000)]
    taken = client.post(url, json={"mode": "changes", "rows": rows}, headers=bearer)
    assert taken.status_code == 202
    rows.append({"employee_number": "x"})
    over = client.post(url, json={"mode": "changes", "rows": rows}, headers=bearer)
    assert over.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"mode": "all", "rows": []},
        {"mode": "full", "rows": [1]},
        {"mode": "full", "rows": [{"role": "site_admin"}]},
        {"mode": "full", "rows": [{"name": 7}]},
        {"mode": "full", "rows": [], "dry_run": "yes"},
        {"mode": "full", "rows": [], "state": "x"},
    ],
)
def test_other_bodies_are_not_understood(client, bearer, grounds, body) -> None:
    url = f"/api/v1/organisations/{grounds.key}/people-sync"
    answer = client.post(url, json=body, headers=bearer)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_another_organisation_is_not_there(client, bearer, grounds, make_organisation) -> None:
    url = f"/api/v1/organisations/{make_organisation().key}/people-sync"
    assert client.post(url, json={"mode": "full", "rows": []}, headers=bearer).status_code == 404
    assert client.get("/api/v1/people-syncs/a2a2a2a2a2a2a2a2", headers=bearer).status_code == 404


# --- the shell ----------------------------------------------------------------------------------


@pytest.fixture
def run(lms_app, monkeypatch, tmp_path):
    monkeypatch.setattr("lms.app.create_app", lambda: lms_app)

    def call(text, *words, code=0):
        path = tmp_path / "list.csv"
        path.write_text(text)
        result = CliRunner().invoke(sync, ["people", str(path), *words])
        assert result.exit_code == code, result.output
        return result.output

    return call


def test_the_command(run, lms_app, make_organisation, make_function) -> None:
    make_function(key="carer")
    place = make_organisation(registration_number="12345674")
    there = ("--organisation", "12 34 56 74")
    assert re.search(r"come +2", run(listing(ONE, TWO), *there, "--dry-run"))
    assert people(lms_app, place) == []
    run(listing(ONE, TWO), *there)
    assert len(people(lms_app, place)) == 2
    assert "nobody" not in run(listing(ONE, TWO), "--organisation", place.key)
    told = run(listing(WRONG), *there, "--changes", code=1)
    assert "row 2  3  Write a mail address" in told
    assert "--yes" in run(listing(ONE), *there, code=1)
    run(listing(ONE), *there, "--yes")
    assert [one["state"] for one in people(lms_app, place)] == ["invited", "left"]
    assert "a heading" in run("", *there, code=1)
    assert "No organisation" in run(listing(ONE), "--organisation", "x", code=1)


def test_the_command_tells_how_lists_fare(
    lms_app, inside, grounds, submit, monkeypatch, make_organisation, request
) -> None:
    monkeypatch.setattr("lms.app.create_app", lambda: lms_app)

    def call(place):
        return CliRunner().invoke(sync, ["lists", "--organisation", place.key])

    assert "No list has been sent." in call(make_organisation()).output
    location = send(inside, grounds, pasted=listing(ONE)).location
    assert submit(inside, location).status_code == 303
    told = call(grounds)
    assert (told.exit_code, "done" in told.output) == (0, True)
    request.getfixturevalue("stopped")
    told = call(grounds)
    assert told.exit_code == 1
    assert "failed" in told.output
    assert LIST_FAILED.en in told.output


# --- tokens and the old gaps --------------------------------------------------------------------


def test_a_token_is_made_shown_once_and_revoked(inside, lms_app, submit, boss) -> None:
    assert submit(inside, "/account/tokens", **{"t-name": "", "t-days": "0"}).status_code == 422
    answer = submit(inside, "/account/tokens", **{"t-name": "HR", "t-days": "30"})
    token = re.search(r"samspil_[\w-]+", answer.text).group(0)
    with lms_app.app_context():
        assert actor_for_api_token(token).person_id == boss.id
    page = inside.get("/account").text
    assert token not in page
    path = re.search(r"/account/tokens/\w+/revoke", page).group(0)
    assert submit(inside, path).status_code == 303
    assert submit(inside, path).status_code == 404
    with lms_app.app_context():
        assert actor_for_api_token(token) is None


def test_whoever_holds_more_is_not_signed_out(inside, make_access_role, worker, submit) -> None:
    make_access_role(person=worker, role="site_admin")
    assert submit(inside, f"/people/{worker.key}/sign-out").status_code == 422


def test_places_at_others_do_not_end(
    inside, root, maker, worker, make_assignment, submit, lms_app
) -> None:
    elsewhere = make_assignment(person=worker)
    assert submit(inside, f"/people/{worker.key}/suspend").status_code == 422
    assert submit(inside, f"/people/{worker.key}/leave", sure="y").status_code == 303
    assert maker.reload(elsewhere).to_day is None
    assert maker.reload(worker).state == "active"
    assert submit(root, f"/people/{worker.key}/leave", sure="y").status_code == 303
    assert maker.reload(elsewhere).to_day is not None
    with lms_app.app_context():
        assert db.session.get(Person, worker.id).state == "left"
