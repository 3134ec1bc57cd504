"""Verbs of upcoming tenders: registered, changed, out, over, dropped; what ran goes on or stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select, update

from lms.api import (
    Actor,
    LocalisedText,
    Refusal,
    Refused,
    clean_text,
    db,
    now,
    record,
    refused,
    runs_by_id,
    search_key,
    technology_categories,
)
from lms_fairplay.days import today
from lms_fairplay.locking import hold_to_change
from lms_fairplay.models import ContactLine, RunningContact, Tender
from lms_fairplay.queries.categories import concerning
from lms_fairplay.queries.tenders import (
    LIVE,
    RunningFacts,
    TenderFacts,
    same_title,
    tender_by_id,
)

SUBJECT = "fairplay_tender"
LOOKS_BACK = timedelta(days=365)
"""How old a line may be whose subject may still run."""
RUN_IS_OVER = frozenset({"completed", "evaluated", "archived", "cancelled"})
DECISIONS = ("goes_on", "stops")


@dataclass(frozen=True, kw_only=True, slots=True)
class TenderValues:
    """What an authority says of a tender; `category` "" is every category."""

    title: str
    expected_on: date
    category: str = ""


def register(authority_id: int, values: TenderValues, actor: Actor) -> str:
    """From now on contacts in the category wait for the information pack; returns the tender's
    key. What runs now is put before the procurement officer. Raises `Refused`."""
    reasons = [*_of_the_title(values.title), *_of_the_day(values.expected_on)]
    if values.category and values.category not in technology_categories():
        reasons.append(Refusal(code="category.unknown", message=UNKNOWN_CATEGORY))
    if reasons:
        raise Refused(*reasons)
    hold_to_change(authority_id)
    _refuse_twice(authority_id, values.category, values.title)
    tender = Tender(
        authority_id=authority_id,
        category=values.category,
        title=clean_text(values.title),
        expected_on=values.expected_on,
        frozen_at=now(),
        registered_by_id=actor.person_id,
    )
    db.session.add(tender)
    db.session.flush()
    running = _running_lines(authority_id, values.category)
    db.session.add_all(RunningContact(tender_id=tender.id, line_id=line_id) for line_id in running)
    db.session.flush()
    record(
        "fairplay.tender_registered",
        SUBJECT,
        tender.id,
        actor=actor,
        data={"authority_id": authority_id, "category": values.category, "running": len(running)},
    )
    return tender.key


def _of_the_title(title: str) -> list[Refusal]:
    return [] if clean_text(title) else [Refusal(code="title.missing", message=NO_TITLE)]


def _of_the_day(day: date) -> list[Refusal]:
    return [Refusal(code="expected_on.past", message=PAST)] if day < today() else []


def _refuse_twice(authority_id: int, category: str, title: str, besides: int = 0) -> None:
    if same_title(authority_id, category, search_key(title), besides):
        raise refused(
            "title.twice",
            da="Der står allerede et udbud med den titel og den slags teknologi. Ret i det, eller "
            "skriv en anden titel.",
            sv="Det finns redan en upphandling med den titeln och den sortens teknik. Ändra i den "
            "eller skriv en annan titel.",
            en="There is a tender with this title and kind of technology already. Change that one, "
            "or write another title.",
        )


def _running_lines(authority_id: int, category: str) -> Sequence[int]:
    """The newest line of each thing with each company that is not over: what is still to come, and
    what belongs to a run that is not over. Material that was shared does not run."""
    moment = now()
    lines = db.session.execute(
        select(
            ContactLine.id,
            ContactLine.company_id,
            ContactLine.kind,
            ContactLine.subject_kind,
            ContactLine.subject_id,
            ContactLine.run_id,
            ContactLine.at,
        )
        .where(
            ContactLine.authority_id == authority_id,
            ContactLine.kind != "share",
            or_(ContactLine.at > moment - LOOKS_BACK, ContactLine.written_at > moment - LOOKS_BACK),
            concerning(category),
        )
        .order_by(ContactLine.id)
    ).all()
    runs = runs_by_id(sorted({line.run_id for line in lines if line.run_id}), hosts=False)
    newest: dict[tuple[object, ...], int] = {}
    for line in lines:
        run = runs.get(line.run_id) if line.run_id else None
        if line.at > moment or (run is not None and run.state not in RUN_IS_OVER):
            about: tuple[object, ...] = (line.subject_kind, line.subject_id)
            if not line.subject_kind:
                about = ("", line.run_id, line.kind)
            newest[(line.company_id, *about)] = line.id
    return sorted(newest.values())


# --- later --------------------------------------------------------------------------------------


def _held(tender_id: int) -> TenderFacts:
    """The tender as it is, with nobody else at its authority until the unit of work ends. Raises
    `Refused` when it is over."""
    tender = tender_by_id(tender_id)
    if tender is not None:
        hold_to_change(tender.authority_id)
        tender = tender_by_id(tender_id)
    if tender is None or not tender.live:
        raise refused(
            "over",
            da="Udbuddet er afsluttet eller opgivet. Her kan ikke ændres mere.",
            sv="Upphandlingen är avslutad eller nedlagd. Här kan inget mer ändras.",
            en="The tender is closed or dropped. Nothing can be changed here any more.",
        )
    return tender


def change(tender_id: int, title: str, expected_on: date, actor: Actor) -> None:
    """Another title or day. Who and what it concerns stays: what it froze was frozen for that."""
    tender = _held(tender_id)
    reasons = _of_the_title(title)
    if expected_on != tender.expected_on:
        reasons += _of_the_day(expected_on)
    if reasons:
        raise Refused(*reasons)
    _refuse_twice(tender.authority_id, tender.category, title, tender.id)
    _write(tender.id, title=clean_text(title), expected_on=expected_on)
    record("fairplay.tender_changed", SUBJECT, tender.id, actor=actor)


def announce(tender_id: int, actor: Actor) -> None:
    """The tender is out: companies can bid. It freezes what it froze until the pack is public."""
    tender = _held(tender_id)
    if tender.state != "expected":
        return
    _write(tender.id, state="open")
    record("fairplay.tender_open", SUBJECT, tender.id, actor=actor)


def end(tender_id: int, state: str, reason: str, actor: Actor) -> None:
    """The tender is over: `closed` when it was decided, `dropped` when nothing comes of it. What
    it froze is free. A reason is asked for, but where the pack was public before it closed."""
    tender = _held(tender_id)
    needs_reason = state == "dropped" or tender.freed_at is None
    if needs_reason and not clean_text(reason):
        raise Refused(Refusal(code="reason.missing", message=NO_REASON))
    _write(tender.id, state=state, reason=reason.strip(), freed_at=tender.freed_at or now())
    record(f"fairplay.tender_{state}", SUBJECT, tender.id, actor=actor)


def free(tender: TenderFacts) -> None:
    """The pack of a tender is public: what it froze is free."""
    if tender.freed_at is None:
        _write(tender.id, freed_at=now())


def decide(tender_id: int, running: RunningFacts, decision: str, reason: str, actor: Actor) -> None:
    """What ran when the tender was registered goes on, or stops and its leads are told. Both need
    a reason, and the officer may think again as long as the tender freezes. Raises `Refused`."""
    tender = _held(tender_id)
    if not tender.freezes:
        raise refused(
            "freed",
            da="Udbuddet stopper ikke noget mere. Der er ikke mere at tage stilling til.",
            sv="Upphandlingen stoppar ingenting längre. Det finns inget mer att ta ställning till.",
            en="The tender stops nothing any more. There is nothing left to decide on.",
        )
    if decision not in DECISIONS:
        raise Refused(Refusal(code="decision.missing", message=NO_DECISION))
    if not clean_text(reason):
        raise Refused(Refusal(code="reason.missing", message=NO_REASON))
    db.session.execute(
        update(RunningContact)
        .where(RunningContact.id == running.id)
        .values(
            decision=decision,
            reason=reason.strip(),
            decided_at=now(),
            decided_by_id=actor.person_id,
        )
        .execution_options(synchronize_session=False)
    )
    record(
        "fairplay.running_decided",
        SUBJECT,
        tender.id,
        actor=actor,
        data={"running_id": running.id, "decision": decision},
    )


def _write(tender_id: int, **values: object) -> None:
    db.session.execute(
        update(Tender)
        .where(Tender.id == tender_id, Tender.state.in_(LIVE))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


PAST = LocalisedText(
    da="Dagen er forbi. Skriv den dag, udbuddet ventes.",
    sv="Dagen har passerat. Skriv den dag då upphandlingen väntas.",
    en="That day is over. Write the day when the tender is expected.",
)
UNKNOWN_CATEGORY = LocalisedText(
    da="Den slags teknologi kender vi ikke. Vælg en fra listen.",
    sv="Den sortens teknik känner vi inte till. Välj en från listan.",
    en="We do not know this kind of technology. Choose one from the list.",
)
NO_TITLE = LocalisedText(
    da="Skriv, hvad der skal købes.",
    sv="Skriv vad som ska köpas.",
    en="Write what is to be bought.",
)
NO_REASON = LocalisedText(
    da="Skriv hvorfor, med få ord.",
    sv="Skriv varför, med några ord.",
    en="Write why, in a few words.",
)
NO_DECISION = LocalisedText(
    da="Vælg, om det går videre eller stopper.",
    sv="Välj om det fortsätter eller stoppar.",
    en="Choose whether it goes on or stops.",
)
