"""A copied run has the terms of the old one, each day as much later as the run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from lms.contracts import Actor, CopyFacts
from lms.core.enrolment.models import EntryRule, Terms
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.services.terms import Rule, set_entry_rules, set_terms
from lms.core.local_times import days_later
from lms.db import db


def copy_terms(copied: CopyFacts, actor: Actor) -> None:
    """Copy the terms and entry rules of runs. What was drawn or decided stays with the old run: a
    lottery gets a seed of its own, and nobody has decided yet whether too few are enough."""
    written = db.session.scalars(select(Terms.run_id).where(Terms.run_id.in_(copied.runs)))
    for old_id in list(written):
        old, new_id = terms_of([old_id])[old_id], copied.runs[old_id]
        set_terms(
            replace(
                old,
                run_id=new_id,
                decide_by=_moved(old.decide_by, copied),
                draw_at=_moved(old.draw_at, copied),
                withdraw_until=_moved(old.withdraw_until, copied),
                minimum_decision=None,
                draw_digest=None,
                draw_seed=None,
                drawn_at=None,
            ),
            actor,
        )
    for old_id, new_id in copied.runs.items():
        rules = [
            Rule(
                organisation_id=row.organisation_id,
                unit_id=row.unit_id,
                function_id=row.function_id,
                role=row.role,
            )
            for row in db.session.execute(
                select(
                    EntryRule.organisation_id,
                    EntryRule.unit_id,
                    EntryRule.function_id,
                    EntryRule.role,
                )
                .where(EntryRule.run_id == old_id)
                .order_by(EntryRule.id)
            )
        ]
        if rules:
            set_entry_rules(new_id, rules, actor)


def _moved(moment: datetime | None, copied: CopyFacts) -> datetime | None:
    return None if moment is None else days_later(moment, copied.days, copied.zone)
