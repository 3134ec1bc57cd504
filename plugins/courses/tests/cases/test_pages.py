"""The pages of the case library, as the people who meet them see them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lms.api import LocalisedText
from lms_courses.case_remarks import remarks
from lms_courses.queries.cases import CaseFacts, LibraryFilters, library
from lms_courses.services import cases

TOLD = {
    "title": "Tal, som ingen ser",
    "problem": "Borgere måler selv, men ingen ser tallene.",
    "why": "Hjælpen kommer for sent.",
    "question": "Hvordan kan tallene ses i tide?",
    "given": "Opdigtede tal.",
    "limits": "",
    "hours": "12",
    "category": "",
    "product": "",
    "practice_host": "",
    "contact": "",
}


def mine(world: Any, person: Any) -> Any:
    return world.ask(library, world.actor(person), LibraryFilters(), 1).items


def only(world: Any, person: Any) -> CaseFacts:
    (card,) = mine(world, person)
    return world.now(card.key)  # type: ignore[no-any-return]


def test_ct4_2_a_company_proposes_a_case(world: Any) -> None:
    page = world.page(world.seller, "/courses/cases/propose").get_data(as_text=True)
    assert "It takes about 15 minutes" in page
    assert 'name="company"' not in page  # whoever works for one is not asked which
    assert len(re.findall(r'<(?:input|textarea|select)[^>]* name="(?!csrf)', page)) <= 14
    fields = TOLD | {"institution": world.school.key, "practice_host": world.practice.key}
    sent = world.post(world.seller, "/courses/cases/propose", **fields, act="send")
    assert sent.status_code == 303
    found = only(world, world.seller)
    assert (found.company_id, found.institution_id) == (world.company.id, world.school.id)
    assert (found.practice_host_id, found.contact_id) == (world.practice.id, world.seller.id)
    assert (found.title.en, found.title.da, found.hours_promised) == (TOLD["title"], "", 12)
    assert "A new case: “Tal, som ingen ser”" in world.letters(world.teacher)
    assert "A new case: “Tal, som ingen ser”" in world.letters(world.manager)
    assert world.letters(world.other_teacher) == []
    assert world.letters(world.seller) == []


def test_what_is_missing_is_said_and_what_was_typed_comes_back(world: Any) -> None:
    fields = TOLD | {"institution": world.school.key, "why": "", "hours": "mange"}
    sent = world.post(world.seller, "/courses/cases/propose", **fields, act="send")
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "Write why it matters" in page
    assert "Write a whole number from 0 to 200." in page
    assert TOLD["problem"] in page
    assert "mange" in page
    assert mine(world, world.seller) == ()


def test_ct4_2_it_warns_of_an_advertisement_and_lets_it_stand(world: Any) -> None:
    fields = TOLD | {
        "institution": world.school.key,
        "problem": "MaaleMax er markedsledende. MaaleMax er unik. Prisen på MaaleMax er lav.",
        "product": "MaaleMax",
    }
    sent = world.post(world.seller, "/courses/cases/propose", **fields, act="send")
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "This reads as praise: markedsledende, unik." in page
    assert "This is about buying: prisen." in page
    assert "“MaaleMax” stands here 3 times" in page
    sent = world.post(world.seller, "/courses/cases/propose", **fields, looked="y", act="send")
    assert sent.status_code == 303


def test_a_draft_is_kept_with_what_there_is(world: Any) -> None:
    few = dict.fromkeys(TOLD, "") | {"title": "Kun et navn", "institution": world.school.key}
    sent = world.post(world.seller, "/courses/cases/propose", **few, act="keep")
    assert sent.status_code == 303
    address = sent.location
    assert "Only you see it." in world.page(world.seller, address).get_data(as_text=True)
    assert world.page(world.teacher, address).status_code == 404
    sent = world.post(
        world.seller, address, **(TOLD | {"institution": world.school.key}), act="send"
    )
    assert sent.status_code == 303
    assert only(world, world.seller).state == "proposed"
    assert world.page(world.seller, address).status_code == 303  # to the case it has become


def test_a_teacher_proposes_on_behalf_of_a_company(world: Any) -> None:
    fields = TOLD | {"company": world.company.key, "contact": world.seller.email}
    sent = world.post(world.teacher, "/courses/cases/propose", **fields, act="send")
    assert sent.status_code == 303  # one institution to choose from: nobody asked which
    assert only(world, world.seller).contact_id == world.seller.id
    wrong = fields | {"contact": "nobody@nowhere.example"}
    sent = world.post(world.teacher, "/courses/cases/propose", **wrong, act="send")
    assert "Nobody at the company has this address here" in sent.get_data(as_text=True)


def test_who_has_nothing_to_do_with_cases_sees_none(world: Any) -> None:
    found = world.proposed()
    for address in ("", f"/{found.key}", f"/{found.key}/edit", f"/{found.key}/versions"):
        assert world.page(world.student, f"/courses/cases{address}").status_code == 404
        if address:
            assert world.page(world.rival_seller, f"/courses/cases{address}").status_code == 404


def test_ct4_3_the_page_tells_what_is_missing_and_how_versions_differ(world: Any) -> None:
    found = world.proposed()
    address = f"/courses/cases/{found.key}"
    page = world.page(world.seller, address).get_data(as_text=True)
    assert "Before it can be published" in page
    assert "A manager in practice does it." in page
    sent = world.post(world.manager, f"{address}/comments", text="Vi kender det godt.")
    assert sent.status_code == 303
    assert "Palle Praksis" in world.page(world.seller, address).get_data(as_text=True)
    fields = TOLD | {
        "problem": "Borgere måler selv, men nogen bør se tallene.",
        "title": "Måling derhjemme",
        "number": "1",
        "note": "Kortere",
    }
    sent = world.post(world.seller, f"{address}/edit?in=da", **fields)
    assert sent.status_code == 303
    assert world.now(found.key).problem.sv == "Ingen ser tallene. (sv)"  # stays
    page = world.page(world.teacher, f"{address}/versions").get_data(as_text=True)
    assert "From version 1 to version 2" in page
    assert "<del>" in page
    assert "<ins>" in page
    assert "Kortere" in page
    assert world.page(world.teacher, f"{address}/versions?from=9&to=x").status_code == 200


def test_somebody_else_wrote_meanwhile(world: Any) -> None:
    found = world.proposed()
    address = f"/courses/cases/{found.key}/edit?in=da"
    assert world.post(world.teacher, address, **TOLD, number="1").status_code == 303
    late = TOLD | {"title": "Min egen titel", "number": "1"}
    sent = world.post(world.seller, address, **late)
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "Somebody else saved meanwhile" in page
    assert "Min egen titel" in page
    assert TOLD["title"] in page


def test_from_proposal_to_run_by_the_buttons(world: Any) -> None:
    """CT4-3 by its pages: rights, practice check, approval, opening, a run with outcomes."""
    found = world.proposed()
    address = f"/courses/cases/{found.key}"
    rights = {"ownership": "owned_by_students", "rights": "Det er dit.", "number": "1"}
    assert world.post(world.seller, f"{address}/rights", **rights).status_code == 404
    assert world.post(world.teacher, f"{address}/rights", **rights).status_code == 303
    sent = world.page(world.teacher, f"{address}/to/approved").get_data(as_text=True)
    assert "Still missing:" in sent
    assert world.post(world.teacher, f"{address}/practice", number="2").status_code == 404
    assert world.post(world.manager, f"{address}/practice", number="2").status_code == 303
    assert world.post(world.seller, f"{address}/to/approved").status_code == 404
    for state in ("approved", "open"):
        assert world.post(world.teacher, f"{address}/to/{state}", number="2").status_code == 303
    run = world.run()
    listed = world.page(world.teacher, f"/courses/runs/{run.key}/cases").get_data(as_text=True)
    assert f"/courses/runs/{run.key}/cases/{found.key}" in listed
    take = f"/courses/runs/{run.key}/cases/{found.key}"
    assert world.page(world.teacher, take).status_code == 200
    sent = world.post(world.teacher, take, fallback="")
    assert "Choose at least one learning outcome" in sent.get_data(as_text=True)
    sent = world.post(world.teacher, take, outcomes=["0", "2"], fallback="")
    assert sent.status_code == 303
    after = world.page(world.teacher, f"/courses/runs/{run.key}/cases").get_data(as_text=True)
    assert "Choose an open case" not in after
    history = world.page(world.seller, address).get_data(as_text=True)
    assert world.facts(run.id).title.en in history


def test_ct4_6_an_agreement_without_the_institution_is_refused_in_words(world: Any) -> None:
    found = world.proposed()
    address = f"/courses/cases/{found.key}/nda"
    fields = {"secret": "Tegningerne.", "from_day": "2026-01-01", "to_day": ""}
    sent = world.post(world.seller, address, **fields)
    page = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "supervisor and examiner may not see the work" in page
    assert "Tegningerne." in page
    assert world.post(world.seller, address, **fields, with_institution="y").status_code == 303
    sent = world.post(world.seller, address, **(fields | {"from_day": "i morgen"}))
    assert "Choose the day it begins." in sent.get_data(as_text=True)


def test_a_student_reads_the_case_of_the_run_and_no_other(world: Any) -> None:
    opened, run, other = world.ready(), world.run(), world.run()
    key, elsewhere = world.take(run, opened), world.take(other, opened)
    world.seat(run)
    page = world.page(world.student, f"/courses/cases/uses/{key}").get_data(as_text=True)
    assert "Det, du laver, er dit." in page or "Yours." in page
    assert world.company.name in page
    assert "Withdraw the case" not in page
    assert world.page(world.student, f"/courses/cases/uses/{elsewhere}").status_code == 404
    assert world.page(world.student, f"/courses/cases/{opened.key}").status_code == 404
    assert world.page(world.rival_seller, f"/courses/cases/uses/{key}").status_code == 404
    shown = world.page(world.student, f"/catalogue/{run.key}").get_data(as_text=True)
    assert f"/courses/cases/uses/{key}" in shown


def test_a_guest_reads_who_is_behind_the_case_of_a_run_and_no_more(world: Any) -> None:
    opened, run = world.ready(), world.run(visibility="public", state="open")
    world.take(run, opened)
    page = world.app.test_client().get(f"/catalogue/{run.key}?lang=en").get_data(as_text=True)
    assert world.company.name in page
    assert "Who takes part reads the whole case." in page
    assert opened.problem.en not in page


def test_the_run_says_that_there_is_a_newer_version(world: Any) -> None:
    opened, run = world.ready(), world.run()
    key = world.take(run, opened)
    fields = TOLD | {"number": str(opened.number)}
    assert (
        world.post(world.seller, f"/courses/cases/{opened.key}/edit", **fields).status_code == 303
    )
    for address in (f"/courses/runs/{run.key}/cases", f"/courses/cases/uses/{key}"):
        page = world.page(world.teacher, address).get_data(as_text=True)
        assert "There is a newer version in the library." in page
        assert TOLD["problem"] not in page


def test_a_company_withdraws_and_the_prepared_case_steps_in(world: Any) -> None:
    opened, spare, run = world.ready(), world.ready(title=world.values().why), world.run()
    key = world.take(run, opened)
    address = f"/courses/cases/uses/{key}"
    fields = {"fallback": spare.key}
    assert world.post(world.teacher, f"{address}/fallback", **fields).status_code == 303
    page = world.page(world.seller, f"{address}/withdraw").get_data(as_text=True)
    assert 'name="fallback"' not in page  # a company chooses nothing from the library
    sent = world.post(world.seller, f"{address}/withdraw", reason="")
    assert "Write why. The groups read it." in sent.get_data(as_text=True)
    sent = world.post(world.seller, f"{address}/withdraw", reason="Vi har for travlt.")
    assert sent.status_code == 303
    page = world.page(world.teacher, f"/courses/runs/{run.key}/cases").get_data(as_text=True)
    assert "Stepped in" in page
    assert "Vi har for travlt." in page


def test_hours_are_noted_by_company_or_teacher(world: Any) -> None:
    opened, run = world.ready(), world.run()
    address = f"/courses/cases/uses/{world.take(run, opened)}"
    assert world.post(world.seller, f"{address}/hours", hours="5").status_code == 303
    page = world.page(world.teacher, address).get_data(as_text=True)
    assert "5 of 12 hours" in page


def test_ct4_8_companies_a_year_beside_the_baseline_with_the_list_behind(world: Any) -> None:
    world.take(world.run(), world.ready())
    page = world.page(world.lead, "/courses/cases/companies").get_data(as_text=True)
    assert "Before this began there were 0 a year." in page
    assert world.company.name in page
    assert world.page(world.teacher, "/courses/cases/companies").status_code == 404


def test_ct4_1_a_need_is_chosen_among_those_that_everybody_may_read(world: Any) -> None:
    from lms_challenges.queries.challenges import challenge_by_key
    from lms_challenges.services import framing, maturing
    from lms_challenges.services.framing import FramingValues, TextValues

    owner = world.actor(world.person("Ejer Ejersen", world.practice, "challenge_owner"))
    words = world.values().problem

    def challenge(title: str) -> Any:
        values = FramingValues(title=type(words)(da=title), question=words)
        key = world.do(
            framing.frame, values, world.practice.id, owner, TextValues(public_text=words)
        )
        return world.ask(challenge_by_key, key, owner)

    hidden, public = challenge("Uro hos os"), challenge("Uro om aftenen")
    world.do(framing.publish, public.id, owner)
    found = world.proposed()
    address = f"/courses/cases/{found.key}/need?q=uro"
    page = world.page(world.seller, address).get_data(as_text=True)
    assert "Uro om aftenen" in page
    assert "Uro hos os" not in page
    sent = world.post(world.seller, address, need=f"challenge:{hidden.key}")
    assert sent.status_code == 422
    assert world.post(world.seller, address, need=f"challenge:{public.key}").status_code == 303
    assert world.now(found.key).need_key == public.key
    page = world.page(world.seller, f"/courses/cases/{found.key}").get_data(as_text=True)
    assert "Uro om aftenen" in page
    assert maturing is not None
    world.do(framing.take_down, public.id, owner)  # the need is withdrawn
    page = world.page(world.seller, f"/courses/cases/{found.key}").get_data(as_text=True)
    assert "The need is not open to everybody any more." in page
    assert world.post(world.seller, address, need="none").status_code == 303
    assert world.now(found.key).need_key == ""


def test_i_23_nothing_of_a_case_reaches_another_company(world: Any) -> None:
    """A marker in one company's case is on no page, search or thread of another's."""
    marker = "Kanariefugl"
    opened = world.ready(
        title=LocalisedText(da=marker), product=marker, question=LocalisedText(da=marker)
    )
    run = world.run(visibility="public", state="open")
    key = world.take(run, opened)
    for address in (
        "/courses/cases",
        f"/courses/cases?q={marker.lower()}",
        "/courses/cases/propose",
        f"/courses/cases/{opened.key}",
        f"/courses/cases/{opened.key}/versions",
        f"/courses/cases/uses/{key}",
        f"/records/case/{opened.key}",
        f"/records/course/{run.key}",
        f"/catalogue/{run.key}",
        "/me",
    ):
        answer = world.page(world.rival_seller, address)
        assert answer.status_code in (200, 404), address
        assert marker not in answer.get_data(as_text=True), address
    world.post(world.rival_seller, f"/courses/cases/{opened.key}/comments", text="Hej")
    assert not any(marker in one for one in world.letters(world.rival_seller))


def test_what_nobody_can_read_does_no_harm(world: Any) -> None:
    found = world.ready()
    for address in (
        "/courses/cases?q=%00%ff&state=x&need=y&category=z&page=99999999999",
        "/courses/cases?page=-3&q=" + "a" * 400,
        f"/courses/cases/{found.key}/edit?in=xx",
        f"/courses/cases/{found.key}/versions?from=abc&to=99",
        f"/courses/cases/{found.key}/need?q=%00",
    ):
        assert world.page(world.teacher, address).status_code == 200, address
    for key in ("nothing", "a" * 16, "%00", "..%2f"):
        assert world.page(world.teacher, f"/courses/cases/{key}").status_code == 404
    number = {"number": "9" * 40}
    sent = world.post(world.seller, f"/courses/cases/{found.key}/edit", **(TOLD | number))
    assert sent.status_code == 422
    sent = world.post(world.manager, f"/courses/cases/{found.key}/practice", number="²")
    assert sent.status_code == 303
    secret = TOLD | {"problem": "Hun har nummer 010190-1234 hos os.", "number": "2"}
    sent = world.post(world.seller, f"/courses/cases/{found.key}/edit", **secret)
    assert sent.status_code == 422
    assert "personal identity number" in sent.get_data(as_text=True)


def test_a_need_whose_keeper_is_away_is_said_to_be_away(
    lms_app_factory: Any, world_in: Any
) -> None:
    from lms.testing.rows import Maker

    app = lms_app_factory(plugins=["courses", "activities"])
    world = world_in(app, Maker(app))
    found = world.proposed()
    world.do(cases.answer_need, found, ("challenge", "a" * 16), world.actor(world.teacher))
    page = world.page(world.seller, f"/courses/cases/{found.key}").get_data(as_text=True)
    assert "The need is not open to everybody any more." not in page


@pytest.mark.once
@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Lav en app til os", True),
        ("Bygg en app åt oss", True),
        ("Write a marketing plan for us", True),
        ("Hvordan kan vi lave en app, som folk vil bruge?", False),
        ("Hvordan kan målinger hjemme føre til hjælp?", False),
        ("", False),
    ],
)
def test_ct4_2_a_ready_solution_is_asked_for(world: Any, question: str, asks: bool) -> None:
    with world.app.test_request_context("/?lang=en"):
        world.app.preprocess_request()
        found = remarks([question], question, "")
    assert any("ready solution" in one.sentence for one in found) == asks


@pytest.mark.once
def test_an_honest_case_gets_no_remarks(world: Any) -> None:
    with world.app.test_request_context("/?lang=en"):
        world.app.preprocess_request()
        told = [TOLD[name] for name in ("title", "problem", "why", "question", "given")]
        assert remarks(told, TOLD["question"], "") == []
        assert remarks(["x" * 40_000], "(" * 5_000, "([{") == []
