"""Verbs on waivers: somebody is let off a condition, with a reason that they read themselves."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor
from lms.core.learning.models import Waiver
from lms.core.learning.queries.completion import rules_of
from lms.core.learning.services.judging import held_enrolment, insist_may_judge
from lms.core.learning.services.standing import reassess
from lms.core.refused import refused
from lms.db import db, now
from lms.journal import record
from lms.work import Conflict


def waive(enrolment_id: int, condition: str, reason: str, actor: Actor) -> None:
    """Let somebody off one condition of their run's rule; a later reason replaces the first.

    Raises `Refused` without a reason, for a condition that the rule does not have, for oneself,
    for who works for a company, and once it is decided.
    """
    enrolment = held_enrolment(enrolment_id)
    insist_may_judge(enrolment, actor)
    if condition not in rules_of([enrolment.run_id])[enrolment.run_id].conditions:
        raise refused(
            "condition.unknown",
            da="Vælg en af holdets betingelser.",
            sv="Välj ett av omgångens villkor.",
            en="Choose one of the conditions of the run.",
        )
    if not reason.strip():
        raise refused(
            "reason.needed",
            da="Skriv en grund. Deltageren læser den.",
            sv="Skriv ett skäl. Deltagaren läser det.",
            en="Write a reason. The participant reads it.",
        )
    values = {"reason": reason.strip(), "by_id": actor.person_id, "at": now()}
    which = (Waiver.enrolment_id == enrolment_id, Waiver.condition == condition)
    if db.session.scalar(select(Waiver.id).where(*which)) is None:
        try:
            db.session.execute(
                insert(Waiver).values(enrolment_id=enrolment_id, condition=condition, **values)
            )
        except IntegrityError as error:
            raise Conflict("one condition was waived twice at once") from error
    else:
        db.session.execute(update(Waiver).where(*which).values(**values))
    record(
        "learning.waived",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"run": enrolment.run_id, "condition": condition},
        payload={"reason": reason.strip()},
    )
    reassess([enrolment_id], actor)


def take_waiver_back(enrolment_id: int, condition: str, actor: Actor) -> None:
    """The condition counts again. Raises `Refused` as `waive` does, and when it was not waived."""
    enrolment = held_enrolment(enrolment_id)
    insist_may_judge(enrolment, actor)
    gone = db.session.scalar(
        delete(Waiver)
        .where(Waiver.enrolment_id == enrolment_id, Waiver.condition == condition)
        .returning(Waiver.id)
    )
    if gone is None:
        raise refused(
            "not_waived",
            da="Betingelsen gælder allerede. Der er intet at tage tilbage.",
            sv="Villkoret gäller redan. Det finns inget att ta tillbaka.",
            en="The condition counts already. There is nothing to take back.",
        )
    record(
        "learning.waiver_ended",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"run": enrolment.run_id, "condition": condition},
    )
    reassess([enrolment_id], actor)
