"""The terms of a run, the ways in, and who answers for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor, LocalisedText, Question
from lms.core.enrolment import services
from lms.core.enrolment.queries import invitations_of, stand_ins_of, terms_of
from lms.core.enrolment.services import Entry, Rule
from lms.core.refused import Refused


def test_what_is_written_is_what_holds_and_the_journal_names_it(desk, clock):
    run = desk.run(1)
    question = Question(
        key="bus",
        kind="yesno",
        label=LocalisedText(en="By bus?", da="Med bus?", sv="Med buss?"),
    )
    desk.terms(
        run,
        ways=("key", "nomination"),
        entry_key="  Blå  bog ",
        questions=(question,),
        minimum=4,
        decide_by=clock.now,
        offer_hours=24,
        withdraw_until=clock.now,
        in_pairs=False,
    )
    terms = desk.look(terms_of, [run])[run]
    assert (terms.ways, terms.entry_key) == (("key", "nomination"), "Blå bog")
    assert terms.questions == (question,)
    assert (terms.minimum, terms.decide_by, terms.in_pairs) == (4, clock.now, False)
    entry = desk.entries("enrolment.terms_set")[-1]
    assert (entry.subject_id, entry.data["changed"]) == (
        run,
        {
            "ways": ["key", "nomination"],
            "questions": ["bus"],
            "minimum": 4,
            "decide_by": clock.now.isoformat(),
            "offer_hours": 24,
            "withdraw_until": clock.now.isoformat(),
            "in_pairs": False,
        },
    )
    desk.terms(run)
    assert desk.entries("enrolment.terms_set")[-1].data == {"changed": {}}
    desk.terms(run, entry_key=None)
    assert desk.look(terms_of, [run])[run].entry_key is None


def test_a_run_without_terms_has_those_of_its_type(desk):
    public = desk.make.run(version=desk.version)
    invited = desk.make.run(version=desk.version, visibility="invited")
    found = desk.look(terms_of, [public.id, invited.id])
    assert found[public.id].ways == ("open", "nomination")
    assert found[invited.id].ways == ("link", "nomination")
    assert found[public.id].approvers == ("line_manager",)


# --- ways in ------------------------------------------------------------------------------------


def enter(desk, run, *, person=None, **entry) -> str:
    """The source of the enrolment of somebody who asks for themselves."""
    person = person or desk.person(desk.a)
    row = desk.ask(run, person=person, actor=Actor(person_id=person), entry=Entry(**entry))
    return desk.row(row).source


def why_not(desk, run, **entry) -> str:
    with pytest.raises(Refused) as caught:
        enter(desk, run, **entry)
    return caught.value.refusals[0].code


def test_by_link_until_it_is_used_up_over_or_revoked(desk, clock):
    run, other = desk.run(9, ways=("link",)), desk.run(9, ways=("link",))
    assert why_not(desk, run) == "by_link"
    token = desk.do(services.invite, run, " From  me ", SYSTEM, days=2, uses=1)
    assert why_not(desk, run, token="x" + token) == "by_link"
    assert why_not(desk, other, token=token) == "by_link"
    assert enter(desk, run, token=token) == "link"
    assert why_not(desk, run, token=token) == "by_link"
    forever = desk.do(services.invite, run, "All", SYSTEM)
    assert [enter(desk, run, token=forever) for _ in range(2)] == ["link", "link"]
    newest, oldest = desk.look(invitations_of, run)
    assert (oldest.label, oldest.uses_left, newest.uses_left) == ("From me", 0, None)
    assert newest.expires_at == clock.now + timedelta(days=30)
    desk.do(services.revoke_invitation, newest.id, other, SYSTEM)
    assert enter(desk, run, token=forever) == "link"
    desk.do(services.revoke_invitation, newest.id, run, SYSTEM)
    assert why_not(desk, run, token=forever) == "by_link"
    short = desk.do(services.invite, run, "Short", SYSTEM, days=1)
    clock.move(days=1)
    assert why_not(desk, run, token=short) == "by_link"
    assert {one.subject_id for one in desk.entries("enrolment.invitation_revoked")} == {run, other}
    assert desk.entries("enrolment.invited")[0].data == {"days": 2, "uses": 1}


def test_by_key_however_it_is_read_aloud(desk):
    run = desk.run(9, ways=("key",), entry_key="Blå bog")
    assert why_not(desk, run, entry_key="rød bog") == "entry_key.wrong"
    assert why_not(desk, run) == "entry_key.wrong"
    assert enter(desk, run, entry_key=" BLÅ   BOG ") == "key"
    without = desk.run(9, ways=("key",))
    assert why_not(desk, without, entry_key="") == "entry_key.wrong"


def test_by_rule_all_that_is_set_must_fit_and_one_rule_is_enough(desk):
    run = desk.run(9, ways=("rule",))
    unit, function = desk.make.unit(organisation=desk.a), desk.make.function()
    elsewhere = desk.make.function()
    person = desk.make.person()
    desk.make.assignment(person=person, unit=unit, function=function)
    rules = services.set_entry_rules
    no = why_not
    assert no(desk, run, person=person.id) == "by_rule"
    desk.do(rules, run, [Rule(organisation_id=desk.b.id)], SYSTEM)
    assert no(desk, run, person=person.id) == "by_rule"
    desk.do(
        rules, run, [Rule(unit_id=unit.id, role="author"), Rule(function_id=elsewhere.id)], SYSTEM
    )
    assert no(desk, run, person=person.id) == "by_rule"
    whole = Rule(organisation_id=desk.a.id, unit_id=unit.id, function_id=function.id)
    desk.do(rules, run, [Rule(organisation_id=desk.b.id), whole], SYSTEM)
    assert enter(desk, run, person=person.id) == "rule"
    assert desk.entries("enrolment.entry_rules_set")[-1].data == {"rules": 2}
    other = desk.run(1, ways=("rule",))
    assert no(desk, other, person=person.id) == "by_rule"
    desk.do(rules, other, [Rule(organisation_id=desk.b.id)], SYSTEM)
    assert enter(desk, run, person=desk.person(desk.b)) == "rule"  # its own rules stay
    author = desk.make.person()
    desk.make.access_role(person=author, role="author")
    desk.do(rules, run, [Rule(role="author")], SYSTEM)
    assert enter(desk, run, person=author.id) == "rule"
    assert no(desk, run) == "by_rule"


def test_where_only_managers_nominate_one_is_told(desk):
    assert why_not(desk, desk.run(1, ways=("nomination",))) == "by_nomination"


# --- stand-ins ----------------------------------------------------------------------------------


def test_a_stand_in_is_somebody_else_for_days_in_their_order(desk, clock):
    manager, other, day = desk.person(), desk.person(), clock.now.date()
    before = day - timedelta(days=1)
    name = services.set_stand_in
    assert desk.refused(name, manager, manager, day, day, SYSTEM) == ["stand_in.self"]
    assert desk.refused(name, manager, other, day, before, SYSTEM) == ["to_day.before"]
    desk.do(name, manager, other, day, day, SYSTEM)
    assert desk.look(stand_ins_of, manager) == [other]
    assert desk.entries("enrolment.stand_in_named")[0].data["stand_in"] == other
    from lms.core.enrolment.models import StandIn
    from lms.db import db

    key = desk.look(lambda: db.session.scalar(db.select(StandIn.key)))
    assert desk.do(services.end_stand_in, key, other, SYSTEM) is False
    assert desk.do(services.end_stand_in, key, manager, SYSTEM) is True
    assert desk.look(stand_ins_of, manager) == []
    assert len(desk.entries("enrolment.stand_in_ended")) == 1
