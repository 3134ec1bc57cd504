"""Questions about panels: whom they hear, who is on them, who leads them, and what was given.

Before the release a form is read by whoever wrote it and by whoever sums it up; after it by those
it is about, without names. Nobody reads what was said of others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from lms.api import (
    Actor,
    RunFacts,
    db,
    enrolments_by_id,
    groups_in_run,
    is_key,
    is_of_a_company,
    may_with_roles,
    now,
    organisations_by_id,
    parts_of,
    team_of,
)
from lms_courses.models import Application, Panel, PanelForm, PanelSubject
from lms_courses.panel_kinds import ENOUGH, FEEDBACK_DAY, ON_PANEL, SCALES
from lms_courses.permissions import DECIDE
from lms_courses.queries.calls import LEADS, confirmed_in
from lms_courses.types import COMPANY, STUDENT

TEACH = "learning.teach"
IN_CLASS = ("seated", "active", "completed", "not_completed")
TOLD_BEFORE = timedelta(hours=12)
"""Before a panel is held that those on it find it on their first page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PanelFacts:
    """A panel; see `lms_courses.models.Panel`."""

    id: int
    key: str
    run_id: int
    kind: str
    held_at: datetime
    release_by: datetime
    released_at: datetime | None
    released_by_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SubjectFacts:
    """A company or group that a panel hears; see `lms_courses.models.PanelSubject`. `company_id`
    is the organisation behind an application, `state` that application's."""

    id: int
    key: str
    panel_id: int
    application_id: int | None
    group_id: int | None
    name: str
    position: int
    summary: str
    seen_at: datetime | None
    company_id: int | None
    state: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFacts:
    """What one on the panel wrote; see `lms_courses.models.PanelForm`."""

    id: int
    subject_id: int
    person_id: int
    role: str
    understood: int
    useful: int
    safe: int
    good: str
    better: str
    ask: str
    written_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Panellist:
    """Somebody on the team who gives feedback; `barred` who may not on this panel, for working
    for a company where companies are heard."""

    person_id: int
    name: str
    organisation: str | None
    barred: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A company or group that is to be heard; `people` are those of a group."""

    application_id: int | None = None
    group_id: int | None = None
    name: str
    people: tuple[int, ...] = ()


_PANEL = [getattr(Panel, name) for name in PanelFacts.__dataclass_fields__]
_FORM = [getattr(PanelForm, name) for name in FormFacts.__dataclass_fields__]
_SUBJECT = [
    *(
        getattr(PanelSubject, name)
        for name in SubjectFacts.__dataclass_fields__
        if name not in ("company_id", "state")
    ),
    Application.organisation_id.label("company_id"),
    Application.state,
]


# --- panels -------------------------------------------------------------------------------------


def panel_by_key(key: str) -> PanelFacts | None:
    """One panel; who may see it is decided by its run."""
    found = _panels(Panel.key == key) if is_key(key) else []
    return found[0] if found else None


def panels_by_id(ids: Sequence[int]) -> Mapping[int, PanelFacts]:
    """Panels by id, whoever asks: for letters and services."""
    if not ids:
        return {}
    return {one.id: one for one in _panels(Panel.id.in_(sorted(set(ids))))}


def panels_in(run_ids: Sequence[int]) -> Mapping[int, Mapping[str, PanelFacts]]:
    """Panels of runs, by run id and kind. One query, none without runs."""
    found: dict[int, dict[str, PanelFacts]] = {id_: {} for id_ in run_ids}
    for one in _panels(Panel.run_id.in_(sorted(found))) if found else ():
        found[one.run_id][one.kind] = one
    return found


def unreleased(until: datetime) -> Sequence[PanelFacts]:
    """Panels that were held and whose summaries are due before this moment, the first first."""
    return _panels(Panel.released_at.is_(None), Panel.held_at <= now(), Panel.release_by <= until)


def _panels(*conditions: Any) -> list[PanelFacts]:
    rows = db.session.execute(
        select(*_PANEL).where(*conditions).order_by(Panel.release_by, Panel.id)
    )
    return [PanelFacts(**row._mapping) for row in rows]


def leads_panel(actor: Actor, run: RunFacts) -> bool:
    """Does the actor set up this run's panels, sum up and release? Who decides on companies and
    leads the run; in student modules its teachers, too. Nobody who works for a company reads what
    was said of others."""
    if not actor.signed_in:
        return False
    if not leads_with(actor, run, ()):
        part = parts_of(actor.person_id, [run.id]).get(run.id)
        if part is None or not leads_with(actor, run, part.roles):
            return False
    return run.course_type != COMPANY or not is_of_a_company(actor.person_id, run.id)


def leads_with(actor: Actor, run: RunFacts, roles: Collection[str]) -> bool:
    """As `leads_panel`, but for who works for a company, for who knows already which roles the
    actor has on the run's team. No query."""
    return (
        actor.may_in_any(DECIDE, run.host_ids)
        or may_with_roles(actor, run, LEADS, roles)
        or (run.course_type == STUDENT and may_with_roles(actor, run, TEACH, roles))
    )


