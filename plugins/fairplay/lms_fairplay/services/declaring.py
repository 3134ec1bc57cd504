"""A company signs that it stays neutral."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import update

from lms.api import Actor, db, now, record, refused
from lms_fairplay.days import day_of
from lms_fairplay.models import Declaration
from lms_fairplay.neutrality import versions
from lms_fairplay.queries.seeing import companies_of, may_end_declarations
from lms_fairplay.services.refusing import not_yours

LAST_OF_SHORT_MONTHS = 28


def sign(company_id: int, version: str, months: int, actor: Actor) -> int:
    """The actor signs for the company they work for, from today on for so many months. The id of
    the declaration."""
    if company_id not in companies_of(actor):
        raise refused(
            "not_yours",
            da="Kun en, der arbejder i virksomheden, kan skrive under for den.",
            sv="Bara någon som arbetar på företaget kan skriva under för det.",
            en="Only somebody who works for the company can sign for it.",
        )
    if version not in versions():
        raise refused(
            "version",
            da="Teksten er ny, siden du åbnede siden. Læs den igen, og skriv så under.",
            sv="Texten är ny sedan du öppnade sidan. Läs den igen och skriv sedan under.",
            en="The text is new since you opened the page. Read it again, then sign.",
        )
    moment = now()
    first = day_of(moment)
    row = Declaration(
        company_id=company_id,
        text_version=version,
        signed_by_id=actor.person_id,
        signed_at=moment,
        from_day=first,
        to_day=last_day(first, months),
    )
    db.session.add(row)
    db.session.flush()
    record(
        "fairplay.declared",
        "declaration",
        row.id,
        actor=actor,
        data={"company_id": company_id, "version": version},
    )
    return row.id


def end_declaration(company_id: int, reason: str, actor: Actor) -> None:
    """All that the company declared holds no more from today on, and why: the company takes its
    word back, or a procurement officer knows that it was broken. Raises `Refused`."""
    if not may_end_declarations(actor, company_id):
        raise not_yours()
    day = day_of(now())
    ended = db.session.scalars(
        update(Declaration)
        .where(
            Declaration.company_id == company_id,
            Declaration.to_day >= day,
            Declaration.ended_on.is_(None),
        )
        .values(ended_on=day, ended_reason=reason)
        .returning(Declaration.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not ended:
        raise refused(
            "nothing",
            da="Der er ingen erklæring, der gælder.",
            sv="Det finns ingen förklaring som gäller.",
            en="There is no declaration that holds.",
        )
    for id_ in sorted(ended):
        record(
            "fairplay.declaration_ended",
            "declaration",
            id_,
            actor=actor,
            data={"company_id": company_id},
        )


def last_day(first: date, months: int) -> date:
    """The last of so many months that begin on a day, both days counted."""
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    try:
        end = date(year, month, first.day)
    except ValueError:  # the month has no such day, so the months end with its last
        end = date(year, month, LAST_OF_SHORT_MONTHS) + timedelta(days=4)
        end = end.replace(day=1)
    return end - timedelta(days=1)
