"""I-28: the desk looks a problem through before others read it; I-23: no company, no student."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from lms.api import Refused, db, unit_of_work
from lms.core.messages.models import Mail
from lms.journal import deliver, seal
from lms.journal.models import JournalEntry
from lms.testing import csrf_of
from lms_challenges.models import Word
from lms_challenges.queries.problems import found_problems
from lms_challenges.queries.similar import similar_to
from lms_challenges.services.desk import answer, ask, check, move_problem
from lms_challenges.services.merging import merge

NAMED = "Når Kirsten Hansen på Søndergade 12 skal i bad, kan liften ikke komme ind ad døren."


@pytest.fixture
def dorte(care: Any) -> Any:
    return care.desk()


def post_check(care: Any, person: Any, problem: Any, **fields: Any) -> Any:
    fields = {"revision": care.now(problem).revision, "others": ""} | fields
    return care.post(care.client(person), f"/challenges/desk/{problem.key}/check?lang=en", **fields)


def test_what_looks_personal_is_pointed_at_and_nobody_else_reads_it(care: Any, dorte: Any) -> None:
    problem = care.problem(title="Bad hos Kirsten", what=NAMED)
    page = care.page(dorte, f"/challenges/desk/{problem.key}").text
    assert "<mark>Kirsten Hansen</mark>" in page
    assert "“Søndergade 12”: looks like an address" in page
    assert "Look it through before others read it" in page
    assert care.page(care.worker("Bo"), f"/challenges/problems/{problem.key}").status_code == 404


def test_passages_are_taken_out_everywhere_and_the_sender_is_told(care: Any, dorte: Any) -> None:
    anna, colleague = care.worker(), care.worker("Bo Kollega")
    problem = care.problem(anna, title="Bad hos Kirsten", what=NAMED, today="Vi ringer til Kirsten")
    care.do(ask, problem, "Er det kun hos Kirsten Hansen?", care.actor(dorte))
    care.do(answer, care.now(problem), "Ja, hos kirsten hansen.", care.actor(anna))
    care.say(problem, dorte, text="Kirstens dør er for smal.")
    sent = post_check(
        care,
        dorte,
        problem,
        taken=["Kirsten Hansen", "Søndergade 12", "Kirsten"],
        others="skal i bad\n\n  liften ",
    )
    assert sent.status_code == 303
    current = care.now(problem)
    assert current.checked_at is not None
    assert current.checked_by_id == dorte.id
    assert current.title == "Bad hos [taget ud]"
    assert current.today == "Vi ringer til [taget ud]"
    page = care.page(dorte, f"/challenges/desk/{problem.key}").text
    assert "Kirsten" not in page
    assert "kirsten" not in page
    assert "Something was taken out" in page
    seen = care.page(colleague, f"/challenges/problems/{problem.key}")
    assert seen.status_code == 200
    assert "Søndergade" not in seen.text
    own = care.page(anna, f"/challenges/problems/{problem.key}").text
    assert "We took words or a photo out" in own
    with care.app.app_context():
        seal()
        deliver()
        mails = db.session.scalars(select(Mail.values).where(Mail.person_id == anna.id)).all()
        assert sum("We took something out" in mail["subject"]["en"] for mail in mails) == 1
        kept = " ".join(
            str(row) for row in db.session.scalars(select(JournalEntry.data)).all()
        ) + " ".join(db.session.scalars(select(Word.stem)).all())
        assert "kirsten" not in kept.casefold()
        assert not found_problems("kirsten", care.actor(dorte))


def test_nothing_personal_is_one_press(care: Any, dorte: Any) -> None:
    problem = care.problem()
    assert post_check(care, dorte, problem).status_code == 303
    assert care.now(problem).checked_at is not None
    assert care.now(problem).what == problem.what


def test_taken_out_and_still_kept_from_others(care: Any, dorte: Any) -> None:
    problem = care.problem(what=NAMED)
    assert post_check(care, dorte, problem, taken=["Kirsten Hansen"], keep="1").status_code == 303
    current = care.now(problem)
    assert current.checked_at is None
    assert "Kirsten" not in current.what


def test_words_that_stand_nowhere_and_all_the_words_are_refused(care: Any, dorte: Any) -> None:
    problem = care.problem()
    wrong = post_check(care, dorte, problem, others="Ib Ibsen")
    assert wrong.status_code == 422
    assert "“Ib Ibsen” is not in the text" in wrong.text
    everything = post_check(care, dorte, problem, others=problem.what)
    assert everything.status_code == 422
    assert care.now(problem).what == problem.what
    named = care.problem(what=NAMED)
    assert post_check(care, dorte, named, taken=["liften"]).status_code == 422
    assert care.now(named).what == NAMED


def test_somebody_else_looked_through_it_first(care: Any, dorte: Any) -> None:
    problem = care.problem(what=NAMED)
    care.do(check, problem, care.actor(dorte))
    clash = post_check(care, dorte, problem, taken=["Kirsten Hansen"], revision=problem.revision)
    assert clash.status_code == 409
    assert "Nothing of yours was saved." in clash.text
    assert "Kirsten Hansen" in care.now(problem).what


def test_a_photo_is_taken_out(care: Any, dorte: Any) -> None:
    from lms.api import documents_about, store

    anna = care.worker()
    problem = care.problem(anna, checked=True)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "JPEG")
    with care.app.app_context(), unit_of_work():
        store(
            picture.getvalue(),
            media_type="image/jpeg",
            file_name="bad.jpg",
            title="Badeværelset",
            language="da",
            subject=("challenges.problem", problem.id),
            actor=care.actor(anna),
            visibility="internal",
            alt_text="En dør og en lift",
        )
    with care.app.app_context():
        kept = documents_about("challenges.problem", [problem.id])
    assert "En dør og en lift" in care.page(dorte, f"/challenges/desk/{problem.key}").text
    assert post_check(care, dorte, problem, pictures=[kept[0].key]).status_code == 303
    with care.app.app_context():
        assert not documents_about("challenges.problem", [problem.id])


def test_what_was_asked_and_answered_stays_between_the_two(care: Any, dorte: Any) -> None:
    """What is said after the check nobody has looked through."""
    anna = care.worker()
    problem = care.problem(anna, checked=True)
    care.do(ask, problem, "Er det hos Kirsten?", care.actor(dorte))
    care.do(answer, care.now(problem), "Ja, hos Kirsten Hansen.", care.actor(anna))
    address = f"/challenges/problems/{problem.key}"
    assert "Ja, hos Kirsten Hansen." in care.page(anna, address).text
    seen = care.page(care.worker("Bo Kollega"), address)
    assert seen.status_code == 200
    assert "Kirsten" not in seen.text


def test_who_does_not_sit_at_the_desk_looks_at_nothing(care: Any) -> None:
    problem = care.problem(checked=True)
    outsiders = [care.worker("Bo"), care.desk(care.south, "Disa"), care.seller(), care.student()]
    for person in outsiders:
        assert care.page(person, f"/challenges/desk/{problem.key}").status_code == 404
        for deed in ("check", "ask", "end/declined", "again"):
            address = f"/challenges/desk/{problem.key}/{deed}"
            assert care.post(care.client(person), address).status_code == 404
        with pytest.raises(LookupError):
            care.do(check, problem, care.actor(person))
        with pytest.raises(LookupError):
            care.do(move_problem, problem, "declined", care.actor(person), reason="Nej")


# --- the canary ---------------------------------------------------------------------------------

CANARY = "Zirkonfugl"
ADDRESSES = (
    "/",
    "/me",
    "/account",
    "/catalogue",
    "/challenges",
    "/challenges/mine",
    "/challenges/report",
    "/challenges/heat",
    "/challenges/desk",
    "/challenges/desk?waits=check&q=zirkon",
    "/challenges/desk?waits=over",
    "/challenges/funnel?period=all",
    "/challenges/ours",
    "/challenges?q=zirkon",
    "/challenges/ours?q=zirkon",
    "/api/v1/problems",
    "/api/v1/challenges",
)


def test_a_canary_reaches_no_company_and_no_student_whatever_their_role(
    care: Any, dorte: Any
) -> None:
    """Every page, search, letter and file that the plugin has, with everything that can be done
    with a problem done to one that holds a word found nowhere else."""
    sellers = [care.seller("Sanne Sælger"), care.student("Stine Studerende")]
    for person in sellers:
        for role in ("triage", "challenge_owner", "programme_lead"):
            care.maker.access_role(person=person, role=role, organisation=care.north)
            care.maker.access_role(person=person, role=role, organisation=None)
    anna = care.worker()
    problems = [
        care.problem(
            anna, title=f"{CANARY} {n}", what=f"En {CANARY} har lagt sig i liften, nummer {n}."
        )
        for n in range(5)
    ]
    actor = care.actor(dorte)
    care.do(ask, problems[0], f"Hvilken {CANARY}?", actor)
    care.do(answer, care.now(problems[0]), f"Den {CANARY} der.", care.actor(anna))
    care.do(move_problem, problems[1], "declined", actor, reason=f"Ingen {CANARY} her.")
    care.do(merge, problems[2].id, problems[3].id, actor, f"Samme {CANARY}")
    for problem in problems:
        care.do(check, care.now(problem), actor)
    care.say(problems[4], care.worker("Ulla", unit=care.ward), text=f"Også en {CANARY}.")
    assert CANARY in care.page(dorte, "/challenges/desk?q=zirkon").text
    assert CANARY in care.page(care.worker("Bo"), "/challenges/heat").text
    own = [f"/challenges/problems/{problem.key}" for problem in problems]
    own += [f"{address}/voice" for address in own] + [f"{address}/answer" for address in own]
    own += [f"/challenges/desk/{problem.key}" for problem in problems]
    own += [f"/challenges/problems/{problem.key}/merge" for problem in problems]
    for person in sellers:
        client = care.client(person)
        for address in (*ADDRESSES, *own):
            answered = client.get(address)
            assert CANARY.casefold() not in answered.text.casefold(), (person.name, address)
        asked = client.post(
            "/challenges/similar",
            data={"csrf_token": csrf_of(client), "what": f"{CANARY} i liften", "title": CANARY},
        )
        assert problems[4].key not in asked.text
        reader = care.actor(person)
        assert not care.ask(found_problems, CANARY, reader)
        assert not care.ask(similar_to, f"{CANARY} i liften", reader, "da")
    with care.app.app_context():
        seal()
        deliver()
        ids = [person.id for person in sellers]
        told = db.session.scalars(select(Mail.values).where(Mail.person_id.in_(ids))).all()
    assert CANARY not in str(told)


def test_a_seller_at_the_desk_is_refused_by_the_services_too(care: Any) -> None:
    seller = care.seller()
    care.maker.access_role(person=seller, role="triage", organisation=care.north)
    problem = care.problem()
    with pytest.raises((LookupError, Refused)):
        care.do(move_problem, problem, "declined", care.actor(seller), reason="Nej")
