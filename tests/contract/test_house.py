"""The rules that hold the house together, read from the code itself."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import ForeignKeyConstraint, Index, Table, UniqueConstraint
from sqlalchemy.orm import registry

from lms import migrate
from lms.db import Base

ROOT = Path(__file__).parents[2]
LONGEST = 400
LONGER = {
    "lms/api.py": "the door: one list of names, in one place to read",
    "lms/contracts.py": "all shapes that cross a hook, in one place to read",
}

COMMITS = {
    "lms/core/home/demo/": "loads the demo step by step",
    "lms/host/states.py": "states of plugins outlive the request's own transaction",
    "lms/jobs/running.py": "the lease of a job is not part of what the job does",
    "lms/journal/waking.py": "tells the workers of another process",
    "lms/migrate.py": "each step is a transaction of its own",
    "lms/testing/": "rows of a test come from outside the request",
    "lms/work.py": "the one place where requests commit",
}
"""Where a transaction may be committed, and why."""

RAW_SQL = {
    "lms/app.py": "asks the database whether it is there",
    "lms/cli/doctor.py": "asks the database how it is",
    "lms/db.py": "sets up connections",
    "lms/host/inspection.py": "takes a class that is not the core's off the core's tables",
    "lms/host/states.py": "one row per plugin, written beside the request",
    "lms/jobs/": "takes a lease in one statement",
    "lms/journal/": "one sealer, one waker",
    "lms/migrate.py": "reads version tables",
    "lms/migrations/": "history knows no models",
    "lms/plugin_tables.py": "keys from a plugin into the core",
    "lms/testing/": "makes and empties databases",
    "lms/web/limits.py": "counts in one statement",
    "lms/web/once.py": "one row per request, found by its key alone",
}
"""Where statements may be written without a model's `visible`, and why."""


def python_files() -> list[Path]:
    return sorted(
        path
        for folder in ("lms", "plugins")
        for path in (ROOT / folder).rglob("*.py")
        if "/tests/" not in path.as_posix() and "/versions/" not in path.as_posix()
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_named(path: Path, named: dict[str, str]) -> bool:
    """Is the file, or a folder it lies in, among the named ones?"""
    name = name_of(path)
    return any(name == one or (one.endswith("/") and name.startswith(one)) for one in named)


def calls_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every call in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def imported_from(path: Path, module: str) -> set[str]:
    return {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(module)
        for alias in node.names
    }


once = pytest.mark.once


@once
def test_no_file_is_longer_than_four_hundred_lines() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py", "*.html", "*.js", "*.css", "*.sh"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    too_long = {
        name: lines
        for name in tracked
        if (ROOT / name).exists() and "/versions/" not in name and "tests/" not in name
        if name not in LONGER and not name.endswith(("icons.html", ".css"))
        if (lines := len((ROOT / name).read_text().splitlines())) > LONGEST
    }
    assert not too_long


@once
def test_there_is_one_clock() -> None:
    reads = re.compile(r"^(datetime\.)?(datetime|date)\.(now|utcnow|today)$|^time\.time$")
    found = [
        f"{name_of(path)}:{line} {call}"
        for path in python_files()
        if name_of(path) != "lms/db.py"
        for line, call in calls_of(path)
        if reads.match(call)
    ]
    assert not found


@once
def test_services_flush_and_only_named_files_commit() -> None:
    found = [
        f"{name_of(path)}:{line} {call}"
        for path in python_files()
        if not is_named(path, COMMITS)
        for line, call in calls_of(path)
        if call.endswith(".commit")
    ]
    assert not found


@once
def test_only_named_files_write_sql_by_hand() -> None:
    found = []
    for path in python_files():
        if is_named(path, RAW_SQL):
            continue
        # The conditions of partial indexes are text, and models hold nothing else of the kind.
        names = imported_from(path, "sqlalchemy") & {"Table", "text", "literal_column", "table"}
        if "models" in (path.stem, path.parent.name):
            names -= {"text"}
        found += [f"{name_of(path)} imports {name}" for name in sorted(names)]
        found += [
            f"{name_of(path)}:{line} {call}"
            for line, call in calls_of(path)
            if call.endswith(("exec_driver_sql", "sa.text"))
        ]
        if re.search(r"__table__", path.read_text()):
            found.append(f"{name_of(path)} uses __table__")
    assert not found


