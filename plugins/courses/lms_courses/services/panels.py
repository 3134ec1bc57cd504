"""Setting up a panel, giving feedback in its form, and summing it up; see `panel_release`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    EditedMeanwhile,
    Refused,
    RunFacts,
    db,
    is_of_a_company,
    now,
    record,
    refused,
)
from lms_courses.models import Panel, PanelForm, PanelSubject
from lms_courses.panel_kinds import (
    COMPANY_ROLE,
    FEEDBACK_DAY,
    HIGHEST,
    KINDS_OF,
    LOWEST,
    ROLES,
    SCALES,
    WORKING_DAYS,
)
from lms_courses.queries.panels import (
    Candidate,
    PanelFacts,
    SubjectFacts,
    candidates,
    countries_of,
    living,
    own_forms,
    panellists,
    panels_by_id,
    panels_in,
    stamp_of,
    subject_by_key,
    subjects_of,
)
from lms_courses.types import COMPANY
from lms_courses.working_days import after_working_days


@dataclass(frozen=True, kw_only=True, slots=True)
class FormValues:
    """What one on the panel says of one company or group. Scales run from 1 to 4."""

    role: str
    understood: int
    useful: int
    safe: int
    good: str = ""
    better: str = ""
    ask: str = ""


def set_up_panel(run: RunFacts, kind: str, held_at: datetime, actor: Actor) -> str:
    """A panel of the run, or another day for the one that is there; returns its key. Raises
    `Refused` when there is nobody to hear, and after the release; `Conflict` when two set up the
    same at once."""
    if kind not in KINDS_OF.get(run.course_type, ()):
        raise ValueError(kind)
    due = after_working_days(held_at, WORKING_DAYS, countries_of(run), run.zone)
    found = panels_in([run.id])[run.id].get(kind)
    if found is not None:
        return _move(found, held_at, due, actor)
    wanted = candidates(run)
    if not wanted:
        raise _nobody(run)
    row = Panel(run_id=run.id, kind=kind, held_at=held_at, release_by=due)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("two set up the same panel at once") from error
    _add(row.id, wanted, 0)
    _tell("courses.panel_set_up", row.id, run.id, actor, subjects=len(wanted))
    return row.key


def _move(found: PanelFacts, held_at: datetime, due: datetime, actor: Actor) -> str:
    panel = hold(found.id)
    if panel.released_at is not None:
        raise released()
    if panel.held_at != held_at:
        db.session.execute(
            update(Panel)
            .where(Panel.id == panel.id)
            .values(held_at=held_at, release_by=due)
            .execution_options(synchronize_session=False)
        )
        _tell("courses.panel_moved", panel.id, panel.run_id, actor)
    return panel.key


def take_in(panel: PanelFacts, run: RunFacts, actor: Actor) -> int:
    """Companies that got a place, or groups that were made, since the panel was set up are heard
    too. How many; raises `Refused` after the release."""
    panel = hold(panel.id)
    if panel.released_at is not None:
        raise released()
    there = subjects_of([panel.id])
    new = living(there, candidates(run))[2]
    if new:
        _add(panel.id, new, max((one.position for one in there), default=0))
        _tell("courses.panel_taken_in", panel.id, run.id, actor, subjects=len(new))
    return len(new)


def _add(panel_id: int, wanted: Sequence[Candidate], after: int) -> None:
    db.session.add_all(
        PanelSubject(
            panel_id=panel_id,
            application_id=one.application_id,
            group_id=one.group_id,
            name=one.name,
            position=position,
        )
        for position, one in enumerate(wanted, after + 1)
    )
    db.session.flush()


def give_feedback(
    subject: SubjectFacts, run: RunFacts, values: FormValues, actor: Actor, *, seen: str
) -> None:
    """Write or change one's own form about one company or group. `seen` is when the form that the
    page had shown was written, in ISO, "" for none: `EditedMeanwhile` when another page of the
    same person saved since. Raises `Refused` after the release, for who is not on the panel or
    works for a company where companies are heard, and about who has left."""
    panel = hold(subject.panel_id)
    if panel.released_at is not None:
        raise released()
    of_company = check_member(panel, actor)
    if not any(one.id == subject.id for one in living(subjects_of([panel.id]), candidates(run))[0]):
        raise left(subject)
    answers = {scale: getattr(values, scale) for scale in SCALES}
    role = COMPANY_ROLE if of_company else values.role
    if role not in ROLES or (role == COMPANY_ROLE) != of_company:
        raise ValueError(role)
    if not all(LOWEST <= answer <= HIGHEST for answer in answers.values()):
        raise ValueError(answers)
    before = own_forms(panel.id, actor.person_id).get(subject.id)
    if (before.written_at.isoformat() if before is not None else "") != seen:
        raise EditedMeanwhile(before)
    said = {"good": values.good, "better": values.better, "ask": values.ask}
    written = {"role": role, **answers, **said, "written_at": now()}
    if before is None:
        db.session.add(PanelForm(subject_id=subject.id, person_id=actor.person_id, **written))
        db.session.flush()
    else:
        db.session.execute(
            update(PanelForm)
            .where(PanelForm.id == before.id)
            .values(**written)
            .execution_options(synchronize_session=False)
        )
    _tell("courses.panel_form_given", panel.id, panel.run_id, actor, subject=subject.id)


def check_member(panel: PanelFacts, actor: Actor) -> bool:
    """Raises `Refused` for who gives no feedback on this panel; else whether they work for a
    company, and so speak for one."""
    mine = [one for one in panellists(panel.run_id, panel.kind) if one.person_id == actor.person_id]
    if not mine:
        raise refused(
            "not_on_panel",
            da="Du er ikke med i panelet mere. Spørg den, der leder holdet.",
            sv="Du är inte med i panelen längre. Fråga den som leder omgången.",
            en="You are not on the panel any more. Ask whoever leads the run.",
        )
    of_company = is_of_a_company(actor.person_id, panel.run_id)
    if of_company and panel.kind == FEEDBACK_DAY:
        raise company_barred()
    return of_company


def save_summary(subject: SubjectFacts, text: str, actor: Actor, *, seen: str) -> None:
    """What this company or group is told, in one text. `seen` is the stamp of what the page had
    shown: `EditedMeanwhile` when a colleague saved another. Raises `Refused` after the release."""
    panel = hold(subject.panel_id)
    if panel.released_at is not None:
        raise released()
    current = subject_by_key(subject.key)
    if current is None:
        raise left(subject)
    if stamp_of([current]) != seen:
        raise EditedMeanwhile(current)
    if current.summary != text:
        db.session.execute(
            update(PanelSubject)
            .where(PanelSubject.id == subject.id)
            .values(summary=text)
            .execution_options(synchronize_session=False)
        )
        _tell("courses.panel_summed_up", panel.id, panel.run_id, actor, subject=subject.id)


def note_read(subject: SubjectFacts, panel: PanelFacts, actor: Actor) -> None:
    """Those it is about say that they have read it; the first time counts."""
    changed = db.session.execute(
        update(PanelSubject)
        .where(PanelSubject.id == subject.id, PanelSubject.seen_at.is_(None))
        .values(seen_at=now())
        .execution_options(synchronize_session=False)
        .returning(PanelSubject.id)
    ).all()
    if changed:
        _tell("courses.feedback_read", panel.id, panel.run_id, actor, subject=subject.id)


def hold(panel_id: int) -> PanelFacts:
    """The panel, held until the transaction ends, so that nothing is written while it is
    released."""
    db.session.execute(select(Panel.id).where(Panel.id == panel_id).with_for_update())
    return panels_by_id([panel_id])[panel_id]


def released() -> Refused:
    """It is too late: everybody has got theirs."""
    return refused(
        "released",
        da="Feedbacken er sendt til alle. Den kan ikke ændres mere.",
        sv="Återkopplingen är skickad till alla. Den kan inte ändras längre.",
        en="The feedback has been sent to all. It cannot be changed any more.",
    )


def company_barred() -> Refused:
    """Companies are not judged by companies."""
    return refused(
        "company",
        da="Du arbejder for en virksomhed, så du svarer ikke om andre.",
        sv="Du arbetar för ett företag. Företag ger inte återkoppling på företag.",
        en="You work for a company. Companies give no feedback on companies.",
    )


def left(subject: SubjectFacts) -> Refused:
    """Of who has left nobody hears."""
    return refused(
        "left",
        da=f"{subject.name} er ikke med mere. Der skal ikke gives feedback.",
        sv=f"{subject.name} är inte med längre. Ingen återkoppling behövs.",
        en=f"{subject.name} does not take part any more. No feedback is needed.",
    )


def _nobody(run: RunFacts) -> Refused:
    if run.course_type == COMPANY:
        return refused(
            "nobody",
            da="Ingen virksomhed har plads endnu. Den forløbsansvarlige svarer på ansøgningerne.",
            sv="Inget företag har plats än. Den programansvariga svarar på ansökningarna.",
            en="No company has a place yet. The programme lead answers the applications.",
        )
    return refused(
        "nobody",
        da="Der er ingen grupper endnu. Underviseren sætter deltagerne i grupper på holdets side.",
        sv="Det finns inga grupper än. Läraren delar in deltagarna i grupper på omgångens sida.",
        en="There are no groups yet. The teacher puts participants into groups on the run's page.",
    )


def _tell(verb: str, panel_id: int, run_id: int, actor: Actor, **data: int) -> None:
    record(verb, "panel", panel_id, actor=actor, data={"run": run_id, **data})
