"""Verbs on agreements to keep something of a case to oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update

from lms.api import (
    Accepted,
    Actor,
    RunFacts,
    db,
    keep_upload,
    new_key,
    now,
    record,
    refused,
    runs_by_id,
)
from lms_courses.case_states import WRITTEN_ON
from lms_courses.models import Nda
from lms_courses.queries.case_uses import run_ids_of_case
from lms_courses.queries.cases import CaseFacts
from lms_courses.queries.ndas import NDAS, NdaFacts, first_works
from lms_courses.refusing import changed_meanwhile


@dataclass(frozen=True, kw_only=True, slots=True)
class NdaValues:
    """What is kept secret in plain words, from when to when (None: no end), and whether the
    institution is a party."""

    secret: str
    from_day: date
    to_day: date | None
    with_institution: bool


def add_nda(
    case: CaseFacts, values: NdaValues, files: Sequence[Accepted], actor: Actor, *, language: str
) -> Sequence[RunFacts]:
    """Add an agreement to a case, with its document if there is one. Returns the runs for which
    it does not hold, since work was handed in there without it.

    Raises `Refused` without the institution as a party (I-33): supervisor and examiner could not
    see the work; and for a case that is over or has none, and days that end before they begin.
    """
    if case.state not in WRITTEN_ON:
        raise refused(
            "state",
            da="Casen er slut. Den bliver stående, som den er.",
            sv="Caset är avslutat. Det står kvar som det är.",
            en="The case is over. It stays as it is.",
        )
    if not values.with_institution or case.institution_id is None:
        raise refused(
            "with_institution",
            da="Skolen skal være part i aftalen. Ellers må vejleder og censor ikke se arbejdet, "
            "og så kan det hverken vejledes eller bedømmes.",
            sv="Skolan ska vara part i avtalet. Annars får handledare och examinator inte se "
            "arbetet, och då kan det varken handledas eller bedömas.",
            en="The institution must be a party. Otherwise supervisor and examiner may not see "
            "the work, and it can neither be supervised nor assessed.",
        )
    if values.to_day is not None and values.to_day < values.from_day:
        raise refused(
            "to_day",
            da="Aftalen slutter, før den begynder. Ret en af dagene.",
            sv="Avtalet slutar innan det börjar. Ändra en av dagarna.",
            en="It ends before it begins. Change one of the days.",
        )
    nda_id = db.session.execute(
        insert(Nda)
        .values(
            key=new_key(),
            case_id=case.id,
            institution_id=case.institution_id,
            secret=values.secret,
            from_day=values.from_day,
            to_day=values.to_day,
            state="draft",
            added_at=now(),
            added_by_id=actor.person_id,
        )
        .returning(Nda.id)
    ).scalar_one()
    if files:
        kept = keep_upload(files[0], subject=(NDAS, nda_id), actor=actor, language=language)
        db.session.execute(update(Nda).where(Nda.id == nda_id).values(document_key=kept.key))
    record("courses.nda_added", "company_case", case.id, actor=actor, data={"nda": nda_id})
    runs = run_ids_of_case(case.id)
    late = first_works(runs)
    return list(runs_by_id(sorted(late)).values()) if late else []


def sign_nda(nda: NdaFacts, actor: Actor) -> None:
    """The institution and the company have signed. Raises `Refused` without the document."""
    if not nda.document_key:
        raise refused(
            "document",
            da="Læg den underskrevne aftale ved først.",
            sv="Bifoga det undertecknade avtalet först.",
            en="Add the signed agreement first.",
        )
    _set(nda, "draft", state="signed", signed_at=now(), signed_by_id=actor.person_id)
    record("courses.nda_signed", "company_case", nda.case_id, actor=actor, data={"nda": nda.id})


def end_nda(nda: NdaFacts, actor: Actor) -> None:
    """It holds for nobody from now on; what was promised stays a promise between people."""
    if nda.state == "ended":
        raise changed_meanwhile()
    _set(nda, nda.state, state="ended")
    record("courses.nda_ended", "company_case", nda.case_id, actor=actor, data={"nda": nda.id})


def _set(nda: NdaFacts, old: str, **values: object) -> None:
    found = db.session.execute(
        update(Nda)
        .where(Nda.id == nda.id, Nda.state == old)
        .values(**values)
        .returning(Nda.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
