"""Faults that would sell a seat twice, lose one, or let somebody overtake: each with the test that
must notice it. `python -m tests.core.enrolment.deadly` tries those for the chosen database."""

from __future__ import annotations

import sys
from pathlib import Path

from lms.testing.databases import chosen_kind
from tests.harness.mutation import ROOM, ROOT, Mutant, mutants, noticed, warm

SEATS, SERVICES = "lms/core/catalogue/services/seats.py", "lms/core/enrolment/services"

DEADLY = {
    "sqlite": (
        (SEATS, "_taking", "Lt is LtE", "test_seats.py::test_a_full_run"),
        (SEATS, "change_capacity", "LtE is Lt", "test_seats.py::test_more_seats"),
        (f"{SERVICES}/seats.py", "_take_one", "GtE is Gt", "test_seats.py::test_an_employer"),
        (
            f"{SERVICES}/seats.py",
            "_nobody_before",
            "without not",
            "test_seats.py::test_an_employer",
        ),
        (f"{SERVICES}/seats.py", "take_for", "without give_back", "test_pairs.py::test_a_kept"),
        (f"{SERVICES}/leaving.py", "_leave", "without give_back", "test_seats.py::test_more"),
        (f"{SERVICES}/leaving.py", "_leave", "without offer_free", "test_seats.py::test_an_emp"),
        (f"{SERVICES}/moving.py", "move", "without insist", "test_states.py::test_every_move"),
    ),
    "postgresql": (
        (SEATS, "_held", "without the lock", "test_at_once.py::test_who_asks_while_lots"),
        (SEATS, "_held", "without the lock", "test_at_once.py::test_of_two_changes"),
    ),
}


def find(path: str, function: str, what: str) -> Mutant:
    """The first such fault of a function."""
    return next(
        one for one in mutants(ROOT / Path(path)) if one.function == function and what in one.what
    )


def main() -> int:
    """Try them; 1 when one was not noticed."""
    warm()
    missed = 0
    for path, function, what, test in DEADLY[chosen_kind()]:
        mutant = find(path, function, what)
        file, _, name = test.partition("::")
        if not noticed(mutant, [f"{ROOM}/{file}", "-k", name]):
            missed += 1
            sys.stdout.write(f"nobody notices {mutant}\n")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
