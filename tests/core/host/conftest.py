"""A small app around the host, a plugin that is well, and packages to throw away."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, abort, request
from sqlalchemy import NullPool, create_engine, delete

import lms.hookspecs
from lms.contracts import (
    GUEST,
    CompletionFacts,
    CompletionRule,
    ContactFacts,
    CourseType,
    DocumentFacts,
    EnrolmentFacts,
    EnrolmentRequest,
    GroupMove,
    JournalEntryFacts,
    LocalisedText,
    Panel,
    PersonFacts,
    Refusal,
    RunFacts,
    RunStateChange,
    TodoItem,
)
from lms.db import Base, db, engine_options, prepare_engine
from lms.hookspecs import hookimpl
from lms.host import PluginHost, current_host
from lms.host.states import TABLE
from lms.web.access import access

BUNDLED = Path(__file__).resolve().parents[3] / "plugins"

MOMENT = datetime(2026, 4, 14, 8, 0, tzinfo=UTC)


def text(words: str) -> LocalisedText:
    return LocalisedText(en=words)


def course_type(key: str) -> CourseType:
    return CourseType(
        key=key,
        title=text(key),
        summary=text(""),
        icon="book-open",
        phases=(),
        modules=(),
        rule=CompletionRule(version="1", conditions={}),
    )


def run_of(type_key: str) -> RunFacts:
    return RunFacts(
        id=7,
        key="run",
        course_id=1,
        course_version_id=1,
        course_type=type_key,
        title=text("A run"),
        lead=text(""),
        state="open",
        zone="Europe/Copenhagen",
        starts_at=None,
        ends_at=None,
        venue="",
        town="",
        capacity=10,
        taken=0,
        minutes=60,
        price=0,
        visibility="public",
        languages=("da",),
    )


def request_for(type_key: str) -> EnrolmentRequest:
    return EnrolmentRequest(person_id=3, run=run_of(type_key), employer_id=None, goal="")


def entry(position: int) -> JournalEntryFacts:
    return JournalEntryFacts(
        id=position,
        position=position,
        at=MOMENT,
        verb="enrolment.seated",
        subject_kind="enrolment",
        subject_id=5,
        actor_id=None,
        data={},
    )


class Healthy:
    """A plugin that is well: it fills one hook of each family and has one page."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.heard: list[int] = []

    @hookimpl
    def lms_course_types(self) -> Sequence[CourseType]:
        return [course_type("healthy")]

    @hookimpl
    def lms_blueprints(self) -> Sequence[Blueprint]:
        pages = Blueprint("healthy", "lms.host", url_prefix="/healthy")

        @pages.route("/")
        @access(known="public")
        def index() -> str:
            return "well"

        return [pages]

    @hookimpl
    def lms_completion_conditions(self, enrolments: Sequence[EnrolmentFacts]) -> Any:
        return {enrolment.id: [] for enrolment in enrolments}

    @hookimpl
    def lms_check_enrolments(self, requests: Sequence[EnrolmentRequest]) -> Sequence[Refusal]:
        return []

    @hookimpl
    def lms_after_enrolments(self, enrolments: Sequence[EnrolmentFacts]) -> None:
        self.written += [enrolment.key for enrolment in enrolments]

    @hookimpl
    def lms_notice(self, entries: Sequence[JournalEntryFacts]) -> None:
        self.heard += [each.position for each in entries]

    @hookimpl
    def lms_todo_items(self, actor: Any) -> Sequence[TodoItem]:
        return [TodoItem(key="t", title=text("Do it"), url="/healthy/", label=text("Go"))]


@pytest.fixture
def healthy() -> Healthy:
    return Healthy()


ENROLMENT = EnrolmentFacts(
    id=5,
    key="enrolment",
    run_id=7,
    run_key="run",
    person_id=3,
    course_type="healthy",
    state="seated",
    source="self",
    employer_id=None,
    manager_id=None,
    goal="",
    created_at=MOMENT,
)
COMPLETION = CompletionFacts(
    enrolment_id=5,
    enrolment_key="enrolment",
    run_id=7,
    person_id=3,
    course_type="healthy",
    result="met",
    rule_version="1",
    minutes_attended=60,
    minutes_held=60,
    reasons=(),
)
PERSON = PersonFacts(id=3, key="person", name="Underviser", language="da")

DOCUMENT = DocumentFacts(
    id=9,
    key="document",
    sha256="0" * 64,
    size=1,
    media_type="text/plain",
    file_name="note.txt",
    title="Note",
    language="da",
    licence="",
    visibility="internal",
    alt_text="",
    subject_kind="healthy_note",
    subject_id=1,
    state="kept",
    created_at=MOMENT,
    created_by_id=None,
)

CONTACT = ContactFacts(
    kind="teach",
    authority_ids=(1,),
    company_id=2,
    at=MOMENT,
    what=text("A slot about hoists"),
)

ARGUMENTS: Mapping[str, Any] = {
    "actor": GUEST,
    "changes": [RunStateChange(run=run_of("healthy"), old="announced", new="open")],
    "completions": [COMPLETION],
    "contacts": [CONTACT],
    "moves": [GroupMove(run_id=7, enrolment_id=1, group_id=1)],
    "copies": [],
    "documents": [DOCUMENT],
    "enrolments": [ENROLMENT],
    "entries": [entry(1)],
    "persons": [PERSON],
    "place": "",
    "requests": [request_for("healthy")],
    "rule": "healthy.fair",
    "run_ids": [7],
    "runs": [run_of("healthy")],
}

