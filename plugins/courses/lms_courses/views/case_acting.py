"""What the pages of cases share: finding one, whom to offer, forms to fill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response
from wtforms import Field

from lms.api import (
    GUEST,
    SYSTEM,
    Actor,
    Form,
    LocalisedText,
    OrganisationFacts,
    colleague_at,
    is_key,
    local,
    not_found,
    organisations_by_id,
    organisations_to_choose,
    page,
    people_who_may,
    record_as_seen,
    record_kind,
)
from lms_courses.forms.cases import SheetForm
from lms_courses.permissions import CASE
from lms_courses.queries.cases import (
    CaseFacts,
    LibraryFilters,
    case_by_key,
    companies_of,
    library,
)
from lms_courses.words import _

COMPANY, INSTITUTION = "company", "institution"
MOST_OFFERED = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Fields that belong together under a legend; without one they stand by themselves."""

    fields: Sequence[Field]
    legend: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Organisations that may be chosen for a case by the actor."""

    companies: Sequence[OrganisationFacts]
    institutions: Sequence[OrganisationFacts]
    hosts: Sequence[OrganisationFacts]


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """The need a case answers, as everybody may read it; `gone` when nobody may any more, `away`
    when nobody keeps such records just now."""

    title: LocalisedText
    state: LocalisedText
    url: str
    gone: bool = False
    away: bool = False


def seen_case(key: str, actor: Actor) -> CaseFacts:
    """A case that the actor may look at; else 404."""
    found = case_by_key(key, actor) if is_key(key) else None
    if found is None:
        not_found()
    return found


def case_of_sides(key: str, actor: Actor, *sides: str) -> CaseFacts:
    """A case that was sent and for which the actor speaks for one of these sides; else 404."""
    found = seen_case(key, actor)
    if found.state == "draft" or not found.sides & set(sides):
        not_found()
    return found


def offered(actor: Actor) -> Places:
    """Whom the actor may put into a case. At most three queries."""
    everybody = organisations_to_choose(SYSTEM, CASE, limit=MOST_OFFERED)
    own = companies_of(actor)
    where = None if own else actor.organisations_with(CASE)
    answering = people_who_may(CASE)
    taking = [one for one in everybody if one.kind != COMPANY and one.id in (where or answering)]
    schools = [one for one in taking if one.kind == INSTITUTION]
    return Places(
        companies=[one for one in everybody if one.kind == COMPANY and (not own or one.id in own)],
        institutions=schools or taking,
        hosts=[one for one in everybody if one.kind != COMPANY],
    )


def hosts_offered(places: Places, case: CaseFacts | None) -> Sequence[OrganisationFacts]:
    """Places in practice, and the one a case has though it is closed."""
    known = case.practice_host_id if case is not None else None
    if known is None or any(one.id == known for one in places.hosts):
        return places.hosts
    return [*places.hosts, *organisations_by_id([known]).values()]


def contact_of(form: SheetForm, company_id: int | None, before: int | None) -> int | None:
    """Who answers the students: whom the address says, or who it was. An address that nobody at
    the company has becomes an error of the form."""
    if not form.contact_key:
        return before
    found = colleague_at(form.contact_key, [company_id] if company_id else [])
    if found is None:
        form.contact.errors = [
            *form.contact.errors,
            _("Nobody at the company has this address here. Leave it out."),
        ]
    return found


def key_to_id(key: str | None, among: Sequence[OrganisationFacts]) -> int | None:
    """The id of a chosen organisation; None for none."""
    return next((one.id for one in among if one.key == key), None) if key else None


def need_of(case: CaseFacts) -> Need | None:
    """The need a case answers, in its public form. One query of its keeper's."""
    if not case.need_key:
        return None
    nothing = LocalisedText()
    if record_kind(case.need_kind) is None:
        return Need(title=nothing, state=nothing, url="", away=True)
    seen = record_as_seen(case.need_kind, case.need_key, GUEST)
    if seen is None:
        return Need(title=nothing, state=nothing, url="", gone=True)
    _kind, facts = seen
    url = url_for("records.thread", kind=case.need_kind, key=case.need_key)
    return Need(title=facts.title, state=facts.state, url=url)


def open_cases(actor: Actor, without: int) -> Sequence[tuple[str, str]]:
    """The latest open cases to choose from, as (key, words)."""
    found = library(actor, LibraryFilters(state="open"), 1)
    return [
        (card.key, ", ".join(filter(None, (local(card.title), card.company))))
        for card in found.items
        if card.id != without
    ]


def back_to(case: CaseFacts) -> tuple[str, str]:
    """The way back from a form: the case's name and address."""
    return local(case.title), url_for("courses.case", key=case.key)


def write_page(
    form: Form, heading: str, groups: Sequence[Group], button: str, **more: Any
) -> Response:
    """A page with one form to fill in: `action`, `back` (text, address), and perhaps `lead`,
    `kind` of the button, `remarks`, and `others`, what somebody else saved meanwhile."""
    values: Mapping[str, Any] = more
    return page(
        "courses/case_write.html",
        422 if form.submitted else 200,
        form=form,
        heading=heading,
        groups=groups,
        button=button,
        **values,
    )
