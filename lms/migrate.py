"""The history of the tables: one line of steps per owner, the core's first, then each plugin's.

An owner is the core or a plugin. Its steps lie in `<package>/migrations/versions`, and the table
`<owner>_alembic_version` says how far its tables have come. A step happens whole or not at all.
Alembic is used through its Python interface and imported only when there is something to do.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import Engine, MetaData, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from lms.db import NAMING_CONVENTION, Base, db
from lms.host import current_host
from lms.host.inspection import package_of
from lms.host.records import in_words
from lms.migrations.engine import MigrationError, migrating, migration_engine

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

CORE = "core"
MIGRATIONS = "migrations"  # what the host calls this reason for quarantine
VERSION_TABLE_ENDING = "_alembic_version"

MODEL_MODULES = (
    "lms.host.models",
    "lms.files.models",
    "lms.jobs.models",
    "lms.journal.models",
    "lms.web.models",
    "lms.core.settings.models",
    "lms.core.organisations.models",
    "lms.core.users.models",
    "lms.core.catalogue.models",
    "lms.core.enrolment.models",
    "lms.core.learning.models",
    "lms.core.records.models",
    "lms.core.messages.models",
    "lms.core.home.models",
)
"""Where the core's tables are declared, lower rooms first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Whose tables: the core or a plugin, its import package and the folder of its steps."""

    name: str
    package: str
    versions: Path

    @property
    def version_table(self) -> str:
        """The table that says how far this owner's tables have come."""
        return f"{self.name}{VERSION_TABLE_ENDING}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an upgrade or downgrade did for one owner: the steps done (or undone) in order.

    `error` is empty when all went well.
    """

    owner: str
    before: str | None
    after: str | None
    steps: tuple[str, ...]
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerStatus:
    """How far one owner's tables have come; `pending` are the steps still to do, in order."""

    owner: str
    current: str | None
    head: str | None
    pending: tuple[str, ...]


def import_models() -> MetaData:
    """Declare all of the core's tables; returns their metadata."""
    for name in MODEL_MODULES:
        importlib.import_module(name)
    return Base.metadata


def owners(app: Flask) -> list[Owner]:
    """The core, then by name every plugin on this machine that has tables."""
    found = [
        Owner(name=CORE, package="lms", versions=Path(__file__).parent / "migrations" / "versions")
    ]
    with app.app_context():
        records = current_host().records
    for name, record in sorted(records.items()):
        if record.package_path is None or record.fault:
            continue
        versions = record.package_path / "migrations" / "versions"
        if versions.is_dir() or (record.package_path / "models.py").exists():
            package = package_of(record.module)
            found.append(Owner(name=name, package=package, versions=versions))
    return found


def owner_named(app: Flask, name: str) -> Owner:
    """The owner of that name; raises `MigrationError` when there is none."""
    for owner in owners(app):
        if owner.name == name:
            return owner
    raise MigrationError(f"Nobody called {name!r} has tables here.")


def metadata_of(owner: Owner) -> MetaData:
    """The owner's tables as its models declare them; a plugin's beside the core's they refer to."""
    core = import_models()
    if owner.name == CORE:
        return core
    together = MetaData(naming_convention=NAMING_CONVENTION)
    for table in core.tables.values():
        table.to_metadata(together)
    models = importlib.import_module(f"{owner.package}.models")
    for metadata in {id(m): m for m in map(_metadata, vars(models).values()) if m}.values():
        if metadata is not core:
            for table in metadata.tables.values():
                table.to_metadata(together)
    return together


def _metadata(value: object) -> MetaData | None:
    found = getattr(value, "metadata", None)
    return found if isinstance(found, MetaData) else None


def owns(owner: Owner, table: str) -> bool:
    """Does this table, by its name, belong to the owner? Version tables belong to nobody."""
    if table.endswith(VERSION_TABLE_ENDING):
        return False
    if owner.name == CORE:
        return table.partition("_")[0] in {
            name.partition("_")[0] for name in import_models().tables
        }
    return table.startswith(f"{owner.name}_")


# --- up, down, where are we ---------------------------------------------------------------------


def upgrade(app: Flask) -> list[Outcome]:
    """Bring everybody's tables to the newest step: the core's, then each plugin's.

    A fault in the core's history raises. A plugin's fault is told in its outcome and puts that
    plugin into quarantine; the others go on. Only one upgrade runs at a time; raises
    `MigrationError` when another does not end within 5 minutes.
    """
    with migrating(app.config["DATABASE_URL"], app.config["DATA_DIR"]) as engine:
        outcomes = []
        for owner in owners(app):
            before = _current(engine, owner)
            try:
                outcomes.append(_move(engine, owner, "head"))
            except Exception as error:
                if owner.name == CORE:
                    raise
                words = in_words(error)
                after = _current(engine, owner)
                outcomes.append(
                    Outcome(owner=owner.name, before=before, after=after, steps=(), error=words)
                )
                _tell_host(app, owner, words)
            else:
                _tell_host(app, owner, "")
        return outcomes


def _tell_host(app: Flask, owner: Owner, error: str) -> None:
    """A plugin whose history stands still is in quarantine until it goes on."""
    if owner.name == CORE:
        return
    with app.app_context():
        if error:
            current_host().mark_broken(owner.name, MIGRATIONS, error)
        else:
            current_host().mark_mended(owner.name, MIGRATIONS)


def downgrade(app: Flask, owner: str, target: str) -> Outcome:
    """Take one owner's tables back to a step, `-1` or `base` (no tables; their data is gone).

    Raises `MigrationError` when a plugin's tables still stand on the core's.
    """
    one = owner_named(app, owner)
    with migrating(app.config["DATABASE_URL"], app.config["DATA_DIR"]) as engine:
        if owner == CORE and (standing := _plugins_with_tables(engine)):
            raise MigrationError(
                f"Tables of {', '.join(standing)} stand on the core's: take those back first."
            )
        return _move(engine, one, target)


