"""What a plugin must be to be taken in, and that a faulty one is put aside alone."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

import lms.hookspecs
from lms.contracts import GUEST
from lms.db import Base
from lms.hookspecs import hookimpl
from lms.host.names import FLOORS, ROOMS

MODELS_HEAD = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

class Base(DeclarativeBase):
    pass
"""

PLUGIN = """
from lms_moss import models
from lms.hookspecs import hookimpl

@hookimpl
def lms_todo_items(actor):
    return []
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import a_module_that_is_not_there", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("class Odd(BaseException): pass\nraise Odd('odd')", "Odd: odd"),
    ],
)
def test_a_plugin_that_fails_at_import(make_host, package, healthy, quarantined, code, said):
    package("moss", {"plugin.py": code})
    host = make_host(("healthy", healthy), discover=True)
    assert quarantined(host, "moss")
    assert host.records["moss"].hook == "import"
    assert said in host.records["moss"].error
    assert host.records["moss"].distribution == "lms-moss"
    assert host.records["moss"].version == "1.2"


def test_ctrl_c_at_import_is_for_the_one_who_pressed_it(make_host, package):
    package("moss", {"plugin.py": "raise KeyboardInterrupt"})
    with pytest.raises(KeyboardInterrupt):
        make_host(discover=True)


def test_a_blocked_plugin_is_not_imported(make_host, package):
    package("moss", {"plugin.py": "raise RuntimeError"})
    host = make_host(discover=True, blocked=["moss"])
    assert "lms_moss" not in sys.modules
    assert host.records["moss"].state == "blocked"
    assert not host.is_active("moss")
    assert "courses" not in {plugin for plugin, _hook in host.timings}


def test_a_discovered_plugin_answers(make_host, package):
    package(
        "moss",
        {"plugin.py": PLUGIN, "models.py": "", "templates/moss/page.html": "moss"},
    )
    host = make_host(discover=True)
    assert host.is_active("moss")
    assert "moss" in [d.plugin for d in host.draw("lms_todo_items", actor=GUEST)]
    assert host.records["moss"].package_path.name == "lms_moss"


def test_the_core_runs_alone(make_host):
    host = make_host()
    assert host.app.test_client().get("/core").status_code == 200
    assert host.course_types() == {}
    assert host.listeners() == []


# --- names --------------------------------------------------------------------------------------

BAD_NAMES = ["", "Moss", "1moss", "moss-x", "moss.x", "møs", "m" * 31, None, 7]


@pytest.mark.parametrize("name", [*BAD_NAMES, *ROOMS, *FLOORS, "user", "catalogue_extra", "web_x"])
def test_a_name_that_may_not_be_used(make_host, healthy, name):
    host = make_host((name, object()), ("healthy", healthy))
    assert host.app.test_client().get("/healthy/").status_code == 200
    (line,) = [line for line in host.report() if line.state == "refused"]
    assert line.name == str(name)
    assert line.error.endswith((".", "choose another."))
    assert set(host.records) & {name} == set()


@pytest.mark.parametrize(("first", "second"), [("moss", "moss_wall"), ("moss_wall", "moss")])
def test_a_name_that_begins_another_one(make_host, first, second):
    host = make_host((first, object()), (second, object()))
    assert list(host.records) == [first]
    assert [line.name for line in host.report() if line.state == "refused"] == [second]


def test_a_taken_name_is_refused_and_the_first_stays(make_host, package, healthy):
    package("healthy", {"plugin.py": "raise RuntimeError"}, distribution="lms-later")
    host = make_host(("healthy", healthy), ("healthy", object()))
    assert host.is_active("healthy")
    assert host.app.test_client().get("/healthy/").data == b"well"
    states = sorted((line.name, line.state) for line in host.report())
    assert states == [("healthy", "active"), ("healthy", "refused")]


def test_names_that_are_fine(make_host):
    host = make_host(*[(name, object()) for name in ("courses2", "websites", "apples", "trials")])
    assert all(host.is_active(name) for name in ("courses2", "websites", "apples", "trials"))


# --- sockets ------------------------------------------------------------------------------------


def test_an_unknown_hook_is_refused_with_a_sentence(make_host, healthy, quarantined):
    class Evil:
        @hookimpl
        def lms_course_type(self):
            return []

    host = make_host(("healthy", healthy), ("moss", Evil()))
    assert quarantined(host, "moss")
    sentence = host.records["moss"].error
    assert sentence == "Nobody asks a hook lms_course_type. Did you mean lms_course_types?"


def test_an_unknown_lms_hook_is_refused_even_as_optional(make_host, healthy, quarantined):
    class Evil:
        @hookimpl(optionalhook=True)
        def lms_nothing(self):
            return []

    assert quarantined(make_host(("healthy", healthy), ("moss", Evil())), "moss")


def test_a_wrong_signature_is_refused(make_host, healthy, quarantined):
    class Evil:
        @hookimpl
        def lms_todo_items(self, person):
            return []

    host = make_host(("healthy", healthy), ("moss", Evil()))
    assert quarantined(host, "moss")
    assert "person" in host.records["moss"].error


def _new_wrapper(self):
    yield


@pytest.mark.parametrize("option", ["wrapper", "hookwrapper"])
def test_a_wrapper_is_refused(make_host, healthy, quarantined, option):
    class Evil:
        lms_todo_items = hookimpl(**{option: True})(_new_wrapper)

    host = make_host(("healthy", healthy), ("moss", Evil()))
    assert quarantined(host, "moss")
    assert "is a wrapper" in host.records["moss"].error


def test_add_hookspecs_lets_plugins_cooperate(make_host):
    class Sockets:
        @lms.hookspecs.hookspec
        def moss_greetings(self, name: str) -> str: ...

    class Owner:
        @hookimpl
        def lms_add_hookspecs(self):
            return [Sockets]

    class Filler:
        @hookimpl(optionalhook=True)
        def moss_greetings(self, name):
            return f"good day, {name}"

    host = make_host(("fern", Filler()), ("moss", Owner()))
    assert [(c.plugin, c.value) for c in host.gather("moss_greetings", name="Bo")] == [
        ("fern", "good day, Bo")
    ]
    alone = make_host(("fern", Filler()))
    assert alone.is_active("fern")


def test_add_hookspecs_must_carry_the_plugins_name(make_host, healthy, quarantined):
    class Sockets:
        @lms.hookspecs.hookspec
        def lms_greetings(self): ...

    class Evil:
        @hookimpl
        def lms_add_hookspecs(self):
            return [Sockets]

    host = make_host(("healthy", healthy), ("moss", Evil()))
    assert quarantined(host, "moss")
    assert "must be called moss_lms_greetings" in host.records["moss"].error


def test_add_hookspecs_without_specs(make_host, healthy, quarantined):
    class Evil:
        @hookimpl
        def lms_add_hookspecs(self):
            return [ModuleType("empty")]

    assert quarantined(make_host(("healthy", healthy), ("moss", Evil())), "moss")


# --- tables and mappings ------------------------------------------------------------------------


def test_a_table_without_the_plugins_prefix(make_host, package, healthy, quarantined):
    models = MODELS_HEAD + (
        "class Person(Base):\n"
        "    __tablename__ = 'users_person'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    package("moss", {"plugin.py": PLUGIN, "models.py": models})
    host = make_host(("healthy", healthy), discover=True)
    assert quarantined(host, "moss")
    assert "users_person must be called moss_users_person" in host.records["moss"].error


def test_a_broken_mapping(make_host, package, healthy, quarantined):
    models = MODELS_HEAD + (
        "class Stone(Base):\n"
        "    __tablename__ = 'moss_stone'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    wall: Mapped['Nowhere'] = relationship()\n"
    )
    package("moss", {"plugin.py": PLUGIN, "models.py": models})
    host = make_host(("healthy", healthy), discover=True)
    assert quarantined(host, "moss")
    assert host.records["moss"].hook == "models"
    Base.registry.configure()


def test_models_nobody_imported_are_looked_at_too(make_host, package, healthy, quarantined):
    package("moss", {"plugin.py": "", "models.py": "raise RuntimeError('in models')"})
    host = make_host(("healthy", healthy), discover=True)
    assert quarantined(host, "moss")
    assert "in models" in host.records["moss"].error


def test_a_class_on_the_cores_base(make_host, package, healthy, quarantined):
    models = (
        "from lms.db import Base\n"
        "from sqlalchemy.orm import Mapped, mapped_column\n"
        "class Stone(Base):\n"
        "    __tablename__ = 'moss_stone'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    package("moss", {"plugin.py": PLUGIN, "models.py": models})
    host = make_host(("healthy", healthy), discover=True)
    assert quarantined(host, "moss")
    assert "uses the core's base" in host.records["moss"].error
    assert "moss_stone" not in Base.metadata.tables
    Base.registry.configure()


def test_good_models_are_taken(make_host, package):
    models = MODELS_HEAD + (
        "class Stone(Base):\n"
        "    __tablename__ = 'moss_stone'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    package("moss", {"plugin.py": PLUGIN, "models.py": models})
    assert make_host(discover=True).is_active("moss")


# --- the core -----------------------------------------------------------------------------------


def test_a_fault_in_the_core_stops_the_start(make_host):
    class Room:
        @hookimpl
        def lms_course_types(self):
            raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours"):
        make_host(core=[("core.room", Room())])


def test_an_unknown_hook_in_the_core_stops_the_start(make_host):
    class Room:
        @hookimpl
        def lms_nothing(self):
            return []

    with pytest.raises(Exception, match="lms_nothing"):
        make_host(core=[("core.room", Room())])


def test_the_core_is_asked_first(make_host, healthy):
    class Room:
        @hookimpl
        def lms_todo_items(self, actor):
            return []

    host = make_host(("healthy", healthy), core=[("core.room", Room())])
    order = [d.plugin for d in host.draw("lms_todo_items", actor=None)]
    assert order == ["core.room", "healthy"]


def test_hosts_share_nothing(make_host, healthy):
    one, other = make_host(("healthy", healthy)), make_host()
    assert one.is_active("healthy")
    assert not other.is_active("healthy")
