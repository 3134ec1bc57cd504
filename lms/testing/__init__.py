"""Fixtures for everyone who extends Samspil; loaded by pytest wherever Samspil is installed.

Loading this module costs nothing: what it needs is imported by the fixtures that need it.

A plugin's own tests override one fixture and have the rest:

    @pytest.fixture
    def lms_plugins():
        return ["courses"]          # by entry point, or ("name", module or object)
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

Plugin = str | tuple[str, object]
"""By entry point, or with a name: a module or an object with hook implementations."""

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from lms.core.users.models import Person
    from lms.testing.databases import Databases
    from lms.testing.rows import Maker
    from lms.testing.shelf import Shelf

TEST_CONFIG: Mapping[str, Any] = {
    "TESTING": True,
    "SECRET_KEY": "a key for tests, long enough to be taken for one",
    "PUBLIC_URL": "http://localhost",
    "MAIL_BACKEND": "mailbox",
    # The real hash with the least work it accepts: a sign-in costs a millisecond.
    "PASSWORD_TIME_COST": 1,
    "PASSWORD_MEMORY_KIB": 8,
    "PASSWORD_PARALLELISM": 1,
}

NOT_COUNTED = (
    "NOTIFY",  # sent at most every tenth of a second, by whoever comes first
    "BEGIN",
    "COMMIT",
    "PRAGMA",
    "RELEASE",
    "ROLLBACK",
    "SAVEPOINT",
)


class AppFactory(Protocol):
    """What the fixture `lms_app_factory` gives."""

    def __call__(
        self,
        plugins: Sequence[Plugin] = (),
        *,
        discover: bool = False,
        migrated: bool = True,
        database_url: str | None = None,
        fill: Callable[[Flask], None] | None = None,
        **config: Any,
    ) -> Flask:
        """An app on a fresh database, as new: it may have served earlier tests.

        `plugins` are named by entry point or given as (name, module or object); `discover` loads
        all that are installed. `migrated=False` leaves the database empty; `database_url` uses
        one that is there. `config` is handed to `create_app` over `TEST_CONFIG`.
        """


# --- databases and apps -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def lms_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where this session's databases come from; see `lms.testing.databases`."""
    from lms.testing.databases import databases

    with databases(tmp_path_factory.mktemp("databases")) as found:
        yield found


@pytest.fixture
def lms_plugins() -> Sequence[Plugin]:
    """Plugins of `lms_app`: override it. By default the specimen with its one course type."""
    from lms.testing.specimen import SPECIMEN, Specimen

    return [(SPECIMEN, Specimen())]


@pytest.fixture
def lms_fill() -> Callable[[Flask], None] | None:
    """What `lms_app` has in it at the beginning: override it; see `AppFactory`. By default
    nothing."""
    return None


@pytest.fixture(scope="session")
def lms_shelf(
    lms_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shelf]:
    """Apps between two tests; see `lms.testing.shelf`."""
    from lms.testing.shelf import shelf

    with shelf(lms_databases, tmp_path_factory.mktemp("apps")) as found:
        yield found


@pytest.fixture
def lms_app_factory(
    lms_databases: Databases, lms_shelf: Shelf, tmp_path: Path
) -> Iterator[AppFactory]:
    """Makes apps, each on a fresh database and a data folder of its own; see `AppFactory`."""
    from lms.db import start_clock_at
    from lms.testing.apps import Apps

    made = Apps(lms_databases, lms_shelf, tmp_path)
    yield made.make
    start_clock_at(None)
    made.close()


@pytest.fixture
def lms_app(
    lms_app_factory: AppFactory,
    lms_plugins: Sequence[Plugin],
    lms_fill: Callable[[Flask], None] | None,
) -> Flask:
    """An app with `lms_plugins` on a fresh, migrated database with nothing but `lms_fill`."""
    return lms_app_factory(plugins=lms_plugins, fill=lms_fill)


# --- the browser's side -------------------------------------------------------------------------


@pytest.fixture
def client(lms_app: Flask) -> FlaskClient:
    """A browser without cookies on `lms_app`."""
    return lms_app.test_client()


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, Person], FlaskClient]:
    """`sign_in(client, person)`: from now on the client is that person; returns the client."""
    return sign_in_as