def panellists(run_id: int, kind: str) -> Sequence[Panellist]:
    """Those on the run's team who give feedback, by name: the panel, and the teachers. One
    query."""
    team = team_of(run_id)
    companies = {one.person_id for one in team if one.of_company or one.role == "company_teacher"}
    found = {
        one.person_id: Panellist(
            person_id=one.person_id,
            name=one.name,
            organisation=one.organisation,
            barred=kind == FEEDBACK_DAY and one.person_id in companies,
        )
        for one in team
        if one.role in ON_PANEL
    }
    return sorted(found.values(), key=lambda one: (one.name.casefold(), one.person_id))


def is_member(run_id: int, person_id: int | None) -> bool:
    """Is this somebody named for the panel, not only a teacher?"""
    return any(one.person_id == person_id and one.role == "panel_member" for one in team_of(run_id))


# --- whom it hears ------------------------------------------------------------------------------


def subject_by_key(key: str) -> SubjectFacts | None:
    """One company or group of a panel; who may see it is decided by its panel."""
    found = _subjects(PanelSubject.key == key) if is_key(key) else []
    return found[0] if found else None


def subjects_of(panel_ids: Sequence[int]) -> Sequence[SubjectFacts]:
    """Companies and groups of panels in their order, those that have left among them."""
    return _subjects(PanelSubject.panel_id.in_(sorted(set(panel_ids)))) if panel_ids else ()


def told_to(company_id: int) -> Sequence[SubjectFacts]:
    """What panels have told one company, in all its runs. One query."""
    return _subjects(
        Application.organisation_id == company_id,
        PanelSubject.panel_id.in_(select(Panel.id).where(Panel.released_at.is_not(None))),
    )


def released_on(
    panel_ids: Sequence[int], *, companies: Sequence[int] = (), groups: Sequence[int] = ()
) -> Sequence[SubjectFacts]:
    """What these panels, which are released, have said of these companies or groups. One query."""
    return _subjects(
        PanelSubject.panel_id.in_(panel_ids),
        or_(Application.organisation_id.in_(companies), PanelSubject.group_id.in_(groups)),
    )


def told_by_application(application_id: int) -> str | None:
    """The key of what a panel told one company in a run; None before it was released."""
    return db.session.scalar(
        select(PanelSubject.key)
        .join(Panel, Panel.id == PanelSubject.panel_id)
        .where(PanelSubject.application_id == application_id, Panel.released_at.is_not(None))
    )


def _subjects(*conditions: Any) -> list[SubjectFacts]:
    rows = db.session.execute(
        select(*_SUBJECT)
        .outerjoin(Application, Application.id == PanelSubject.application_id)
        .where(*conditions)
        .order_by(PanelSubject.panel_id, PanelSubject.position, PanelSubject.id)
    )
    return [SubjectFacts(**row._mapping) for row in rows]


