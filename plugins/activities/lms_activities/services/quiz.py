"""Verbs on tries at quizzes: begun, kept, finished. The server's clock decides what is in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import SystemRandom

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    SYSTEM,
    Actor,
    Conflict,
    JobContext,
    LocalisedText,
    Refusal,
    Refused,
    WorkFacts,
    activities_by_id,
    db,
    new_key,
    now,
    record,
    save_content,
    settle_work,
    submit_work,
    unit_of_work,
    works_by_id,
)
from lms_activities.models import Attempt
from lms_activities.queries.quiz import AttemptFacts, attempt_by_id, attempts_of, overdue_attempts
from lms_activities.quiz import LATEST_GRACE, Quiz, drawn, fitting, judged, question_from, quiz_from

CLOSE_ATTEMPTS = "activities.close_attempts"
GRACE = timedelta(seconds=LATEST_GRACE)


def begin_attempt(work: WorkFacts, quiz: Quiz, actor: Actor) -> AttemptFacts:
    """A new try, or the one that is under way. Raises `Refused` when all tries are used, when the
    quiz has no questions, or when it is passed."""
    tries = attempts_of([work.id])[work.id]
    if tries and tries[-1].finished_at is None:
        return tries[-1]
    if work.state == "accepted":
        raise _refused(_PASSED)
    if quiz.attempts and len(tries) >= quiz.attempts + extra_attempts(work):
        raise _refused(_USED_UP)
    questions = drawn(quiz, SystemRandom())
    if not questions:
        raise _refused(_EMPTY)
    moment = now()
    try:
        (attempt_id,) = db.session.execute(
            insert(Attempt)
            .values(
                key=new_key(),
                work_id=work.id,
                number=len(tries) + 1,
                started_at=moment,
                ends_at=moment + timedelta(minutes=quiz.minutes) if quiz.minutes else None,
                drawn=questions,
                answers={},
                results={},
                most=sum(question_from(stored).points for stored in questions),
            )
            .returning(Attempt.id)
        ).one()
    except IntegrityError as error:
        raise Conflict("the same try was begun twice at once") from error
    record("activities.attempt_begun", "work", work.id, actor=actor, data={"try": len(tries) + 1})
    return attempt_by_id(attempt_id)


def keep_answers(
    attempt: AttemptFacts, given: Mapping[str, Sequence[str]], *, revision: int
) -> AttemptFacts:
    """Keep what is answered so far; later answers win. Raises `Refused` when the time is over, when
    it is finished, or when another tab has kept something since (then what it kept stands)."""
    if attempt.finished_at is not None:
        ran_out = attempt.ends_at is not None and attempt.finished_at >= attempt.ends_at
        raise _refused(_TOO_LATE if ran_out else _FINISHED)
    if attempt.ends_at is not None and now() > attempt.ends_at + GRACE:
        raise _refused(_TOO_LATE)
    changed = db.session.execute(
        update(Attempt)
        .where(
            Attempt.id == attempt.id,
            Attempt.revision == revision,
            Attempt.finished_at.is_(None),
        )
        .values(answers=fitting(attempt.questions, given), revision=revision + 1)
        .returning(Attempt.id)
    ).first()
    if changed is None:
        raise _refused(_OTHER_TAB)
    return attempt_by_id(attempt.id)


def finish_attempt(attempt: AttemptFacts, quiz: Quiz, actor: Actor) -> AttemptFacts:
    """Mark the answers that are kept. Passed is accepted with the best score; otherwise the work
    goes back for another try. Finishing twice changes nothing."""
    outcome = judged(attempt.questions, attempt.answers)
    finished = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.finished_at.is_(None))
        .values(
            finished_at=min(now(), attempt.ends_at) if attempt.ends_at else now(),
            results=dict(outcome.right),
            points=outcome.points,
        )
        .returning(Attempt.id)
    ).first()
    if finished is None:
        return attempt_by_id(attempt.id)
    record(
        "activities.attempt_finished",
        "work",
        attempt.work_id,
        actor=actor,
        data={"try": attempt.number, "percent": outcome.percent},
    )
    work = works_by_id([attempt.work_id])[attempt.work_id]
    best = max(outcome.percent, work.score or 0)
    if outcome.percent >= quiz.needed:
        settle_work(work, actor, score=best)
    elif work.state in ("started", "returned"):
        settle_work(submit_work(work, actor), actor, done=False, score=best)
    return attempt_by_id(attempt.id)


def give_another(work: WorkFacts, actor: Actor) -> None:
    """One more try than the quiz allows, for one participant. Raises `Refused` when the work is
    accepted, `EditedMeanwhile` when it changed in between."""
    content = {**work.content, "extra": extra_attempts(work) + 1}
    save_content(work, content, actor, revision=work.revision)
    record("activities.attempt_given", "work", work.id, actor=actor)


def is_over(attempt: AttemptFacts, moment: datetime) -> bool:
    """Is its time over, and nobody has finished it?"""
    return (
        attempt.finished_at is None
        and attempt.ends_at is not None
        and moment > attempt.ends_at + GRACE
    )


def close_overdue(context: JobContext) -> None:
    """Finish the tries whose time is over with what was kept: nobody waits for a page."""
    with unit_of_work():
        for attempt_id in overdue_attempts(now() - GRACE):
            attempt = attempt_by_id(attempt_id)
            work = works_by_id([attempt.work_id])[attempt.work_id]
            activity = activities_by_id([work.activity_id])[work.activity_id]
            finish_attempt(attempt, quiz_from(activity.content), SYSTEM)


def closed() -> Refused:
    """The quiz is not open to this participant."""
    return _refused(_CLOSED)


def extra_attempts(work: WorkFacts | None) -> int:
    """Tries that a teacher has given beyond those of the quiz."""
    return int(work.content.get("extra", 0)) if work else 0


def _refused(message: LocalisedText) -> Refused:
    return Refused(Refusal(code="attempt", message=message))


_CLOSED = LocalisedText(
    da="Quizzen er ikke åben for dig lige nu. Det, du har svaret, står.",
    sv="Quizen är inte öppen för dig just nu. Det du har svarat står kvar.",
    en="The quiz is not open to you just now. What you have answered stays.",
)
_PASSED = LocalisedText(
    da="Du har bestået quizzen, så der er ikke mere at gøre her.",
    sv="Du har klarat quizen, så här finns inget mer att göra.",
    en="You have passed the quiz, so there is nothing more to do here.",
)
_USED_UP = LocalisedText(
    da="Du har brugt alle forsøg. Spørg din underviser, om du må få et til.",
    sv="Du har använt alla försök. Fråga din lärare om du kan få ett till.",
    en="You have used all your tries. Ask your teacher whether you may have another.",
)
_EMPTY = LocalisedText(
    da="Der er ingen spørgsmål endnu. Kom tilbage senere.",
    sv="Det finns inga frågor än. Kom tillbaka senare.",
    en="There are no questions yet. Come back later.",
)
_FINISHED = LocalisedText(
    da="Forsøget er afsluttet, så svarene kan ikke ændres mere.",
    sv="Försöket är avslutat, så svaren kan inte ändras längre.",
    en="The try is finished, so the answers can no longer be changed.",
)
_TOO_LATE = LocalisedText(
    da="Tiden var gået, da svarene nåede frem. Det, der var gemt før, tæller.",
    sv="Tiden hade gått ut när svaren kom fram. Det som sparats innan räknas.",
    en="The time was over when the answers arrived. What was kept before counts.",
)
_OTHER_TAB = LocalisedText(
    da="Quizzen er åben et andet sted, og dér er der gemt svar siden. De står her nu; se dem "
    "igennem, og gem igen.",
    sv="Quizen är öppen på ett annat ställe, och där har svar sparats sedan dess. De står här nu; "
    "gå igenom dem och spara igen.",
    en="The quiz is open somewhere else, and answers were kept there since. They stand here now; "
    "look them over and save again.",
)
