"""Questions about what companies offer to teach, for their people and for who answers.

A company sees its own offers and nothing of others. Who teaches or leads the run answers, and so
does who decides on companies at one of its hosts; nobody who works for a company does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, false, or_, select, true

from lms.api import (
    Actor,
    CourseSessionFacts,
    DocumentFacts,
    Listing,
    RunFacts,
    SlotFacts,
    db,
    documents_about,
    hosted_by,
    listed,
    now,
    on_team,
    runs_by_id,
)
from lms_courses.models import SlotOffer
from lms_courses.permissions import DECIDE
from lms_courses.queries.cases import companies_of
from lms_courses.queries.plans import TEACH

MATERIALS = "courses_slot_offer"
"""The subject of documents that come with an offer."""
SLOT = "teaching_slot"
"""Their subject from the moment the offer is a teaching slot."""
LIVE = ("offered", "approved")
LEVELS = ("nothing", "number", "functions", "names")
"""What a company may see of a class, from least to most."""
TEAM = ("programme_lead", "teacher")
"""Roles on a run's team of those who answer."""
OPEN_RUNS = ("announced", "open", "closed", "running")
"""States of runs to which companies may offer something."""
LIMITS_LEAST = 15
"""Minutes on limits and alternatives after a product was shown."""
WITHDRAWN = "withdrawn"
MOST_IN_RUN = 200

Side = Literal["company", "team"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferFacts:
    """An offer; see `lms_courses.models.SlotOffer`."""

    id: int
    key: str
    run_id: int
    course_session_id: int | None
    company_id: int
    teacher_id: int | None
    topic: str
    text: str
    language: str
    minutes: int
    product: str
    category: str
    sees: str
    state: str
    offered_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    answered_by_id: int | None
    reason: str
    materials_checked_at: datetime | None
    slot_id: int | None
    limits_slot_id: int | None
    revision: int

    @property
    def late(self) -> bool:
        """Is the answer overdue?"""
        return self.state == "offered" and now() > self.answer_by


_OFFER = [getattr(SlotOffer, name) for name in OfferFacts.__dataclass_fields__]


def answers(actor: Actor, run: Any, *, by_role: bool = True) -> ColumnElement[bool]:
    """May the actor answer offers in this run? `run` is a column of run ids, or one. Without
    `by_role` only who is on the run's team, or decides at a host, is meant: not everybody who
    teaches there or may everything."""
    if actor.is_system:
        return true()
    if not actor.signed_in or companies_of(actor):
        return false()
    decides, teaches = actor.organisations_with(DECIDE), actor.organisations_with(TEACH)
    if by_role and (decides is None or teaches is None):
        return true()
    where = (decides or frozenset()) | ((teaches or frozenset()) if by_role else frozenset())
    return or_(hosted_by(where, run), on_team(actor.person_id, run, TEAM))


def may_answer(actor: Actor, run: RunFacts) -> bool:
    """As `answers`, for one run. One query."""
    return bool(db.session.scalar(select(answers(actor, run.id))))


def answers_by_role(actor: Actor, run: RunFacts) -> bool:
    """Does the actor answer in this run by a role at a host? Asks nothing."""
    return not companies_of(actor) and (
        actor.may_in_any(DECIDE, run.host_ids) or actor.may_in_any(TEACH, run.host_ids)
    )


def offer_seen(key: str, actor: Actor) -> tuple[OfferFacts, RunFacts, Side] | None:
    """One offer with its run and the side on which the actor is; None for everybody else. Three
    queries."""
    own = SlotOffer.company_id.in_(sorted(companies_of(actor)))
    answered = answers(actor, SlotOffer.run_id)
    row = db.session.execute(
        select(*_OFFER, own.label("own")).where(SlotOffer.key == key, or_(own, answered))
    ).first()
    if row is None:
        return None
    offer = _facts(row)
    return offer, runs_by_id([offer.run_id])[offer.run_id], "company" if row.own else "team"


def own_offers(actor: Actor, page: int) -> Listing[OfferFacts]:
    """What the actor's companies have offered, the newest first. Two queries."""
    statement = (
        select(*_OFFER)
        .where(SlotOffer.company_id.in_(sorted(companies_of(actor))))
        .order_by(SlotOffer.offered_at.desc(), SlotOffer.id.desc())
    )
    rows, total, number, pages = listed(statement, page)
    return Listing(
        items=tuple(_facts(row) for row in rows), total=total, number=number, pages=pages
    )


def offers_in(run_id: int) -> Sequence[OfferFacts]:
    """All offers for a run that were not taken back, those that wait first; for who answers."""
    rows = db.session.execute(
        select(*_OFFER)
        .where(SlotOffer.run_id == run_id, SlotOffer.state != WITHDRAWN)
        .order_by(SlotOffer.state != "offered", SlotOffer.answer_by, SlotOffer.id)
        .limit(MOST_IN_RUN)
    )
    return [_facts(row) for row in rows]


def offers_by_id(ids: Sequence[int]) -> Mapping[int, OfferFacts]:
    """Offers by id, for jobs and letters."""
    if not ids:
        return {}
    rows = db.session.execute(select(*_OFFER).where(SlotOffer.id.in_(sorted(set(ids)))))
    return {row.id: _facts(row) for row in rows}


def offers_on(course_session_id: int) -> Sequence[OfferFacts]:
    """Live offers for one course session, held until the transaction ends: two that are answered at
    once share its minutes."""
    db.session.execute(
        select(SlotOffer.id)
        .where(SlotOffer.course_session_id == course_session_id)
        .order_by(SlotOffer.id)
        .with_for_update()
    )
    rows = db.session.execute(
        select(*_OFFER).where(
            SlotOffer.course_session_id == course_session_id, SlotOffer.state.in_(LIVE)
        )
    )
    return [_facts(row) for row in rows]


def materials_of(offer: OfferFacts) -> Sequence[DocumentFacts]:
    """What came with an offer. They go over to the teaching slot when it is approved."""
    if offer.slot_id is not None:
        return documents_about(SLOT, [offer.slot_id])
    return documents_about(MATERIALS, [offer.id])


def readable_materials(documents: Sequence[DocumentFacts], actor: Actor) -> Sequence[str]:
    """Keys of those of these documents that came with offers of the actor's company, or with offers
    that the actor may answer. One query, none without such documents."""
    wanted = [one for one in documents if one.subject_kind == MATERIALS]
    if not wanted or not actor.signed_in:
        return ()
    own = SlotOffer.company_id.in_(sorted(companies_of(actor)))
    may = set(
        db.session.scalars(
            select(SlotOffer.id).where(
                SlotOffer.id.in_([one.subject_id for one in wanted]),
                or_(own, answers(actor, SlotOffer.run_id)),
            )
        )
    )
    return [one.key for one in wanted if one.subject_id in may]


def still_to_come(sessions: Sequence[CourseSessionFacts]) -> Sequence[CourseSessionFacts]:
    """Those of these course sessions in which something may still be taught."""
    moment = now()
    return [one for one in sessions if one.state in ("planned", "moved") and one.starts_at > moment]


def free_minutes(session: CourseSessionFacts, slots: Sequence[SlotFacts]) -> int:
    """Minutes of a course session that no agreed slot has taken yet; never below 0."""
    taken = sum(
        slot.minutes
        for slot in slots
        if slot.course_session_id == session.id and slot.state in ("approved", "held")
    )
    return max(session.minutes - taken, 0)


def _facts(row: Any) -> OfferFacts:
    return OfferFacts(**{name: getattr(row, name) for name in OfferFacts.__dataclass_fields__})