def candidates(run: RunFacts) -> Sequence[Candidate]:
    """Who is to be heard now: companies that have a place, or groups with somebody in them, in the
    order of names."""
    if run.course_type == COMPANY:
        return [
            Candidate(application_id=one.id, name=one.name)
            for one in confirmed_in([run.id])[run.id]
        ]
    groups = groups_in_run(run.id)
    members = enrolments_by_id(sorted({id_ for _k, _n, ids in groups.values() for id_ in ids}))
    found = []
    for group_id, (_key, name, ids) in groups.items():
        people = tuple(members[id_].person_id for id_ in ids if members[id_].state in IN_CLASS)
        if people:
            found.append(Candidate(group_id=group_id, name=name, people=people))
    return found


def living(
    subjects: Sequence[SubjectFacts], wanted: Sequence[Candidate]
) -> tuple[list[SubjectFacts], list[SubjectFacts], list[Candidate]]:
    """Those of the panel's subjects who are still there, those who have left, and who has come
    since the panel was set up."""
    places = {(one.application_id, one.group_id) for one in wanted}
    heard = {(one.application_id, one.group_id) for one in subjects}
    here = [one for one in subjects if (one.application_id, one.group_id) in places]
    gone = [one for one in subjects if (one.application_id, one.group_id) not in places]
    return (
        here,
        gone,
        [one for one in wanted if (one.application_id, one.group_id) not in heard],
    )


def is_about(actor: Actor, subject: SubjectFacts, run_id: int) -> bool:
    """Is this subject the actor's own company, or the group they are in today? At most two
    queries."""
    if not actor.signed_in:
        return False
    if subject.application_id is not None:
        return subject.company_id is not None and subject.company_id in actor.organisation_ids
    ids = next((g[2] for id_, g in groups_in_run(run_id).items() if id_ == subject.group_id), ())
    return any(
        one.person_id == actor.person_id and one.state in IN_CLASS
        for one in enrolments_by_id(list(ids)).values()
    )


def countries_of(run: RunFacts) -> frozenset[str]:
    """The countries whose days off count in a run: those of its hosts."""
    return frozenset(one.country for one in organisations_by_id(run.host_ids).values())


# --- what was given -----------------------------------------------------------------------------


def forms_on(subject_ids: Sequence[int]) -> Mapping[int, Sequence[FormFacts]]:
    """All forms by subject id, in an order that tells nothing of who was first."""
    found: dict[int, list[FormFacts]] = {id_: [] for id_ in subject_ids}
    if found:
        rows = db.session.execute(
            select(*_FORM)
            .where(PanelForm.subject_id.in_(sorted(found)))
            .order_by(PanelForm.role, PanelForm.good, PanelForm.id)
        )
        for row in rows:
            found[row.subject_id].append(FormFacts(**row._mapping))
    return found


def own_forms(panel_id: int, person_id: int | None) -> Mapping[int, FormFacts]:
    """What one person wrote on this panel, by subject id."""
    rows = db.session.execute(
        select(*_FORM)
        .join(PanelSubject, PanelSubject.id == PanelForm.subject_id)
        .where(PanelSubject.panel_id == panel_id, PanelForm.person_id == person_id)
        .order_by(PanelForm.written_at.desc())
    )
    return {row.subject_id: FormFacts(**row._mapping) for row in rows}


def averages(forms: Sequence[FormFacts]) -> Mapping[str, float]:
    """The average on each scale; nothing while there are fewer forms than hide each one's."""
    if len(forms) < ENOUGH:
        return {}
    return {scale: sum(getattr(one, scale) for one in forms) / len(forms) for scale in SCALES}


def stamp_of(
    subjects: Sequence[SubjectFacts], forms: Mapping[int, Sequence[FormFacts]] | None = None
) -> str:
    """What tells this state of summaries and forms from any other."""
    digest = hashlib.sha256()
    for one in subjects:
        digest.update(f"\0{one.key}\0{one.summary}".encode())
        for form in sorted(forms.get(one.id, ()) if forms else (), key=lambda form: form.id):
            digest.update(f"\0{form.id}\0{form.written_at.isoformat()}".encode())
    return digest.hexdigest()[:16]
