"""Writing the call of a run: what it is decided by, how many places, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.api import Actor, Conflict, LocalisedText, RunFacts, db, now, record, refused
from lms_courses.models import Call


@dataclass(frozen=True, kw_only=True, slots=True)
class CallValues:
    """What is written about a call. `places` are companies, `people` how many each may send."""

    criteria: LocalisedText
    category: str
    places: int
    people: int
    opens_at: datetime
    closes_at: datetime


def write_call(run: RunFacts, values: CallValues, actor: Actor, *, revision: int = 0) -> None:
    """Write the call of a run, or write it anew before it opens; `revision` is the one that the
    writer had seen, 0 for none. `Refused` when it has opened, when somebody else wrote meanwhile,
    and for times that do not go together; `Conflict` when two write the first at once."""
    row = db.session.scalar(select(Call).where(Call.run_id == run.id).with_for_update())
    if row is not None and row.opens_at <= now():
        raise refused(
            "open",
            da="Nogen kan have søgt, så kriterier og frister ligger fast nu.",
            sv="Någon kan ha sökt, så kriterier och tider ligger fast nu.",
            en="Somebody may have applied, so criteria and dates are fixed now.",
        )
    if (row.revision if row is not None else 0) != revision:
        raise refused(
            "meanwhile",
            da="En anden har gemt imens. Se siden igen, før du gemmer dit.",
            sv="Någon annan har sparat under tiden. Läs om sidan innan du sparar ditt.",
            en="Somebody else has saved meanwhile. Look at the page again before you save yours.",
        )
    _check(run, values)
    if row is None:
        row = Call(run_id=run.id, created_by_id=actor.person_id, revision=0)
        db.session.add(row)
    row.criteria, row.category = values.criteria, values.category
    row.places, row.people = values.places, values.people
    row.opens_at, row.closes_at = values.opens_at, values.closes_at
    row.revision = revision + 1
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("two wrote the call of a run at once") from error
    record(
        "courses.call_written",
        "run",
        run.id,
        actor=actor,
        data={"places": values.places, "closes_at": values.closes_at.isoformat()},
    )


def _check(run: RunFacts, values: CallValues) -> None:
    if values.opens_at < now():
        raise refused(
            "opens_day.past",
            da="Dagen er gået. Vælg en dag, så alle kan nå at se det først.",
            sv="Dagen har varit. Välj en dag så att alla hinner se det först.",
            en="That day is over. Choose a day, so that everybody can see it first.",
        )
    if values.closes_at <= values.opens_at:
        raise refused(
            "closes_day.early",
            da="Fristen skal ligge efter dagen, der åbnes.",
            sv="Sista dagen måste ligga efter dagen det öppnar.",
            en="The last day must lie after the day it opens.",
        )
    if run.starts_at is not None and values.closes_at >= run.starts_at:
        raise refused(
            "closes_day.late",
            da="Fristen skal ligge før den første mødegang, så der er tid til at svare.",
            sv="Sista dagen måste ligga före första tillfället, så att det finns tid att svara.",
            en="The last day must lie before the first session, so that there is time to answer.",
        )
    if values.places * values.people > run.capacity:
        raise refused(
            "places.seats",
            da="Holdet har ikke deltagerpladser nok til så mange. Ret det ene eller det andet.",
            sv="Omgången har inte platser nog för så många. Ändra det ena eller det andra.",
            en="The run has not seats enough for so many. Change the one or the other.",
        )