def status(app: Flask) -> list[OwnerStatus]:
    """How far everybody's tables have come, in the order of `upgrade`."""
    with migration_engine(app.config["DATABASE_URL"]) as engine:
        return [_status(engine, owner) for owner in owners(app)]


def _status(engine: Engine, owner: Owner) -> OwnerStatus:
    script = _script(owner)
    current = _current(engine, owner)
    known = current is None or any(s.revision == current for s in script.walk_revisions())
    steps = script.iterate_revisions("heads", current or "base") if known else iter(())
    pending = tuple(reversed([step.revision for step in steps]))
    return OwnerStatus(
        owner=owner.name, current=current, head=script.get_current_head(), pending=pending
    )


def at_head(app: Flask, owner: str = CORE) -> bool:
    """Are the owner's tables at the newest step? One small query; the rest is remembered."""
    heads: dict[str, str | None] = app.extensions.setdefault("lms_migration_heads", {})
    one = owner_named(app, owner)
    if owner not in heads:
        heads[owner] = _script(one).get_current_head()
    with app.app_context(), db.engine.connect() as connection:
        try:
            found = connection.exec_driver_sql(
                f'SELECT version_num FROM "{one.version_table}"'  # noqa: S608 - a checked name
            ).scalar()
        except DBAPIError:
            return False
    return found == heads[owner]


def _current(engine: Engine, owner: Owner) -> str | None:
    with engine.connect() as connection:
        return _context(connection, owner).get_current_revision()


def _plugins_with_tables(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        tables = [
            name
            for name in inspect(connection).get_table_names()
            if name.endswith(VERSION_TABLE_ENDING) and name != f"{CORE}{VERSION_TABLE_ENDING}"
        ]
        return [
            table.removesuffix(VERSION_TABLE_ENDING)
            for table in sorted(tables)
            if connection.exec_driver_sql(f'SELECT 1 FROM "{table}"').first()  # noqa: S608
        ]


def _move(engine: Engine, owner: Owner, target: str) -> Outcome:
    from alembic.operations import Operations

    script = _script(owner)
    done: list[str] = []

    def steps(current: Any, _context: MigrationContext) -> Any:
        if target == "head":
            return script._upgrade_revs(target, current)
        return script._downgrade_revs(target, current)

    def after_step(*, ctx: MigrationContext, step: Any, **_rest: Any) -> None:
        _check_references(ctx.connection)
        done.append(step.up_revision_id)

    before = _current(engine, owner)
    with engine.connect() as connection:
        context = _context(connection, owner, fn=steps, on_version_apply=[after_step])
        with Operations.context(context):
            context.run_migrations()
        connection.commit()
    after = _current(engine, owner)
    return Outcome(owner=owner.name, before=before, after=after, steps=tuple(done))


def _check_references(connection: Connection | None) -> None:
    """SQLite does not look at foreign keys while steps run; so look before the step is kept."""
    if connection is None or connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise MigrationError(f"This step leaves rows that refer to nothing, in {tables}.")


def _script(owner: Owner) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(
        str(Path(__file__).parent / "migrations"),
        version_locations=[str(owner.versions)],
        file_template="%(rev)s_%(slug)s",
        messaging_opts={"quiet": True},
    )


def _context(connection: Connection, owner: Owner, **options: Any) -> MigrationContext:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(
        connection=connection,
        opts={
            "version_table": owner.version_table,
            "transaction_per_migration": True,
            # Alembic believes SQLite cannot take tables back; with a BEGIN of our own it can.
            "transactional_ddl": True,
            "render_as_batch": True,
            **options,
        },
    )


# --- for those who write steps ------------------------------------------------------------------


def differences(app: Flask, owner: str) -> list[Any]:
    """How the owner's tables in the database differ from its models, as Alembic tells it.

    Checks and the conditions of partial indexes are not compared; the contract tests do that.
    """
    from lms.migrations.writing import found_differences

    one = owner_named(app, owner)
    metadata = metadata_of(one)
    with migration_engine(app.config["DATABASE_URL"]) as engine, engine.connect() as connection:
        return found_differences(_comparing(connection, one, metadata), metadata)


def revision(app: Flask, owner: str, message: str, *, anew: bool = False) -> Path | None:
    """Write the step from the newest one to the models; None when there is nothing to write.

    The models are compared with a scratch database, so it does not matter how far the configured
    one has come. `anew` throws the owner's steps away and writes the first one again, which is
    allowed only until the first release.
    """
    from lms.migrations.writing import write_step

    one = owner_named(app, owner)
    metadata = metadata_of(one)
    if anew:
        for path in one.versions.glob("[0-9]*.py"):
            path.unlink()
    with TemporaryDirectory() as folder, migration_engine(f"sqlite:///{folder}/x.db") as engine:
        for each in owners(app):
            if each.name in (CORE, owner):
                _move(engine, each, "head")
        with engine.connect() as connection:
            context = _comparing(connection, one, metadata)
            return write_step(context, _script(one), metadata, message)


def _comparing(connection: Connection, owner: Owner, metadata: MetaData) -> MigrationContext:
    """A context that compares the owner's tables only: all others are somebody else's matter."""

    def include_name(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or (name is not None and owns(owner, name))

    def include_object(_item: Any, name: str | None, kind: str, *_rest: Any) -> bool:
        return include_name(name, kind, None)

    return _context(
        connection,
        owner,
        target_metadata=metadata,
        include_name=include_name,
        include_object=include_object,
        compare_server_default=True,
    )
