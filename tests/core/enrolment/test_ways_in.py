"""Ways into a run: a link, a key, a rule, a nomination; clashing days; and two who go together."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor, LocalisedText, Question
from lms.core.enrolment import hooks, queries, services
from lms.core.enrolment.models import Enrolment, Invitation
from lms.core.enrolment.services import Rule
from lms.core.users.services import mint
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import unit_of_work


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Specimen())]


@pytest.fixture
def worker(make_person, make_assignment, make_organisation):
    manager, person = make_person(name="Leder Prøve"), make_person(language="en")
    person.employer = make_organisation()
    make_assignment(person=person, manager=manager, organisation=person.employer)
    person.manager = manager
    return person


@pytest.fixture
def colleague(make_person, make_assignment, worker):
    person = make_person(name="Kollega Prøve", language="en", email="kollega@proeve.example")
    make_assignment(person=person, organisation=worker.employer, manager=worker.manager)
    return person


@pytest.fixture
def browser(client, sign_in, worker):
    return sign_in(client, worker)


@pytest.fixture
def terms(lms_app):
    """`terms(run, **changes)`: the terms of a run from now on."""

    def change(run, **changes):
        with lms_app.app_context(), unit_of_work():
            facts = queries.terms_of([run.id])[run.id]
            services.set_terms(dataclasses.replace(facts, **changes), SYSTEM)
        return run

    return change


@pytest.fixture
def invited_run(make_run, terms):
    return terms(make_run(visibility="invited", title="Lukket hold"), ways=("link",))


@pytest.fixture
def join(lms_app):
    """`join(run, ...)`: the address of an invitation."""

    def make(run, **options):
        with lms_app.app_context(), unit_of_work():
            return "/join/" + services.invite(run.id, "Prøve", SYSTEM, **options)

    return make


def enrolments(app) -> list[Enrolment]:
    with app.app_context():
        return list(db.session.scalars(db.select(Enrolment).order_by(Enrolment.id)))


# --- by link ------------------------------------------------------------------------------------


def test_an_invitation_shows_the_run_and_leads_back_after_signing_in(client, invited_run, join):
    url = join(invited_run)
    response = client.get(url, headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert "Lukket hold" in response.text
    assert "Sign in to ask for a seat" in response.text
    assert f"next={url}" in response.text


def test_by_link_one_asks_for_a_seat_nobody_else_sees(browser, submit, invited_run, join, lms_app):
    assert browser.get(f"/catalogue/{invited_run.key}").status_code == 404
    assert browser.get(f"/catalogue/{invited_run.key}/ask").status_code == 404
    url = join(invited_run, uses=1)
    assert "What would you like" in browser.get(url).text
    response = submit(browser, url, goal="Kunne vise det")
    assert response.status_code == 303
    (row,) = enrolments(lms_app)
    assert (row.source, row.state) == ("link", "awaiting_approval")
    # The link is used up, but still leads the one who used it to their seat.
    assert browser.get(url).location.endswith(f"/enrolments/{row.key}")


def test_seen_runs_are_those_of_ones_own_enrolments(
    browser, client, lms_app, sign_in, make_person, make_enrolment, worker, invited_run
):
    stranger = sign_in(lms_app.test_client(), make_person())
    make_enrolment(run=invited_run, person=worker, manager=worker.manager, state="seated")
    assert browser.get(f"/catalogue/{invited_run.key}").status_code == 200
    assert stranger.get(f"/catalogue/{invited_run.key}").status_code == 404
    assert lms_app.test_client().get(f"/catalogue/{invited_run.key}").status_code == 404
    with lms_app.test_request_context():
        ids = [invited_run.id, 999]
        assert list(hooks.lms_seen_runs(ids, Actor(person_id=worker.id))) == [invited_run.id]
        assert list(hooks.lms_seen_runs(ids, Actor(person_id=worker.manager.id))) == ids[:1]
        assert not hooks.lms_seen_runs(ids, Actor())


class Opens(Specimen):
    """A plugin that opens every run to whoever is signed in."""

    @hookimpl
    def lms_seen_runs(self, run_ids, actor):
        return list(run_ids)


def test_a_plugin_may_open_runs(lms_app_factory, sign_in):
    from lms.testing.rows import Maker

    app = lms_app_factory(plugins=[(SPECIMEN, Opens())])
    make = Maker(app)
    run = make.run(visibility="invited")
    client = sign_in(app.test_client(), make.person())
    assert client.get(f"/catalogue/{run.key}").status_code == 200
    assert client.get("/catalogue/aaaaaaaaaaaaaaaa").status_code == 404


@pytest.mark.parametrize("over", ["late", "revoked", "used", "closed way", "made up", "other"])
def test_an_invitation_that_does_not_work_is_one_kind_page(
    browser, lms_app, join, invited_run, clock, over, terms, worker
):
    url = join(invited_run, days=2, uses=1)
    with lms_app.app_context(), unit_of_work():
        if over == "revoked":
            row = db.session.scalars(db.select(Invitation)).one()
            services.revoke_invitation(row.id, invited_run.id, SYSTEM)
        elif over == "used":
            db.session.execute(db.update(Invitation).values(uses_left=0))
        elif over == "other":
            token = mint("enrolment.decide", worker.id, 1, timedelta(days=1))
    if over == "late":
        clock.move(days=3)
    elif over == "closed way":
        terms(invited_run, ways=("nomination",))
    elif over == "made up":
        url = "/join/" + "x" * 22
    elif over == "other":
        url = "/join/" + token
    client = lms_app.test_client()
    for one in (browser, client) if over != "late" else (client,):
        assert one.get(url).status_code == 410
        assert one.get(f"{url}?lang=en").text.count("This invitation does not work any more") == 2


def test_an_invitation_to_a_run_that_is_cancelled_says_so(browser, join, make_run):
    url = join(make_run(state="cancelled", visibility="invited"))
    assert "takes no requests now" in browser.get(url).text


def test_a_guest_who_posts_to_an_invitation_changes_nothing(
    client, submit, invited_run, join, lms_app
):
    response = submit(client, join(invited_run), goal="x")
    assert response.status_code == 401
    assert not enrolments(lms_app)


# --- by key, by rule, by nomination -------------------------------------------------------------


def test_the_key_is_asked_for_and_a_wrong_one_is_said_at_its_field(
    browser, submit, make_run, terms, lms_app
):
    run = terms(make_run(), ways=("key",), entry_key="Blå Himmel")
    url = f"/catalogue/{run.key}/ask"
    assert "The key of the run" in browser.get(url).text
    missing = submit(browser, url, goal="x", entry_key="")
    assert "Write the key." in missing.text
    wrong = submit(browser, url, goal="x", entry_key="grøn himmel")
    assert wrong.status_code == 422
    assert 'id="entry_key-e"' in wrong.text
    assert "The key does not fit" in wrong.text
    assert submit(browser, url, goal="x", entry_key=" blå  himmel ").status_code == 303
    assert enrolments(lms_app)[0].source == "key"


def test_guessing_keys_is_slow(browser, submit, make_run, terms, lms_app):
    run = terms(make_run(), ways=("key",), entry_key="rigtig")
    url = f"/catalogue/{run.key}/ask"
    for _ in range(10):
        assert "The key does not fit" in submit(browser, url, goal="x", entry_key="gæt").text
    last = submit(browser, url, goal="x", entry_key="rigtig")
    assert "Wait a quarter of an hour" in last.text
    assert not enrolments(lms_app)


def test_a_rule_lets_in_those_it_fits(
    browser, submit, make_run, terms, lms_app, worker, make_organisation
):
    run = terms(make_run(), ways=("rule",))
    url, other = f"/catalogue/{run.key}/ask", make_organisation()
    with lms_app.app_context(), unit_of_work():
        services.set_entry_rules(run.id, [Rule(organisation_id=other.id)], SYSTEM)
    assert "for certain workplaces or functions" in browser.get(url).text
    assert "for certain workplaces or functions" in submit(browser, url, goal="x").text
    assert not enrolments(lms_app)
    with lms_app.app_context(), unit_of_work():
        services.set_entry_rules(run.id, [Rule(organisation_id=worker.employer.id)], SYSTEM)
    assert submit(browser, url, goal="x").status_code == 303
    assert enrolments(lms_app)[0].source == "rule"


def test_whom_a_rule_fits_needs_no_key(browser, make_run, terms, lms_app, worker):
    run = terms(make_run(), ways=("rule", "key"), entry_key="x")
    assert "The key of the run" in browser.get(f"/catalogue/{run.key}/ask").text
    with lms_app.app_context(), unit_of_work():
        services.set_entry_rules(run.id, [Rule(organisation_id=worker.employer.id)], SYSTEM)
    assert "The key of the run" not in browser.get(f"/catalogue/{run.key}/ask").text


@pytest.mark.parametrize(
    ("ways", "panel", "page"),
    [
        (("nomination",), "Talk to your manager", "Talk to your manager"),
        (("link",), "for those who have a link", "for those with a link"),
        (("key",), "for those who know its key", "The key of the run"),
        (("rule",), "for certain workplaces", "for certain workplaces"),
        (("open", "nomination"), "Ask my manager", "Ask my manager"),
    ],
)
def test_the_panel_and_the_page_say_which_way_is(browser, make_run, terms, ways, panel, page):
    run = terms(make_run(), ways=ways, entry_key="x" if "key" in ways else None)
    assert panel in browser.get(f"/catalogue/{run.key}").text
    assert page in browser.get(f"/catalogue/{run.key}/ask").text


# --- before one asks ----------------------------------------------------------------------------


def test_clashing_days_are_shown_to_the_one_who_asks_and_hinder_nothing(
    browser, submit, make_run, make_enrolment, worker, clock, count_queries, lms_app
):
    day = clock.now + timedelta(days=20)
    wanted = make_run(sessions=[day, day + timedelta(days=7)], session_minutes=180)
    url = f"/catalogue/{wanted.key}/ask"
    with count_queries() as before:
        assert "at the same time" not in browser.get(url).text
    states = {"seated": 60, "waitlisted": 0, "withdrawn": 30, "active": 24 * 60}
    for state, minutes in states.items():
        other = make_run(title=f"Hold {state}", sessions=[day + timedelta(minutes=minutes)])
        make_enrolment(run=other, person=worker, state=state)
    with count_queries() as after:
        text = browser.get(url).text
    assert "2 of your own days are at the same time" in text
    assert "Hold seated" in text
    assert "Hold waitlisted" in text
    assert "Hold withdrawn" not in text
    assert "Hold active" not in text
    assert "You can still ask" in text
    assert len(before) == len(after) <= 10
    assert submit(browser, url, goal="x").status_code == 303


def test_the_form_says_who_is_asked_and_how_the_list_goes_on(
    browser, make_run, terms, make_enrolment, worker
):
    until = now() + timedelta(days=30)
    run = terms(
        make_run(capacity=1, price=1200),
        approvers=("line_manager", "cost_centre", "programme_lead"),
        waiting_rule="shares",
        withdraw_until=until,
    )
    make_enrolment(run=run, state="seated")
    make_enrolment(run=run, state="waitlisted")
    text = browser.get(f"/catalogue/{run.key}/ask").text
    assert f"Your manager, {worker.manager.name}" in text
    assert "one after the other" in text
    assert (
        text.index("Your manager,") < text.index("answers for the money") < text.index("lead</li>")
    )
    assert "1 person waits there now" in text
    assert "the fewest" in text
    assert "Without a reason until" in text
    assert "1,200 DKK" in text


def test_the_runs_own_questions_come_first(browser, submit, make_run, terms, lms_app):
    question = Question(
        key="shoes",
        kind="text",
        label=LocalisedText(en="Size of shoes?", da="Skostørrelse?"),
        required=True,
    )
    run = terms(make_run(), questions=(question,))
    url = f"/catalogue/{run.key}/ask"
    assert "Write an answer." in submit(browser, url, goal="x").text
    assert submit(browser, url, goal="x", **{"q-run-shoes": "42"}).status_code == 303
    assert enrolments(lms_app)[0].answers == {"run.shoes": "42"}


# --- together -----------------------------------------------------------------------------------


@pytest.fixture
def pair_run(make_run, terms):
    return terms(make_run(capacity=4), in_pairs=True)


@pytest.fixture
def asked_along(browser, submit, pair_run, colleague, lms_app, sign_in):
    """The browser of a colleague who was named, and both enrolments."""
    url = f"/catalogue/{pair_run.key}/ask"
    response = submit(browser, url, goal="Mit", pair_with="Kollega@Proeve.example")
    assert response.status_code == 303
    return sign_in(lms_app.test_client(), colleague), *enrolments(lms_app)


def test_two_ask_together_and_the_second_says_yes_on_their_page(
    asked_along, submit, lms_app, colleague, maker
):
    theirs, first, second = asked_along
    assert (first.state, second.state) == ("awaiting_approval", "requested")
    assert first.pair_key == second.pair_key
    with lms_app.test_request_context():
        (todo,) = hooks.lms_todo_items(Actor(person_id=colleague.id))
    assert todo.url.endswith(f"/enrolments/{second.key}/together")
    shown = theirs.get(f"/enrolments/{second.key}").text
    assert "has asked for two seats" in shown
    url = f"/enrolments/{second.key}/together"
    assert theirs.get(url).status_code == 200
    assert "Write in one sentence" in submit(theirs, url, answer="yes", goal="").text
    assert submit(theirs, url, answer="yes", goal="Deres").status_code == 303
    after = maker.reload(second)
    assert (after.state, after.goal, after.answer_due is not None) == (
        "awaiting_approval",
        "Deres",
        True,
    )
    assert submit(theirs, url, answer="no").location.endswith(f"/enrolments/{second.key}")
    assert maker.reload(second).state == "awaiting_approval"


def test_the_second_says_no_and_the_first_goes_on_alone(asked_along, submit, maker, browser):
    theirs, first, second = asked_along
    url = f"/enrolments/{second.key}/together"
    assert submit(theirs, url, answer="no", goal="").status_code == 303
    assert maker.reload(second).state == "withdrawn"
    alone = maker.reload(first)
    assert (alone.state, alone.pair_key) == ("awaiting_approval", None)


def test_nobody_else_answers_for_the_second(asked_along, browser, submit, maker):
    _theirs, _first, second = asked_along
    url = f"/enrolments/{second.key}/together"
    assert browser.get(url).status_code == 404
    assert submit(browser, url, answer="yes", goal="x").status_code == 404


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_second_answers_from_a_mail(asked_along, submit, lms_app, colleague, maker, answer):
    _theirs, _first, second = asked_along
    with lms_app.app_context(), unit_of_work():
        url = "/answer/" + mint("enrolment.pair", colleague.id, second.id, timedelta(days=3))
    client = lms_app.test_client()
    assert client.get(url).status_code == 200
    assert maker.reload(second).state == "requested"
    assert submit(client, url, answer=answer, goal="Deres").status_code == 303
    after = "awaiting_approval" if answer == "yes" else "withdrawn"
    assert maker.reload(second).state == after
    assert client.get(url).status_code == 410


def test_the_page_says_with_whom(asked_along, browser, colleague):
    _theirs, first, _second = asked_along
    text = browser.get(f"/enrolments/{first.key}").text
    assert "You asked together with" in text
    assert f"You go together with {colleague.name}" in text


def test_who_works_elsewhere_and_who_does_not_exist_are_the_same(
    browser, submit, pair_run, make_person, make_assignment, worker, lms_app
):
    elsewhere = make_person(email="fremmed@andet.example")
    make_assignment(person=elsewhere)
    left = make_person(email="borte@proeve.example", state="left")
    make_assignment(person=left, organisation=worker.employer)
    url = f"/catalogue/{pair_run.key}/ask"
    answers = set()
    for mail in ("fremmed@andet.example", "ingen@andet.example", "borte@proeve.example", "volapyk"):
        response = submit(browser, url, goal="x", pair_with=mail)
        assert response.status_code == 422
        assert 'id="pair_with-e"' in response.text
        answers.add("We know no colleague at your workplace" in response.text)
    assert answers == {True}
    assert not enrolments(lms_app)


def test_oneself_is_no_colleague_and_who_has_a_seat_cannot_be_asked(
    browser, submit, pair_run, worker, colleague, make_enrolment, lms_app
):
    url = f"/catalogue/{pair_run.key}/ask"
    assert "your own mail" in submit(browser, url, goal="x", pair_with=worker.email).text
    make_enrolment(run=pair_run, person=colleague, state="seated")
    refused = submit(browser, url, goal="x", pair_with=colleague.email)
    assert "You two cannot ask together here" in refused.text
    assert len(enrolments(lms_app)) == 1