ASKED: Mapping[str, Mapping[str, Any]] = {
    hook: {name: ARGUMENTS[name] for name in inspect.signature(spec).parameters}
    for hook, spec in vars(lms.hookspecs).items()
    if hook.startswith("lms_")
}


@pytest.fixture
def asked() -> Mapping[str, Mapping[str, Any]]:
    """What each hook is asked with."""
    return ASKED


@pytest.fixture
def facts() -> Any:
    """The builders above, for tests that need their own facts."""

    class Facts:
        course_type = staticmethod(course_type)
        run_of = staticmethod(run_of)
        request_for = staticmethod(request_for)
        entry = staticmethod(entry)
        enrolment = ENROLMENT

        @staticmethod
        def panel(template: str) -> Panel:
            return Panel(template=template, values={}, title=text("A panel"))

    return Facts


def evil(hook: str, behaviour: Callable[..., Any], **extra: Any) -> object:
    """A plugin with one implementation: of `hook`, with the arguments its socket has."""
    code = getattr(lms.hookspecs, hook).__code__
    names = ", ".join(code.co_varnames[: code.co_argcount])
    space: dict[str, Any] = {"behaviour": behaviour}
    exec(f"def {hook}(self, {names}):\n    return behaviour()", space)  # the signature is pluggy's
    return type("Evil", (), {hook: hookimpl(space[hook]), **extra})()


@pytest.fixture(name="evil")
def _evil() -> Callable[..., object]:
    return evil


# --- apps ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def host_database(lms_databases: Any) -> Iterator[str]:
    """One database with the host's table, for all tests here: making one takes PostgreSQL long."""
    address = lms_databases.empty()
    engine = create_engine(address, poolclass=NullPool)
    Base.metadata.create_all(engine, tables=[TABLE])
    yield address
    lms_databases.drop(address)


@pytest.fixture
def empty_database(lms_databases: Any) -> Iterator[str]:
    """A database nobody has migrated."""
    address = lms_databases.empty()
    yield address
    lms_databases.drop(address)


@pytest.fixture
def make_host(host_database: str, tmp_path: Path) -> Iterator[Callable[..., PluginHost]]:
    """`make_host((name, plugin), ..., blocked=(), **config)`: a started host on an app with a core
    page `/core`. Hosts of one test are workers of one site, unless `url` says otherwise."""
    hosts: list[PluginHost] = []
    engine = create_engine(host_database, poolclass=NullPool)
    prepare_engine(engine)
    with engine.begin() as connection:
        connection.execute(delete(TABLE))

    def make(
        *plugins: tuple[str, Any],
        blocked: Sequence[str] = (),
        url: str = host_database,
        discover: bool = False,
        core: Sequence[tuple[str, Any]] = (),
        **config: Any,
    ) -> PluginHost:
        app = _small_app(url, tmp_path, config)
        installed = [point.name for point in entry_points(group="lms.plugins")]
        bundled = {path.parent.parent.name for path in BUNDLED.glob("*/lms_*/plugin.py")}
        bundled &= set(installed)
        host = PluginHost(app, blocked=[*blocked, *bundled])
        for name, room in [("core.host", importlib.import_module("lms.host.hooks")), *core]:
            host.register_core(name, room)
        if discover:
            host.discover()
        for name, plugin in plugins:
            host.add(name, plugin)
        hosts.append(host)
        host.start()
        return host

    yield make
    for host in hosts:
        with host.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _small_app(url: str, folder: Path, config: Mapping[str, Any]) -> Flask:
    app = Flask("lms", static_folder=None)
    app.config.update(
        {
            "TESTING": True,
            "PROPAGATE_EXCEPTIONS": False,
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url),
            "DATA_DIR": folder,
        }
        | config
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)

    @app.before_request
    def gate() -> None:
        if (status := current_host().route_refusal(request.endpoint or "")) is not None:
            abort(status)

    @app.route("/core")
    def core_page() -> str:
        """A page of the core with everything plugins draw on it."""
        drawn = current_host().draw("lms_todo_items", actor=GUEST)
        return " ".join(f"{d.plugin}:{'away' if d.value is None else len(d.value)}" for d in drawn)

    return app


@pytest.fixture
def quarantined(healthy: Healthy) -> Callable[[PluginHost, str], bool]:
    """Is the plugin put aside, with its hook and error said, while all others answer?"""

    def check(host: PluginHost, name: str) -> bool:
        client = host.app.test_client()
        assert client.get("/core").status_code == 200
        assert client.get("/healthy/").data == b"well"
        assert host.is_active("healthy")
        assert "healthy" in host.course_types()
        (line,) = [line for line in host.report() if line.name == name]
        assert line.error
        assert line.hook
        assert line.since is not None
        assert not host.is_active(name)
        return line.state == "quarantined"

    return check


# --- packages -----------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """`package("moss", {"plugin.py": ...})`: an importable package `lms_moss` in a folder of its
    own, as an installed distribution with an entry point `moss`. Returns the package's folder."""
    made: list[str] = []

    def make(name: str, files: Mapping[str, str], *, distribution: str = "") -> Path:
        distribution = distribution or f"lms-{name}"
        root = tmp_path / f"site-{distribution}"
        folder = root / f"lms_{name}"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)
        info = root / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2")
        (info / "entry_points.txt").write_text(f"[lms.plugins]\n{name} = lms_{name}.plugin\n")
        monkeypatch.syspath_prepend(str(root))
        made.append(f"lms_{name}")
        return folder

    yield make
    for module in list(sys.modules):
        if module.split(".")[0] in made:
            del sys.modules[module]
