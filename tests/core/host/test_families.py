"""What happens when a hook fails is the rule of its family; and nobody else notices."""

from __future__ import annotations

import click
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from lms.contracts import GUEST, Badge, LocalisedText, Refusal, RunStateChange
from lms.db import db
from lms.hookspecs import hookimpl
from lms.host import PluginFailure
from lms.host.models import PluginState
from lms.work import is_conflict, unit_of_work


def fail():
    raise RuntimeError("no luck")


def test_gather_leaves_a_failed_contribution_out(make_host, evil):
    host = make_host(("moss", evil("lms_doctor", fail)), ("fern", evil("lms_doctor", list)))
    with host.app.app_context():
        found = host.gather("lms_doctor")
    assert [c.plugin for c in found] == ["core.host", "fern"]


def test_doctor_says_when_a_plugin_cannot(make_host, evil):
    host = make_host(("moss", evil("lms_doctor", fail)))
    with host.app.app_context():
        findings = {owned.plugin: owned.item for owned in host.doctor_findings()}
    assert not findings["moss"].ok
    assert "moss" in findings["moss"].sentence


def test_commands_of_a_plugin_that_fails_are_left_out(make_host, evil):
    host = make_host(
        ("moss", evil("lms_commands", fail)),
        ("fern", evil("lms_commands", lambda: [click.Command("sweep")])),
    )
    assert [(owned.plugin, owned.item.name) for owned in host.commands()] == [("fern", "sweep")]


@pytest.mark.parametrize(
    "hook", ["lms_completion_conditions", "lms_certificate_details", "lms_enrolment_questions"]
)
def test_ask_owner_is_undecided_when_the_owner_fails(make_host, evil, asked, hook):
    host = make_host(("moss", evil(hook, fail)), ("fern", evil(hook, dict)))
    assert host.ask_owner("moss", hook, **asked[hook]) is None
    assert host.ask_owner("fern", hook, **asked[hook]) == {}
    assert host.ask_owner("nobody", hook, **asked[hook]) is None


def test_completion_conditions_are_asked_of_the_owner_only(make_host, evil, asked):
    others = []
    host = make_host(
        ("moss", evil("lms_completion_conditions", lambda: others.append(1) or {})),
        ("fern", evil("lms_completion_conditions", dict)),
    )
    asked_with = asked["lms_completion_conditions"]
    assert host.ask_owner("fern", "lms_completion_conditions", **asked_with) == {}
    assert others == []


def test_check_gathers_all_reasons(make_host, healthy, evil, facts):
    refusal = Refusal(code="full", message=LocalisedText(en="It is full."), index=1)
    host = make_host(
        ("healthy", healthy),
        ("moss", evil("lms_check_enrolments", lambda: [refusal])),
        ("fern", evil("lms_check_enrolments", lambda: [refusal])),
    )
    requests = [facts.request_for("healthy"), facts.request_for("healthy")]
    assert host.check("lms_check_enrolments", requests=requests) == [refusal, refusal]


@pytest.mark.parametrize(
    "behaviour",
    [
        fail,
        lambda: None,
        lambda: "no",
        lambda: [Refusal(code="x", message=LocalisedText(), index=2)],
        lambda: [Refusal(code="x", message=LocalisedText(), index=-1)],
    ],
)
def test_check_refuses_every_item_when_a_gate_breaks(make_host, healthy, evil, facts, behaviour):
    host = make_host(("healthy", healthy), ("moss", evil("lms_check_enrolments", behaviour)))
    requests = [facts.request_for("healthy"), facts.request_for("healthy")]
    refusals = host.check("lms_check_enrolments", requests=requests)
    assert [(r.code, r.index) for r in refusals] == [("check_failed", 0), ("check_failed", 1)]
    assert all(refusals[0].message.as_dict().values())


