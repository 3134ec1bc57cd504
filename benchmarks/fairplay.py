"""How long an information pack takes.

`python -m benchmarks.fairplay [--database URL] [--lines 2000] [--materials 300]` fills an empty
database (SQLite in a folder of its own unless an address is given) with contacts of one authority
with forty companies, a tenth of them confidential, and papers that were shared; then it makes the
pack as the worker does and prints seconds of the clock on the wall. Goal: at most 5 s.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from lms.app import create_app
from lms.contracts import SYSTEM, LocalisedText
from lms.db import db, new_key, now
from lms.files import store
from lms.files.models import Document
from lms.jobs import drain
from lms.migrate import upgrade
from lms.testing import TEST_CONFIG
from lms.testing.rows import Maker
from lms.work import unit_of_work
from lms_fairplay.days import today
from lms_fairplay.kinds import KINDS
from lms_fairplay.models import ContactLine
from lms_fairplay.queries.packs import packs_of
from lms_fairplay.queries.tenders import tender_by_key
from lms_fairplay.services.packs import ask_for_pack
from lms_fairplay.services.tenders import TenderValues, register

GOAL = 5.0
COMPANIES = 40
RUNS = 40
MOST_PAPERS = 4
PAPER_BYTES = 60_000


@dataclass(frozen=True)
class Figure:
    """What was measured: seconds of the clock on the wall, and of the processor for this process,
    which a busy machine does not lengthen as much; `goal` is None where there is none."""

    what: str
    seconds: float
    processor: float
    goal: float | None = None


class Watch:
    """Both clocks, from now on."""

    def __init__(self) -> None:
        self.begun = (time.perf_counter(), time.process_time())

    def read(self) -> tuple[float, float]:
        """Seconds on the wall and of the processor."""
        return time.perf_counter() - self.begun[0], time.process_time() - self.begun[1]


@contextmanager
def site(address: str) -> Iterator[Flask]:
    """An application with an empty, migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        config: dict[str, Any] = dict(TEST_CONFIG) | {
            "DATABASE_URL": address or f"sqlite:///{folder}/fairplay.sqlite",
            "DATA_DIR": Path(folder),
        }
        app = create_app(config)
        upgrade(app)
        yield app


def fill(app: Flask, lines: int, materials: int) -> int:
    """The contacts and the papers; returns the authority's id."""
    chance, maker = random.Random(7), Maker(app)
    authority = maker.organisation(name="Prøvelev Kommune")
    companies = [
        maker.organisation(name=f"Opdigtet Lift {number} ApS", kind="company").id
        for number in range(COMPANIES)
    ]
    runs = [maker.run(hosts=[authority], sessions=1).id for _ in range(RUNS)]
    with app.app_context(), unit_of_work():
        ids = [
            store(
                chance.randbytes(PAPER_BYTES),
                media_type="application/pdf",
                file_name=f"papir-{number}.pdf",
                title=f"Papir {number} om løft og forflytning",
                language="da",
                subject=("benchmark", 1),
                actor=SYSTEM,
            )
            for number in range(materials)
        ]
        papers = list(db.session.scalars(select(Document.key).where(Document.id.in_(ids))))
        about = (authority.id, companies, runs, papers)
        db.session.execute(
            insert(ContactLine),
            [_line(number, chance, *about) for number in range(lines)],
        )
    return authority.id


def _line(
    number: int,
    chance: random.Random,
    authority_id: int,
    companies: Sequence[int],
    runs: Sequence[int],
    papers: Sequence[str],
) -> dict[str, Any]:
    words = (
        f"Nummer {number}: virksomheden viste sin loftlift for deltagerne, svarede på spørgsmål om "
        "vægt, skinner og rengøring, og fik kommunens notat om badeværelser."
    )
    # Every paper is shared once, so that all of them lie in the pack.
    shared = [papers[number]] if number < len(papers) else []
    secret = not shared and chance.random() < 0.1
    more = chance.sample(papers, min(len(papers), chance.randrange(MOST_PAPERS)))
    moment = now()
    return {
        "key": new_key(),
        "authority_id": authority_id,
        "company_id": chance.choice(companies),
        "kind": "share" if shared else chance.choice(list(KINDS)),
        "category": "moving",
        "at": moment - timedelta(hours=number),
        "what": LocalisedText(da=words, sv=words, en=words),
        "documents": shared + ([] if secret else more),
        "confidential": secret,
        "private": secret,
        "people": {"participant": chance.randrange(4, 20), "manager": chance.randrange(4)},
        "run_id": chance.choice(runs),
        "subject_kind": "benchmark",
        "subject_id": number,
        "written_at": moment,
    }


def figures(address: str, lines: int, materials: int) -> Sequence[Figure]:
    """Fill an empty database (none given: SQLite), register a tender and make its pack twice: a
    worker's first one imports what draws it."""
    with site(address) as app:
        authority_id = fill(app, lines, materials)
        values = TenderValues(title="Loftlifte", expected_on=today(), category="moving")
        with app.app_context():
            watch = Watch()
            with unit_of_work():
                key = register(authority_id, values, SYSTEM)
            what = f"a tender is registered over {lines} contacts"
            found = [Figure(what, *watch.read())]
            tender = tender_by_key(key, SYSTEM)
            assert tender is not None
            for which in ("a worker's first pack", "a pack"):
                with unit_of_work():
                    ask_for_pack(tender.id, SYSTEM)
                watch = Watch()
                drain()
                took = watch.read()
                pack = packs_of(tender.id)[0]
                if (pack.lines, pack.materials) != (lines, materials):
                    raise RuntimeError(f"{pack.lines} lines and {pack.materials} papers are in it")
                found.append(Figure(which, *took, GOAL))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure making an information pack.")
    parser.add_argument("--database", default="", help="address of an empty database")
    parser.add_argument("--lines", type=int, default=2_000)
    parser.add_argument("--materials", type=int, default=300)
    given = parser.parse_args()
    begun = os.getloadavg()[0]
    found = figures(given.database, given.lines, given.materials)
    print(f"{given.lines} lines, {given.materials} materials of {PAPER_BYTES // 1000} kB")
    print(f"load {begun:.1f} before, {os.getloadavg()[0]:.1f} after")
    for figure in found:
        verdict = ""
        if figure.goal is not None:
            verdict = "met" if figure.seconds <= figure.goal else "missed"
            verdict = f" (goal {figure.goal:g} s, {verdict})"
        print(f"{figure.what}: {figure.seconds:.2f} s, CPU {figure.processor:.2f} s{verdict}")


if __name__ == "__main__":
    main()
