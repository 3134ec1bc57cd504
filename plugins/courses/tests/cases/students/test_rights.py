"""What students know and choose before they start (CT4-4, I-32), and who may be in which group."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from lms.api import Refused, db
from lms.testing import csrf_of
from lms_courses.models import NdaSignature
from lms_courses.services import ndas, students
from lms_courses.services.questions import ask
from lms_courses.services.results import ResultValues, write_result


def codes(error: Any) -> list[str]:
    return [one.code for one in error.value.refusals]


def sentences(error: Any) -> str:
    return " ".join(one.message.en for one in error.value.refusals)


def test_ct4_4_rights_stand_in_plain_words_before_they_start(world: Any, class_of: Any) -> None:
    found = class_of(world, nda=True)
    found.put(Anton="")
    page = found.text("Anton", "case")
    for words in (
        "Who owns what?",
        "The students own what they make",
        "What is secret?",
        "Tegningerne.",
        f"{world.school.name} is a party to the agreement.",
        "Who may see your work?",
        "What happens to it?",
        "Only the institution grades.",
        "I say yes to the agreement",
        "Choose a group without an agreement",
    ):
        assert words in page, words


def test_ct4_4_without_an_agreement_nothing_is_asked(at_work: Any) -> None:
    page = at_work.text("Anton", "case")
    assert "Nothing. You may tell others" in page
    assert "I say yes" not in page
    assert "Without an agreement" in page


def test_who_has_no_part_in_it_meets_none_of_it(at_work: Any) -> None:
    world = at_work.world
    for name in ("rival_seller", "other_teacher", "student"):
        for path in ("case", "case/groups", "questions", "results", "results/send"):
            assert at_work.get(name, path).status_code == 404, (name, path)
    for name in ("seller", "manager"):
        assert at_work.get(name, "case").status_code == 404
        assert at_work.get(name, "case/groups").status_code == 404
    assert at_work.get("seller", "questions").status_code == 200
    assert at_work.get("manager", "questions").status_code == 404
    assert world.client(world.student).get("/courses/runs/nothing/case").status_code == 404


def test_i_32_a_student_who_has_not_said_yes_is_in_no_group_with_the_agreement(
    world: Any, class_of: Any
) -> None:
    found = class_of(world, nda=True)
    found.do(students.say_yes, "Anton", found.nda.key)
    with pytest.raises(Refused) as error:
        found.do(students.set_terms, "teacher", found.group("A"), True)
    assert "Bine has not said yes to the agreement" in sentences(error)
    found.bind("Bine")
    assert found.group("A").with_nda
    with pytest.raises(Refused) as error:
        found.put(Carl="A")
    assert "Carl has not said yes to the agreement" in sentences(error)
    assert found.met("Carl").own.name == "B"
    found.do(students.say_yes, "Carl", found.nda.key)
    found.put(Carl="A")
    assert found.met("Carl").bound


def test_i_32_the_page_of_groups_says_why_nobody_was_moved(bound: Any) -> None:
    world = bound.world
    with world.app.app_context():
        from lms.core.enrolment.models import Enrolment

        key = db.session.scalar(select(Enrolment.key).where(Enrolment.id == bound.seats["Carl"]))
    sent = world.post(world.teacher, f"/teach/{bound.run.key}/groups", **{f"group-{key}": "A"})
    assert sent.status_code == 422
    assert "Carl has not said yes to the agreement" in sent.get_data(as_text=True)
    assert bound.met("Carl").own.name == "B"


def test_i_32_one_can_always_choose_a_group_without_it(bound: Any) -> None:
    assert "Choose a group without an agreement" in bound.text("Bine", "case")
    assert ">B<" in bound.text("Bine", "case/group")
    assert bound.post("Bine", "case/group", group=bound.group("B").key).status_code == 303
    assert bound.met("Bine").own.name == "B"
    assert bound.seats["Bine"] in bound.met("Bine").signed  # what was promised stays on record
    assert bound.post("Anton", "case/group", group="new").status_code == 303
    own = bound.met("Anton").own
    assert (own.name, own.with_nda) == ("Group without agreement", False)
    assert bound.post("Anton", "case/group", group=bound.group("B").key).status_code == 422


def test_a_group_that_is_full_or_took_the_agreement_meanwhile_is_not_joined(bound: Any) -> None:
    world, found = bound.world, bound.group("B")
    more = [world.person(f"Ekstra {n}", world.school) for n in range(3)]
    seats = {world.seat(bound.run, one).id: "B" for one in more}
    world.do(students.put_into_groups, bound.run.id, seats, world.actor(world.teacher))
    sent = bound.post("Bine", "case/group", group=found.key)
    assert sent.status_code == 422
    assert bound.met("Bine").own.name == "A"
    with pytest.raises(Refused) as error:
        bound.do(students.choose_group, "Bine", found.key, "Ny")
    assert codes(error) == ["group"]


def test_saying_yes_to_another_agreement_than_the_page_showed_is_refused(
    world: Any, class_of: Any
) -> None:
    found = class_of(world, nda=True)
    old = found.nda
    world.do(ndas.end_nda, old, world.actor(world.teacher))
    found.add_nda()
    address = f"/courses/runs/{found.run.key}/case"
    client = world.client(found.people["Anton"])
    client.post(
        f"{address}/agree?lang=en", data={"csrf_token": csrf_of(client), "agreement": old.key}
    )
    assert "No agreement holds" in client.get(f"{address}?lang=en").get_data(as_text=True)
    found.post("Anton", "case/agree", agreement=found.nda.key)
    found.post("Anton", "case/agree", agreement=found.nda.key)  # twice is once
    with world.app.app_context():
        rows = db.session.execute(select(NdaSignature.nda_id, NdaSignature.enrolment_id)).all()
    assert [tuple(row) for row in rows] == [(found.nda.id, found.seats["Anton"])]


def test_an_agreement_that_is_not_signed_is_nothing_to_say_yes_to(
    world: Any, class_of: Any
) -> None:
    found = class_of(world)
    found.add_nda(signed=False)
    assert "not signed by both sides yet" in found.text("Anton", "case")
    with pytest.raises(Refused) as error:
        found.do(students.say_yes, "Anton", found.nda.key)
    assert codes(error) == ["agreement"]
    with pytest.raises(Refused) as error:
        found.do(students.set_terms, "teacher", found.group("A"), True)
    assert codes(error) == ["agreement"]


def test_an_agreement_added_after_work_was_handed_in_holds_for_nobody_there(at_work: Any) -> None:
    values = ResultValues(title="Kurven", text="Stil den ved døren.", language="da")
    at_work.do(write_result, "Anton", values, 0)
    at_work.add_nda()
    assert "Nothing. You may tell others" in at_work.text("Anton", "case")
    with pytest.raises(Refused) as error:
        at_work.do(students.say_yes, "Anton", at_work.nda.key)
    assert codes(error) == ["agreement"]


def test_what_a_group_did_under_the_agreement_stays_under_it(bound: Any) -> None:
    bound.do(ask, "Anton", "Hvad vejer den?", False)
    with pytest.raises(Refused) as error:
        bound.do(students.set_terms, "teacher", bound.group("A"), False)
    assert codes(error) == ["terms"]
    client = bound.world.client(bound.world.teacher)
    address = f"/courses/runs/{bound.run.key}/case/groups"
    fields = {"csrf_token": csrf_of(client), "terms": "without"}
    client.post(f"{address}/{bound.group('A').key}?lang=en", data=fields)
    page = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert "has worked under the agreement" in page
    assert bound.group("A").with_nda


def test_the_team_sets_terms_on_a_page(world: Any, class_of: Any) -> None:
    found = class_of(world, nda=True)
    for name in ("Anton", "Bine"):
        found.do(students.say_yes, name, found.nda.key)
    address = f"case/groups/{found.group('A').key}"
    assert found.post("Anton", address, terms="with").status_code == 404
    assert found.post("teacher", address, terms="with").status_code == 303
    assert found.group("A").with_nda
    assert "(said yes)" in found.text("teacher", "case/groups")
    assert found.post("teacher", address, terms="without").status_code == 303  # nothing done yet
    assert not found.group("A").with_nda
    assert found.post("teacher", "case/groups/a2a2a2a2a2a2a2a2", terms="with").status_code == 404


def test_a_student_who_withdraws_keeps_their_signature_and_reads_nothing_more(bound: Any) -> None:
    from lms.core.enrolment.models import Enrolment

    world = bound.world
    with world.app.app_context():
        db.session.get_one(Enrolment, bound.seats["Bine"]).state = "withdrawn"
        db.session.commit()
    for path in ("case", "questions", "results", "questions/ask", "results/write"):
        assert bound.get("Bine", path).status_code == 404
    assert bound.seats["Bine"] in bound.met("teacher").signed
    assert "Bine" not in bound.text("teacher", "case/groups")
    assert bound.text("Anton", "case")  # the other goes on alone
    bound.do(students.set_terms, "teacher", bound.group("A"), False)  # who left counts no more
    bound.do(students.set_terms, "teacher", bound.group("A"), True)


def test_pages_keep_to_ten_queries_with_an_agreement_and_many_groups(
    bound: Any, count_queries: Any
) -> None:
    world = bound.world
    for n in range(6):
        seat = world.seat(bound.run, world.person(f"Ekstra {n}", world.school)).id
        actor = world.actor(world.teacher)
        world.do(students.put_into_groups, bound.run.id, {seat: f"Gruppe {n}"}, actor)
    key = bound.do(ask, "Anton", "Hvad vejer den?", False)
    for name, path in (
        ("Anton", f"runs/{bound.run.key}/case"),
        ("Bine", f"runs/{bound.run.key}/case/group"),
        ("teacher", f"runs/{bound.run.key}/case"),
        ("teacher", f"runs/{bound.run.key}/case/groups"),
        ("Anton", f"runs/{bound.run.key}/questions"),
        ("Anton", f"runs/{bound.run.key}/results"),
        ("seller", f"questions/{key}"),
    ):
        client = world.client(bound.who(name))
        client.get(f"/courses/{path}")
        with count_queries() as queries:
            assert client.get(f"/courses/{path}").status_code == 200
        assert len(queries) <= 10, (name, path, len(queries))
