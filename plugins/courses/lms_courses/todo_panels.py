"""What waits on panels: forms that are not given yet, and for who leads them the release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from sqlalchemy import Select, String, and_, case, cast, func, literal, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement

from lms.api import Actor, LocalisedText, TodoItem, now, on_team, works_for_kind
from lms_courses.models import Application, Panel, PanelForm, PanelSubject
from lms_courses.panel_kinds import FEEDBACK_DAY, KINDS
from lms_courses.queries.panels import TOLD_BEFORE
from lms_courses.queries.staff import COMPANIES

ORDER = 14
"""Among the things that wait."""
MINUTES = 3
"""To fill in one form."""
GIVE, RELEASE = "panel.give", "panel.release"


def waiting(actor: Actor) -> Sequence[Select[str, str, str]]:
    """Panels held today or before that are not released, which the actor is on or leads, as
    selects of what, key and title, to be asked along with others'. The title holds what the item
    says: kind, forms given, forms in all, and when all must have theirs."""
    person = actor.person_id
    gives = on_team(person, Panel.run_id, ("panel_member",))
    leads = or_(
        on_team(person, Panel.run_id, ("programme_lead",)),
        and_(Panel.kind != FEEDBACK_DAY, on_team(person, Panel.run_id, ("teacher",))),
    )
    for_a_company = or_(
        works_for_kind(person, COMPANIES), on_team(person, Panel.run_id, ("company_teacher",))
    )
    # Where companies are heard, who works for one has nothing to say of the others.
    may = not_(and_(Panel.kind == FEEDBACK_DAY, for_a_company))
    heard, given = _heard(), _given(person)
    return (
        _panels(GIVE, heard, given, gives, may, given < heard),
        _panels(RELEASE, heard, given, leads, may),
    )


def _panels(
    what: str, heard: ColumnElement[int], given: ColumnElement[int], *which: ColumnElement[bool]
) -> Select[str, str, str]:
    parts = (Panel.kind, cast(given, String), cast(heard, String), cast(Panel.release_by, String))
    title = parts[0] + "|" + parts[1] + "|" + parts[2] + "|" + parts[3]
    return select(literal(what).label("what"), Panel.key.label("key"), title.label("title")).where(
        Panel.released_at.is_(None), Panel.held_at <= now() + TOLD_BEFORE, *which
    )


def _heard() -> ColumnElement[int]:
    """How many there are to hear: companies that have their place still, and groups."""
    there = or_(PanelSubject.group_id.is_not(None), Application.state == "confirmed")
    return (
        select(func.count(case((there, 1))))
        .select_from(PanelSubject)
        .outerjoin(Application, Application.id == PanelSubject.application_id)
        .where(PanelSubject.panel_id == Panel.id)
        .correlate(Panel)
        .scalar_subquery()
    )


def _given(person_id: int | None) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(PanelForm)
        .join(PanelSubject, PanelSubject.id == PanelForm.subject_id)
        .where(PanelSubject.panel_id == Panel.id, PanelForm.person_id == person_id)
        .correlate(Panel)
        .scalar_subquery()
    )


def items(rows: Sequence[Any]) -> Sequence[TodoItem]:
    """One for each row of `waiting`; others' rows are left out."""
    found = []
    for row in rows:
        if row.what in (GIVE, RELEASE):
            kind, given, heard, due = row.title.split("|")
            if row.what == GIVE:
                found.append(_give(row.key, KINDS[kind], int(given), int(heard)))
            else:
                found.append(_release(row.key, KINDS[kind], _moment(due)))
    return found


def _moment(text: str) -> datetime:
    """A moment as a database writes it: with its offset, or in UTC without."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _give(key: str, kind: LocalisedText, given: int, heard: int) -> TodoItem:
    return TodoItem(
        key=f"courses.{GIVE}:{key}",
        title=LocalisedText(
            da=f"Giv din feedback: {kind.da}",
            sv=f"Ge din återkoppling: {kind.sv}",
            en=f"Give your feedback: {kind.en}",
        ),
        url=url_for("courses.panel", key=key),
        label=LocalisedText(da="Åbn skemaet", sv="Öppna formuläret", en="Open the form"),
        body=LocalisedText(
            da=f"{given} af {heard} er givet.",
            sv=f"{given} av {heard} är givna.",
            en=f"{given} of {heard} given.",
        ),
        minutes=(heard - given) * MINUTES,
        order=ORDER,
    )


def _release(key: str, kind: LocalisedText, due: datetime) -> TodoItem:
    return TodoItem(
        key=f"courses.{RELEASE}:{key}",
        title=LocalisedText(
            da=f"Send panelets svar til alle: {kind.da}",
            sv=f"Skicka panelens svar till alla: {kind.sv}",
            en=f"Send the panel's answers to all: {kind.en}",
        ),
        url=url_for("courses.lead_panel", key=key),
        label=LocalisedText(
            da="Se, hvad der mangler", sv="Se vad som saknas", en="See what is missing"
        ),
        due=due,
        order=ORDER,
    )
