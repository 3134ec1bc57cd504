"""Verbs of who works on an assignment: write, hand in, say yes for a pair, take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from lms.api import (
    ActivityPlace,
    Actor,
    EditedMeanwhile,
    EnrolmentFacts,
    LocalisedText,
    Refusal,
    Refused,
    Together,
    WorkFacts,
    db,
    enrolments_by_id,
    move_documents,
    new_key,
    now,
    record,
    save_content,
    start_work,
    submit_work,
    working_with,
)
from lms_activities.assignment import Draft, Task
from lms_activities.models import HandIn, Share
from lms_activities.queries.assignment import TryFacts, asked_to_agree

OPEN = ("started", "returned")


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """A participant with those they do this assignment with; `others` is empty for who works
    alone, or whose colleagues have left."""

    enrolment: EnrolmentFacts
    work: WorkFacts
    together: Together
    others: Sequence[WorkFacts]

    @property
    def works(self) -> list[WorkFacts]:
        """All their works, in an order that all of them take."""
        return sorted((self.work, *self.others), key=lambda work: work.id)


def together_in(task: Task, enrolment_id: int) -> Together:
    """With whom a participant does this: nobody, when each works alone."""
    return Together() if task.who == "alone" else working_with(enrolment_id)


def side_of(place: ActivityPlace, task: Task, actor: Actor) -> Side:
    """The works of a participant and of those they work with, begun where they were not. Raises
    `Refused` for who is not in the class."""
    if place.enrolment is None:
        raise ValueError("who teaches has no work here")
    activity_id = place.activity.id
    together = together_in(task, place.enrolment.id)
    return Side(
        enrolment=place.enrolment,
        work=start_work(activity_id, place.enrolment.id, actor),
        together=together,
        others=tuple(start_work(activity_id, other, actor) for other in together.enrolment_ids),
    )


def save_draft(side: Side, draft: Draft, actor: Actor, *, revision: int) -> WorkFacts:
    """Keep what is written, for all who write it together. Raises `EditedMeanwhile` when one of
    them, or another tab, saved first; `Refused` while it is handed in.

    Who has written something of their own instead keeps it.
    """
    _make_free(side)
    before = Draft.of(side.work)
    saved = save_content(side.work, draft.as_content(), actor, revision=revision)
    for other in side.others:
        theirs = Draft.of(other)
        if other.state in OPEN and (not theirs.text or theirs.text == before.text):
            _follow(other, draft, actor)
    return saved


def _follow(other: WorkFacts, draft: Draft, actor: Actor) -> None:
    content = {**draft.as_content(), "no_names": other.content.get("no_names", False)}
    try:
        save_content(other, content, actor, revision=other.revision)
    except EditedMeanwhile:
        # They saved this very moment; who saves next is shown both texts.
        return


def hand_in(side: Side, task: Task, draft: Draft, actor: Actor, *, due_over: bool) -> TryFacts:
    """Hand in what is saved. Of a pair it waits until the other has said yes. Raises `Refused`
    when it may not be handed in (again), or is handed in already."""
    if task.late == "refused" and due_over:
        raise _too_late()
    if side.work.state == "returned" and not task.again:
        raise _once_only()
    if side.work.state not in OPEN:
        raise _moved_on()
    _make_free(side)
    waits = task.who == "pair" and bool(side.others)
    columns = {
        "activity_id": side.work.activity_id,
        "work_id": side.work.id,
        "number": _next_number(side.work.id),
        "text": draft.text,
        "group_name": side.together.name,
        "at": now(),
        "by_id": actor.person_id,
        "agreed_at": None if waits else now(),
    }
    (hand_in_id,) = db.session.execute(
        insert(HandIn).values(key=new_key(), outcome="", **columns).returning(HandIn.id)
    ).one()
    if waits:
        _share(hand_in_id, side.works)
        for other in side.others:
            _tell("activities.pair_asked", other, side, actor)
    else:
        _count(hand_in_id, side.works, actor)
    return _try(hand_in_id)


def agree(side: Side, waiting: TryFacts, actor: Actor) -> None:
    """The other of a pair says yes: now it counts for both. Raises `Refused` when it is gone, or
    is one's own."""
    if waiting.work_id == side.work.id:
        raise _others_yes()
    if waiting.work_id not in {work.id for work in side.works}:
        raise _moved_on()
    agreed = db.session.execute(
        update(HandIn)
        .where(HandIn.id == waiting.id, HandIn.agreed_at.is_(None))
        .values(agreed_by_id=actor.person_id, agreed_at=now())
        .returning(HandIn.id)
    ).first()
    if agreed is None:
        raise _moved_on()
    _count(waiting.id, side.works, actor)


