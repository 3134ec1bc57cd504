"""Measure this machine and write the figures down: `python benchmarks/run.py --write FILE`.

Figures say what was measured where; they are no promise. Without `--write` they are printed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from benchmarks import fairplay
from benchmarks.challenges import figures
from lms.cli.bench import demo_app, measure
from lms.cli.start_cost import RUNS, start_cost
from lms.db import now
from tests.harness.postgres import database, server

GOAL_TIMES_EMPTY = 2.0


def _machine() -> str:
    model = platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        names = [line for line in cpu.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{model}, {os.cpu_count()} cores"


def problem_lines(problems: int, asked: int = 300) -> Iterator[str]:
    """Similar problems, the heat list and gathering, on both databases."""
    yield ""
    yield "## Problems"
    yield ""
    yield (
        f"{problems} invented problems in Danish and Swedish, each question asked {asked} times or "
        "a tenth of it; milliseconds of the clock, the database's work included."
    )
    yield ""
    yield "| what | database | p50 ms | p95 ms | goal for p95 |"
    yield "| --- | --- | ---: | ---: | --- |"
    with server() as here, database(here) as address:
        for name, url in (("SQLite", ""), ("PostgreSQL", address)):
            for found in figures(url, problems, asked):
                goal = ""
                if found.goal is not None:
                    verdict = "met" if found.p95 <= found.goal else "missed"
                    goal = f"{found.goal:.0f} ms, {verdict}"
                yield f"| {found.what} | {name} | {found.p50:.1f} | {found.p95:.1f} | {goal} |"


def pack_lines(contacts: int, materials: int = 300) -> Iterator[str]:
    """An information pack, on both databases."""
    yield ""
    yield "## Information packs"
    yield ""
    yield (
        f"{contacts} contacts of one authority with {fairplay.COMPANIES} companies and {materials} "
        f"materials of {fairplay.PAPER_BYTES // 1000} kB, made as the worker does; seconds of the "
        "clock on the wall, and of the processor without the database's."
    )
    yield ""
    yield "| what | database | s | CPU s | goal |"
    yield "| --- | --- | ---: | ---: | --- |"
    with server() as here, database(here) as address:
        for name, url in (("SQLite", ""), ("PostgreSQL", address)):
            for found in fairplay.figures(url, contacts, materials):
                goal = ""
                if found.goal is not None:
                    verdict = "met" if found.seconds <= found.goal else "missed"
                    goal = f"{found.goal:g} s, {verdict}"
                took = f"{found.seconds:.2f} | {found.processor:.2f}"
                yield f"| {found.what} | {name} | {took} | {goal} |"


def lines(seconds: float, problems: int, contacts: int) -> Iterator[str]:
    """The document, line by line. `problems` is how many are searched, `contacts` how many are in
    a pack; 0 leaves them out."""
    load = os.getloadavg()[0]
    yield "# Figures"
    yield ""
    yield "Written by `make prove` (`python benchmarks/run.py --write docs/figures.md`)."
    yield "They say what one machine did on one day; compare them with each other, not with others."
    yield ""
    yield "| what | value |"
    yield "| --- | --- |"
    yield f"| date | {now():%Y-%m-%d %H:%M} UTC |"
    yield f"| machine | {_machine()}, load {load:.1f} when it began |"
    yield f"| system | {platform.system()} {platform.release()} |"
    yield f"| Python | {platform.python_version()} |"
    yield f"| database | SQLite {sqlite3.sqlite_version}, the demo |"
    yield "| method | one process, the app called in it without a network or server |"
    yield f"| time for each page | {seconds:g} s |"
    yield ""
    yield "## Pages"
    yield ""
    yield "| page | reader | requests/s | p50 ms | p95 ms | queries | bytes | gzip |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    with demo_app() as app:
        for page in measure(app, seconds):
            yield (
                f"| {page.name} | {page.reader.replace('_', ' ')} | {page.per_second:.0f} "
                f"| {page.p50:.1f} | {page.p95:.1f} | {page.queries} | {page.raw} | {page.packed} |"
            )
    cost = start_cost()
    verdict = "met" if cost.over_empty <= GOAL_TIMES_EMPTY else "missed"
    yield ""
    yield "## A start"
    yield ""
    yield f"CPU seconds of a fresh Python, the least of {RUNS} runs each."
    yield ""
    yield "| what | seconds |"
    yield "| --- | ---: |"
    yield f"| import flask, sqlalchemy.orm and pluggy | {cost.libraries:.2f} |"
    yield f"| an empty app with as many tables, shapes and routes | {cost.empty:.2f} |"
    yield f"| import lms.app and create_app() | {cost.app:.2f} |"
    yield f"| times the libraries | {cost.ratio:.2f} |"
    yield (
        f"| times the empty app (goal: at most {GOAL_TIMES_EMPTY}, {verdict}) "
        f"| {cost.over_empty:.2f} |"
    )
    if problems:
        yield from problem_lines(problems)
    if contacts:
        yield from pack_lines(contacts)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure pages and the cost of a start.")
    parser.add_argument("--write", type=Path, help="the file to write; without it, print")
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="how long each page is asked for"
    )
    parser.add_argument(
        "--problems", type=int, default=20_000, help="how many problems are searched; 0 for none"
    )
    parser.add_argument(
        "--contacts", type=int, default=2_000, help="how many are in a pack; 0 for none"
    )
    given = parser.parse_args()
    text = "\n".join(lines(given.seconds, given.problems, given.contacts)) + "\n"
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
