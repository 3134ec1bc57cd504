"""How one gets a seat in a run: the terms, reservations and invitations, as facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from lms.contracts import LocalisedText, Question
from lms.core.catalogue.models import Run
from lms.core.enrolment.models import EntryRule, Invitation, Reservation, Terms
from lms.core.organisations.models import Organisation
from lms.core.users.models import AccessRole
from lms.core.users.queries import digest
from lms.db import db, execute, now
from lms.host import current_host

FIRST_COME = "first_come"
SHARES = "shares"
LOTTERY = "lottery"
CORE_WAITING_RULES = (FIRST_COME, SHARES, LOTTERY)
WAYS = ("open", "link", "key", "rule", "nomination")
APPROVERS = ("line_manager", "cost_centre", "programme_lead")
OFFER_HOURS = 72


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsFacts:
    """The terms of a run: those written down, else those that follow from its course type.

    `draw_seed` is None until the draw has been held. `questions` are the run's own.
    """

    run_id: int
    ways: tuple[str, ...]
    approval: str
    approvers: tuple[str, ...]
    entry_key: str | None = None
    questions: tuple[Question, ...] = ()
    minimum: int = 0
    decide_by: datetime | None = None
    minimum_decision: str | None = None
    per_employer: int | None = None
    in_pairs: bool = False
    waiting_rule: str = FIRST_COME
    draw_digest: str | None = None
    draw_seed: str | None = None
    draw_at: datetime | None = None
    drawn_at: datetime | None = None
    offer_hours: int = OFFER_HOURS
    after_no: str = "leave"
    withdraw_until: datetime | None = None

    @property
    def waits_for_draw(self) -> bool:
        """Nobody gets a seat before lots are drawn."""
        return self.waiting_rule == LOTTERY and self.drawn_at is None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReservationFacts:
    """Seats kept for an organisation in a run."""

    id: int
    key: str
    run_id: int
    organisation_id: int
    organisation: str
    seats: int
    used: int
    release_at: datetime | None
    released_at: datetime | None

    @property
    def left(self) -> int:
        """Seats still kept that nobody has taken."""
        return 0 if self.released_at is not None else self.seats - self.used


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationFacts:
    """A link that lets people ask for a seat. The link itself nobody can read again."""

    id: int
    key: str
    run_id: int
    label: str
    created_at: datetime
    expires_at: datetime
    uses_left: int | None
    revoked_at: datetime | None


_WRITTEN = [name for name in TermsFacts.__dataclass_fields__ if name != "run_id"]


@cache
def _terms_by_run() -> Select[*tuple[Any, ...]]:
    columns = [getattr(Terms, name) for name in _WRITTEN]
    return (
        select(Run.id, Run.course_type, Run.visibility, Terms.run_id, *columns)
        .outerjoin(Terms, Terms.run_id == Run.id)
        .where(Run.id.in_(bindparam("runs", expanding=True)))
    )


def terms_of(run_ids: Sequence[int]) -> Mapping[int, TermsFacts]:
    """The terms of these runs, in one query."""
    rows = execute(_terms_by_run(), {"runs": list(run_ids)})
    return {
        row.id: default_terms(row.id, row.course_type, row.visibility)
        if row.run_id is None
        else _facts(row)
        for row in rows
    }


def default_terms(run_id: int, course_type: str, visibility: str) -> TermsFacts:
    """What holds where nothing is written: the course type says whether a manager decides and how
    many it takes at least."""
    owned = current_host().course_types().get(course_type)
    manager_decides = owned is None or owned.item.manager_decides
    ways = ("link", "nomination") if visibility == "invited" else ("open", "nomination")
    return TermsFacts(
        run_id=run_id,
        ways=(owned.item.ways if owned is not None else ()) or ways,
        approval="in_order",
        approvers=("line_manager",) if manager_decides else (),
        minimum=owned.item.minimum if owned is not None else 0,
    )


def _facts(row: Any) -> TermsFacts:
    values: dict[str, Any] = row._asdict()
    del values["id"], values["course_type"], values["visibility"]
    values["ways"] = tuple(row.ways)
    values["approvers"] = tuple(row.approvers)
    values["questions"] = tuple(question_from(question) for question in row.questions)
    if row.drawn_at is None:
        values["draw_seed"] = None
    return TermsFacts(**values)


def question_from(value: Mapping[str, Any]) -> Question:
    """A stored question as facts; the inverse of `question_as_json`."""
    return Question(
        key=value["key"],
        kind=value["kind"],
        label=LocalisedText.from_dict(value["label"]),
        hint=LocalisedText.from_dict(value["hint"]),
        choices=tuple((key, LocalisedText.from_dict(words)) for key, words in value["choices"]),
        required=value["required"],
    )


def question_as_json(question: Question) -> dict[str, Any]:
    """A question as it is stored with the terms."""
    return {
        "key": question.key,
        "kind": question.kind,
        "label": question.label.as_dict(),
        "hint": question.hint.as_dict(),
        "choices": [[key, words.as_dict()] for key, words in question.choices],
        "required": question.required,
    }


def reservations_of(run_ids: Sequence[int]) -> Mapping[int, Sequence[ReservationFacts]]:
    """The reservations of these runs, in one query."""
    found: dict[int, list[ReservationFacts]] = {run_id: [] for run_id in run_ids}
    rows = db.session.execute(
        select(
            Reservation.id,
            Reservation.key,
            Reservation.run_id,
            Reservation.organisation_id,
            Organisation.name.label("organisation"),
            Reservation.seats,
            Reservation.used,
            Reservation.release_at,
            Reservation.released_at,
        )
        .join(Organisation, Organisation.id == Reservation.organisation_id)
        .where(Reservation.run_id.in_(run_ids))
        .order_by(Reservation.id)
    )
    for row in rows:
        found[row.run_id].append(ReservationFacts(**row._asdict()))
    return found


def invitations_of(run_id: int) -> Sequence[InvitationFacts]:
    """The invitation links of a run, the newest first."""
    columns = [getattr(Invitation, name) for name in InvitationFacts.__dataclass_fields__]
    rows = db.session.execute(
        select(*columns).where(Invitation.run_id == run_id).order_by(Invitation.id.desc())
    )
    return [InvitationFacts(**row._asdict()) for row in rows]


def invitation_by_token(token: str) -> InvitationFacts | None:
    """The invitation behind a link while it can still be used."""
    columns = [getattr(Invitation, name) for name in InvitationFacts.__dataclass_fields__]
    row = db.session.execute(
        select(*columns).where(
            Invitation.token_hash == digest(token),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now(),
            or_(Invitation.uses_left.is_(None), Invitation.uses_left > 0),
        )
    ).first()
    return InvitationFacts(**row._asdict()) if row else None


def fits_entry_rules(
    run_id: int,
    person_id: int,
    *,
    organisation_id: int | None,
    unit_id: int | None,
    function_id: int | None,
) -> bool:
    """Does one of the run's entry rules fit a person who works here, as this?"""
    roles = select(AccessRole.role).where(AccessRole.person_id == person_id)
    found = db.session.scalar(
        select(EntryRule.id)
        .where(
            EntryRule.run_id == run_id,
            or_(EntryRule.organisation_id.is_(None), EntryRule.organisation_id == organisation_id),
            or_(EntryRule.unit_id.is_(None), EntryRule.unit_id == unit_id),
            or_(EntryRule.function_id.is_(None), EntryRule.function_id == function_id),
            or_(EntryRule.role.is_(None), EntryRule.role.in_(roles)),
        )
        .limit(1)
    )
    return found is not None