def take_back(side: Side, waiting: TryFacts, actor: Actor) -> None:
    """One of a pair says not yet: the text is open to both again. Raises `Refused` when it counts
    already."""
    if waiting.work_id not in {work.id for work in side.works} or not _take_away(waiting.id):
        raise _moved_on()
    if waiting.work_id != side.work.id:
        sender = next(work for work in side.others if work.id == waiting.work_id)
        _tell("activities.pair_not_yet", sender, side, actor)


def _make_free(side: Side) -> None:
    """What waits for a yes is not changed; when nobody is left to say it, it is taken back."""
    pending = asked_to_agree([work.id for work in side.works])
    if pending is None:
        return
    if side.others:
        raise _waits_for_yes()
    _take_away(pending.id)


def _take_away(hand_in_id: int) -> bool:
    gone = db.session.execute(
        delete(HandIn)
        .where(HandIn.id == hand_in_id, HandIn.agreed_at.is_(None))
        .returning(HandIn.id)
    ).first()
    return gone is not None


def _count(hand_in_id: int, works: Sequence[WorkFacts], actor: Actor) -> None:
    """It is handed in: each one's work follows. The files of the draft go along."""
    following = [work for work in works if work.state in OPEN]
    if not following:
        raise _moved_on()
    for work in following:
        submit_work(work, actor)
    _share(hand_in_id, following)
    move_documents("work", [work.id for work in following], ("hand_in", hand_in_id))


def _share(hand_in_id: int, works: Sequence[WorkFacts]) -> None:
    whose = enrolments_by_id([work.enrolment_id for work in works])
    db.session.execute(delete(Share).where(Share.hand_in_id == hand_in_id))
    db.session.execute(
        insert(Share),
        [
            {
                "hand_in_id": hand_in_id,
                "work_id": work.id,
                "person_id": whose[work.enrolment_id].person_id,
            }
            for work in works
        ],
    )


def _next_number(work_id: int) -> int:
    last = db.session.scalar(select(func.max(HandIn.number)).where(HandIn.work_id == work_id))
    return (last or 0) + 1


def _try(hand_in_id: int) -> TryFacts:
    columns = [getattr(HandIn, name) for name in TryFacts.__slots__]
    row = db.session.execute(select(*columns).where(HandIn.id == hand_in_id)).one()
    return TryFacts(**row._mapping)


def _tell(verb: str, work: WorkFacts, side: Side, actor: Actor) -> None:
    data = {
        "activity": work.activity_id,
        "enrolment": work.enrolment_id,
        "run": side.enrolment.run_id,
    }
    record(verb, "work", work.id, actor=actor, data=data)


def _refused(code: str, *, da: str, sv: str, en: str) -> Refused:
    return Refused(Refusal(code=code, message=LocalisedText(da=da, sv=sv, en=en)))


def _too_late() -> Refused:
    return _refused(
        "late",
        da="Fristen er forbi, og opgaven tages ikke imod mere. Din tekst er gemt. Spørg "
        "underviseren.",
        sv="Tiden har gått ut och uppgiften tas inte emot mer. Din text är sparad. Fråga läraren.",
        en="The day has passed, and the task is not taken in any more. Your text is kept. Ask the "
        "teacher.",
    )


def _once_only() -> Refused:
    return _refused(
        "again",
        da="Denne opgave kan afleveres én gang. Spørg underviseren, hvis du vil aflevere igen.",
        sv="Den här uppgiften kan lämnas in en gång. Fråga läraren om du vill lämna in igen.",
        en="This task can be handed in once. Ask the teacher if you want to hand it in again.",
    )


def _moved_on() -> Refused:
    return _refused(
        "work_moved",
        da="Opgaven er gået videre imens. Se siden igen, før du gør mere.",
        sv="Uppgiften har gått vidare under tiden. Läs om sidan innan du gör mer.",
        en="The task has moved on in the meantime. Look at the page again before you do more.",
    )


def _waits_for_yes() -> Refused:
    return _refused(
        "waits",
        da="Den er afleveret og venter på den andens ja. Tag den tilbage, hvis du vil skrive mere.",
        sv="Den är inlämnad och väntar på den andras ja. Ta tillbaka den om du vill skriva mer.",
        en="It is handed in and waits for the other's yes. Take it back if you want to write more.",
    )


def _others_yes() -> Refused:
    return _refused(
        "own",
        da="Det er den anden, der siger ja.",
        sv="Det är den andra som säger ja.",
        en="It is the other who says yes.",
    )


def closed() -> Refused:
    """The activity is closed to the participant just now; the page says why."""
    return _refused(
        "closed",
        da="Her kan ikke gemmes noget nu. Kopier det, du har skrevet, hvis du vil beholde det.",
        sv="Här kan inget sparas nu. Kopiera det du har skrivit om du vill behålla det.",
        en="Nothing can be kept here now. Copy what you have written if you want to keep it.",
    )