def test_after_enrolments_failing_undoes_everything_and_names_the_plugin(
    make_host, healthy, evil, asked
):
    host = make_host(("healthy", healthy), ("moss", evil("lms_after_enrolments", fail)))

    def enrol():
        with unit_of_work():
            db.session.add(PluginState(plugin="row", state="active", error=""))
            host.after("lms_after_enrolments", **asked["lms_after_enrolments"])

    with host.app.test_request_context():
        with pytest.raises(PluginFailure, match="moss failed in lms_after_enrolments") as caught:
            enrol()
        assert (caught.value.plugin, caught.value.hook) == ("moss", "lms_after_enrolments")
        assert db.session.get(PluginState, "row") is None


def test_after_run_states_stops_at_the_first_that_fails(make_host, evil, asked):
    hook = "lms_after_run_states"
    called = []
    host = make_host(
        ("fern", evil(hook, lambda: called.append("fern"))),
        ("moss", evil(hook, fail)),
        ("stone", evil(hook, lambda: called.append("stone"))),
    )
    with pytest.raises(PluginFailure, match="moss"):
        host.after(hook, **asked[hook])
    assert called == ["fern"]


def test_after_lets_a_conflict_pass(make_host, evil, asked):
    def conflict():
        raise OperationalError("", {}, Exception("database is locked"))

    host = make_host(("moss", evil("lms_after_enrolments", conflict)), PLUGIN_FAILURES_ALLOWED=0)
    host.is_conflict = is_conflict
    with pytest.raises(OperationalError):
        host.after("lms_after_enrolments", **asked["lms_after_enrolments"])
    host.flush_failures()
    assert host.is_active("moss")


def test_draw_says_away_for_the_one_that_failed(make_host, healthy, evil):
    host = make_host(("moss", evil("lms_todo_items", fail)), ("healthy", healthy))
    drawn = host.draw("lms_todo_items", actor=GUEST)
    assert [(d.plugin, d.value is None) for d in drawn] == [("moss", True), ("healthy", False)]
    page = host.app.test_client().get("/core")
    assert page.data == b"moss:away healthy:1"


def away(host, hook, asked):
    return {d.plugin for d in host.draw(hook, **asked[hook]) if d.value is None}


def test_enrolment_panels_by_anything_but_the_id_are_away(make_host, evil, asked):
    hook = "lms_enrolment_panels"
    host = make_host(("moss", evil(hook, lambda: {"enrolment": []})), ("fern", evil(hook, dict)))
    assert away(host, hook, asked) == {"moss"}


def test_person_panels_as_html_are_away(make_host, evil, asked):
    hook = "lms_person_panels"
    host = make_host(("moss", evil(hook, lambda: {3: ["<b>bold</b>"]})), ("fern", evil(hook, dict)))
    assert away(host, hook, asked) == {"moss"}


def test_run_badges_of_one_plugin_leave_the_others(make_host, evil, asked):
    hook = "lms_run_badges"
    badge = Badge(text=LocalisedText(en="New"), icon="leaf")
    host = make_host(("moss", evil(hook, fail)), ("fern", evil(hook, lambda: {7: [badge]})))
    assert away(host, hook, asked) == {"moss"}
    (found,) = [d.value for d in host.draw(hook, **asked[hook]) if d.plugin == "fern"]
    assert found == {7: [badge]}


def test_notice_raises_and_the_others_still_hear(make_host, healthy, evil, facts):
    host = make_host(("moss", evil("lms_notice", fail)), ("healthy", healthy))
    assert host.listeners() == ["moss", "healthy"]
    with pytest.raises(PluginFailure):
        host.tell("moss", [facts.entry(1)])
    host.tell("healthy", [facts.entry(1), facts.entry(2)])
    assert healthy.heard == [1, 2]


def test_notice_counts_an_entry_once_however_often_it_is_told(make_host, evil, facts):
    host = make_host(("moss", evil("lms_notice", fail)), PLUGIN_FAILURES_ALLOWED=1)
    for _time in range(4):
        with pytest.raises(PluginFailure):
            host.tell("moss", [facts.entry(1)])
    host.flush_failures()
    assert host.listeners() == ["moss"]
    with pytest.raises(PluginFailure):
        host.tell("moss", [facts.entry(2)])
    host.flush_failures()
    assert host.listeners() == []
    with pytest.raises(PluginFailure, match="not active"):
        host.tell("moss", [facts.entry(3)])


