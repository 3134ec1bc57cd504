"""A case is proposed, negotiated in versions and comments, and published (CT4-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lms.api import Refused, store
from lms_courses.differences import changes, pieces
from lms_courses.queries.cases import LibraryFilters, comments_of, library, versions_of
from lms_courses.queries.papers import RIGHTS as PAPERS
from lms_courses.services import cases
from lms_courses.services.case_gaps import gaps_of
from lms_courses.services.cases import RightsValues


def codes(error: Any) -> list[str]:
    return [one.code for one in error.value.refusals]


def test_ct4_3_comments_and_versions_are_kept(world: Any) -> None:
    found = world.proposed()
    teacher = world.actor(world.teacher)
    assert found.state == "proposed"
    world.do(cases.comment, found, "teacher", "Kan I komme to gange?", teacher)
    assert world.now(found.key).state == "negotiated"
    changed = world.values(hours_promised=14)
    number = world.do(cases.edit, world.now(found.key), changed, "To besøg", teacher, number=1)
    assert number == 2
    world.do(cases.comment, world.now(found.key), "company", "Ja.", world.actor(world.seller))
    said = world.ask(comments_of, found.id)
    assert [(one.side, one.number, one.by) for one in said] == [
        ("teacher", 1, "Tove Teori"),
        ("company", 2, "Sanne Sælger"),
    ]
    first, second = world.ask(versions_of, found.id)
    assert (second.note, second.by) == ("To besøg", "Tove Teori")
    (change,) = changes(first.content, second.content)
    assert (change.name, change.pieces) == ("hours_promised", [("gone", "12"), ("new", "14")])


def test_ct4_3_publishing_names_each_missing_thing_and_who_supplies_it(world: Any) -> None:
    found = world.proposed(practice_host_id=None)
    teacher = world.actor(world.teacher)
    world.do(cases.comment, found, "teacher", "Godt.", teacher)
    with pytest.raises(Refused) as error:
        world.do(cases.move, world.now(found.key), "approved", "", teacher)
    assert codes(error) == ["missing.practice_host", "missing.rights", "missing.practice"]
    for refusal in error.value.refusals:
        for code in ("da", "sv", "en"):
            assert len(refusal.message.in_language(code)) > 20
    assert "teacher" in error.value.refusals[1].message.en
    assert world.school.name in error.value.refusals[1].message.en


def test_ct4_3_a_case_is_published_when_nothing_is_missing(world: Any) -> None:
    found = world.ready()
    assert (found.state, gaps_of(found)) == ("open", [])


def test_a_new_version_is_negotiated_and_checked_again(world: Any) -> None:
    found = world.ready()
    world.do(
        cases.edit,
        found,
        world.values(limits=world.values().problem),
        "",
        world.actor(world.seller),
        number=found.number,
    )
    again = world.now(found.key)
    assert (again.state, again.practice_checked_at) == ("negotiated", None)
    assert again.rights_settled_at is not None
    assert [gap.key for gap in gaps_of(again)] == ["practice"]


def test_rights_alone_do_not_ask_practice_again(world: Any) -> None:
    found = world.ready()
    rights = RightsValues(ownership="shared", rights=found.rights)
    world.do(
        cases.settle_rights, found, rights, "", world.actor(world.teacher), number=found.number
    )
    again = world.now(found.key)
    assert (again.state, gaps_of(again)) == ("negotiated", [])


def test_i_32_rights_are_signed_over_only_with_an_agreement_and_another_way(world: Any) -> None:
    found = world.proposed()
    teacher = world.actor(world.teacher)
    asked = RightsValues(ownership="signed_over", rights=world.values().problem)

    def settle(values: RightsValues) -> None:
        current = world.now(found.key)
        world.do(cases.settle_rights, current, values, "", teacher, number=current.number)

    with pytest.raises(Refused) as error:
        settle(asked)
    assert codes(error) == ["agreement"]
    world.do(
        store,
        b"%PDF-1.7 made up",
        media_type="application/pdf",
        file_name="aftale.pdf",
        title="Aftale",
        language="da",
        subject=(PAPERS, found.id),
        actor=teacher,
    )
    with pytest.raises(Refused) as error:
        settle(asked)
    assert codes(error) == ["alternative"]
    assert "pass" in error.value.refusals[0].message.en
    settle(replace(asked, alternative=world.values().given))
    assert world.now(found.key).ownership == "signed_over"


def test_rights_want_plain_words(world: Any) -> None:
    found = world.proposed()
    nothing = RightsValues(ownership="shared", rights=replace(found.rights, da=" ", sv="", en=""))
    with pytest.raises(Refused) as error:
        world.do(cases.settle_rights, found, nothing, "", world.actor(world.teacher), number=1)
    assert codes(error) == ["rights"]


def test_two_who_write_at_once_lose_nothing(world: Any) -> None:
    found = world.proposed()
    teacher, seller = world.actor(world.teacher), world.actor(world.seller)
    world.do(cases.edit, found, world.values(hours_promised=20), "", seller, number=1)
    with pytest.raises(Refused) as error:
        world.do(cases.edit, found, world.values(hours_promised=8), "", teacher, number=1)
    assert codes(error) == ["meanwhile"]
    with pytest.raises(Refused) as error:
        world.do(
            cases.check_as_practice, world.now(found.key), world.actor(world.manager), number=1
        )
    assert codes(error) == ["meanwhile"]
    assert world.now(found.key).hours_promised == 20


def test_nobody_answers_for_a_version_they_have_not_seen(world: Any) -> None:
    """Read before somebody wrote a newer version, and sent after it: by page and in a race."""
    teacher, manager = world.actor(world.teacher), world.actor(world.manager)
    found = world.ready(state="approved")
    address = f"/courses/cases/{found.key}"
    world.do(cases.edit, found, world.values(hours_promised=20), "", teacher, number=2)
    read = world.now(found.key)
    world.do(cases.check_as_practice, read, manager, number=3)
    sent = world.page(world.teacher, f"{address}/to/approved").get_data(as_text=True)
    assert 'name="number" type="hidden" value="3"' in sent
    checked = world.now(found.key)
    world.do(cases.edit, checked, world.values(hours_promised=1), "", teacher, number=3)
    for verb, more in (
        (cases.move, ("approved", "", teacher)),
        (cases.move, ("declined", "Nej tak", teacher)),
    ):
        with pytest.raises(Refused) as error:
            world.do(verb, checked, *more)
        assert codes(error) == ["meanwhile"]
    with pytest.raises(Refused) as error:
        world.do(cases.check_as_practice, checked, manager, number=3)
    assert codes(error) == ["meanwhile"]
    after = world.now(found.key)
    assert (after.number, after.state, after.practice_checked_at) == (4, "negotiated", None)
    world.do(cases.check_as_practice, after, manager, number=4)
    sent = world.post(world.teacher, f"{address}/to/approved", number="3")
    assert sent.status_code == 422
    assert "Somebody else changed it meanwhile." in sent.get_data(as_text=True)
    assert world.now(found.key).state == "negotiated"
    assert world.post(world.teacher, f"{address}/to/approved", number="4").status_code == 303


def test_nothing_new_is_no_version(world: Any) -> None:
    found = world.proposed()
    with pytest.raises(Refused) as error:
        world.do(cases.edit, found, world.values(), "", world.actor(world.seller), number=1)
    assert codes(error) == ["unchanged"]


def test_what_ends_a_case_has_a_reason_and_then_its_words_stand(world: Any) -> None:
    found = world.proposed()
    teacher = world.actor(world.teacher)
    with pytest.raises(Refused) as error:
        world.do(cases.move, found, "declined", " ", teacher)
    assert codes(error) == ["reason"]
    world.do(cases.move, found, "declined", "Vi har en, der ligner.", teacher)
    over = world.now(found.key)
    with pytest.raises(Refused) as error:
        world.do(cases.comment, over, "teacher", "Og dog", teacher)
    assert codes(error) == ["state"]
    with pytest.raises(Refused) as error:
        world.do(cases.edit, over, world.values(hours_promised=1), "", teacher, number=1)
    assert codes(error) == ["state"]


def test_a_closed_company_or_a_company_as_school_is_refused(world: Any) -> None:
    from lms.core.organisations.services import close

    with pytest.raises(Refused) as error:
        world.proposed(institution_id=world.rival.id)
    assert codes(error) == ["institution"]
    with pytest.raises(Refused) as error:
        world.proposed(company_id=world.school.id)
    assert codes(error) == ["company"]
    world.do(close, world.company.id, actor=world.actor(world.lead))
    with pytest.raises(Refused) as error:
        world.proposed()
    assert codes(error) == ["company"]


def test_a_company_that_merges_hands_its_case_on(world: Any) -> None:
    from lms.core.organisations.services import close

    found = world.ready()
    world.do(close, world.company.id, actor=world.actor(world.lead))
    assert world.now(found.key).company_closed
    values = world.values(company_id=world.rival.id, contact_id=world.rival_seller.id)
    world.do(
        cases.edit,
        world.now(found.key),
        values,
        "Købt op",
        world.actor(world.teacher),
        number=found.number,
    )
    assert world.now(found.key, world.rival_seller).sides == {"company"}


def test_who_sees_which_cases(world: Any) -> None:
    """CT4: a company sees its own, others see those of their institutions and the open ones."""
    waiting, opened = world.proposed(title=world.values().why), world.ready()
    world.do(
        cases.propose,
        world.values(company_id=world.rival.id, contact_id=None),
        world.actor(world.rival_seller),
    )

    def seen(person: Any, **asked: str) -> set[str]:
        found = world.ask(library, world.actor(person), LibraryFilters(**asked), 1)
        return {card.key for card in found.items}

    assert seen(world.seller) == {waiting.key, opened.key}
    assert not seen(world.rival_seller) & {waiting.key, opened.key}
    assert len(seen(world.rival_seller)) == 1
    assert len(seen(world.teacher)) == len(seen(world.manager)) == 3
    assert seen(world.other_teacher) == {opened.key}
    assert seen(world.student) == set()
    assert seen(world.teacher, state="open") == {opened.key}
    assert seen(world.teacher, words="hjælpen sent") == {waiting.key}
    assert seen(world.teacher, need="with") == set()
    assert seen(world.teacher, category="beds") == set()


def test_a_teacher_who_goes_to_a_company_sees_its_cases_only(world: Any) -> None:
    found = world.proposed()
    assert "teacher" in world.now(found.key, world.teacher).sides
    world.maker.assignment(person=world.teacher, organisation=world.rival)
    cards = world.ask(library, world.actor(world.teacher), LibraryFilters(), 1)
    assert cards.total == 0


def test_a_draft_is_its_writers_alone(world: Any) -> None:
    key = world.do(cases.propose, world.values(), world.actor(world.seller), draft=True)
    colleague = world.person("Kurt Kollega", world.company)
    for person in (world.teacher, world.manager, colleague):
        assert world.ask(library, world.actor(person), LibraryFilters(), 1).total == 0
    draft = world.now(key, world.seller)
    world.do(cases.save_draft, draft, world.values(), world.actor(world.seller), send=True)
    assert world.now(key, world.teacher).state == "proposed"


@pytest.mark.once
@pytest.mark.parametrize(
    ("before", "after"),
    [("", "ny"), ("Ingen ser tallene.", "Ingen ser de tal."), ("a b", ""), ("ens", "ens")],
)
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(words for kind, words in found if kind != "new") == before
    assert "".join(words for kind, words in found if kind != "gone") == after
