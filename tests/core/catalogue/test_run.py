"""The page of a run."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from lms.contracts import LocalisedText
from lms.core.catalogue.models import CourseSession, TeachingSlot
from lms.db import db
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen

MOST_QUERIES = 10


def text_of(client, run, **query):
    return client.get(f"/catalogue/{run.key}", query_string=query).get_data(as_text=True)


def slot(maker, session, minutes, organisation=None, person=None, state="approved", product=""):
    maker.write(
        TeachingSlot(
            course_session_id=session.id,
            organisation_id=organisation.id if organisation else None,
            person_id=person.id if person else None,
            topic=LocalisedText(da="Et oplæg", en="A talk"),
            minutes=minutes,
            state=state,
            product=product,
        )
    )


@pytest.mark.parametrize("sessions", [2, 40])
def test_the_page_takes_ten_queries_at_most(
    signed_in, make_run, make_team_member, maker, count_queries, sessions
):
    run = make_run(sessions=sessions)
    for _ in range(sessions):
        make_team_member(run=run)
    for session in maker.sessions_of(run):
        slot(maker, session, 30, organisation=maker.organisation())
    browser = signed_in("site_admin")
    text_of(browser, run)
    with count_queries() as queries:
        browser.get(f"/catalogue/{run.key}")
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


def test_the_sessions_are_counted_in_words_with_their_common_time(client, make_run):
    assert "Two half days, " in text_of(client, make_run(sessions=2), lang="en")
    assert "Three days, " in text_of(client, make_run(sessions=3, session_minutes=420), lang="en")
    assert "One session" in text_of(client, make_run(sessions=1), lang="en")
    assert "The days are not stated yet." in text_of(client, make_run(sessions=0), lang="en")


def test_a_session_shows_what_to_do_in_between_and_the_time_is_summed(client, maker, make_run):
    run = make_run(sessions=2)
    with maker.app.app_context():
        db.session.execute(
            update(CourseSession)
            .where(CourseSession.run_id == run.id, CourseSession.position == 1)
            .values(between=LocalisedText(da="Spørg to kolleger."), between_minutes=60)
        )
        db.session.commit()
    text = text_of(client, run, lang="en")
    assert "Spørg to kolleger." in text
    assert re.search(r"In all.*?<b>7 hours</b>", text, re.DOTALL)


def test_minutes_of_companies_and_others_are_told_in_words_drawing_and_table(
    client, maker, make_run
):
    run = make_run(sessions=2)
    first, second = maker.sessions_of(run)
    company = maker.organisation(name="Prøvefirma ApS", kind="company")
    town = maker.organisation(name="Prøveby Kommune")
    slot(maker, first, 30, organisation=company, product="Prøvebrillen")
    slot(maker, second, 90, organisation=town)
    slot(maker, second, 500, organisation=company, state="withdrawn")
    slot(maker, second, 500, organisation=company, state="offered")
    text = text_of(client, run, lang="en")
    assert text.count("Of 120 minutes, companies teach 30 and others 90.") == 2
    assert "Prøvebrillen" in text
    assert "500" not in text
    widths = [
        float(w) for w in re.findall(r'<rect class="f-\w+"[^>]*width="([\d.]+)" height="26"', text)
    ]
    assert widths == [104.5, 313.5]


def test_an_offer_is_shown_to_the_team_as_an_offer(
    client, signed_in, maker, make_run, make_person, make_team_member
):
    run, person = make_run(), make_person()
    make_team_member(run=run, person=person)
    slot(maker, maker.sessions_of(run)[0], 30, organisation=maker.organisation(), state="offered")
    assert "Offered, not agreed yet" in text_of(signed_in(person=person), run, lang="en")
    assert "Offered" not in text_of(client, run, lang="en")


def test_a_person_who_teaches_is_not_named_in_public(client, signed_in, maker, make_run):
    run = make_run()
    slot(maker, maker.sessions_of(run)[0], 30, person=maker.person(name="Gæst Gæstesen"))
    assert "Gæstesen" not in text_of(client, run)
    assert "Gæstesen" in text_of(signed_in(), run)


def test_a_course_type_that_is_gone_leaves_the_page_standing(client, make_run):
    text = text_of(client, make_run(course_type="gone"), lang="en")
    assert "is not installed here just now" in text
    assert "What you can do afterwards" in text


def test_a_price_is_told_and_free_is_free(client, make_run):
    assert "Free of charge" in text_of(client, make_run(), lang="en")
    assert "1,200 DKK" in text_of(client, make_run(price=1200), lang="en")
    assert "1.200 kr." in text_of(client, make_run(price=1200), lang="da")
    assert "900 kr" in text_of(client, make_run(price=900, currency="SEK"), lang="sv")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("cancelled", "This run is cancelled."), ("interrupted", "This run is on hold.")],
)
def test_a_run_that_does_not_go_on_says_so_first(client, make_run, state, sentence):
    assert sentence in text_of(client, make_run(state=state), lang="en")


def test_phases_stand_on_the_thread_as_far_as_the_days_have_come(client, maker, make_run, clock):
    run = make_run(
        state="running", sessions=[clock.now.replace(year=2020), clock.now.replace(year=2099)]
    )
    with maker.app.app_context():
        for position, module in ((1, "start"), (2, "practice")):
            db.session.execute(
                update(CourseSession)
                .where(CourseSession.run_id == run.id, CourseSession.position == position)
                .values(module=module)
            )
        db.session.commit()
    text = text_of(client, run, lang="en")
    way = text[text.index('id="way"') :]
    assert 'aria-label="Done"' in way[: way.index("Practise")]
    assert 'class="todo"' in way[: way.index("Practise")]


@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_the_page_speaks_three_languages(client, make_run, language):
    text = text_of(client, make_run(), lang=language)
    assert f'<html lang="{language}"' in text
    expected = {"da": "Vi øver os.", "sv": "Vi övar.", "en": "We practise."}
    assert expected[language] in text


class OutOfOrder(Specimen):
    """Breaks when asked what it adds to a run."""

    @hookimpl
    def lms_run_panels(self, runs, actor):
        raise RuntimeError("out of order")


class TestAFailingPanel:
    @pytest.fixture
    def lms_plugins(self):
        return [(SPECIMEN, OutOfOrder())]

    def test_it_leaves_a_small_box_and_the_rest_of_the_page(self, client, make_run):
        text = text_of(client, make_run(), lang="en")
        assert 'class="away"' in text
        assert "What you can do afterwards" in text
