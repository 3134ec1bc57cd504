"""Verbs on work: begun, handed in, returned, accepted. Each looks at the standing anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor, WorkFacts
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.models import Activity, Work
from lms.core.learning.queries.works import work_of, works_by_id
from lms.core.learning.services.attendance import credit_catch_up
from lms.core.learning.services.judging import insist_may_judge
from lms.core.learning.services.outline import EditedMeanwhile
from lms.core.learning.services.standing import reassess
from lms.core.refused import Refused, refused
from lms.db import db, new_key, now
from lms.journal import record
from lms.work import Conflict

OPEN = ("started", "returned")
"""States in which the participant may still change the work."""


def start_work(
    activity_id: int, enrolment_id: int, actor: Actor, content: Mapping[str, Any] | None = None
) -> WorkFacts:
    """The work of a participant, begun now if it was not. Raises `Refused` for an enrolment that
    is not in the class, `Conflict` when it is begun twice at once."""
    found = work_of(activity_id, enrolment_id)
    if found is not None:
        return found
    state = db.session.scalar(select(Enrolment.state).where(Enrolment.id == enrolment_id))
    if state not in ("seated", "active"):
        raise _over()
    try:
        (work_id,) = db.session.execute(
            insert(Work)
            .values(
                key=new_key(),
                activity_id=activity_id,
                enrolment_id=enrolment_id,
                state="started",
                content=dict(content or {}),
                started_at=now(),
            )
            .returning(Work.id)
        ).one()
    except IntegrityError as error:
        raise Conflict("the same work was begun twice at once") from error
    record("learning.work_started", "work", work_id, actor=actor, data={"activity": activity_id})
    return works_by_id([work_id])[work_id]


def save_content(
    work: WorkFacts, content: Mapping[str, Any], actor: Actor, *, revision: int
) -> WorkFacts:
    """Keep what the participant has so far; drafts are not journalled. Raises `EditedMeanwhile`
    when it is no longer at this revision, `Refused` once it is handed in."""
    changed = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.revision == revision, Work.state.in_(OPEN))
        .values(content=dict(content), revision=revision + 1)
        .returning(Work.id)
    ).first()
    if changed is None:
        current = works_by_id([work.id])[work.id]
        if current.state not in OPEN:
            raise _handed_in()
        raise EditedMeanwhile(current)
    return works_by_id([work.id])[work.id]


def submit_work(
    work: WorkFacts, actor: Actor, *, content: Mapping[str, Any] | None = None
) -> WorkFacts:
    """Hand in; somebody looks at it next. Raises `Refused` when it is not the participant's turn
    or they are no longer in the class."""
    _in_class(work)
    return _move(
        work,
        OPEN,
        "submitted",
        actor,
        submitted_at=now(),
        attempts=Work.attempts + 1,
        **({} if content is None else {"content": dict(content), "revision": Work.revision + 1}),
    )


def accept_work(work: WorkFacts, actor: Actor, *, score: int | None = None) -> WorkFacts:
    """Somebody looked at it, and it is good; `score` is percent. Raises `Refused` for one's own
    work, for who works for a company, and when it is accepted already."""
    insist_may_judge(enrolments_by_id([work.enrolment_id])[work.enrolment_id], actor)
    return _accept(work, actor, score=score, decided_by_id=actor.person_id)


def return_work(work: WorkFacts, actor: Actor, *, score: int | None = None) -> WorkFacts:
    """Somebody looked at it and gives it back for another try; an accepted work may be returned as
    well while the run is under way. Raises `Refused` as `accept_work` does, and when there is
    nothing handed in."""
    insist_may_judge(enrolments_by_id([work.enrolment_id])[work.enrolment_id], actor)
    return _return(work, actor, score=score, decided_by_id=actor.person_id)


def settle_work(
    work: WorkFacts, actor: Actor, *, done: bool = True, score: int | None = None
) -> WorkFacts:
    """The rule of the activity type settles it by what the participant did, and nobody judges:
    accepted, or without `done` given back for another try. Raises `Refused` for who is neither the
    participant nor may judge them, and when the work has moved on."""
    enrolment = enrolments_by_id([work.enrolment_id])[work.enrolment_id]
    if actor.person_id != enrolment.person_id:
        insist_may_judge(enrolment, actor)
    return (_accept if done else _return)(work, actor, score=score, decided_by_id=None)


def _accept(
    work: WorkFacts, actor: Actor, *, score: int | None, decided_by_id: int | None
) -> WorkFacts:
    return _move(
        work,
        ("started", "submitted", "returned"),
        "accepted",
        actor,
        decided_at=now(),
        decided_by_id=decided_by_id,
        submitted_at=work.submitted_at or now(),
        **({} if score is None else {"score": score}),
    )


def _return(
    work: WorkFacts, actor: Actor, *, score: int | None, decided_by_id: int | None
) -> WorkFacts:
    return _move(
        work,
        ("submitted", "accepted"),
        "returned",
        actor,
        decided_at=now(),
        decided_by_id=decided_by_id,
        **({} if score is None else {"score": score}),
    )


def note_record(work: WorkFacts, record_type: str, record_key: str, title: str) -> None:
    """Write down which record the work ended in."""
    db.session.execute(
        update(Work)
        .where(Work.id == work.id)
        .values(record_type=record_type, record_key=record_key, record_title=title[:200])
    )


def _move(
    work: WorkFacts, allowed: tuple[str, ...], state: str, actor: Actor, **columns: Any
) -> WorkFacts:
    moved = db.session.execute(
        update(Work)
        .where(Work.id == work.id, Work.state.in_(allowed))
        .values(state=state, **columns)
        .returning(Work.id)
    ).first()
    if moved is None:
        raise _handed_in()
    run_id = db.session.scalar(select(Activity.run_id).where(Activity.id == work.activity_id))
    record(
        f"learning.work_{state}",
        "work",
        work.id,
        actor=actor,
        data={"activity": work.activity_id, "enrolment": work.enrolment_id, "run": run_id},
    )
    if state in ("accepted", "returned"):
        credit_catch_up(work.id, actor)
    reassess([work.enrolment_id], actor)
    return works_by_id([work.id])[work.id]


def _in_class(work: WorkFacts) -> None:
    state = db.session.scalar(select(Enrolment.state).where(Enrolment.id == work.enrolment_id))
    if state not in ("seated", "active"):
        raise _over()


def _handed_in() -> Refused:
    return refused(
        "work_moved",
        da="Opgaven er gået videre imens. Se siden igen, før du gør mere.",
        sv="Uppgiften har gått vidare under tiden. Läs om sidan innan du gör mer.",
        en="The task has moved on in the meantime. Look at the page again before you do more.",
    )


def _over() -> Refused:
    return refused(
        "not_in_class",
        da="Du er ikke med på holdet nu, så her kan ikke gemmes mere. Det, du har afleveret, står.",
        sv="Du är inte med i omgången nu, så här kan inget mer sparas. Det du lämnat in står kvar.",
        en="You do not take part in the run now, so nothing more can be saved here. What you have "
        "handed in stays.",
    )
