"""What would come of requests, one after the other, without asking for anything.

A forecast says what the verbs would do with a list if nothing else happened meanwhile. Carrying
the list out compares: a row that would come out otherwise is left out and said so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from lms.contracts import CourseType, RunFacts
from lms.core.enrolment.queries import ReservationFacts, TermsFacts

SEAT, QUEUE, ASK, COLLECTED, ERROR = "seat", "queue", "ask", "collected", "error"
OUTCOMES = (SEAT, QUEUE, ASK, COLLECTED, ERROR)

STATE_OUTCOMES = {
    "seated": SEAT,
    "waitlisted": QUEUE,
    "offered": QUEUE,
    "awaiting_approval": ASK,
    "requested": COLLECTED,
}
"""What the state a request ended in counts as."""


@dataclass(kw_only=True, slots=True)
class Forecast:
    """A run's seats and queue as they would be after the requests asked about so far.

    `kept` are seats kept for organisations, `seats` and `waiting` count enrolments by employer.
    """

    terms: TermsFacts
    collects: bool
    free: int
    kept: Counter[int] = field(default_factory=Counter)
    seats: Counter[int | None] = field(default_factory=Counter)
    waiting: Counter[int | None] = field(default_factory=Counter)

    @classmethod
    def of(
        cls,
        run: RunFacts,
        course_type: CourseType,
        terms: TermsFacts,
        reservations: list[ReservationFacts],
        *,
        seats: Counter[int | None],
        waiting: Counter[int | None],
    ) -> Forecast:
        """The run as it stands now."""
        return cls(
            terms=terms,
            collects=course_type.collects_requests,
            free=run.free,
            kept=Counter({kept.organisation_id: kept.left for kept in reservations}),
            seats=seats,
            waiting=waiting,
        )

    def ask(self, employer_id: int | None) -> str:
        """What the next request would come to; it is counted from then on."""
        if self.collects:
            return COLLECTED
        if self.terms.approvers:
            return ASK
        if not self.terms.waits_for_draw and self._gets_seat(employer_id):
            self.seats[employer_id] += 1
            return SEAT
        self.waiting[employer_id] += 1
        return QUEUE

    def _gets_seat(self, employer_id: int | None) -> bool:
        most = self.terms.per_employer
        if most is not None and employer_id is not None and self.seats[employer_id] >= most:
            return False
        own = self.kept[employer_id] if employer_id is not None else 0
        # Whoever waits is asked first, but for seats kept for a workplace none of whom waits.
        if self.waiting.total() and not (own and not self.waiting[employer_id]):
            return False
        if own and employer_id is not None:
            self.kept[employer_id] -= 1
            return True
        if self.free > 0:
            self.free -= 1
            return True
        return False
