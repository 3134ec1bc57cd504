"""Verbs on cases in use: take one into a run, let another step in when it is withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    LANGUAGES,
    Actor,
    Conflict,
    ContactFacts,
    LocalisedText,
    Refused,
    RunFacts,
    contact_refusals,
    db,
    link_records,
    make_contacts,
    new_key,
    now,
    party_to,
    record,
    refused,
    version_by_id,
)
from lms_courses.models import CaseUse, CompanyCase
from lms_courses.queries.case_uses import UseFacts, uses_in_runs
from lms_courses.queries.cases import CaseFacts

OVER = frozenset({"completed", "evaluated", "archived", "cancelled"})
MOST_HOURS = 500
TAKEN = LocalisedText(
    da="En case fra virksomheden bruges på holdet “{run}”.",
    sv="Ett case från företaget används i omgången “{run}”.",
    en="A case of the company is used in the run “{run}”.",
)


def take_case(
    run: RunFacts,
    case: CaseFacts,
    outcomes: Sequence[int],
    actor: Actor,
    *,
    fallback_case_id: int | None = None,
) -> str:
    """A run works on a case from now on, at the version that holds; returns the use's key.

    `outcomes` are places in the list of the run's course version. The need the case answers is
    linked with the case and the run, and the contact of hosts and company is made. Raises
    `Refused` when the case is not open, the run is over or has one, something of it is secret
    and its institution has no part in the run, no outcome is linked, or somebody refuses the
    contact; `Conflict` when another takes one at the same time.
    """
    _check_run(run)
    if uses_in_runs([run.id]):
        raise refused(
            "run",
            da="Holdet har allerede en case. Se den på holdets side.",
            sv="Omgången har redan ett case. Se det på omgångens sida.",
            en="The run has a case already. See it on the run's page.",
        )
    _check_open(case)
    if case.with_nda and not is_party(run, case):
        raise refused(
            "nda",
            da="Casen har noget hemmeligt, og aftalen er en anden skoles. Jeres vejledere og "
            "censorer må ikke se arbejdet. Få skolen med som partner i holdet, eller vælg en "
            "anden case.",
            sv="Caset har något hemligt, och avtalet är en annan skolas. Era handledare och "
            "examinatorer får inte se arbetet. Ta med skolan som partner i omgången, eller välj "
            "ett annat case.",
            en="Something in the case is secret, and the agreement is another institution's. Your "
            "supervisors and examiners may not see the work. Make that institution a partner of "
            "the run, or choose another case.",
        )
    known = range(len(version_by_id(run.course_version_id).outcomes))
    places = sorted(set(outcomes))
    if not places or not set(places) <= set(known):
        raise refused(
            "outcomes",
            da="Vælg mindst ét læringsmål, som de studerende arbejder med i casen.",
            sv="Välj minst ett lärandemål som studenterna arbetar med i caset.",
            en="Choose at least one learning outcome that the students work on in the case.",
        )
    if fallback_case_id == case.id:
        raise refused(
            "fallback",
            da="Reserven skal være en anden case.",
            sv="Reserven ska vara ett annat case.",
            en="The fallback must be another case.",
        )
    make_contacts(contacts(run, case), actor)
    return _use(run, case, places, actor, fallback_case_id=fallback_case_id)


def withdraw_use(
    use: UseFacts, run: RunFacts, fallback: CaseFacts | None, reason: str, actor: Actor
) -> bool:
    """The case is no longer there for the run; another steps in at once. Says whether one did.

    A fallback that is not open any more, that is kept secret with another institution, or whose
    contact somebody refuses, does not keep the case from being withdrawn. Raises `Refused` without
    a reason and for what was withdrawn.
    """
    if not reason.strip():
        raise refused(
            "reason",
            da="Skriv hvorfor. Grupperne læser det.",
            sv="Skriv varför. Grupperna läser det.",
            en="Write why. The groups read it.",
        )
    gone = db.session.execute(
        update(CaseUse)
        .where(CaseUse.id == use.id, CaseUse.withdrawn_at.is_(None))
        .values(withdrawn_at=now(), reason=reason.strip())
        .returning(CaseUse.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if gone is None:
        raise refused(
            "use",
            da="Casen er allerede trukket tilbage.",
            sv="Caset är redan tillbakadraget.",
            en="The case is withdrawn already.",
        )
    steps_in = (
        fallback is not None
        and fallback.id != use.case.id
        and fallback.state == "open"
        and run.state not in OVER
        and (is_party(run, fallback) or not fallback.with_nda)
        and not contact_refusals(contacts(run, fallback))
    )
    record(
        "courses.case_withdrawn",
        "case_use",
        use.id,
        actor=actor,
        data={"case": use.case.id, "run": run.id, "fallback": steps_in},
    )
    if steps_in and fallback is not None:
        make_contacts(contacts(run, fallback), actor)
        _use(run, fallback, list(use.outcomes), actor, fallback=True)
    return steps_in


def choose_fallback(use: UseFacts, fallback: CaseFacts | None, actor: Actor) -> None:
    """Say early which case steps in; None: none is chosen."""
    if fallback is not None and fallback.id != use.case.id:
        _check_open(fallback)
    _set(use, fallback_case_id=fallback.id if fallback is not None else None)
    record("courses.fallback_chosen", "case_use", use.id, actor=actor)


def note_hours(use: UseFacts, hours: int, actor: Actor) -> None:
    """How many hours the company has given so far. Raises `Refused` for what nobody gives."""
    if not 0 <= hours <= MOST_HOURS:
        raise refused(
            "hours",
            da=f"Skriv et helt tal fra 0 til {MOST_HOURS}.",
            sv=f"Skriv ett heltal från 0 till {MOST_HOURS}.",
            en=f"Write a whole number from 0 to {MOST_HOURS}.",
        )
    _set(use, hours_given=hours)
    record("courses.hours_noted", "case_use", use.id, actor=actor, data={"hours": hours})


def is_party(run: RunFacts, case: CaseFacts) -> bool:
    """Does the institution of the case host the run, or take part as its partner?"""
    here = select(party_to(case.institution_id, run.id))
    return case.institution_id is not None and bool(db.session.scalar(here))


def contacts(run: RunFacts, case: CaseFacts) -> Sequence[ContactFacts]:
    """What the hosts of a run and the company of a case have to do with each other in it; nothing
    when the case has no company. What the case is about stays among its sides: the contact tells
    that there is one, and is confidential where something of it is secret."""
    if case.company_id is None:
        return ()
    what = LocalisedText(
        **{
            code: TAKEN.in_language(code).format(run=run.title.in_language(code))
            for code in LANGUAGES
        }
    )
    return (
        ContactFacts(
            kind="case",
            authority_ids=run.host_ids + run.partner_ids,
            company_id=case.company_id,
            at=now(),
            what=what,
            confidential=case.with_nda,
            category=case.category,
            run_id=run.id,
            subject_kind="company_case",
            subject_id=case.id,
        ),
    )


# --- inside -------------------------------------------------------------------------------------


def _use(
    run: RunFacts,
    case: CaseFacts,
    outcomes: Sequence[int],
    actor: Actor,
    *,
    fallback: bool = False,
    fallback_case_id: int | None = None,
) -> str:
    # The case is held so that nobody writes or closes it while it is taken.
    held = db.session.execute(
        select(CompanyCase.number, CompanyCase.state)
        .where(CompanyCase.id == case.id)
        .with_for_update()
    ).one()
    if held.state != "open":
        raise _not_open()
    key = new_key()
    try:
        use_id = db.session.execute(
            insert(CaseUse)
            .values(
                key=key,
                run_id=run.id,
                case_id=case.id,
                number=held.number,
                outcomes=list(outcomes),
                fallback=fallback,
                fallback_case_id=fallback_case_id,
                begun_at=now(),
                begun_by_id=actor.person_id,
                hours_given=0,
                reason="",
            )
            .returning(CaseUse.id)
        ).scalar_one()
    except IntegrityError as error:
        raise Conflict("two cases were taken into a run at once") from error
    _link(run, case, actor)
    record(
        "courses.case_taken",
        "case_use",
        use_id,
        actor=actor,
        data={"case": case.id, "run": run.id, "number": held.number, "fallback": fallback},
    )
    return key


def _link(run: RunFacts, case: CaseFacts, actor: Actor) -> None:
    """The need led to the case and the course, the case to the course. Where somebody has linked
    two of them the other way round, their word stands: it is no reason against the case."""
    here, course = ("case", case.key), ("course", run.key)
    pairs = [(here, course)]
    if case.need_key:
        need = (case.need_kind, case.need_key)
        pairs += [(need, here), (need, course)]
    for first, second in pairs:
        with suppress(Refused):
            link_records(first, second, actor)


def _check_run(run: RunFacts) -> None:
    if run.state in OVER:
        raise refused(
            "run",
            da="Holdet er slut. Det kan ikke få en case nu.",
            sv="Omgången är slut. Den kan inte få ett case nu.",
            en="The run is over. It cannot get a case now.",
        )


def _check_open(case: CaseFacts) -> None:
    if case.state != "open":
        raise _not_open()


def _not_open() -> Refused:
    return refused(
        "case",
        da="Casen er ikke åben for hold lige nu. Vælg en anden.",
        sv="Caset är inte öppet för omgångar just nu. Välj ett annat.",
        en="The case is not open to be taken just now. Choose another.",
    )


def _set(use: UseFacts, **values: object) -> None:
    db.session.execute(
        update(CaseUse)
        .where(CaseUse.id == use.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
