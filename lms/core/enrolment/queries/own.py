"""What somebody asks who wants a seat or has one: clashes, colleagues, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from lms.contracts import LocalisedText
from lms.core.catalogue.models import CourseSession, CourseVersion, Run
from lms.core.enrolment.models import Enrolment, Invitation, Terms
from lms.core.enrolment.queries.overlapping import SURE, Wanted, overlapping
from lms.core.organisations.models import Function
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment, digest
from lms.db import db, now
from lms.journal.models import JournalEntry

MOST = 50

_Signer = aliased(Person)
_From, _FromPerson = aliased(Enrolment), aliased(Person)
_To, _ToPerson = aliased(Enrolment), aliased(Person)
_Partner, _PartnerPerson = aliased(Enrolment), aliased(Person)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clash:
    """A session of one's own that is on at the same time as one of a run: where it belongs, when
    it is, and when the run's own session begins. `sure` when one has a seat there."""

    run_title: LocalisedText
    run_key: str
    title: LocalisedText
    starts_at: datetime
    ends_at: datetime
    zone: str
    sure: bool
    other_starts_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody with the same employer."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """What an enrolment's own row does not tell its page: who goes along, who signed the goal and
    what it was before, from whom the seat came and to whom it went, and until when one may leave
    without saying why."""

    goal_signed_at: datetime | None
    goal_signed_by_id: int | None
    signer_function: LocalisedText | None
    nominated_by_id: int | None
    first_goal: str | None
    partner: str | None
    partner_state: str | None
    partner_asked_first: bool
    handed_from_id: int | None
    handed_from: str | None
    handed_from_person_id: int | None
    handed_to: str | None
    withdraw_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """Another enrolment of the same person in the same course."""

    key: str
    run_title: LocalisedText
    starts_at: datetime | None
    zone: str
    state: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinLink:
    """The invitation behind a link, whether it can still be used or not."""

    run_id: int
    run_key: str
    good: bool


def clashes_with(run_id: int, person_id: int) -> Sequence[Clash]:
    """Sessions of a person's other live enrolments that overlap with sessions of a run, in order
    of time. One query. For the person alone: nobody else is shown where they are."""
    rows = db.session.execute(
        overlapping(
            run_id,
            [person_id],
            Run.title.label("run_title"),
            Run.key.label("run_key"),
            CourseSession.title,
            CourseSession.starts_at,
            CourseSession.ends_at,
            Run.zone,
            Enrolment.state.in_(SURE).label("sure"),
            Wanted.starts_at.label("other_starts_at"),
        ).limit(MOST)
    )
    return [Clash(**{**row._asdict(), "sure": bool(row.sure)}) for row in rows]


def number_waiting(run_id: int) -> int:
    """How many stand on a run's waiting list."""
    return db.session.execute(
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.run_id == run_id, Enrolment.state == "waitlisted")
    ).scalar_one()


def colleague_by_email(key: str, organisation_id: int | None) -> Colleague | None:
    """Who has this address among those who work for one organisation today; nobody else is
    found. `key` is an `email_key`."""
    if not key or organisation_id is None:
        return None
    row = db.session.execute(
        select(Person.id, Person.name).where(
            Person.email_key == key,
            Person.state == "active",
            Person.id.in_(
                select(Assignment.person_id).where(
                    Assignment.organisation_id == organisation_id, current_assignment()
                )
            ),
        )
    ).first()
    return Colleague(id=row.id, name=row.name) if row else None


