"""Verbs on cases: propose one, negotiate it in versions and comments, publish it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from lms.api import (
    Actor,
    LocalisedText,
    closed_among,
    db,
    documents_about,
    new_key,
    now,
    organisations_by_id,
    record,
    refused,
    search_key,
)
from lms_courses.case_states import MOVES, OWNERSHIP, PUBLISHED, WITH_REASON, WRITTEN_ON
from lms_courses.models import CaseComment, CaseVersion, CompanyCase
from lms_courses.queries.cases import CaseFacts, content_of
from lms_courses.queries.papers import RIGHTS
from lms_courses.refusing import changed_meanwhile
from lms_courses.services.case_gaps import gaps_of, said

COMPANY = "company"


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseValues:
    """What a case says. `rights` and who owns what are settled apart from it."""

    title: LocalisedText
    problem: LocalisedText = field(default_factory=LocalisedText)
    why: LocalisedText = field(default_factory=LocalisedText)
    question: LocalisedText = field(default_factory=LocalisedText)
    given: LocalisedText = field(default_factory=LocalisedText)
    limits: LocalisedText = field(default_factory=LocalisedText)
    hours_promised: int = 0
    category: str = ""
    product: str = ""
    company_id: int | None = None
    institution_id: int | None = None
    practice_host_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RightsValues:
    """Who owns what comes of a case, in plain words; `alternative` is what a student works on who
    signs nothing over, `with_nda` whether something of it is kept secret."""

    ownership: str
    rights: LocalisedText
    with_nda: bool = False
    alternative: LocalisedText = field(default_factory=LocalisedText)


def propose(values: CaseValues, actor: Actor, *, draft: bool = False) -> str:
    """Put a case before an institution, or keep it as a draft for oneself; returns its key.
    Raises `Refused` for a company that is none or is closed, and for a company as institution."""
    _check_places(values)
    moment, key = now(), new_key()
    case_id = db.session.execute(
        insert(CompanyCase)
        .values(
            key=key,
            state="draft" if draft else "proposed",
            **_columns(values),
            rights=LocalisedText(),
            alternative=LocalisedText(),
            ownership="owned_by_students",
            with_nda=False,
            number=1,
            proposed_by_id=actor.person_id,
            created_at=moment,
            changed_at=moment,
        )
        .returning(CompanyCase.id)
    ).scalar_one()
    _keep_version(case_id, 1, "", actor)
    if not draft:
        _tell("proposed", case_id, actor, company=values.company_id)
    return key


def save_draft(case: CaseFacts, values: CaseValues, actor: Actor, *, send: bool) -> None:
    """Write a draft anew, and perhaps send it: a draft has no history. Raises `Refused` when it
    was sent meanwhile."""
    _check_places(values)
    state = {"state": "proposed"} if send else {}
    _set(case, "draft", **_columns(values), **state)
    content = content_of(_row(case.id))
    db.session.execute(
        update(CaseVersion).where(CaseVersion.case_id == case.id).values(content=content, at=now())
    )
    if send:
        _tell("proposed", case.id, actor, company=values.company_id)


def edit(case: CaseFacts, values: CaseValues, note: str, actor: Actor, *, number: int) -> int:
    """A new version of a case, which is negotiated from then on: practice looks at it again.
    Returns its number. Runs keep the version they took. Raises `Refused` when somebody wrote
    another meanwhile (`number` is the one the page had), when it is over, and when nothing
    changes."""
    _check_places(values, {case.institution_id, case.practice_host_id, case.company_id})
    again = {"practice_checked_at": None, "practice_checked_by_id": None}
    return _write_version(case, number, note, actor, **_columns(values), **again)


def settle_rights(
    case: CaseFacts, values: RightsValues, note: str, actor: Actor, *, number: int
) -> int:
    """Say who owns what: a new version with the rights settled. No student may have to give up
    rights to pass (I-32): signing over wants a signed agreement and another way through."""
    if values.ownership not in OWNERSHIP:
        raise LookupError(values.ownership)
    if not values.rights.everything().strip():
        raise refused(
            "rights",
            da="Skriv med almindelige ord, hvem der ejer hvad.",
            sv="Skriv med vanliga ord vem som äger vad.",
            en="Write in plain words who owns what.",
        )
    if values.ownership == "signed_over":
        _check_signing_over(case, values)
    return _write_version(
        case,
        number,
        note,
        actor,
        rights=values.rights,
        ownership=values.ownership,
        with_nda=values.with_nda,
        alternative=values.alternative,
        rights_settled_at=now(),
    )


def comment(case: CaseFacts, side: str, text: str, actor: Actor) -> None:
    """Say something about the version that holds. The first word of teacher or practice begins
    the negotiation. Raises `Refused` for a case that is over."""
    _check_written_on(case)
    db.session.execute(
        insert(CaseComment).values(
            case_id=case.id,
            number=case.number,
            side=side,
            text=text,
            by_id=actor.person_id,
            at=now(),
        )
    )
    _negotiated(case, side)
    _tell("commented", case.id, actor, side=side)


def check_as_practice(case: CaseFacts, actor: Actor, *, number: int) -> None:
    """Practice has looked at the version that holds and finds it real and decent. Raises
    `Refused` when there is a newer one than the page had."""
    _check_written_on(case)
    if number != case.number:
        raise changed_meanwhile()
    _set(
        case,
        *WRITTEN_ON,
        practice_checked_at=now(),
        practice_checked_by_id=actor.person_id,
    )
    _negotiated(case, "practice")
    _tell("practice_checked", case.id, actor, number=number)


def move(
    case: CaseFacts, state: str, reason: str, actor: Actor, *, number: int | None = None
) -> None:
    """To another state. Raises `Refused` naming what is missing for publishing and who can supply
    it, without a reason where one is asked for, when somebody moved it meanwhile, and when there
    is a newer version than the page had (`number`; None: than `case`)."""
    if state not in MOVES[case.state] or number not in (None, case.number):
        raise changed_meanwhile()
    if state in PUBLISHED and (missing := gaps_of(case)):
        raise said(missing)
    if state in WITH_REASON and not reason.strip():
        raise refused(
            "reason",
            da="Skriv hvorfor, så de andre kan forstå det.",
            sv="Skriv varför, så att de andra kan förstå det.",
            en="Write why, so that the others understand it.",
        )
    approver = {"approved_by_id": actor.person_id} if state == "approved" else {}
    _set(case, case.state, state=state, reason=reason.strip(), **approver)
    _tell("case_moved", case.id, actor, old=case.state, new=state)


def answer_need(case: CaseFacts, need: tuple[str, str] | None, actor: Actor) -> None:
    """Say which record of the thread the case answers, by kind and key; None: none."""
    _check_written_on(case)
    kind, key = need or ("", "")
    _set(case, *WRITTEN_ON, need_kind=kind, need_key=key)
    _tell("need_chosen", case.id, actor, kind=kind)


# --- inside -------------------------------------------------------------------------------------


def _columns(values: CaseValues) -> dict[str, Any]:
    found = {name: getattr(values, name) for name in CaseValues.__slots__}
    words = " ".join(
        text.everything() if isinstance(text, LocalisedText) else text
        for text in (values.title, values.problem, values.question, values.product)
    )
    return found | {"search_text": search_key(words)}


def _check_places(values: CaseValues, known: set[int | None] | None = None) -> None:
    ids = [values.company_id, values.institution_id, values.practice_host_id]
    fresh = [one for one in ids if one is not None and one not in (known or ())]
    closed = closed_among(fresh)
    for name, organisation_id in zip(("company", "institution", "practice_host"), ids, strict=True):
        if organisation_id in closed:
            raise refused(
                name,
                da="Den organisation er lukket. Vælg en anden.",
                sv="Den organisationen är stängd. Välj en annan.",
                en="That organisation is closed. Choose another.",
            )
    kinds = {one.id: one.kind for one in organisations_by_id(fresh).values()}
    if values.company_id in kinds and kinds[values.company_id] != COMPANY:
        raise refused(
            "company",
            da="En case kommer fra en virksomhed. Vælg en.",
            sv="Ett case kommer från ett företag. Välj ett.",
            en="A case comes from a company. Choose one.",
        )
    if COMPANY in {kinds.get(values.institution_id or 0), kinds.get(values.practice_host_id or 0)}:
        raise refused(
            "institution",
            da="Kun skoler og praksis kan tage imod en case.",
            sv="Bara skolor och praktik kan ta emot ett case.",
            en="Only institutions and practice can take a case.",
        )


def _check_signing_over(case: CaseFacts, values: RightsValues) -> None:
    if not documents_about(RIGHTS, [case.id]):
        raise refused(
            "agreement",
            da="Ingen skal give sine rettigheder væk uden en underskrevet aftale. Læg den ved.",
            sv="Ingen ska ge bort sina rättigheter utan ett undertecknat avtal. Bifoga det.",
            en="Nobody gives up rights without a signed agreement. Add it here.",
        )
    if not values.alternative.everything().strip():
        raise refused(
            "alternative",
            da="Man skal kunne bestå uden at give sine rettigheder væk. Skriv, hvad man så gør.",
            sv="Man ska kunna bli godkänd utan att ge bort sina rättigheter. Skriv vad man då gör.",
            en="A student must be able to pass without giving up rights. Write what they do then.",
        )


def _check_written_on(case: CaseFacts) -> None:
    if case.state not in WRITTEN_ON:
        raise refused(
            "state",
            da="Casen er slut. Den bliver stående, som den er.",
            sv="Caset är avslutat. Det står kvar som det är.",
            en="The case is over. It stays as it is.",
        )


def _write_version(case: CaseFacts, number: int, note: str, actor: Actor, **values: Any) -> int:
    _check_written_on(case)
    if all(getattr(case, name, None) == value for name, value in values.items() if name in _SEEN):
        raise refused(
            "unchanged",
            da="Intet er ændret endnu.",
            sv="Inget är ändrat ännu.",
            en="Nothing has changed yet.",
        )
    found = db.session.execute(
        update(CompanyCase)
        .where(CompanyCase.id == case.id, CompanyCase.number == number)
        .values(
            number=number + 1,
            state="negotiated",
            changed_at=now(),
            **values,
        )
        .returning(CompanyCase.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    _keep_version(case.id, number + 1, note, actor)
    _tell("case_edited", case.id, actor, number=number + 1)
    return number + 1


_SEEN = frozenset(CaseValues.__slots__) | frozenset(RightsValues.__slots__)


def _row(case_id: int) -> CompanyCase:
    return db.session.scalars(
        select(CompanyCase)
        .where(CompanyCase.id == case_id)
        .execution_options(populate_existing=True)
    ).one()


def _keep_version(case_id: int, number: int, note: str, actor: Actor) -> None:
    db.session.execute(
        insert(CaseVersion).values(
            case_id=case_id,
            number=number,
            content=content_of(_row(case_id)),
            note=note.strip(),
            by_id=actor.person_id,
            at=now(),
        )
    )


def _negotiated(case: CaseFacts, side: str) -> None:
    if case.state == "proposed" and side != COMPANY:
        _set(case, "proposed", "negotiated", state="negotiated")


def _set(case: CaseFacts, *states: str, **values: Any) -> None:
    """Write unless it has left these states meanwhile, or says something else by now: nobody
    answers for a version they have not seen. Raises `Refused`."""
    found = db.session.execute(
        update(CompanyCase)
        .where(
            CompanyCase.id == case.id,
            CompanyCase.number == case.number,
            CompanyCase.state.in_(states),
        )
        .values(changed_at=now(), **values)
        .returning(CompanyCase.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()


def _tell(verb: str, case_id: int, actor: Actor, **data: Any) -> None:
    record(f"courses.{verb}", "company_case", case_id, actor=actor, data=data)
