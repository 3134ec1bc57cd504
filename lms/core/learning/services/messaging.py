"""A teacher writes to a class: the journal keeps the words, and the mails are made from it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.contracts import Actor
from lms.core.enrolment.models import Enrolment
from lms.core.learning.queries.desk import IN_RUN
from lms.core.refused import refused
from lms.db import db
from lms.journal import record


def send_message(
    run_id: int, enrolment_ids: Sequence[int], subject: str, text: str, actor: Actor
) -> int:
    """Send these words to participants of a run, each by the mail they have chosen. Who is not in
    the class any more is left out. Returns how many it goes to; raises `Refused` when to nobody."""
    to = list(
        db.session.scalars(
            select(Enrolment.id)
            .where(
                Enrolment.run_id == run_id,
                Enrolment.id.in_(enrolment_ids),
                Enrolment.state.in_(IN_RUN),
            )
            .order_by(Enrolment.id)
        )
    )
    if not to:
        raise refused(
            "nobody",
            da="Der er ingen at skrive til. Vælg mindst én, der er med på holdet nu.",
            sv="Det finns ingen att skriva till. Välj minst en som är med i omgången nu.",
            en="There is nobody to write to. Choose at least one who takes part in the run now.",
        )
    record(
        "learning.message_sent",
        "run",
        run_id,
        actor=actor,
        data={"to": to},
        payload={"subject": subject, "text": text},
    )
    return len(to)
