"""How often something may be done: windows that slide, and whose uses are counted together."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from lms.db import db
from lms.testing import csrf_of
from lms.web import Confirm, access, page
from lms.web import limits as module
from lms.web.limits import count_and_check, forget_old_counts, give_back
from lms.web.models import RateCount
from lms.work import unit_of_work


@pytest.fixture
def three(lms_app, monkeypatch, clock):
    """Every limit is three, and the clock stands at the full hour."""
    monkeypatch.setattr(module, "LIMITS", dict.fromkeys(module.LIMITS, 3))
    clock.stop_at(clock.now.replace(minute=0, second=0, microsecond=0))
    with lms_app.app_context():
        yield


def test_a_window_slides(three, clock):
    allowed = []
    for _minute in range(6):
        allowed.append(count_and_check("sign_in:account", "a"))
        clock.move(minutes=3)
    # Three, two refused; fifteen minutes after the first there is room for one more.
    assert allowed == [True, True, True, False, False, True]


def test_no_burst_at_the_turn_of_a_window(three, clock):
    clock.move(minutes=14)
    assert [count_and_check("sign_in:account", "a") for _ in range(3)] == [True] * 3
    clock.move(minutes=2)
    assert not count_and_check("sign_in:account", "a")


def test_one_who_keeps_trying_is_let_in_again(three, clock):
    tries = []
    for _ in range(40):
        tries.append(count_and_check("sign_in:account", "a"))
        clock.move(minutes=1)
    assert tries.count(True) == 9  # three in each quarter of an hour, begun three times


def test_what_is_given_back_counts_no_more_even_a_minute_later(three, clock):
    for _ in range(3):
        count_and_check("sign_in:account", "a")
    clock.move(minutes=1)
    give_back("sign_in:account", "a")
    assert count_and_check("sign_in:account", "a")
    assert not count_and_check("sign_in:account", "a")


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_a_network_of_64_bits_is_one_address(three, one, other, together):
    for _ in range(3):
        count_and_check("search:address", one)
    assert count_and_check("search:address", other) is not together


def test_old_counts_are_forgotten(three, clock):
    count_and_check("search:address", "192.0.2.1")
    clock.move(hours=2)
    with unit_of_work():
        forget_old_counts()
    assert db.session.scalar(select(RateCount.count)) is None


# --- where they are asked -----------------------------------------------------------------------


def write():
    if Confirm().validate_on_submit():
        with unit_of_work():
            db.session.execute(select(1))
    return page("errors/page.html", title="Written", text="")


@pytest.fixture
def few(lms_app, monkeypatch, clock):
    """Two deeds and two searches a minute; the clock stands."""
    small = {**module.LIMITS, "write:person": 2, "search:address": 2}
    monkeypatch.setattr(module, "LIMITS", small)


def post(client):
    return client.post("/try?lang=en", data={"csrf_token": csrf_of(client)})


def test_deeds_are_counted_per_person(lms_app, client, sign_in, make_person, few, clock):
    lms_app.add_url_rule("/try", "try", access(rate="write")(write), methods=["GET", "POST"])
    sign_in(client, make_person())
    assert [post(client).status_code for _ in range(2)] == [200, 200]
    refused = post(client)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "Wait a minute" in refused.text
    other = lms_app.test_client()
    assert post(sign_in(other, make_person())).status_code == 200
    clock.move(seconds=61)
    assert post(client).status_code == 200


def test_a_deed_sent_again_is_not_counted_again(lms_app, client, sign_in, make_person, few):
    lms_app.add_url_rule("/try", "try", access(rate="write")(write), methods=["GET", "POST"])
    sign_in(client, make_person())
    sent = {"csrf_token": csrf_of(client)}
    assert {client.post("/try", data=sent).status_code for _ in range(5)} == {200}
    assert post(client).status_code == 200


def test_counting_a_deed_costs_no_commit(lms_app, client, sign_in, make_person, few):
    lms_app.add_url_rule("/try", "try", access(rate="write")(write), methods=["GET", "POST"])
    sign_in(client, make_person())
    commits = []
    with lms_app.app_context():
        event.listen(db.engine, "commit", commits.append)
    post(client)
    assert len(commits) == 1


def test_searches_of_guests_are_counted_and_looking_around_is_not(
    lms_app, client, sign_in, make_person, few
):
    view = access(known="public", rate="search")(lambda: "found")
    lms_app.add_url_rule("/try", "try", view)
    assert {client.get("/try").status_code for _ in range(4)} == {200}
    asked = [client.get("/try?q=rytme") for _ in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert asked[-1].headers["Retry-After"] == "60"
    sign_in(client, make_person())
    assert {client.get("/try?q=rytme").status_code for _ in range(4)} == {200}
