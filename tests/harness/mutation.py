"""Small faults put into the enrolment services, one at a time: does a test notice each?

    python -m tests.harness.mutation lms/core/enrolment/services --sample 60
    python -m tests.harness.mutation lms/core/enrolment/services/seats.py

Everything is imported once; every mutant is a fork in which one function has other code, so no
file is touched and whatever has imported the function has the fault as well. Functions of modules
only: what stands in classes is left alone. A mutant that runs longer than its time counts as
noticed.
"""

from __future__ import annotations

import argparse
import ast
import atexit
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType, NoneType

from lms.testing.databases import INHERITED, SQLiteDatabases, chosen_kind

ROOT = Path(__file__).resolve().parents[2]
ROOM = "tests/core/enrolment"
SECONDS = 240

TESTS = {
    "seats": ("test_seats", "test_lots", "test_pairs"),
    "asking": (
        "test_collecting",
        "test_terms",
        "test_pairs",
        "test_approvals",
        "test_lots",
        "test_states",
    ),
    "approving": ("test_approvals", "test_pairs"),
    "reminding": ("test_approvals",),
    "leaving": ("test_leaving", "test_seats", "test_pairs", "test_approvals"),
    "runs": (
        "test_collecting",
        "test_merging",
        "test_lots",
        "test_seats",
        "test_states",
        "test_pairs",
    ),
    "merging": ("test_merging", "test_collecting"),
    "moving": ("test_states",),
    "terms": ("test_terms", "test_stand_ins", "test_seats", "test_lots", "test_approvals"),
    "reasons": ("test_terms", "test_leaving", "test_states", "test_asking"),
    "nominating": ("test_nominating",),
    "filling": ("test_ways_in",),
    "importing": ("test_importing",),
}
"""Which tests are to notice a fault in which module of the services."""

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
ASKED = {"is_": "is_not", "is_not": "is_", "in_": "not_in", "not_in": "in_"}


@dataclass(frozen=True)
class Mutant:
    """One function with one fault."""

    path: Path
    function: str
    line: int
    what: str
    code: CodeType

    @property
    def module(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.function}: {self.what}"


def mutants(path: Path) -> Iterator[Mutant]:
    """Every fault that can be put into the functions of a file, in the order of its lines."""
    tree = ast.parse(path.read_text())
    for index, function in enumerate(tree.body):
        if not isinstance(function, ast.FunctionDef):
            continue
        for number, node in enumerate(_inside(function)):
            for what, _change in _faults(node):
                changed = deepcopy(tree)
                twin = list(_inside(changed.body[index]))[number]
                next(change for name, change in _faults(twin) if name == what)()
                code = compile(ast.fix_missing_locations(changed), str(path), "exec")
                new = next(
                    const
                    for const in code.co_consts
                    if isinstance(const, CodeType) and const.co_name == function.name
                )
                yield Mutant(path, function.name, getattr(node, "lineno", 0), what, new)


def _inside(function: ast.stmt) -> Iterator[ast.AST]:
    """What is in the body; annotations are no code."""
    for statement in getattr(function, "body", ()):
        yield from ast.walk(statement)


def _faults(node: ast.AST) -> Iterator[tuple[str, Callable[[], object]]]:
    """What may be done to a node: in words, and the deed."""
    if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp | ast.UnaryOp):
        yield from _of_operators(node)
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int):
        old = int(repr(node.value)) if type(node.value) is int else int(node.value is True)
        value = (not old) if isinstance(node.value, bool) else old + 1
        yield f"{node.value!r} is {value}", lambda: setattr(node, "value", value)
    elif isinstance(node, ast.Attribute) and node.attr in ASKED:
        words = f"{ast.unparse(node)}: {ASKED[node.attr]}"
        yield words, lambda: setattr(node, "attr", ASKED[node.attr])
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield f"without {ast.unparse(node)[:70]}", lambda: setattr(node, "value", ast.Constant(0))
    elif isinstance(node, ast.Return) and not isinstance(node.value, ast.Constant | NoneType):
        nothing = ast.Constant(None)
        yield f"{ast.unparse(node)[:70]}: None", lambda: setattr(node, "value", nothing)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".with_for_update"):
        yield "without the lock", lambda: _unlock(node)


