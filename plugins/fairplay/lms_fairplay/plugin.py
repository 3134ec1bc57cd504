"""The roof of the fair play plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from flask import Blueprint

from lms.api import (
    Actor,
    ContactFacts,
    DataPolicy,
    DocumentFacts,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Panel,
    Permission,
    Refusal,
    RoleBundle,
    RunFacts,
    SettingsSection,
    TodoItem,
    hookimpl,
)
from lms_fairplay import hookspecs
from lms_fairplay.freeze import freeze_refusals, hold_still
from lms_fairplay.jobs import JOBS
from lms_fairplay.lapses import LAPSES_JOB
from lms_fairplay.letters import tell_about_corrections
from lms_fairplay.merger_letters import tell_of_mergers
from lms_fairplay.panels import run_panels
from lms_fairplay.permissions import AID, OWN, PERMISSIONS, ROLES
from lms_fairplay.policies import POLICIES
from lms_fairplay.queries.standing import standing
from lms_fairplay.reading import readable_packs
from lms_fairplay.rules import missing
from lms_fairplay.services.contacts import write_contacts
from lms_fairplay.settings import SECTION
from lms_fairplay.tender_letters import tell_leads
from lms_fairplay.todo import todo_items
from lms_fairplay.views import blueprint


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """Following contacts and tenders, writing down aid."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """The procurement officer, and who writes down aid."""
    return ROLES


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """Companies, their own page, the procurement desk."""
    return (blueprint,)


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """One link for those who look after an authority's contacts, one for a company's people."""
    return (
        MenuLink(
            endpoint="fairplay.companies",
            label=LocalisedText(da="Virksom\u00adheder", sv="Företag", en="Companies"),
            icon="building-2",
            order=60,
            permission=AID,
            audience="signed_in",
            also=("/fairplay/runs", "/fairplay/desk"),
        ),
        MenuLink(
            endpoint="fairplay.mine",
            label=LocalisedText(da="Vores kontakter", sv="Våra kontakter", en="Our contacts"),
            icon="building-2",
            order=27,
            permission=OWN,
            audience="signed_in",
        ),
    )


@hookimpl
def lms_settings() -> SettingsSection:
    """How long declarations hold, the ceiling of aid and the rates, with their sources."""
    return SECTION


@hookimpl
def lms_add_hookspecs() -> Sequence[object]:
    """What other plugins may show a company of itself."""
    return (hookspecs,)


@hookimpl
def lms_run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What the places of companies stand on, for who writes down aid."""
    return run_panels(runs, actor)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What becomes of its tables."""
    return POLICIES


@hookimpl
def lms_check_contacts(contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
    """Declarations, aid lines, and tenders that are coming."""
    hold_still(contacts)
    there = standing(contacts)
    return [*missing(contacts, there), *freeze_refusals(contacts, there)]


@hookimpl
def lms_after_contacts(contacts: Sequence[ContactFacts], actor: Actor) -> None:
    """Each becomes a line in the log of every authority."""
    write_contacts(contacts, actor)


@hookimpl
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """Information packs: everybody's once they are public."""
    return readable_packs(documents, actor)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """Information packs are made by the worker, declarations that end are told of."""
    return (
        *JOBS,
        LAPSES_JOB,
    )


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """Corrections and their answers, mergers, and what a tender stops."""
    tell_about_corrections(entries)
    tell_of_mergers(entries)
    tell_leads(entries)


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """Corrections to answer, declarations to sign, what waits for a tender."""
    return todo_items(actor)


@hookimpl(optionalhook=True)
def courses_demo_days(
    run: str, run_id: int, people: Mapping[str, int], at: Callable[[int, str], datetime]
) -> Sequence[tuple[datetime, Callable[[], None]]]:
    """What companies and authorities owe each other in the demo's runs."""
    from lms_fairplay.demo.living import days

    return days(run, run_id, people, at)


@hookimpl
def lms_demo() -> Mapping[str, Callable[[], None]]:
    """Two tenders of a municipality of the demo's world, and the pack of one."""
    from lms_fairplay.demo import loading

    return {"60-fair-play": loading.load}
