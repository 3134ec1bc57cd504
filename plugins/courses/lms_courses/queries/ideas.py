"""Ideas that a try-out may be about: those of the pair's own work, and those found by a word."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.api import Actor, RecordFacts, db, ended_in, find_records, records_as_seen

IDEA = "idea"


def ideas_of(enrolment_ids: Sequence[int], words: str, actor: Actor) -> Sequence[RecordFacts]:
    """What these participants' work ended in, then what is found by words; each as the actor may
    see it."""
    work = ended_in().subquery()
    keys = db.session.scalars(
        select(work.c.key)
        .where(work.c.enrolment_id.in_(enrolment_ids), work.c.kind == IDEA)
        .distinct()
    ).all()
    seen = records_as_seen([(IDEA, key) for key in sorted(keys)], actor)
    found = {facts.key: facts for _kind, facts in seen.values()}
    if words:
        found |= {facts.key: facts for facts in find_records(IDEA, words, actor)}
    return list(found.values())
