"""Cases in runs: taken with outcomes, kept at their version, withdrawn, used again (CT4-1)."""

from __future__ import annotations

from typing import Any

import pytest

from lms.api import (
    SYSTEM,
    CompletionFacts,
    Conflict,
    Refused,
    link_records,
    needs_of,
    record_as_seen,
    thread_panel,
)
from lms.core.catalogue.services import run_state_refusals
from lms.core.records.tracing import thread_of
from lms.host import current_host
from lms_challenges.services import framing
from lms_challenges.services.framing import FramingValues, TextValues
from lms_courses.queries.case_growth import companies_by_year
from lms_courses.queries.case_uses import (
    case_of_run,
    history_of,
    use_by_key,
    uses_in_runs,
    withdrawn_in,
)
from lms_courses.queries.cases import cases_by_key
from lms_courses.services import case_uses, cases
from lms_courses.services.case_uses import take_case, withdraw_use


def codes(error: Any) -> list[str]:
    return [one.code for one in error.value.refusals]


def use_of(world: Any, run: Any) -> Any:
    return world.ask(uses_in_runs, [run.id])[run.id]


def need(world: Any) -> str:
    """A challenge in public form that the municipality owns."""
    owner = world.person("Ejer Ejersen", world.practice, "challenge_owner")
    actor = world.actor(owner)
    text = world.values().problem
    key = world.do(
        framing.frame,
        FramingValues(title=text, question=text),
        world.practice.id,
        actor,
        TextValues(public_text=text),
    )
    from lms_challenges.queries.challenges import challenge_by_key

    found = world.ask(challenge_by_key, key, actor)
    world.do(framing.publish, found.id, actor)
    world.owner = owner
    return str(key)


def test_ct4_1_a_module_from_a_need_carries_the_link_and_its_sender_is_told(world: Any) -> None:
    key = need(world)
    found = world.proposed()
    world.do(cases.answer_need, found, ("challenge", key), world.actor(world.teacher))
    opened = world.ready(title=world.values().why)
    world.do(cases.answer_need, opened, ("challenge", key), world.actor(world.teacher))
    run = world.run(visibility="public")
    world.take(run, world.now(opened.key))
    with world.app.test_request_context():
        thread = thread_of("challenge", key, world.actor(world.owner))
        refs = {node.ref for node in thread.nodes}
        assert refs == {("challenge", key), ("case", opened.key), ("course", run.key)}
        case = next(node.facts for node in thread.nodes if node.kind.key == "case")
        assert case.url == f"/records/case/{opened.key}"  # its name, and nothing to open
        seen = thread_of("course", run.key, world.actor(world.teacher))
        assert {("challenge", key), ("case", opened.key)} <= {node.ref for node in seen.nodes}
        assert thread_panel("challenge", key, world.actor(world.teacher)) is not None
    assert "Students work on a need that you told of" in world.letters(world.owner)
    assert any("Students work on your case" in one for one in world.letters(world.seller))


def test_a_run_takes_an_open_case_with_outcomes_of_its_version(world: Any) -> None:
    waiting, opened, run = world.proposed(), world.ready(), world.run()
    teacher = world.actor(world.teacher)
    for case, outcomes, code in (
        (waiting, [0], "case"),
        (opened, [], "outcomes"),
        (opened, [0, 99], "outcomes"),
        (opened, [-1], "outcomes"),
    ):
        with pytest.raises(Refused) as error:
            world.do(take_case, run, case, outcomes, teacher)
        assert codes(error) == [code]
    world.take(run, opened)
    use = use_of(world, run)
    assert (use.case.key, use.outcomes, use.fallback) == (opened.key, (0, 1), False)
    with pytest.raises(Refused) as error:
        world.take(run, opened)
    assert codes(error) == ["run"]
    assert world.ask(case_of_run, [run.id])[run.id].company_id == world.company.id
    assert world.ask(case_of_run, []) == {}


def test_i_23_a_contact_says_that_there_is_a_case_and_not_what_it_is(world: Any) -> None:
    run, opened = world.run(), world.ready()
    secret = world.ready(rights={"with_nda": True})
    for case in (opened, secret):
        (contact,) = world.ask(case_uses.contacts, run, case)
        assert run.title.en in contact.what.en
        assert not any(
            title in contact.what.everything() for title in case.title.as_dict().values()
        )
        assert contact.confidential == case.with_nda