@once
@pytest.mark.parametrize("named", [COMMITS, RAW_SQL], ids=["commits", "raw sql"])
def test_the_named_files_exist(named: dict[str, str]) -> None:
    assert not [name for name in named if not (ROOT / name).exists()]


@once
def test_nothing_names_a_machine_or_a_place_outside() -> None:
    """Addresses lead to documentation, examples, licences or this machine itself."""
    may_be_named = re.compile(
        r"^(localhost|127\.0\.0\.1|\[::1\]|host|(.+\.)?example(\.(com|org|net))?"
        r"|www\.w3\.org|github\.com|(.+\.)?github\.io|scripts\.sil\.org|openfontlicense\.org"
        r"|docs\.python\.org|keepachangelog\.com|semver\.org|lucide\.dev)$"
    )
    files = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    found = []
    for name in files:
        path = ROOT / name
        if not path.is_file() or path.suffix in {".woff2", ".png", ".pdf", ".jpg"}:
            continue
        text = path.read_text(errors="replace")
        found += [
            f"{name}: {host}"
            for host in set(re.findall(r"https?://([A-Za-z0-9][\w.-]*)", text))
            if not may_be_named.match(host)
        ]
        if name != name_of(Path(__file__)):
            found += [
                f"{name}: {at}"
                for at in set(re.findall(r"(?<![\w.])/(?:work|root|home)/\w+", text))
            ]
    assert not found


# --- tables -------------------------------------------------------------------------------------


def first_columns(table: Table) -> set[str]:
    """Columns by which rows can be found without reading the whole table."""
    sets = [index.columns for index in table.indexes if isinstance(index, Index)]
    sets += [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    sets.append(table.primary_key.columns)
    return {next(iter(columns)).name for columns in sets if len(columns)}


def own_tables(app: Flask, owner: str) -> list[Table]:
    one = migrate.owner_named(app, owner)
    tables = migrate.metadata_of(one).tables.values()
    return [table for table in tables if migrate.owns(one, table.name)]


def test_every_key_into_another_table_is_indexed(empty_house: Flask, owner: str) -> None:
    missing = [
        f"{table.name}.{key.parent.name}"
        for table in own_tables(empty_house, owner)
        for key in table.foreign_keys
        if key.parent.name not in first_columns(table)
    ]
    assert not missing


def test_every_key_says_what_happens_on_deletion(empty_house: Flask, owner: str) -> None:
    allowed = {"CASCADE", "SET NULL"} | ({"RESTRICT"} if owner == "core" else set())
    wrong = []
    for table in own_tables(empty_house, owner):
        for constraint in table.constraints:
            if not isinstance(constraint, ForeignKeyConstraint):
                continue
            inside = constraint.referred_table.name.startswith(f"{owner}_")
            if constraint.ondelete not in (allowed | {"RESTRICT"} if inside else allowed):
                wrong.append(f"{table.name}: {constraint.name} {constraint.ondelete}")
            if constraint.ondelete == "SET NULL" and not all(
                column.nullable for column in constraint.columns
            ):
                wrong.append(f"{table.name}: {constraint.name} cannot be set to null")
    assert not wrong


def test_relationships_are_loaded_on_purpose(lms_app_factory: Callable[..., Flask]) -> None:
    app = lms_app_factory(discover=True)
    with app.app_context():
        registries = {Base.registry} | {
            value.registry
            for owner in migrate.owners(app)
            if owner.name != "core"
            for value in vars(importlib.import_module(f"{owner.package}.models")).values()
            if isinstance(value, type) and isinstance(getattr(value, "registry", None), registry)
        }
    # Not all registries of the process: other tests make mappings that are wrong on purpose.
    for one in registries:
        one.configure()
    found = [
        f"{mapper.class_.__name__}.{relationship.key} is lazy={relationship.lazy!r}"
        for one in registries
        for mapper in one.mappers
        for relationship in mapper.relationships
        if relationship.lazy not in ("raise", "raise_on_sql", "write_only")
    ]
    assert not found
