"""From what happened to whom it concerns: journal entries become mails to ask for.

However many entries come at once, the questions asked of the database are the same few. Nobody is
told of what they did themselves, except the one whose seat it is: they keep a mail to look up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.contracts import JournalEntryFacts
from lms.core.messages import queries
from lms.core.messages.queries import Asked, Seat
from lms.core.messages.services import Ask

ABOUT_PEOPLE: Mapping[str, str] = {
    "users.invited": "invitation",
    "users.reset_asked": "reset",
    "users.left": "left",
}
TO_THE_PERSON: Mapping[str, str] = {
    "enrolment.nominated": "nominated",
    "enrolment.answers_reminder": "answers_reminder",
    "enrolment.pair_asked": "pair_asked",
    "enrolment.waitlisted": "waitlisted",
    "enrolment.offered": "offered",
    "enrolment.seated": "seated",
    "enrolment.active": "active",
    "enrolment.declined": "declined",
    "enrolment.lapsed": "lapsed",
    "enrolment.withdrawn": "withdrawn",
    "enrolment.cancelled": "cancelled",
    "enrolment.completed": "completed",
    "enrolment.not_completed": "not_completed",
    "enrolment.no_show": "no_show",
}
TO_APPROVERS: Mapping[str, str] = {
    "enrolment.approval_opened": "asked",
    "enrolment.approval_reminder": "reminder",
}
DECIDED = "enrolment.approval_decided"
TO_LEADS: Mapping[str, str] = {
    "enrolment.under_minimum": "under_minimum",
    "enrolment.seats_released": "seats_released",
    "enrolment.drawn": "drawn",
}
"""About a run, to those who are responsible for it."""
ABOUT_SESSIONS: Mapping[str, str] = {
    "catalogue.session_moved": "session_moved",
    "catalogue.session_cancelled": "session_cancelled",
}
TO_PEOPLE: Mapping[str, str] = {
    "learning.agreement_signed": "agreement",
    "learning.follow_up_asked": "follow_up",
}
"""About an enrolment, to the people whom the entry itself names."""
NAMED = "catalogue.team_named"
NEWS_FOR_MANAGERS = frozenset(
    {
        "enrolment.cancelled",
        "enrolment.completed",
        "enrolment.declined",
        "enrolment.late_withdrawal",
        "enrolment.no_show",
        "enrolment.not_completed",
        "enrolment.offer_declined",
        "enrolment.seated",
        "enrolment.withdrawn",
    }
)
NEWS_FOR_NOMINATORS = NEWS_FOR_MANAGERS | {"enrolment.lapsed", "enrolment.waitlisted"}
LATE = "enrolment.late_withdrawal"
LAPSED = "enrolment.lapsed"
HANDED_OVER = "enrolment.handed_over"
MESSAGE = "learning.message_sent"
TALK = "learning.comment_said"
ABOUT_SEATS = (
    TO_THE_PERSON.keys() | TO_APPROVERS.keys() | NEWS_FOR_NOMINATORS | {LATE, DECIDED, HANDED_OVER}
)
HOLDERS = ("offered", "seated", "active")
TEACHERS = frozenset({"teacher", "programme_lead"})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What was asked of the database for a batch of entries."""

    seats: Mapping[int, Seat]
    asked: Mapping[int, Sequence[Asked]]
    stand_ins: Mapping[int, Sequence[int]]
    runs: Mapping[int, int]
    holders: Mapping[int, Sequence[Seat]]
    waiting: Mapping[int, Sequence[Seat]]
    teams: Mapping[int, Mapping[int, frozenset[str]]]
    late: frozenset[int]
    talkers: Mapping[int, Sequence[int]]


def asks_for(entries: Sequence[JournalEntryFacts]) -> Sequence[Ask]:
    """The mails that these entries call for, in their order."""
    known = _known(entries)
    return [ask for entry in entries for ask in _asks(entry, known)]


def _subjects(entries: Sequence[JournalEntryFacts], verbs: Any) -> set[int]:
    return {entry.subject_id for entry in entries if entry.verb in verbs}


