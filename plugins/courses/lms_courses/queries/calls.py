"""Questions about the open calls of runs, and about who applied.

Nobody reads an application before its call is over: every question about applications of a run
asks for that in its own WHERE, so that no page, export or job can forget it. What an applying
company sees of its own goes by the key of its receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select

from lms.api import (
    Actor,
    LocalisedText,
    RunFacts,
    db,
    is_of_a_company,
    may_in_run,
    now,
    runs_by_id,
)
from lms_courses.models import Application, Call
from lms_courses.permissions import DECIDE

LEADS = "enrolment.manage"
SITE = "site.admin"
LIVE = ("sent", "confirmed", "waiting", "offered", "refused")
SHOWN = ("announced", "open", "closed")
"""States of a run whose call is shown to everybody."""

Phase = Literal["coming", "open", "over"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CallFacts:
    """The call of a run; see `lms_courses.models.Call`."""

    id: int
    run_id: int
    criteria: LocalisedText
    category: str
    places: int
    people: int
    opens_at: datetime
    closes_at: datetime
    revision: int

    @property
    def phase(self) -> Phase:
        """Where it is now: coming, open for applications, or over and to be decided."""
        moment = now()
        if moment < self.opens_at:
            return "coming"
        return "open" if moment < self.closes_at else "over"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplicationFacts:
    """An application; see `lms_courses.models.Application`. `people` are (name, mail)."""

    id: int
    key: str
    desk_key: str
    run_id: int
    organisation_id: int | None
    name: str
    country: str
    registration_number: str | None
    size: str
    contact_name: str
    contact_email: str
    people: tuple[tuple[str, str], ...]
    why: str
    language: str
    created_at: datetime
    state: str
    reason: str
    left_because: str
    decided_at: datetime | None
    decided_by_id: int | None


_CALL = [getattr(Call, name) for name in CallFacts.__dataclass_fields__]
_APPLICATION = [getattr(Application, name) for name in ApplicationFacts.__dataclass_fields__]


def may_decide(actor: Actor, run: RunFacts) -> bool:
    """May the actor write the call of this run and answer applications to it?"""
    may = actor.may_in_any(DECIDE, run.host_ids) or may_in_run(actor, run, LEADS)
    return may and not speaks_for_a_company(actor, run.id)


def speaks_for_a_company(actor: Actor, run_id: int) -> bool:
    """Whoever works for a company today, or teaches this run for one, reads nothing of the others,
    whatever role they still hold (I-23). One query, none for administrators of the site."""
    return not actor.may(SITE) and is_of_a_company(actor.person_id, run_id)


# --- calls --------------------------------------------------------------------------------------


def calls_of(run_ids: Sequence[int]) -> Mapping[int, CallFacts]:
    """Calls by run id, in one query; everybody who may see a run may read its call."""
    if not run_ids:
        return {}
    rows = db.session.execute(select(*_CALL).where(Call.run_id.in_(sorted(set(run_ids)))))
    return {row.run_id: CallFacts(**row._mapping) for row in rows}


def public_calls() -> Sequence[tuple[RunFacts, CallFacts]]:
    """Calls that are open or coming, of runs that everybody may see: those that close first come
    first. Two queries."""
    rows = db.session.execute(
        select(*_CALL).where(Call.closes_at > now()).order_by(Call.closes_at, Call.id)
    )
    calls = [CallFacts(**row._mapping) for row in rows]
    runs = runs_by_id([call.run_id for call in calls])
    return [
        (runs[call.run_id], call)
        for call in calls
        if call.run_id in runs and is_public(runs[call.run_id])
    ]


def is_public(run: RunFacts) -> bool:
    """Does everybody see this run and its call?"""
    return run.visibility == "public" and run.state in SHOWN


# --- applications -------------------------------------------------------------------------------


def how_many(run_id: int) -> int:
    """How many companies have applied: all that is known of them before the call is over."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Application)
            .where(Application.run_id == run_id, Application.state.in_(LIVE))
        )
        or 0
    )


def applications_of(run: RunFacts, actor: Actor) -> Sequence[ApplicationFacts]:
    """Applications to the call of this run in the order of names, so that nobody is first for
    having been quick; none before the call is over, and none to who may not decide."""
    if not may_decide(actor, run):
        return ()
    return _applications(Application.run_id == run.id, order=(Application.name_key, Application.id))


def application_to_decide(desk_key: str, run: RunFacts, actor: Actor) -> ApplicationFacts | None:
    """One application to this run, as `applications_of`; the key of its receipt is the company's
    alone, so who decides has another."""
    if not may_decide(actor, run):
        return None
    found = _applications(Application.run_id == run.id, Application.desk_key == desk_key)
    return found[0] if found else None


def applications_by_id(ids: Sequence[int]) -> Mapping[int, ApplicationFacts]:
    """Applications whose call is over, whoever asks: for letters and services."""
    if not ids:
        return {}
    return {one.id: one for one in _applications(Application.id.in_(sorted(set(ids))))}


def own_application(key: str) -> ApplicationFacts | None:
    """The application behind a receipt, at any time: who has its key sent it."""
    row = db.session.execute(select(*_APPLICATION).where(Application.key == key)).first()
    return None if row is None else _facts(row)


def own_applications(ids: Sequence[int]) -> Mapping[int, ApplicationFacts]:
    """Applications by id at any time, for letters to those who sent them and to nobody else."""
    rows = db.session.execute(select(*_APPLICATION).where(Application.id.in_(sorted(set(ids)))))
    return {row.id: _facts(row) for row in rows}


def confirmed_in(run_ids: Sequence[int]) -> Mapping[int, Sequence[ApplicationFacts]]:
    """Companies that have a place, by run id, in the order of names. One query."""
    found: dict[int, list[ApplicationFacts]] = {run_id: [] for run_id in run_ids}
    if not run_ids:
        return found
    for one in _applications(
        Application.run_id.in_(sorted(set(run_ids))),
        Application.state == "confirmed",
        order=(Application.name_key, Application.id),
    ):
        found[one.run_id].append(one)
    return found


def company_in_run(run_id: int, organisation_ids: Sequence[int]) -> ApplicationFacts | None:
    """The confirmed application of one of these companies in the run: their own, nobody else's."""
    if not organisation_ids:
        return None
    found = _applications(
        Application.run_id == run_id,
        Application.state == "confirmed",
        Application.organisation_id.in_(sorted(set(organisation_ids))),
    )
    return found[0] if found else None


def decided_application(application_id: int) -> ApplicationFacts | None:
    """One application whose call is over, whoever asks."""
    return applications_by_id([application_id]).get(application_id)


def call_of(run_id: int) -> CallFacts | None:
    """The call of one run."""
    return calls_of([run_id]).get(run_id)


def _applications(*conditions: Any, order: Sequence[Any] = ()) -> list[ApplicationFacts]:
    """Applications to calls that are over."""
    rows = db.session.execute(
        select(*_APPLICATION)
        .join(Call, Call.run_id == Application.run_id)
        .where(Call.closes_at <= now(), *conditions)
        .order_by(*(order or (Application.id,)))
    )
    return [_facts(row) for row in rows]


def _facts(row: Any) -> ApplicationFacts:
    values = dict(row._mapping)
    values["people"] = tuple((one["name"], one["email"]) for one in row.people)
    return ApplicationFacts(**values)
