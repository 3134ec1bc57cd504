"""Whoever keeps a rule about groups is asked before somebody comes into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from lms.contracts import SYSTEM, GroupMove, LocalisedText, Refusal
from lms.core.learning.queries.groups import names_by_enrolment
from lms.core.learning.services.groups import put_into_groups
from lms.core.refused import Refused
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import unit_of_work


class Stranger:
    """Somebody's plugin that closes groups."""

    def __init__(self) -> None:
        self.closed = False
        self.asked: list[Sequence[GroupMove]] = []

    @hookimpl
    def lms_check_groups(self, moves: Sequence[GroupMove]) -> Sequence[Refusal]:
        self.asked.append(tuple(moves))
        words = LocalisedText(da="Gruppen er lukket.", sv="Gruppen är stängd.", en="It is closed.")
        return [Refusal(code="closed", message=words, index=0)] if self.closed else []


@pytest.fixture
def stranger() -> Stranger:
    return Stranger()


@pytest.fixture
def lms_plugins(stranger: Stranger) -> Sequence[Any]:
    return [(SPECIMEN, Specimen()), ("stranger", stranger)]


def test_check_groups_is_asked_of_groups_that_are_there_and_refuses_all(
    lms_app: Any, stranger: Stranger, make_run: Any, make_enrolment: Any
) -> None:
    run = make_run(state="running")
    one, two = (make_enrolment(run=run, state="active") for _ in range(2))

    def put(**wanted: str) -> int:
        seats = {"one": one.id, "two": two.id}
        with lms_app.test_request_context(), unit_of_work():
            return put_into_groups(run.id, {seats[n]: name for n, name in wanted.items()}, SYSTEM)

    assert put(one="A") == 1
    assert stranger.asked == []  # a new group is nobody's yet
    stranger.closed = True
    with pytest.raises(Refused):
        put(two="a", one="")
    ((move,),) = stranger.asked
    assert (move.run_id, move.enrolment_id) == (run.id, two.id)
    with lms_app.app_context():
        assert names_by_enrolment(run.id) == {one.id: "A"}
    assert put(one="") == 1  # who leaves is not held back
