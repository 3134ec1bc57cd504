"""Agreements to keep something of a case secret (CT4-6, I-33), and what they mean for runs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lms.api import Refused, db, needs_of, now
from lms.files.uploads import Accepted
from lms.testing import csrf_of
from lms_courses.models import CaseResult, Nda
from lms_courses.queries.ndas import nda_by_key, nda_of_run, ndas_in_runs, ndas_of
from lms_courses.services import ndas
from lms_courses.services.cases import RightsValues
from lms_courses.services.ndas import NdaValues

PDF = Accepted(
    data=b"%PDF-1.7 made up", kind="pdf", media_type="application/pdf", file_name="aftale.pdf"
)


def codes(error: Any) -> list[str]:
    return [one.code for one in error.value.refusals]


def values(**changes: Any) -> NdaValues:
    made: dict[str, Any] = {
        "secret": "Tegningerne af den nye måler.",
        "from_day": date(2026, 1, 1),
        "to_day": date(2027, 1, 1),
        "with_institution": True,
    }
    return NdaValues(**(made | changes))


def add(world: Any, case: Any, files: tuple[Accepted, ...] = (PDF,), **changes: Any) -> Any:
    """An agreement that the company adds: the runs it does not hold for, and itself."""
    actor = world.actor(world.seller)
    late = world.do(ndas.add_nda, case, values(**changes), files, actor, language="da")
    return late, world.ask(ndas_of, [case.id])[case.id][-1]


def test_i_33_ct4_6_an_agreement_without_the_institution_is_refused_with_why(world: Any) -> None:
    found = world.proposed()
    with pytest.raises(Refused) as error:
        add(world, found, with_institution=False)
    assert codes(error) == ["with_institution"]
    assert "supervisor and examiner" in error.value.refusals[0].message.en
    assert world.ask(ndas_of, [found.id])[found.id] == []


def test_i_33_the_table_holds_it_too(world: Any) -> None:
    found = world.proposed()
    _late, nda = add(world, found)
    with pytest.raises(IntegrityError):
        world.do(
            db.session.execute,
            update(Nda).where(Nda.id == nda.id).values(institution_id=None),
        )


def test_days_that_end_before_they_begin_are_refused(world: Any) -> None:
    with pytest.raises(Refused) as error:
        add(world, world.proposed(), to_day=date(2025, 12, 31))
    assert codes(error) == ["to_day"]


def test_it_is_signed_with_its_document_and_ends(world: Any) -> None:
    found, teacher = world.proposed(), world.actor(world.teacher)
    _late, bare = add(world, found, files=())
    with pytest.raises(Refused) as error:
        world.do(ndas.sign_nda, bare, teacher)
    assert codes(error) == ["document"]
    _late, nda = add(world, found)
    world.do(ndas.sign_nda, nda, teacher)
    signed = world.ask(nda_by_key, nda.key)
    assert (signed.state, signed.signed_by) == ("signed", "Tove Teori")
    with pytest.raises(Refused):
        world.do(ndas.sign_nda, nda, teacher)  # a page that was too old
    world.do(ndas.end_nda, signed, teacher)
    with pytest.raises(Refused):
        world.do(ndas.end_nda, world.ask(nda_by_key, nda.key), teacher)


def test_a_case_that_is_over_gets_none(world: Any) -> None:
    from lms_courses.services import cases

    found = world.proposed()
    world.do(cases.move, found, "declined", "Nej tak", world.actor(world.teacher))
    with pytest.raises(Refused) as error:
        add(world, world.now(found.key))
    assert codes(error) == ["state"]


def test_one_added_after_work_was_handed_in_does_not_hold_for_that_run(world: Any) -> None:
    opened, worked, fresh = world.ready(), world.run(), world.run()
    world.take(worked, opened)
    world.take(fresh, opened)
    result = CaseResult(
        run_id=worked.id,
        title="Et lys ved døren",
        text="Det viser, at nogen har set tallet.",
        language="da",
        written_at=now() - timedelta(hours=1),
    )
    world.maker.write(result)
    late, nda = add(world, opened)
    assert [run.id for run in late] == [worked.id]
    assert world.ask(nda_of_run, worked.id) is None
    holds = world.ask(nda_of_run, fresh.id)
    assert holds is not None
    assert holds.key == nda.key


def test_the_latest_that_has_not_ended_holds(world: Any) -> None:
    opened, run = world.ready(), world.run()
    assert world.ask(nda_of_run, run.id) is None
    world.take(run, opened)
    assert world.ask(nda_of_run, run.id) is None
    _late, first = add(world, opened)
    _late, second = add(world, opened)
    world.do(ndas.end_nda, second, world.actor(world.teacher))
    found = world.ask(nda_of_run, run.id)
    assert found is not None
    assert found.key == first.key


def test_run_needs_the_agreement_signed_before_the_module_runs(world: Any) -> None:
    opened = world.ready(rights={"with_nda": True})
    run = world.run()
    world.take(run, opened)

    def need() -> Any:
        found = world.ask(needs_of, [run])[run.id]
        return next(one for one in found if one.key == "courses.nda")

    assert (need().state, need().met) == ("running", False)
    _late, nda = add(world, opened)
    assert not need().met
    world.do(ndas.sign_nda, nda, world.actor(world.teacher))
    assert need().met


def test_rights_say_that_something_is_secret(world: Any) -> None:
    from lms_courses.services import cases

    found = world.proposed()
    kept = RightsValues(ownership="shared", rights=found.problem, with_nda=True)
    world.do(cases.settle_rights, found, kept, "", world.actor(world.teacher), number=1)
    assert world.now(found.key).with_nda


def test_i_33_an_agreement_of_another_school_or_of_other_days_holds_for_no_run(world: Any) -> None:
    opened = world.ready()
    own, neighbour, partner = (
        world.run(),
        *(
            world.run(teacher=world.other_teacher, host=world.other_school, partners=partners)
            for partners in ((), (world.school,))
        ),
    )
    for run in (own, neighbour, partner):
        world.take(run, opened)
    signed = world.actor(world.teacher)
    for days in (
        {"from_day": date(2020, 1, 1), "to_day": date(2020, 12, 31)},
        {"from_day": date(2120, 1, 1), "to_day": None},
    ):
        _late, nda = add(world, opened, **days)
        world.do(ndas.sign_nda, nda, signed)
    runs = [own.id, neighbour.id, partner.id]
    assert world.ask(ndas_in_runs, runs) == {}
    _late, nda = add(world, opened)
    world.do(ndas.sign_nda, nda, signed)
    _late, _newer_draft = add(world, opened)
    found = world.ask(ndas_in_runs, runs)
    assert {run: one.key for run, one in found.items()} == {own.id: nda.key, partner.id: nda.key}


def test_i_33_a_module_needs_an_agreement_that_holds_for_it(world: Any) -> None:
    opened, run = world.ready(rights={"with_nda": True}), world.run()
    world.take(run, opened)
    for to_day in (date(2026, 1, 2), None):
        _late, nda = add(world, opened, to_day=to_day)
        world.do(ndas.sign_nda, nda, world.actor(world.teacher))
        found = world.ask(needs_of, [run])[run.id]
        met = next(one.met for one in found if one.key == "courses.nda")
        assert met == (to_day is None)


def test_i_33_a_case_kept_secret_with_another_school_is_not_taken(world: Any) -> None:
    kept = world.ready(rights={"with_nda": True})
    run = world.run(teacher=world.other_teacher, host=world.other_school)
    with pytest.raises(Refused) as error:
        world.take(run, kept, world.other_teacher)
    assert codes(error) == ["nda"]
    open_to_all = world.ready()
    add(world, open_to_all)
    client = world.client(world.other_teacher)
    address = f"/courses/runs/{run.key}/cases/{open_to_all.key}?lang=en"
    sent = {"csrf_token": csrf_of(client), "outcomes": "0", "fallback": ""}
    answer = client.post(address, data=sent, follow_redirects=True)
    assert "on secrecy does not hold for this run" in answer.get_data(as_text=True)
    assert world.ask(nda_of_run, run.id) is None
