"""The history of the tables, for the core and every plugin, on whichever database the pass uses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, inspect, text

from lms import migrate
from lms.host import current_host
from lms.migrations.engine import MigrationError, migration_engine

ONE_TABLE = """
op.create_table(
    "pebbles_pebble",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_pebbles_pebble"),
)
"""
WITHOUT_IT = 'op.drop_table("pebbles_pebble")'
SECOND_TABLE = 'op.create_table("pebbles_second", sa.Column("id", sa.Integer(), primary_key=True))'


@contextmanager
def engine_of(app: Flask) -> Iterator[Engine]:
    with migration_engine(app.config["DATABASE_URL"]) as engine:
        yield engine


def tables_of(app: Flask, owner: str) -> dict[str, Any]:
    """The owner's tables as the database describes them, in a form that can be compared."""
    one = migrate.owner_named(app, owner)
    with engine_of(app) as engine:
        inspector = inspect(engine)
        columns = inspector.get_multi_columns()
        keys = inspector.get_multi_pk_constraint()
        elsewhere = inspector.get_multi_foreign_keys()
        indexes = inspector.get_multi_indexes()
        unique = inspector.get_multi_unique_constraints()
        checks = inspector.get_multi_check_constraints()
    return {
        at[1]: {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in columns[at]
            ),
            "key": sorted(keys[at]["constrained_columns"]),
            "keys elsewhere": sorted(
                (k["name"], k["constrained_columns"], k["referred_table"], str(k["options"]))
                for k in elsewhere[at]
            ),
            "indexes": sorted(
                (i["name"], i["column_names"], bool(i["unique"]), conditions_of(i))
                for i in indexes[at]
            ),
            "unique": sorted((u["name"], u["column_names"]) for u in unique[at]),
            "checks": sorted((str(c["name"]), c["sqltext"]) for c in checks[at]),
        }
        for at in sorted(columns)
        if migrate.owns(one, at[1])
    }


def conditions_of(index: Any) -> list[tuple[str, str]]:
    """What else the database knows about an index, as for which rows it holds."""
    return sorted((name, str(value)) for name, value in index.get("dialect_options", {}).items())


def error_of(outcomes: list[migrate.Outcome], owner: str) -> str:
    (error,) = [outcome.error for outcome in outcomes if outcome.owner == owner]
    return error


# --- every owner --------------------------------------------------------------------------------


def test_up_down_and_up_again(empty_house: Flask, owner: str) -> None:
    assert not error_of(migrate.upgrade(empty_house), owner)
    before = tables_of(empty_house, owner)
    assert before

    for name in [
        o.name for o in reversed(migrate.owners(empty_house)) if owner in ("core", o.name)
    ]:
        migrate.downgrade(empty_house, name, "base")
    assert tables_of(empty_house, owner) == {}

    migrate.upgrade(empty_house)
    assert tables_of(empty_house, owner) == before
    assert all(not one.pending for one in migrate.status(empty_house))


def test_the_models_say_what_the_history_says(
    empty_house: Flask, lms_app_factory: Callable[..., Flask], owner: str
) -> None:
    migrate.upgrade(empty_house)
    assert migrate.differences(empty_house, owner) == []
    beside = lms_app_factory(discover=True, migrated=False)
    with engine_of(beside) as engine:
        migrate.metadata_of(migrate.owner_named(beside, owner)).create_all(engine)
    assert tables_of(empty_house, owner) == tables_of(beside, owner)


def test_every_models_module_of_the_core_is_known() -> None:
    root = Path(migrate.__file__).parent
    found = {
        ".".join(["lms", *path.relative_to(root).with_suffix("").parts])
        for path in root.rglob("models.py")
    }
    assert found == set(migrate.MODEL_MODULES)


def test_a_plugin_with_models_has_a_history(empty_house: Flask, owner: str) -> None:
    assert list(migrate.owner_named(empty_house, owner).versions.glob("0001_*.py"))


# --- the rules of every history, shown on plugins made for it -------------------------------------


def test_ready_means_the_newest_step(lms_app_factory: Callable[..., Flask]) -> None:
    app = lms_app_factory(migrated=False)
    assert not migrate.at_head(app)
    migrate.upgrade(app)
    assert migrate.at_head(app)