def _known(entries: Sequence[JournalEntryFacts]) -> _Known:
    before = {int(e.data["from"]) for e in entries if e.verb == HANDED_OVER}
    written_to = {int(to) for e in entries if e.verb == MESSAGE for to in e.data["to"]}
    seats = queries.seats_by_id(_subjects(entries, ABOUT_SEATS) | before | written_to)
    asked = queries.asked_for(_subjects(entries, {DECIDED, LAPSED}))
    approvers = {one.approver_id for found in asked.values() for one in found} - {None}
    runs = queries.runs_of_sessions(_subjects(entries, ABOUT_SESSIONS))
    late = _subjects(entries, {LATE})
    with_leads = late | asked.keys()
    with_team = _subjects(entries, TO_LEADS) | set(runs.values())
    with_team |= {int(e.data["run"]) for e in entries if e.verb == TALK and not e.data["by_team"]}
    with_team |= {seats[id_].run_id for id_ in with_leads if id_ in seats}
    return _Known(
        seats=seats,
        asked=asked,
        stand_ins=queries.stand_ins([one for one in approvers if one is not None]),
        runs=runs,
        holders=queries.seats_in(set(runs.values()), HOLDERS),
        waiting=queries.seats_in(_subjects(entries, {"enrolment.drawn"}), ("waitlisted",)),
        teams=queries.teams_of(with_team),
        late=frozenset(late),
        talkers=queries.talkers([int(e.data["comment"]) for e in entries if e.verb == TALK]),
    )


def _asks(entry: JournalEntryFacts, known: _Known) -> Iterator[Ask]:
    if (kind := ABOUT_PEOPLE.get(entry.verb)) is not None:
        yield _ask(entry, kind, entry.subject_id, None)
    elif entry.verb in TO_PEOPLE:
        for person_id in dict.fromkeys(entry.data.get("people", ())):
            turn = entry.data.get("turn", 0)
            yield _ask(entry, TO_PEOPLE[entry.verb], person_id, entry.subject_id, turn=turn)
    elif entry.verb == NAMED:
        if entry.data["person"] != entry.actor_id:
            role = entry.data["role"]
            yield _ask(entry, "team_named", int(entry.data["person"]), entry.subject_id, role=role)
    elif entry.verb in TO_LEADS:
        yield from _about_run(entry, known)
    elif entry.verb in ABOUT_SESSIONS:
        yield from _about_session(entry, known)
    elif entry.verb == MESSAGE:
        yield from _to_the_class(entry, known)
    elif entry.verb == TALK:
        yield from _to_the_talk(entry, known)
    elif entry.verb in ABOUT_SEATS and (seat := known.seats.get(entry.subject_id)) is not None:
        yield from _about_seat(entry, seat, known)


def _ask(
    entry: JournalEntryFacts, kind: str, person_id: int, subject_id: int | None, /, **values: Any
) -> Ask:
    return Ask(
        effect=f"journal:{entry.id}:{kind}:{person_id}",
        person_id=person_id,
        kind=kind,
        subject_id=subject_id,
        values=values,
    )


def _about_seat(entry: JournalEntryFacts, seat: Seat, known: _Known) -> Iterator[Ask]:
    if entry.data.get("handed_over"):
        return  # told with the entry about the colleague who has the seat now
    if entry.verb == HANDED_OVER:
        yield from _handed_over(entry, known)
    elif entry.verb in TO_APPROVERS:
        yield from _to_approvers(entry, seat)
    elif entry.verb == DECIDED:
        yield from _answered(entry, seat, known)
    elif entry.verb == LATE:
        for person_id in _leads(known, seat.run_id):
            yield _ask(entry, "late_withdrawal", person_id, seat.id)
    else:
        yield from _to_the_person(entry, seat)
    if entry.verb == LAPSED and entry.data.get("old") == "awaiting_approval":
        yield from _lapsed(entry, seat, known)
    yield from _news(entry, seat, known)


def _to_the_person(entry: JournalEntryFacts, seat: Seat) -> Iterator[Ask]:
    kind = TO_THE_PERSON.get(entry.verb)
    # Who gets a colleague's seat is told that they have it; nominating them was the way.
    if kind is None or (kind == "nominated" and seat.handed_from_id is not None):
        return
    if kind == "nominated" and entry.data.get("answers_first"):
        kind = "questions_asked"
    yield _ask(
        entry,
        kind,
        seat.person_id,
        seat.id,
        old=entry.data.get("old"),
        by=entry.actor_id,
        merged="merged_into" in entry.data,
    )


def _handed_over(entry: JournalEntryFacts, known: _Known) -> Iterator[Ask]:
    """To who had the seat before; the entry is about who has it now."""
    before = known.seats.get(int(entry.data["from"]))
    if before is None:
        return
    yield _ask(entry, "handed_over", before.person_id, before.id)
    if before.manager_id not in (None, entry.actor_id, before.person_id):
        yield _ask(entry, "news", int(before.manager_id or 0), before.id, state="handed_over")


def _to_approvers(entry: JournalEntryFacts, seat: Seat) -> Iterator[Ask]:
    kind, approval = TO_APPROVERS[entry.verb], int(entry.data["approval"])
    for person_id in dict.fromkeys(entry.data.get("approvers", ())):
        # One question for each approval and person, however it came about.
        about = f"ask:{approval}" if kind == "asked" else f"remind:{entry.id}"
        yield Ask(
            effect=f"{about}:{person_id}",
            person_id=person_id,
            kind=kind,
            subject_id=seat.id,
            values={"approval": approval},
        )


