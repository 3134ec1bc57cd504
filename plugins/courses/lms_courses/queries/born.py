"""What came of a staff track: for each participant, and for the run as a whole.

What assignments ended in comes from the works; journeys, try-outs and decisions from the tables
here. A journey that an assignment ended in is in both, and counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    func,
    literal,
    null,
    select,
    union,
    union_all,
)

from lms.api import (
    Actor,
    RunFacts,
    UTCDateTime,
    db,
    ended_in,
    pairs,
    takes_part,
    works_for_kind,
)
from lms_courses.models import Decision, Journey, Tryout
from lms_courses.queries.staff import COMPANIES, TEACH

KINDS = ("problem", "journey", "idea", "tryout", "decision")
"""In the order of the line from need to effect; other kinds come behind."""
TABLES: Mapping[str, Any] = {"journey": Journey, "tryout": Tryout, "decision": Decision}
MOST = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Stood:
    """How far one participant has come: keys of the newest of each, "" where there is none. The
    idea is one that their work ended in, or that their try-out is about."""

    journey: str = ""
    journey_checked: bool = False
    idea: str = ""
    tryout: str = ""
    tryout_state: str = ""
    decision: str = ""
    outcome: str = ""
    signed_at: datetime | None = None
    wake_on: date | None = None


def stood(enrolment_ids: Sequence[int]) -> Mapping[int, Stood]:
    """How far these participants have come, alone or as a pair, by enrolment id. One query."""
    found = dict.fromkeys(enrolment_ids, Stood())
    if not enrolment_ids:
        return found
    work, pair = ended_in().subquery(), pairs().subquery()
    parts = [
        _part(work.c.enrolment_id, work.c.kind, work.c.key).where(
            work.c.enrolment_id.in_(enrolment_ids), work.c.kind.in_(("idea", "journey"))
        ),
        _part(Journey.enrolment_id, "journey", Journey.key, at=Journey.checked_at).where(
            Journey.enrolment_id.in_(enrolment_ids)
        ),
        _part(pair.c.enrolment_id, "journey", Journey.key, at=Journey.checked_at)
        .join(Journey, Journey.enrolment_id == pair.c.other_id)
        .where(pair.c.enrolment_id.in_(enrolment_ids)),
    ]
    for whose in (Tryout.enrolment_id, Tryout.partner_id):
        mine = whose.in_(enrolment_ids)
        parts += [
            _part(whose, Tryout.idea_kind, Tryout.idea_key).where(mine, Tryout.idea_key != ""),
            _part(whose, "tryout", Tryout.key, state=Tryout.state).where(mine),
            _part(
                whose,
                "decision",
                Decision.key,
                state=Decision.outcome,
                at=Decision.signed_at,
                day=Decision.wake_on,
            )
            .join(Decision, Decision.tryout_id == Tryout.id)
            .where(mine),
        ]
    for row in db.session.execute(union_all(*parts)):
        found[row.whose] = replace(found[row.whose], **_said(row))
    return found


def _part(
    whose: Any, kind: Any, key: Any, *, state: Any = "", at: Any = None, day: Any = None
) -> Select[Any]:
    return select(
        whose.label("whose"),
        (literal(kind) if isinstance(kind, str) else kind).label("kind"),
        key.label("key"),
        (literal(state) if isinstance(state, str) else state).label("state"),
        (null().cast(UTCDateTime) if at is None else at).label("at"),
        (null().cast(Date) if day is None else day).label("day"),
    )


def _said(row: Any) -> dict[str, Any]:
    if row.kind == "journey":
        # A work that ended in one says nothing of whether somebody has looked it through.
        return {"journey": row.key} | ({"journey_checked": True} if row.at is not None else {})
    if row.kind == "tryout":
        return {"tryout": row.key, "tryout_state": row.state}
    if row.kind == "decision":
        return {
            "decision": row.key,
            "outcome": row.state,
            "signed_at": row.at,
            "wake_on": row.day,
        }
    return {"idea": row.key}


# --- the run as a whole ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Born:
    """A record that was born in a run. `title` is what stood on the work that ended in it; "" for
    one that was written by itself."""

    kind: str
    key: str
    title: str = ""


def counts_of(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Mapping[str, int]]:
    """How many records of each kind were born in these runs, by run id and kind. Runs where nothing
    was, and those that the actor neither teaches nor takes part in, are left out; so are all for
    who works for a company. One query."""
    if not runs or not actor.signed_in:
        return {}
    born = _born_in([run.id for run in runs]).subquery()
    rows = db.session.execute(
        select(
            born.c.run_id,
            born.c.kind,
            func.count().label("n"),
            takes_part(actor.person_id, born.c.run_id).label("inside"),
            works_for_kind(actor.person_id, COMPANIES).label("of_company"),
        ).group_by(born.c.run_id, born.c.kind)
    )
    hosts = {run.id: run.host_ids for run in runs}
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        if not row.of_company and (row.inside or actor.may_in_any(TEACH, hosts[row.run_id])):
            found.setdefault(row.run_id, {})[row.kind] = row.n
    return found


def born_in(run_id: int) -> Mapping[str, Sequence[Born]]:
    """What was born in a run, by kind: `KINDS` first. One query."""
    born, titled = _born_in([run_id]).subquery(), ended_in().subquery()
    title = (
        select(func.max(titled.c.title))
        .where(titled.c.kind == born.c.kind, titled.c.key == born.c.key, titled.c.run_id == run_id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(born.c.kind, born.c.key, title.label("title")).order_by(born.c.key).limit(MOST)
    )
    found: dict[str, list[Born]] = {}
    for row in rows:
        one = Born(kind=row.kind, key=row.key, title=row.title or "")
        found.setdefault(row.kind, []).append(one)
    known = {kind: place for place, kind in enumerate(KINDS)}
    return {kind: found[kind] for kind in sorted(found, key=lambda k: (known.get(k, 99), k))}


def _born_in(run_ids: Sequence[int]) -> CompoundSelect[Any]:
    """`run_id`, `kind` and `key`, each record once."""
    work = ended_in().subquery()
    own = [
        select(table.run_id, literal(kind).label("kind"), table.key).where(
            table.run_id.in_(run_ids)
        )
        for kind, table in TABLES.items()
    ]
    tried = select(
        Tryout.run_id, Tryout.idea_kind.label("kind"), Tryout.idea_key.label("key")
    ).where(Tryout.run_id.in_(run_ids), Tryout.idea_key != "")
    ended = select(work.c.run_id, work.c.kind, work.c.key).where(work.c.run_id.in_(run_ids))
    return union(ended, tried, *own)
