"""Verbs of who looks at what was handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, update

from lms.api import (
    ActivityFacts,
    Actor,
    Finding,
    LocalisedText,
    RecordDraft,
    Refusal,
    Refused,
    RunFacts,
    WorkFacts,
    accept_work,
    actor_for_person,
    assess,
    copy_documents,
    db,
    enrolments_by_id,
    is_of_a_company,
    link_records,
    make_record,
    note_record,
    now,
    record,
    return_work,
    version_by_id,
    works_by_id,
)
from lms_activities.assignment import Draft, Task
from lms_activities.models import HandIn, Marking
from lms_activities.queries.assignment import (
    MarkingFacts,
    TryFacts,
    markings_of,
    sharing,
    try_with_id,
)
from lms_activities.queries.seen import is_seen


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a marker writes: `outcome` accepted or returned; levels by the criterion's key."""

    outcome: str
    text: str
    levels: Mapping[str, int]


def mark(
    one: TryFacts, activity: ActivityFacts, run: RunFacts, verdict: Verdict, actor: Actor
) -> str:
    """Write down what a marker says of one try, and decide it when that is enough.

    Returns accepted or returned when it is decided now, "" while another marker's word is
    missing, "differs" when two say different things. Raises `Refused`: nobody marks their own
    work, nobody employed by a company marks, what nobody at work has seen is not accepted.
    """
    task = Task.of(activity)
    current = try_with_id(one.id)
    if current is None or not current.waits:
        raise _decided()
    if is_of_a_company(actor.person_id, run.id):
        raise _not_companies()
    shares = sharing([one.id])[one.id]
    if any(share.person_id == actor.person_id for share in shares):
        raise _not_own()
    work_ids = [share.work_id for share in shares]
    if task.at_work and verdict.outcome == "accepted" and not is_seen(work_ids):
        raise _not_seen()
    _write(one.id, verdict, actor)
    said = markings_of([one.id])[one.id]
    agreed = [marking for marking in said if marking.outcome == verdict.outcome]
    if task.double and len(agreed) < 2:
        if len(said) < 2:
            return ""
        data = {"hand_in": one.id}
        record("activities.markers_differ", "activity", activity.id, actor=actor, data=data)
        return "differs"
    # Who left the group and handed in alone meanwhile goes another way.
    works = sorted(works_by_id(work_ids).values(), key=lambda work: work.id)
    following = [work for work in works if work.state == "submitted"]
    _decide(one.id, verdict.outcome)
    score = task.score([marking.levels for marking in agreed])
    for work in following:
        if verdict.outcome == "accepted":
            accept_work(work, actor, score=score)
        else:
            return_work(work, actor, score=score)
    if verdict.outcome == "returned" and following:
        # The next draft begins with the files of this try, which keeps its own.
        copy_documents("hand_in", [one.id], ("work", following[0].id))
    if verdict.outcome == "accepted":
        _assess(task, agreed, following, run, actor)
        if task.at_work:
            _end_in_record(one, following, run, actor)
    return verdict.outcome


def _write(hand_in_id: int, verdict: Verdict, actor: Actor) -> None:
    db.session.execute(
        delete(Marking).where(
            Marking.hand_in_id == hand_in_id, Marking.marker_id == actor.person_id
        )
    )
    db.session.execute(
        insert(Marking).values(
            hand_in_id=hand_in_id,
            marker_id=actor.person_id,
            text=verdict.text,
            levels=dict(verdict.levels),
            outcome=verdict.outcome,
            at=now(),
        )
    )


def _decide(hand_in_id: int, outcome: str) -> None:
    decided = db.session.execute(
        update(HandIn)
        .where(HandIn.id == hand_in_id, HandIn.decided_at.is_(None))
        .values(decided_at=now(), outcome=outcome)
        .returning(HandIn.id)
    ).first()
    if decided is None:
        raise _decided()


def _assess(
    task: Task,
    said: Sequence[MarkingFacts],
    works: Sequence[WorkFacts],
    run: RunFacts,
    actor: Actor,
) -> None:
    """What the levels tell of learning outcomes, as each marker's word. Of several criteria of
    one outcome the lowest counts."""
    known = len(version_by_id(run.course_version_id).outcomes)
    telling = [one for one in task.criteria if one.outcome is not None and one.outcome < known]
    if not telling:
        return
    enrolments = enrolments_by_id([work.enrolment_id for work in works])
    in_class = [w for w in works if enrolments[w.enrolment_id].state in ("seated", "active")]
    for marking in said:
        if marking.marker_id is None:
            continue
        marker = (
            actor if marking.marker_id == actor.person_id else actor_for_person(marking.marker_id)
        )
        levels: dict[int, int] = {}
        for one in telling:
            if one.outcome is not None and one.key in marking.levels:
                level = round(3 * marking.levels[one.key] / (len(one.levels) - 1))
                levels[one.outcome] = min(level, levels.get(one.outcome, 3))
        for work in in_class:
            assess(
                work.enrolment_id,
                [
                    Finding(outcome=outcome, level=level, method="work", work_id=work.id)
                    for outcome, level in levels.items()
                ],
                marker,
            )


def _end_in_record(one: TryFacts, works: Sequence[WorkFacts], run: RunFacts, actor: Actor) -> None:
    """The record is made when somebody has looked at it, so that there is one of each, and nobody
    else reads it before."""
    work = next((work for work in works if work.id == one.work_id), next(iter(works), None))
    if work is None or work.record_key is not None:
        return
    draft = Draft.of(work)
    enrolment = enrolments_by_id([work.enrolment_id])[work.enrolment_id]
    key = make_record(
        draft.kind,
        RecordDraft(
            title=draft.title,
            text=one.text,
            language=draft.language or "da",
            person_id=enrolment.person_id,
            organisation_id=enrolment.employer_id,
            run_id=run.id,
            work_key=work.key,
        ),
        actor,
    )
    link_records(("course", run.key), (draft.kind, key), actor)
    for each in works:
        note_record(each, draft.kind, key, draft.title)


def _refused(code: str, *, da: str, sv: str, en: str) -> Refused:
    return Refused(Refusal(code=code, message=LocalisedText(da=da, sv=sv, en=en)))


def _decided() -> Refused:
    return _refused(
        "decided",
        da="Denne aflevering er besvaret imens.",
        sv="Den här inlämningen har besvarats under tiden.",
        en="This has been answered in the meantime.",
    )


def _not_own() -> Refused:
    return _refused(
        "own",
        da="Ingen retter sit eget. En anden underviser svarer på denne.",
        sv="Ingen rättar sitt eget. En annan lärare svarar på den här.",
        en="Nobody marks their own work. Another teacher answers this one.",
    )


def _not_companies() -> Refused:
    return _refused(
        "company",
        da="Den, der arbejder i en virksomhed, bedømmer ikke deltagere.",
        sv="Den som arbetar i ett företag bedömer inte deltagare.",
        en="Who works for a company does not assess participants.",
    )


def _not_seen() -> Refused:
    return _refused(
        "seen",
        da="Ingen på arbejdet har set opgaven endnu, så den kan ikke godkendes. Du kan give den "
        "tilbage eller vente.",
        sv="Ingen på jobbet har sett uppgiften än, så den kan inte godkännas. Du kan ge tillbaka "
        "den eller vänta.",
        en="Nobody at work has seen this yet, so it cannot be accepted. You can return it or wait.",
    )