def _answered(entry: JournalEntryFacts, seat: Seat, known: _Known) -> Iterator[Ask]:
    """To everybody else who was asked, and need not answer any more."""
    decided = entry.data.get("approval")
    asked = [one for one in known.asked[seat.id] if one.id == decided or one.state == "over"]
    for person_id in _who_was_asked(asked, seat, known):
        if person_id != entry.actor_id:
            yield _ask(entry, "answered", person_id, seat.id, approval=decided)


def _lapsed(entry: JournalEntryFacts, seat: Seat, known: _Known) -> Iterator[Ask]:
    """To those who were asked and have not answered."""
    asked = [one for one in known.asked[seat.id] if one.state in ("open", "over")]
    for person_id in _who_was_asked(asked, seat, known):
        yield _ask(entry, "lapsed_for_manager", person_id, seat.id)


def _who_was_asked(asked: Sequence[Asked], seat: Seat, known: _Known) -> Sequence[int]:
    """The people behind these approvals, each once: with their stand-ins, or the run's leads."""
    people: dict[int, None] = {}
    for one in asked:
        if one.approver_id is None:
            people |= dict.fromkeys(_leads(known, seat.run_id))
        else:
            people |= dict.fromkeys([one.approver_id, *known.stand_ins[one.approver_id]])
    return [person_id for person_id in people if person_id != seat.person_id]


def _news(entry: JournalEntryFacts, seat: Seat, known: _Known) -> Iterator[Ask]:
    """To who leads and who nominated the person, once though they be the same."""
    if entry.verb == "enrolment.withdrawn" and seat.id in known.late:
        return
    readers = []
    if entry.verb in NEWS_FOR_MANAGERS:
        readers.append(seat.manager_id)
    if entry.verb in NEWS_FOR_NOMINATORS:
        readers.append(seat.nominated_by_id)
    state = entry.verb.partition(".")[2]
    if state == "withdrawn" and entry.data.get("old") == "requested" and entry.actor_id is None:
        state = "lapsed"  # nobody has withdrawn: their own yes did not come in time
    for person_id in dict.fromkeys(readers):
        if person_id not in (None, entry.actor_id, seat.person_id):
            yield _ask(entry, "news", int(person_id or 0), seat.id, state=state)


def _leads(known: _Known, run_id: int) -> list[int]:
    team = known.teams.get(run_id, {})
    return [person_id for person_id, roles in team.items() if "programme_lead" in roles]


def _about_run(entry: JournalEntryFacts, known: _Known) -> Iterator[Ask]:
    kind, run_id = TO_LEADS[entry.verb], entry.subject_id
    for person_id in _leads(known, run_id):
        yield _ask(entry, kind, person_id, run_id, **dict(entry.data))
    if kind == "drawn":
        for seat in known.waiting.get(run_id, ()):
            yield _ask(entry, "drawn_place", seat.person_id, seat.id)


def _about_session(entry: JournalEntryFacts, known: _Known) -> Iterator[Ask]:
    """Everybody with a seat, and the team except who did it."""
    run_id = known.runs.get(entry.subject_id)
    if run_id is None:
        return
    values = {
        "session": entry.subject_id,
        "entry": entry.id,
        "before": entry.data.get("before"),
    }
    for seat in known.holders.get(run_id, ()):
        yield _ask(entry, ABOUT_SESSIONS[entry.verb], seat.person_id, seat.id, **values)
    for person_id in known.teams.get(run_id, {}):
        if person_id != entry.actor_id:
            yield _ask(entry, "session_for_team", person_id, run_id, **values)


def _to_the_class(entry: JournalEntryFacts, known: _Known) -> Iterator[Ask]:
    """What a teacher writes, to each participant it is meant for."""
    for to in entry.data["to"]:
        if (seat := known.seats.get(int(to))) is not None:
            words = {"entry": entry.id, "by": entry.actor_id}
            yield _ask(entry, "class_message", seat.person_id, seat.id, **words)


def _to_the_talk(entry: JournalEntryFacts, known: _Known) -> Iterator[Ask]:
    """To whoever has said something there before, and to the teachers when they are asked."""
    comment = int(entry.data["comment"])
    people = dict.fromkeys(known.talkers.get(comment, ()))
    if not entry.data["by_team"]:
        team = known.teams.get(int(entry.data["run"]), {})
        people |= dict.fromkeys(p for p, roles in team.items() if roles & TEACHERS)
    for person_id in people:
        if person_id != entry.actor_id:
            yield _ask(entry, "talk", person_id, comment)
