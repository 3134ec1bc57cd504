"""Aid to companies is written down: for a company, or for a run that is open to all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from lms.api import Actor, RunFacts, db, now, record, refused
from lms_fairplay.aid_words import CURRENCIES, GROUNDS, NEXT, OPEN_TO_ALL
from lms_fairplay.days import today
from lms_fairplay.locking import hold
from lms_fairplay.models import AidLine
from lms_fairplay.queries.aid import AidFacts, open_runs
from lms_fairplay.queries.seeing import looks_after
from lms_fairplay.services.refusing import not_yours

LONGEST_AHEAD = timedelta(days=730)
MOST = 1_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class AidValues:
    """What is written of a measure; `value` is gross, in whole units of `currency`."""

    authority_id: int
    measure: str
    ground: str
    value: int
    day: date
    currency: str = "DKK"
    reason: str = ""
    run_id: int | None = None


def write_aid(company_id: int, values: AidValues, actor: Actor) -> int:
    """Write a line for a company; the id of the line."""
    if not looks_after(actor, values.authority_id):
        raise not_yours()
    if values.ground not in GROUNDS or values.currency not in CURRENCIES:
        raise ValueError("no such ground or currency")
    if values.ground == OPEN_TO_ALL and not values.reason:
        raise refused(
            "reason.missing",
            da="Skriv, hvorfor det er åbent for alle på lige vilkår.",
            sv="Skriv varför det är öppet för alla på lika villkor.",
            en="Write why it is open to all on equal terms.",
        )
    if not 0 <= values.value <= MOST:
        raise refused(
            "value.size",
            da="Skriv en værdi i hele tal, fra 0 til en milliard.",
            sv="Skriv ett värde i hela tal, från 0 till en miljard.",
            en="Write a value in whole numbers, from 0 to a thousand million.",
        )
    if values.day > today() + LONGEST_AHEAD:
        raise refused(
            "day.late",
            da="Vælg en dag inden for to år.",
            sv="Välj en dag inom två år.",
            en="Choose a day within two years.",
        )
    return _written(company_id, values, actor)


def open_to_all(run: RunFacts, authority_id: int, reason: str, actor: Actor) -> int:
    """Write of a run that it is open to all companies on equal terms, and why: no place in it needs
    an aid line then. The id of the line."""
    if authority_id not in run.host_ids or not looks_after(actor, authority_id):
        raise not_yours()
    if not reason:
        raise refused(
            "reason.missing",
            da="Skriv, hvorfor holdet er åbent for alle på lige vilkår.",
            sv="Skriv varför omgången är öppen för alla på lika villkor.",
            en="Write why the run is open to all on equal terms.",
        )
    hold(run.host_ids, alone=True)  # of two hosts at once the second sees the first
    if open_runs([run.id]):
        raise refused(
            "written",
            da="Det står der allerede for dette hold.",
            sv="Det står redan för denna omgång.",
            en="It is written already of this run.",
        )
    values = AidValues(
        authority_id=authority_id,
        measure=run.title.in_language("da")[:300],
        ground=OPEN_TO_ALL,
        reason=reason,
        value=0,
        day=today(),
        run_id=run.id,
    )
    return _written(None, values, actor)


def move_aid(line: AidFacts, actor: Actor, *, seen: str | None = None) -> str:
    """A line goes on to its next state, which is returned. `seen` is the state in which the actor
    saw it (else the one in which it was read). Raises `Refused` when it is another by now."""
    seen = line.state if seen is None else seen
    if not looks_after(actor, line.authority_id):
        raise not_yours()
    row = db.session.execute(
        select(AidLine).where(AidLine.id == line.id).with_for_update()
    ).scalar_one()
    after = NEXT.get(seen)
    if after is None or row.state != seen:
        raise refused(
            "meanwhile",
            da="Linjen er ændret imens. Se, hvad der står nu.",
            sv="Raden har ändrats under tiden. Se vad som står nu.",
            en="The line has changed meanwhile. See what it says now.",
        )
    row.state = after
    db.session.flush()
    record("fairplay.aid_moved", "aid_line", row.id, actor=actor, data={"to": after})
    return after


def _written(company_id: int | None, values: AidValues, actor: Actor) -> int:
    row = AidLine(
        company_id=company_id,
        authority_id=values.authority_id,
        run_id=values.run_id,
        measure=values.measure,
        ground=values.ground,
        reason=values.reason,
        value=values.value,
        currency=values.currency,
        day=values.day,
        written_by_id=actor.person_id,
        written_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    record(
        "fairplay.aid_written",
        "aid_line",
        row.id,
        actor=actor,
        data={"company_id": company_id, "run_id": values.run_id, "ground": values.ground},
    )
    return row.id