def _of_operators(
    node: ast.Compare | ast.BoolOp | ast.BinOp | ast.UnaryOp,
) -> Iterator[tuple[str, Callable[[], object]]]:
    words = ast.unparse(node)
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            new = COMPARED[type(op)]
            deed = partial(node.ops.__setitem__, place, new())
            yield f"{words}: {type(op).__name__} is {new.__name__}", deed
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{words}: {other.__name__}", lambda: setattr(node, "op", other())
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        counted = COUNTED[type(node.op)]
        yield f"{words}: {counted.__name__}", lambda: setattr(node, "op", counted())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"{words}: without not", lambda: _twice(node)


def _twice(node: ast.UnaryOp) -> None:
    """`not x` is `not not x`."""
    node.operand = ast.UnaryOp(ast.Not(), node.operand)


def _unlock(node: ast.Call) -> None:
    """`x.with_for_update(...)` is `x.limit(None)`: nothing."""
    node.func.attr = "limit"  # type: ignore[attr-defined]
    node.args, node.keywords = [ast.Constant(None)], []


def noticed(mutant: Mutant, tests: Sequence[str], *, seconds: float = SECONDS) -> bool:
    """Does one of these tests fail when the function has this fault?"""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _try(mutant, tests)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            if code in (0, 1):
                return code == 1
            raise RuntimeError(f"pytest ended with {code} on {mutant}")
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _try(mutant: Mutant, tests: Sequence[str]) -> None:
    code = 4
    try:
        import pytest

        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        function = getattr(importlib.import_module(mutant.module), mutant.function)
        while hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        function.__code__ = mutant.code
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        code = int(pytest.main([*options, *tests]))
    finally:
        os._exit(code)


def warm() -> None:
    """Have once what every fork needs: what is imported, and empty tables on SQLite."""
    os.chdir(ROOT)
    for name in ("pytest", "hypothesis", "lms.testing.rows", "lms.testing.specimen"):
        importlib.import_module(name)
    if chosen_kind() == "sqlite":
        from lms.testing.apps import Apps
        from lms.testing.shelf import shelf

        folder = Path(tempfile.mkdtemp(prefix="samspil-mutants-"))
        atexit.register(shutil.rmtree, folder)
        found = SQLiteDatabases(folder)
        with shelf(found, folder) as own:
            apps = Apps(found, own, folder)
            apps.make()
            apps.close()
        INHERITED.update(found.templates)


def tests_for(path: Path) -> list[str]:
    """The files with the tests of a module of the services."""
    names = TESTS.get(path.stem, ())
    files = [f"{ROOM}/{name}.py" for name in names]
    return [file for file in files if (ROOT / file).exists()]


def score(paths: Sequence[Path], *, sample: int | None = None, seed: int = 0) -> float:
    """Print who survives; the share of the mutants that were noticed."""
    warm()
    everyone = [one for path in paths for one in mutants(path) if tests_for(path)]
    if chosen_kind() == "sqlite":
        # One writer at a time: there a lock less changes nothing.
        everyone = [one for one in everyone if not one.what.startswith("without hold_run")]
    if sample is not None and sample < len(everyone):
        everyone = random.Random(seed).sample(everyone, sample)
    survivors = 0
    for number, mutant in enumerate(everyone, start=1):
        if not noticed(mutant, tests_for(mutant.path)):
            survivors += 1
            print(f"survives {number}/{len(everyone)}: {mutant}", flush=True)
    share = 1 - survivors / len(everyone)
    print(f"{len(everyone)} mutants, {survivors} survive: {share:.1%} noticed", flush=True)
    return share


def files(where: Path) -> list[Path]:
    """The modules to put faults into."""
    found = sorted(where.glob("*.py")) if where.is_dir() else [where]
    return [path for path in found if path.stem in TESTS]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 when fewer than `--least` percent are noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("where", type=Path, nargs="+")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--least", type=float, default=90)
    chosen = parser.parse_args(arguments)
    paths = [path for where in chosen.where for path in files(where.resolve())]
    share = score(paths, sample=chosen.sample, seed=chosen.seed)
    return int(100 * share < chosen.least)


if __name__ == "__main__":
    sys.exit(main())
