"""Every hook times every misbehaviour: the page answers, and the plugin that is well goes on."""

from __future__ import annotations

import pytest

import lms.hookspecs
from lms.contracts import GUEST
from lms.host import PluginFailure

pytestmark = pytest.mark.once  # how a quarantine is kept both databases are asked elsewhere

HOOKS = [name for name in vars(lms.hookspecs) if name.startswith("lms_")]
AT_START = "lms_add_hookspecs", "lms_blueprints"


class Odd(BaseException):
    """Not even an `Exception`."""


def raises():
    raise RuntimeError("no luck")


def exits():
    raise SystemExit(1)


def odd():
    raise Odd


def recurses():
    return recurses()


def object_of_no_kind():
    return object()


def generator():
    yield 1


MISBEHAVIOURS = [raises, exits, odd, recurses, object_of_no_kind, generator]


def ask(host, hook, asked):
    """Ask as the core asks this family, for all plugins."""
    arguments = asked[hook]
    if hook == "lms_notice":
        heard = []
        for listener in host.listeners():
            try:
                host.tell(listener, **arguments)
            except PluginFailure as error:
                heard.append(error.plugin)
        assert "healthy" not in heard
    elif hook.startswith("lms_check_"):
        host.check(hook, **arguments)
    elif hook.startswith("lms_after_"):
        with pytest.raises(PluginFailure, match="moss"):
            host.after(hook, **arguments)
    elif arguments and hook.split("_")[1] in ("completion", "certificate", "enrolment"):
        assert host.ask_owner("moss", hook, **arguments) is None
        host.draw(hook, **arguments)
    elif arguments:
        assert all(d.value is None for d in host.draw(hook, **arguments) if d.plugin == "moss")
    else:
        assert all(c.plugin != "moss" for c in host.gather(hook))


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOURS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("hook", HOOKS)
def test_a_misbehaving_hook_hurts_nobody_else(
    make_host, healthy, evil, asked, quarantined, hook, misbehaviour
):
    host = make_host(
        ("moss", evil(hook, misbehaviour)), ("healthy", healthy), PLUGIN_FAILURES_ALLOWED=0
    )
    client = host.app.test_client()
    assert client.get("/core").status_code == 200
    if hook not in AT_START:
        with host.app.app_context():
            ask(host, hook, asked)
        host.flush_failures()
    assert quarantined(host, "moss")
    with host.app.app_context():
        assert [d.plugin for d in host.draw("lms_todo_items", actor=GUEST)] == ["healthy"]
    host.after("lms_after_enrolments", **asked["lms_after_enrolments"])
    assert healthy.written == ["enrolment"]


def test_ctrl_c_passes_through(make_host, evil):
    def stop():
        raise KeyboardInterrupt

    host = make_host(("moss", evil("lms_todo_items", stop)))
    with pytest.raises(KeyboardInterrupt):
        host.draw("lms_todo_items", actor=GUEST)
