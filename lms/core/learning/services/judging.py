"""What verbs that judge somebody have in common: held while it happens, and who may not judge."""

from __future__ import annotations

from sqlalchemy import select

from lms.contracts import Actor, EnrolmentFacts
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.queries.assessing import is_of_a_company
from lms.core.learning.services.standing import JUDGED
from lms.core.refused import Refused, refused
from lms.db import db


def held_enrolment(enrolment_id: int, *, states: tuple[str, ...] = JUDGED) -> EnrolmentFacts:
    """The enrolment, held until the transaction ends. Raises `Refused` in other states: what is
    decided stays decided."""
    state = db.session.scalar(
        select(Enrolment.state).where(Enrolment.id == enrolment_id).with_for_update(key_share=True)
    )
    if state not in states:
        raise _over()
    return enrolments_by_id([enrolment_id])[enrolment_id]


def insist_may_judge(enrolment: EnrolmentFacts, actor: Actor) -> None:
    """Raises `Refused` for who would judge themselves, and for who works for a company."""
    if actor.is_system:
        return
    if actor.person_id == enrolment.person_id:
        raise refused(
            "own",
            da="Ingen bedømmer sig selv. En anden fra holdets team må gøre det.",
            sv="Ingen bedömer sig själv. Någon annan i omgångens team får göra det.",
            en="Nobody judges themselves. Somebody else on the team has to do it.",
        )
    if is_of_a_company(actor.person_id, enrolment.run_id):
        raise refused(
            "company",
            da="Den, der arbejder for en virksomhed, bedømmer ingen deltagere.",
            sv="Den som arbetar för ett företag bedömer inga deltagare.",
            en="Whoever works for a company assesses no participants.",
        )


def _over() -> Refused:
    return refused(
        "decided",
        da="Det er afgjort, eller deltageren er ikke med mere. Her kan intet ændres.",
        sv="Det är avgjort, eller så är deltagaren inte med längre. Här kan inget ändras.",
        en="It is decided, or they do not take part any more. Nothing can be changed here.",
    )