def story_of(enrolment_id: int) -> Story:
    """How an enrolment came about, in one query. Raises `LookupError`."""
    function: Any = (
        select(Assignment.function_id)
        .where(Assignment.person_id == Enrolment.goal_signed_by_id, current_assignment())
        .order_by(Assignment.from_day.desc(), Assignment.id.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    before: Any = (
        select(JournalEntry.payload)
        .where(
            JournalEntry.subject_kind == "enrolment",
            JournalEntry.subject_id == Enrolment.id,
            JournalEntry.verb == "enrolment.goal_adjusted",
        )
        .order_by(JournalEntry.id)
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Enrolment.goal_signed_at,
            Enrolment.goal_signed_by_id,
            Function.title.label("signer_function"),
            Enrolment.nominated_by_id,
            before.label("before"),
            _PartnerPerson.name.label("partner"),
            _Partner.state.label("partner_state"),
            case((_Partner.id < Enrolment.id, True), else_=False).label("partner_asked_first"),
            Enrolment.handed_from_id,
            _FromPerson.name.label("handed_from"),
            _From.person_id.label("handed_from_person_id"),
            _ToPerson.name.label("handed_to"),
            Terms.withdraw_until,
        )
        .select_from(Enrolment)
        .outerjoin(Function, Function.id == function)
        .outerjoin(Terms, Terms.run_id == Enrolment.run_id)
        .outerjoin(
            _Partner,
            (_Partner.pair_key == Enrolment.pair_key) & (_Partner.id != Enrolment.id),
        )
        .outerjoin(_PartnerPerson, _PartnerPerson.id == _Partner.person_id)
        .outerjoin(_From, _From.id == Enrolment.handed_from_id)
        .outerjoin(_FromPerson, _FromPerson.id == _From.person_id)
        .outerjoin(
            _To, (_To.handed_from_id == Enrolment.id) & (_To.person_id != Enrolment.person_id)
        )
        .outerjoin(_ToPerson, _ToPerson.id == _To.person_id)
        .where(Enrolment.id == enrolment_id)
        .order_by(_Partner.id, _To.id)
    ).first()
    if row is None:
        raise LookupError(f"no enrolment has the id {enrolment_id}")
    values = row._asdict()
    before_values = values.pop("before") or {}
    values["partner_asked_first"] = bool(values["partner_asked_first"])
    return Story(**values, first_goal=before_values.get("before"))


def partners_of(enrolment_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Name and state of the other of each pair, by the one's id. One query."""
    rows = db.session.execute(
        select(Enrolment.id, _PartnerPerson.name, _Partner.state)
        .select_from(Enrolment)
        .join(
            _Partner,
            (_Partner.pair_key == Enrolment.pair_key) & (_Partner.id != Enrolment.id),
        )
        .join(_PartnerPerson, _PartnerPerson.id == _Partner.person_id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    return {row.id: (row.name, row.state) for row in rows}


def earlier_of(person_id: int, run_id: int, *, but: int | None = None) -> Sequence[Earlier]:
    """A person's enrolments in the course that a run belongs to, without one of them, the newest
    first. One query."""
    course = (
        select(CourseVersion.course_id)
        .join(Run, Run.course_version_id == CourseVersion.id)
        .where(Run.id == run_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Enrolment.key,
            Run.title.label("run_title"),
            Run.starts_at,
            Run.zone,
            Enrolment.state,
            Enrolment.created_at,
        )
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .where(
            Enrolment.person_id == person_id,
            CourseVersion.course_id == course,
            Enrolment.id != (but or 0),
        )
        .order_by(Enrolment.id.desc())
        .limit(MOST)
    )
    return [Earlier(**row._asdict()) for row in rows]


def join_link(token: str) -> JoinLink | None:
    """The invitation behind a link, used up or not; None when it was never one."""
    row = db.session.execute(
        select(
            Invitation.run_id,
            Run.key.label("run_key"),
            (
                Invitation.revoked_at.is_(None)
                & (Invitation.expires_at > now())
                & or_(Invitation.uses_left.is_(None), Invitation.uses_left > 0)
            ).label("good"),
        )
        .join(Run, Run.id == Invitation.run_id)
        .where(Invitation.token_hash == digest(token))
    ).first()
    if row is None:
        return None
    return JoinLink(run_id=row.run_id, run_key=row.run_key, good=bool(row.good))
