"""How long it takes to find similar problems, to weigh them and to gather them.

`python -m benchmarks.challenges [--database URL] [--problems 20000] [--asked 300]` fills an empty
database (SQLite in a folder of its own unless an address is given) with invented problems in both
languages and prints milliseconds of the clock on the wall, the database's work included. Goal:
similar problems within 150 ms at the 95th percentile.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update

from lms.app import create_app
from lms.contracts import SYSTEM, Actor
from lms.core.users.queries import actor_for_person
from lms.db import db, new_key, now
from lms.migrate import upgrade
from lms.testing import TEST_CONFIG
from lms.testing.rows import Maker
from lms.work import unit_of_work
from lms_challenges.models import Problem, Voice, Word
from lms_challenges.queries.heat import HeatFilter, heat_list
from lms_challenges.queries.similar import similar_to
from lms_challenges.scales import FREQUENCIES
from lms_challenges.services.heat import count_anew
from lms_challenges.services.merging import merge, unmerge
from lms_challenges.similar import weighed
from lms_challenges.wordlists import PAIRS, STOP

GOAL = 0.150
PLACES = ("home_care", "nursing_home", "rehabilitation", "ward", "home_nursing")
COMMON = 0.35
"""The share of small words in a text."""
MADE_UP = 6_000
"""Words beside those of the field: names of things that only some tell of."""
ENDINGS = {"da": ("", "en", "er", "erne"), "sv": ("", "en", "ar", "arna")}
PORTION = 1_000


@dataclass(frozen=True)
class Figure:
    """What was measured, in milliseconds; `goal` is None where there is none."""

    what: str
    p50: float
    p95: float
    goal: float | None = None


class Teller:
    """Invented problems: words of the field and made-up ones, few of them often, most seldom."""

    def __init__(self, seed: int = 5) -> None:
        self.chance = random.Random(seed)
        syllables = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "å")]
        made_up = ["".join(self.chance.choices(syllables, k=3)) for _ in range(MADE_UP)]
        self.words: dict[str, list[str]] = {}
        for place, language in enumerate(("da", "sv")):
            field = [word for pair in PAIRS for word in pair[place]]
            self.chance.shuffle(field)
            self.words[language] = field + made_up
        self.rarity = {
            language: list(accumulate(1 / (rank + 12) for rank in range(len(words))))
            for language, words in self.words.items()
        }
        self.small = {code: sorted(STOP[code]) for code in ("da", "sv")}

    def text(self, language: str, words: int) -> str:
        """A text of so many words."""
        told = self.chance.choices(self.words[language], cum_weights=self.rarity[language], k=words)
        return " ".join(
            self.chance.choice(self.small[language])
            if self.chance.random() < COMMON
            else word + self.chance.choice(ENDINGS[language])
            for word in told
        )


@contextmanager
def site(address: str) -> Iterator[Flask]:
    """An application with an empty, migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        config: dict[str, Any] = dict(TEST_CONFIG) | {
            "DATABASE_URL": address or f"sqlite:///{folder}/challenges.sqlite",
            "DATA_DIR": Path(folder),
        }
        app = create_app(config)
        upgrade(app)
        yield app


def fill(app: Flask, problems: int, teller: Teller) -> int:
    """Problems told in ten municipalities of both countries, three in four looked through, one in
    six gathered with another; returns the id of a care worker who reads."""
    maker = Maker(app)
    places = []
    for number in range(10):
        organisation = maker.organisation(
            name=f"Kommune {number}", kind="municipality", country="DK" if number < 6 else "SE"
        )
        places += [(organisation.id, maker.unit(organisation=organisation).id) for _ in range(5)]
    reader = maker.person(name="Bente Læser")
    maker.assignment(person=reader, organisation=maker.organisation(kind="municipality"))
    maker.access_role(person=reader, role="learner")
    with app.app_context():
        for begin in range(0, problems, PORTION):
            with unit_of_work():
                _portion(min(PORTION, problems - begin), teller, places)
        with unit_of_work():
            _gather(teller.chance)
        roots = db.session.scalars(select(Problem.id).where(Problem.merged_into_id.is_(None)))
        for part in _parts(list(roots)):
            with unit_of_work():
                count_anew(part)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect() as connection:
                # What autovacuum would do by itself within a minute of so many changes.
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                    "ANALYZE"
                )
    return reader.id