def sign_in_as(client: FlaskClient, person: Person) -> FlaskClient:
    """Write a sign-in of the person and put its secret into the client's cookie."""
    import secrets

    from lms.core.users.models import SignIn
    from lms.core.users.queries import digest
    from lms.db import now
    from lms.testing.rows import Maker

    token = secrets.token_urlsafe(32)
    Maker(client.application).write(
        SignIn(
            person_id=person.id,
            token_hash=digest(token),
            created_at=now(),
            expires_at=now() + timedelta(hours=12),
            device="Firefox",
        )
    )
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["in"] = token
        cookie["seen"] = int(now().timestamp())
    return client


def csrf_of(client: FlaskClient) -> str:
    """A form token that holds for this client, without asking for a page first."""
    import secrets

    with client.session_transaction() as cookie:
        secret: str = cookie.setdefault("csrf", secrets.token_hex(16))
    mask = secrets.token_bytes(16)
    masked = bytes(a ^ b for a, b in zip(mask, bytes.fromhex(secret), strict=True))
    return (mask + masked).hex()


@pytest.fixture
def submit() -> Callable[..., Any]:
    """`submit(client, url, **fields)`: post a form with a token that holds; the response."""

    def post(client: FlaskClient, url: str, /, **fields: Any) -> Any:
        return client.post(url, data={"csrf_token": csrf_of(client)} | fields)

    return post


# --- rows ---------------------------------------------------------------------------------------


@pytest.fixture
def maker(lms_app: Flask) -> Maker:
    """Writes rows into `lms_app`'s database. For another app: `lms.testing.rows.Maker(app)`."""
    from lms.testing.rows import Maker

    return Maker(lms_app)


def _maker_fixture(name: str) -> Any:
    def fixture(maker: Maker) -> Callable[..., Any]:
        made: Callable[..., Any] = getattr(maker, name)
        return made

    fixture.__doc__ = f"`make_{name}(...)`: see `lms.testing.rows.Maker.{name}`."
    return pytest.fixture(name=f"make_{name}")(fixture)


make_access_role = _maker_fixture("access_role")
make_assignment = _maker_fixture("assignment")
make_course = _maker_fixture("course")
make_enrolment = _maker_fixture("enrolment")
make_function = _maker_fixture("function")
make_organisation = _maker_fixture("organisation")
make_person = _maker_fixture("person")
make_run = _maker_fixture("run")
make_team_member = _maker_fixture("team_member")
make_unit = _maker_fixture("unit")
make_version = _maker_fixture("version")


# --- time and queries ---------------------------------------------------------------------------


class Clock:
    """The stopped clock of one test."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack

    @property
    def now(self) -> datetime:
        """What the house believes the time is."""
        from lms.db import now

        return now()

    def stop_at(self, moment: datetime) -> datetime:
        """Stop the clock at `moment` (aware); returns it in UTC."""
        from lms.db import stopped_clock

        self._stack.enter_context(stopped_clock(moment))
        return self.now

    def move(self, **by: float) -> datetime:
        """Move the stopped clock by a `timedelta(**by)`; returns the new time."""
        return self.stop_at(self.now + timedelta(**by))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands still at the moment the test began; see `Clock`."""
    with contextlib.ExitStack() as stack:
        stopped = Clock(stack)
        stopped.stop_at(stopped.now)
        yield stopped


@contextlib.contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """Collect the statements `app` sends inside the block, without transaction control."""
    from sqlalchemy import event

    from lms.db import db

    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            statements.append(statement)

    # Every two seconds an app reads which plugins are active: that is nobody's query, and on a slow
    # machine it would be somebody's here.
    host = app.extensions["lms_host"]
    host._read_at += 3600
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
        host._read_at -= 3600


@pytest.fixture
def count_queries(lms_app: Flask) -> Callable[[], contextlib.AbstractContextManager[list[str]]]:
    """`with count_queries() as queries:` ... `len(queries)`; see `counted_queries`."""
    return lambda: counted_queries(lms_app)