def test_attempt_guards_what_is_no_hook(make_host, evil):
    host = make_host(("moss", object()))
    went = host.attempt("moss", "template", lambda: 1 / 0)
    assert not went.ok
    assert "ZeroDivisionError" in went.error
    assert host.attempt("moss", "template", lambda: "drawn").value == "drawn"
    with pytest.raises(ZeroDivisionError):
        host.attempt("core.host", "template", lambda: 1 / 0)


def test_a_forgotten_argument_is_the_callers_fault(make_host, healthy):
    host = make_host(("healthy", healthy))
    with pytest.raises(TypeError, match="without actor"):
        host.draw("lms_todo_items")


# --- the course types of a plugin that is out of order ------------------------------------------


def test_check_enrolments_of_a_type_that_is_out_of_order(make_host, healthy, facts):
    class Moss:
        @hookimpl
        def lms_course_types(self):
            return [facts.course_type("mosstype")]

    host = make_host(("healthy", healthy), ("moss", Moss()))
    requests = [facts.request_for("mosstype"), facts.request_for("healthy")]
    assert host.check("lms_check_enrolments", requests=requests) == []
    host.mark_broken("moss", "lms_todo_items", "it broke")
    refusals = host.check("lms_check_enrolments", requests=requests)
    assert [(r.code, r.index) for r in refusals] == [("type_out_of_order", 0)]
    assert all(refusals[0].message.as_dict().values())


def test_check_enrolments_of_a_type_nobody_brings(make_host, healthy, facts):
    host = make_host(("healthy", healthy))
    requests = [facts.request_for("uninstalled"), facts.request_for("healthy")]
    refusals = host.check("lms_check_enrolments", requests=requests)
    assert [(r.code, r.index) for r in refusals] == [("type_out_of_order", 0)]


def test_check_run_states_lets_a_run_without_its_type_be_stopped(make_host, facts):
    host = make_host()
    run = facts.run_of("uninstalled")
    changes = [
        RunStateChange(run=run, old="announced", new="open"),
        RunStateChange(run=run, old="open", new="cancelled"),
    ]
    assert [r.index for r in host.check("lms_check_run_states", changes=changes)] == [0]


# --- the session after a failure ----------------------------------------------------------------


def test_a_failed_statement_in_a_drawing_hook_leaves_the_page_its_session(make_host, evil):
    def ask_nonsense():
        db.session.execute(text("SELECT nothing FROM nowhere"))

    host = make_host(("moss", evil("lms_todo_items", ask_nonsense)))
    with host.app.test_request_context():
        db.session.execute(text("SELECT 1"))
        (drawn,) = host.draw("lms_todo_items", actor=GUEST)
        assert drawn.value is None
        assert db.session.execute(text("SELECT 2")).scalar() == 2


def test_a_drawing_hook_that_leaves_changes_behind(make_host, evil):
    def write():
        db.session.add(PluginState(plugin=None, state="nonsense"))
        return []

    host = make_host(("moss", evil("lms_todo_items", write)))
    with host.app.test_request_context():
        (drawn,) = host.draw("lms_todo_items", actor=GUEST)
        assert drawn.value is None
        assert not db.session.new


def test_a_failed_question_inside_a_unit_of_work_leaves_the_unit_whole(make_host, evil, asked):
    def ask_nonsense():
        db.session.execute(text("SELECT nothing FROM nowhere"))

    hook = "lms_completion_conditions"
    host = make_host(("moss", evil(hook, ask_nonsense)))
    with host.app.test_request_context():
        with unit_of_work():
            db.session.add(PluginState(plugin="row", state="active", error=""))
            assert host.ask_owner("moss", hook, **asked[hook]) is None
        assert db.session.get(PluginState, "row") is not None