def _portion(number: int, teller: Teller, places: Sequence[tuple[int, int]]) -> None:
    chance, moment = teller.chance, now()
    told = []
    for _ in range(number):
        organisation_id, unit_id = chance.choice(places)
        language = "sv" if chance.random() < 0.4 else "da"
        told.append(
            {
                "key": new_key(),
                "title": teller.text(language, 6)[:160],
                "what": teller.text(language, 28),
                "language": language,
                "place_kind": chance.choice(PLACES),
                "affected": ["staff"],
                "consequences": ["time"],
                "organisation_id": organisation_id,
                "unit_id": unit_id,
                "search_text": "",
                "created_at": moment - timedelta(minutes=chance.randrange(500_000)),
                "answer_due": moment + timedelta(days=14),
                "checked_at": moment if chance.random() < 0.75 else None,
            }
        )
    ids = db.session.scalars(
        insert(Problem).returning(Problem.id, sort_by_parameter_order=True), told
    ).all()
    db.session.execute(update(Problem).where(Problem.id.in_(ids)).values(root_id=Problem.id))
    words = [
        {"stem": stem, "problem_id": problem_id, "weight": weight}
        for problem_id, row in zip(ids, told, strict=True)
        for stem, weight in weighed(
            str(row["title"]), str(row["what"]), str(row["language"])
        ).items()
    ]
    db.session.execute(insert(Word), words)
    voices = []
    for problem_id in ids:
        for organisation_id, unit_id in chance.sample(places, chance.choice((1, 1, 1, 2, 4))):
            voices.append(
                {
                    "key": new_key(),
                    "problem_id": problem_id,
                    "organisation_id": organisation_id,
                    "unit_id": unit_id,
                    "place_kind": chance.choice(PLACES),
                    "frequency": chance.choice(list(FREQUENCIES)),
                    "severity": chance.randint(1, 4),
                    "created_at": moment,
                }
            )
    db.session.execute(insert(Voice), voices)


def _gather(chance: random.Random) -> None:
    ids = list(db.session.scalars(select(Problem.id).order_by(Problem.id)))
    joined = set(chance.sample(ids, len(ids) // 6))
    roots = [key for key in ids if key not in joined]
    pairs = [(key, chance.choice(roots)) for key in sorted(joined)]
    db.session.execute(
        update(Problem),
        [
            {"id": key, "merged_into_id": root, "root_id": root, "state": "clustered"}
            for key, root in pairs
        ],
    )


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(ids), PORTION):
        yield ids[begin : begin + PORTION]


def measure(app: Flask, reader_id: int, asked: int, teller: Teller) -> Iterator[Figure]:
    """Similar problems as they are asked for while somebody writes, the heat list, merging."""
    with app.app_context():
        reader = actor_for_person(reader_id)
        for words, what in ((6, "similar, a title"), (40, "similar, a whole text")):
            texts = [teller.text(teller.chance.choice(("da", "sv")), words) for _ in range(asked)]
            yield _figure(what, [_similar(text, reader) for text in texts], GOAL)
        for what, filter_ in (
            ("heat list", HeatFilter()),
            ("heat list, one country and kind", HeatFilter(place_kind="ward", country="SE")),
            ("heat list, a common theme", HeatFilter(theme=teller.words["da"][0])),
            ("heat list, a rare theme", HeatFilter(theme=teller.words["da"][-1])),
        ):
            yield _figure(what, [_heat(filter_, reader) for _ in range(max(asked // 10, 3))])
        yield _merging(max(asked // 10, 3))


def _similar(text: str, reader: Actor) -> Callable[[], object]:
    return lambda: _asked(lambda: similar_to(text, reader, "da"))


def _heat(filter_: HeatFilter, reader: Actor) -> Callable[[], object]:
    return lambda: _asked(lambda: heat_list(reader, filter_, language="da"))


def _asked(ask: Callable[[], object]) -> None:
    """Ask, and end the transaction, as a request does."""
    ask()
    db.session.rollback()


def _merging(number: int) -> Figure:
    alone = list(
        db.session.scalars(
            select(Problem.id)
            .where(Problem.state == "received")
            .order_by(Problem.heat.desc())
            .limit(2 * number)
        )
    )

    def both(problem_id: int, into_id: int) -> None:
        with unit_of_work():
            merge(problem_id, into_id, SYSTEM, "the same")
        with unit_of_work():
            unmerge(problem_id, SYSTEM, "not the same")

    pairs = zip(alone[::2], alone[1::2], strict=True)
    return _figure(
        "gathered and taken apart, two commits",
        [lambda one=one, other=other: both(one, other) for one, other in pairs],  # type: ignore[misc]
    )


def _figure(what: str, acts: Sequence[Callable[[], object]], goal: float | None = None) -> Figure:
    acts[0]()
    seconds = []
    for act in acts:
        begun = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begun)
    return Figure(
        what,
        statistics.median(seconds) * 1000,
        statistics.quantiles(seconds, n=20)[-1] * 1000,
        None if goal is None else goal * 1000,
    )


def figures(address: str, problems: int, asked: int) -> Sequence[Figure]:
    """Fill an empty database (none given: SQLite) and measure it."""
    teller = Teller()
    with site(address) as app:
        reader_id = fill(app, problems, teller)
        return list(measure(app, reader_id, asked, teller))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure similar problems and the heat list.")
    parser.add_argument("--database", default="", help="address of an empty database")
    parser.add_argument("--problems", type=int, default=20_000)
    parser.add_argument("--asked", type=int, default=300, help="how many times each is asked for")
    given = parser.parse_args()
    begun = os.getloadavg()[0]
    found = figures(given.database, given.problems, given.asked)
    print(f"{given.problems} problems; load {begun:.1f} before, {os.getloadavg()[0]:.1f} after")
    for figure in found:
        verdict = ""
        if figure.goal is not None:
            verdict = "met" if figure.p95 <= figure.goal else "missed"
            verdict = f" (goal {figure.goal:.0f} ms, {verdict})"
        print(f"{figure.what}: p50 {figure.p50:.1f} ms, p95 {figure.p95:.1f} ms{verdict}")


if __name__ == "__main__":
    main()