def test_a_plugin_removed_and_reinstalled_finds_its_data(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.step(1, ONE_TABLE, WITHOUT_IT)
    app = lms_app_factory(plugins=[pebbles.pair])
    with engine_of(app) as engine, engine.begin() as connection:
        connection.execute(text("INSERT INTO pebbles_pebble VALUES (1, 'kept')"))
    address = app.config["DATABASE_URL"]

    without = lms_app_factory(database_url=address, migrated=False)
    assert [outcome.owner for outcome in migrate.upgrade(without)] == ["core"]

    again = lms_app_factory(plugins=[pebbles.pair], database_url=address, migrated=False)
    (_, outcome) = migrate.upgrade(again)
    assert (outcome.owner, outcome.steps, outcome.error) == ("pebbles", (), "")
    with engine_of(again) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM pebbles_pebble")).scalar_one() == "kept"


def test_a_step_that_fails_leaves_nothing_and_stops_only_its_plugin(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles, shells = plugin_on_disk("pebbles"), plugin_on_disk("shells")
    app = lms_app_factory(plugins=[pebbles.pair, shells.pair])
    pebbles.step(1, ONE_TABLE, WITHOUT_IT)
    pebbles.step(2, SECOND_TABLE + "\nraise RuntimeError('half-way')")
    shells.step(1, 'op.create_table("shells_shell", sa.Column("id", sa.Integer()))')
    outcomes = migrate.upgrade(app)

    assert "half-way" in error_of(outcomes, "pebbles")
    assert not error_of(outcomes, "shells")
    assert list(tables_of(app, "pebbles")) == ["pebbles_pebble"]
    assert list(tables_of(app, "shells")) == ["shells_shell"]
    with app.app_context():
        assert not current_host().is_active("pebbles")
        assert current_host().is_active("shells")
        assert current_host().records["pebbles"].hook == "migrations"
    assert migrate.at_head(app)
    assert not migrate.at_head(app, "pebbles")


def test_a_fault_in_the_core_stops_everything(
    lms_app_factory: Callable[..., Flask],
    plugin_on_disk: Callable[[str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = plugin_on_disk("broken")
    broken.step(1, "raise RuntimeError('the core is broken')")
    app = lms_app_factory(migrated=False)
    core = migrate.Owner(name="core", package="lms", versions=broken.versions)
    monkeypatch.setattr(migrate, "owners", lambda _app: [core])
    with pytest.raises(RuntimeError, match="the core is broken"):
        migrate.upgrade(app)


def test_a_killed_step_leaves_nothing(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.step(1, ONE_TABLE, WITHOUT_IT)
    app = lms_app_factory(plugins=[pebbles.pair])
    pebbles.step(2, SECOND_TABLE + "\nos.kill(os.getpid(), 9)")

    process = upgrade_elsewhere(app, pebbles.package.parent, "pebbles")
    process.communicate(timeout=120)
    assert process.returncode == -9
    assert list(tables_of(app, "pebbles")) == ["pebbles_pebble"]

    pebbles.step(2, SECOND_TABLE)
    assert not error_of(migrate.upgrade(app), "pebbles")
    assert list(tables_of(app, "pebbles")) == ["pebbles_pebble", "pebbles_second"]


def test_two_upgrades_at_once_do_every_step_once(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.step(1, ONE_TABLE, WITHOUT_IT)
    app = lms_app_factory(plugins=[pebbles.pair], migrated=False)
    processes = [upgrade_elsewhere(app, pebbles.package.parent, "pebbles") for _ in range(2)]
    written = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(written) == [[], ["core:0001", "pebbles:0001"]]


ELSEWHERE = """
import importlib, json, os
from lms.app import create_app
from lms.migrate import upgrade
from lms.testing import TEST_CONFIG

name = os.environ["PLUGIN"]
app = create_app(
    dict(TEST_CONFIG) | {"DATABASE_URL": os.environ["URL"], "DATA_DIR": os.environ["FOLDER"]},
    plugins=[(name, importlib.import_module(f"lms_{name}.plugin"))],
    discover=False,
)
for outcome in upgrade(app):
    for step in outcome.steps:
        print(f"{outcome.owner}:{step}")
"""


def upgrade_elsewhere(app: Flask, strangers: Path, plugin: str) -> subprocess.Popen[str]:
    """Upgrade the app's database in a process of its own; prints the steps it did."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(strangers), os.environ.get("PYTHONPATH", "")]),
        "PLUGIN": plugin,
        "URL": app.config["DATABASE_URL"],
        "FOLDER": str(app.config["DATA_DIR"]),
    }
    return subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE], env=environment, stdout=subprocess.PIPE, text=True
    )


def test_a_database_newer_than_the_plugin_stops_only_that_plugin(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.step(1, ONE_TABLE, WITHOUT_IT)
    pebbles.step(2, SECOND_TABLE)
    app = lms_app_factory(plugins=[pebbles.pair])
    pebbles.without_step(2)

    core, plugin = migrate.upgrade(app)

    assert (core.owner, core.error) == ("core", "")
    assert "0002" in plugin.error
    assert list(tables_of(app, "pebbles")) == ["pebbles_pebble", "pebbles_second"]


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    app = lms_app_factory(plugins=[pebbles.pair])
    pebbles.step(
        1,
        ONE_TABLE
        + """
op.create_table(
    "pebbles_chip",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("of_id", sa.Integer(), sa.ForeignKey("pebbles_pebble.id", ondelete="CASCADE")),
)
op.execute("INSERT INTO pebbles_pebble VALUES (1, 'grey')")
op.execute("INSERT INTO pebbles_chip VALUES (7, 1)")
""",
    )
    pebbles.step(
        2,
        """
        with op.batch_alter_table("pebbles_pebble", recreate="auto") as batch:
            batch.alter_column("name", type_=sa.String(length=80), nullable=True)
        """,
    )
    assert not error_of(migrate.upgrade(app), "pebbles")
    with engine_of(app) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT of_id FROM pebbles_chip")).scalars().all() == [1]


def test_a_step_may_not_leave_rows_that_refer_to_nothing(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    app = lms_app_factory(plugins=[pebbles.pair])
    pebbles.step(
        1,
        ONE_TABLE
        + """
op.create_table(
    "pebbles_chip",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("of_id", sa.Integer(), sa.ForeignKey("pebbles_pebble.id")),
)
op.execute("INSERT INTO pebbles_pebble VALUES (1, 'grey')")
op.execute("INSERT INTO pebbles_chip VALUES (7, 1)")
""",
    )
    pebbles.step(2, 'op.execute("DELETE FROM pebbles_pebble")')
    assert "pebbles_chip" in error_of(migrate.upgrade(app), "pebbles")
    with engine_of(app) as engine, engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM pebbles_pebble")).scalars().all() == [
            "grey"
        ]


def test_the_core_does_not_go_from_under_a_plugin(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.step(1, ONE_TABLE, WITHOUT_IT)
    app = lms_app_factory(plugins=[pebbles.pair])
    with pytest.raises(MigrationError, match="pebbles"):
        migrate.downgrade(app, "core", "base")
    with pytest.raises(MigrationError, match="nobody"):
        migrate.downgrade(app, "nobody", "base")


MODELS = """
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import fk, plugin_base

Base = plugin_base("pebbles")

class Pebble(Base):
    __tablename__ = "pebbles_pebble"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
"""


def test_a_written_step_holds_the_owners_tables_and_no_others(
    lms_app_factory: Callable[..., Flask], plugin_on_disk: Callable[[str], Any]
) -> None:
    pebbles = plugin_on_disk("pebbles")
    pebbles.models(MODELS)
    app = lms_app_factory(plugins=[pebbles.pair], discover=True)

    path = migrate.revision(app, "pebbles", "first pebbles")

    assert path is not None
    assert path.name == "0001_first_pebbles.py"
    code = path.read_text()
    assert code.count("create_table(") == code.count("drop_table(") == 1
    assert "lms" not in code
    assert not error_of(migrate.upgrade(app), "pebbles")
    assert migrate.differences(app, "pebbles") == []
    assert migrate.revision(app, "pebbles", "nothing new") is None