def test_a_run_that_is_over_takes_none(world: Any) -> None:
    opened = world.ready()
    with pytest.raises(Refused) as error:
        world.take(world.run(state="completed"), opened)
    assert codes(error) == ["run"]


def test_a_case_edited_while_in_use_stays_as_it_was_taken(world: Any) -> None:
    opened, run = world.ready(), world.run()
    world.take(run, opened)
    values = world.values(limits=world.values().why, hours_promised=3)
    world.do(cases.edit, opened, values, "", world.actor(world.seller), number=opened.number)
    use = use_of(world, run)
    assert (use.case.number, use.newest) == (2, 3)
    assert (use.case.hours_promised, use.case.limits) == (12, world.values().limits)
    with pytest.raises(Refused) as error:
        world.take(world.run(), world.now(opened.key))
    assert codes(error) == ["case"]  # negotiated again, so nobody new takes it


def test_a_case_that_closes_meanwhile_is_not_taken(world: Any) -> None:
    opened = world.ready()
    world.do(cases.move, opened, "closed", "Produktet er væk", world.actor(world.seller))
    with pytest.raises(Refused) as error:
        world.take(world.run(), opened)  # as the page had seen it
    assert codes(error) == ["case"]


def test_another_steps_in_at_once_and_the_groups_are_told(world: Any) -> None:
    opened, spare = world.ready(), world.ready(title=world.values().why)
    run = world.run()
    world.seat(run)
    key = world.take(run, opened, fallback_case_id=spare.id)
    use = world.ask(use_by_key, key, world.actor(world.seller))
    fallback = world.now(spare.key)
    seller = world.actor(world.seller)
    with pytest.raises(Refused) as error:
        world.do(withdraw_use, use, run, fallback, " ", seller)
    assert codes(error) == ["reason"]
    assert world.do(withdraw_use, use, run, fallback, "Vi har ikke folk nok.", seller)
    current = use_of(world, run)
    assert (current.case.key, current.fallback, current.outcomes) == (spare.key, True, (0, 1))
    (gone,) = world.ask(withdrawn_in, run.id)
    assert gone.reason == "Vi har ikke folk nok."
    letters = world.letters(world.student)
    assert any("was withdrawn" in one for one in letters)
    assert any("A new case for your run" in one for one in letters)
    with pytest.raises(Refused) as error:
        world.do(withdraw_use, use, run, None, "Igen", seller)
    assert codes(error) == ["use"]


def test_a_fallback_that_is_gone_does_not_hold_the_company_back(world: Any) -> None:
    opened, spare, run = world.ready(), world.ready(title=world.values().why), world.run()
    world.take(run, opened, fallback_case_id=spare.id)
    world.do(cases.move, spare, "closed", "Slut", world.actor(world.seller))
    seller = world.actor(world.seller)
    stepped = world.do(
        withdraw_use, use_of(world, run), run, world.now(spare.key), "Travlt", seller
    )
    assert not stepped
    assert world.ask(uses_in_runs, [run.id]) == {}
    world.take(run, world.ready(title=world.values().limits))  # the teacher chooses another


def test_another_teacher_uses_it_again_with_its_history(world: Any) -> None:
    opened, first = world.ready(), world.run()
    world.take(first, opened)
    world.do(case_uses.note_hours, use_of(world, first), 11, world.actor(world.seller))
    second = world.run(teacher=world.other_teacher, host=world.other_school)
    world.take(second, world.now(opened.key, world.other_teacher), world.other_teacher)
    history = world.ask(history_of, opened.id)
    assert [(use.run_id, use.hours_given) for use in history] == [(second.id, 0), (first.id, 11)]
    years = world.ask(companies_by_year, world.actor(world.lead))
    assert [(one.name, one.runs, one.hours) for one in years[0].companies] == [
        (world.company.name, 2, 11)
    ]
    assert world.ask(companies_by_year, world.actor(world.other_teacher)) == []


def test_hours_nobody_gives_are_refused(world: Any) -> None:
    opened, run = world.ready(), world.run()
    world.take(run, opened)
    for hours in (-1, 501):
        with pytest.raises(Refused) as error:
            world.do(case_uses.note_hours, use_of(world, run), hours, world.actor(world.seller))
        assert codes(error) == ["hours"]


def test_a_fallback_is_another_open_case(world: Any) -> None:
    opened, waiting, run = world.ready(), world.proposed(), world.run()
    with pytest.raises(Refused) as error:
        world.take(run, opened, fallback_case_id=opened.id)
    assert codes(error) == ["fallback"]
    world.take(run, opened)
    teacher = world.actor(world.teacher)
    with pytest.raises(Refused) as error:
        world.do(case_uses.choose_fallback, use_of(world, run), waiting, teacher)
    assert codes(error) == ["case"]
    spare = world.ready(title=world.values().why)
    world.do(case_uses.choose_fallback, use_of(world, run), spare, teacher)
    assert use_of(world, run).fallback_case_id == spare.id


def test_two_at_once_take_one(world: Any) -> None:
    """The table holds one live use of a run, whatever two pages had seen."""
    opened, run = world.ready(), world.run()
    world.take(run, opened)
    with pytest.raises(Conflict):
        world.do(case_uses._use, run, opened, [0], world.actor(world.teacher))


def test_a_link_the_other_way_round_is_no_reason_against_a_case(world: Any) -> None:
    opened, run = world.ready(), world.run()
    world.do(link_records, ("course", run.key), ("case", opened.key), SYSTEM)
    world.take(run, opened)
    assert use_of(world, run).case.key == opened.key


def test_fair_play_may_refuse_the_contact(lms_app_factory: Any, world_in: Any) -> None:
    from lms.api import LocalisedText, Refusal, hookimpl
    from lms.testing.rows import Maker

    class Strict:
        """Somebody who keeps it fair."""

        said: list[Any] = []  # noqa: RUF012 - one for the test

        @hookimpl
        def lms_check_contacts(self, contacts: Any) -> Any:
            """No cases today."""
            self.said += contacts
            message = LocalisedText(da="Ikke nu.", sv="Inte nu.", en="Not now.")
            return [Refusal(code="tender", message=message)]

    app = lms_app_factory(plugins=["courses", "challenges", "activities", ("strict", Strict())])
    world = world_in(app, Maker(app))
    opened, run = world.ready(), world.run()
    with pytest.raises(Refused) as error:
        world.take(run, opened)
    assert error.value.refusals[0].message.en == "Not now."
    (contact, *_again) = Strict.said
    assert (contact.kind, contact.company_id, contact.run_id) == (
        "case",
        world.company.id,
        run.id,
    )
    assert contact.authority_ids == (world.school.id,)
    assert world.ask(uses_in_runs, [run.id]) == {}


# --- what a run needs, certificates, the thread ---------------------------------------------------


def test_run_needs_a_case_before_a_student_module_opens(world: Any) -> None:
    """lms_run_needs: said while there is time, and refused while it is missing."""
    run = world.run()
    (missing,) = [n for n in world.ask(needs_of, [run])[run.id] if n.key == "courses.case"]
    assert (missing.state, missing.met) == ("open", False)
    assert missing.url.endswith(f"/courses/runs/{run.key}/cases")
    refusals = world.ask(run_state_refusals, run, "open", "")
    assert "needs.courses.case" in [one.code for one in refusals]
    world.take(run, world.ready())
    (there,) = [n for n in world.ask(needs_of, [run])[run.id] if n.key == "courses.case"]
    assert there.met


def test_the_certificate_names_company_and_practice_of_the_run(world: Any) -> None:
    run = world.run(state="running")
    world.take(run, world.ready())
    enrolment = world.seat(run)
    completion = CompletionFacts(
        enrolment_id=enrolment.id,
        enrolment_key=enrolment.key,
        run_id=run.id,
        person_id=enrolment.person_id,
        course_type=run.course_type,
        result="met",
        rule_version="x-1",
        minutes_attended=420,
        minutes_held=420,
        reasons=(),
    )
    with world.app.app_context():
        found = current_host().ask_owner(
            "courses", "lms_certificate_details", completions=(completion,)
        )
    assert found is not None
    assert f"{world.company.name} og {world.practice.name}" in found[enrolment.id].statement.da


def test_the_thread_shows_a_case_to_whom_it_may(world: Any) -> None:
    found = world.proposed()
    with world.app.app_context():
        seen = record_as_seen("case", found.key, world.actor(world.teacher))
        assert seen is not None
        assert (seen[0].stage, seen[1].may_link) == (35, True)
        assert record_as_seen("case", found.key, world.actor(world.rival_seller)) is None
        assert cases_by_key(["nothing"], SYSTEM) == {}
        kind = seen[0]
        assert kind.find is not None
        assert [one.key for one in kind.find("måling", world.actor(world.seller))] == [found.key]
        assert kind.find("måling", world.actor(world.rival_seller)) == []
