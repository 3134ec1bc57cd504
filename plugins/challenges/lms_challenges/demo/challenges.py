"""The demo's challenges: framed, reframed, weighed, decided at gates by people of two countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from lms.api import SYSTEM, LocalisedText
from lms_challenges.demo.cast import Cast, language_of
from lms_challenges.demo.reading import Calendar, Replay, localised, number, read
from lms_challenges.queries.challenges import ChallengeFacts, challenge_by_key
from lms_challenges.queries.gates import GateFacts, gate_by_key, options_of
from lms_challenges.queries.notes import note_by_key
from lms_challenges.services.deciding import DecisionValues, decide, give_opinion
from lms_challenges.services.framing import (
    FramingValues,
    TextValues,
    add_collaborator,
    frame,
    publish,
    reframe,
    set_profile,
)
from lms_challenges.services.gates import add_decider, open_gate, save_sheet
from lms_challenges.services.maturing import add_option, choose_option, move
from lms_challenges.services.notes import LearningValues, add_note, judge_note

Told = Mapping[str, Any]

WAY: Sequence[tuple[str, str]] = (
    ("gate", "1"),
    ("move", "prioritised"),
    ("gate", "2"),
    ("move", "in_idea_development"),
    ("weigh", ""),
    ("gate", "3"),
    ("move", "concept"),
    ("choose", ""),
    ("move", "partnering"),
    ("gate", "4"),
    ("move", "prototype"),
    ("gate", "5"),
    ("move", "in_test"),
    ("gate", "6"),
    ("gate", "7"),
    ("gate", "8"),
    ("move", "decided"),
    ("move", "in_operation"),
    ("gate", "9"),
    ("move", "still_in_use"),
)
"""What happens to a challenge, in order; each comes as far along it as the file tells."""
TURNED_OFF_AT = {"paused": "concept", "stopped": "concept", "no_longer_used": "in_operation"}
"""Up to where those came that left the way."""
ALONE = "framed"
UNPUBLISHED = frozenset({"nok-at-drikke"})
SETTLED = 4
"""Days after its framing in which nothing is decided yet."""


def way_of(told: Told) -> Sequence[tuple[str, str]]:
    """What happens to one challenge, with the rounds that it had to take again."""
    goal = TURNED_OFF_AT.get(told["state"], told["state"])
    if goal == ALONE:
        return ()
    way = list(WAY[: WAY.index(("move", goal)) + 1])
    for level in told.get("skips", {}):
        way.remove(("gate", str(int(level) - 1)))
    for place, one in enumerate(told.get("rounds", ())):
        gate = ("gate", str(one["level"]))
        way.insert(way.index(gate) if gate in way else len(way), ("round", str(place)))
    if told["state"] in ("paused", "no_longer_used"):
        way.append(("move", told["state"]))
    return way


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """What a meeting at a gate comes to."""

    level: int
    decision: str = "go"
    reason: str = ""
    conditions: str = ""
    next_in: int = 0
    note: LearningValues | None = None


class Story:
    """One challenge, from its framing to where it stands today."""

    def __init__(self, told: Told, cast: Cast, calendar: Calendar) -> None:
        self.told = told
        self.cast = cast
        self.calendar = calendar
        self.key = ""
        self.id = 0
        self.language = language_of(told["owner"])
        self.owner = cast.owner(told["owner"])
        self.deciders = [self.owner, *(cast.owner(one) for one in told["partners"])]

    @property
    def facts(self) -> ChallengeFacts:
        """The challenge as it stands now. Raises `LookupError` before it was framed."""
        found = challenge_by_key(self.key, SYSTEM)
        if found is None:
            raise LookupError(self.told["slug"])
        return found

    # --- the calendar ---------------------------------------------------------------------------

    def put_on(self, replay: Replay) -> None:
        """Put everything on the calendar."""
        first, last = self.told["from"], self.told["to"]
        at = self.calendar.at
        replay.add(at(first, "10:00"), self._frame)
        replay.add(at(first + 1, "10:00"), self._note)
        if self.told["slug"] not in UNPUBLISHED:
            replay.add(at(first + 3, "10:00"), self._publish)
        if "former" in self.told:
            replay.add(at(first + self.told["former"]["after"], "15:00"), self._reframe)
        way = way_of(self.told)
        for place, (what, which) in enumerate(way, start=1):
            day = first + SETTLED + (last - first - SETTLED) * place // len(way)
            getattr(self, f"_{what}")(replay, day, which)
        if "waits" in self.told:
            self._wait(replay, self.told["waits"])
        replay.add(at(last, "16:30"), self._profile)

    def _gate(self, replay: Replay, day: int, level: str) -> None:
        conditions = self.told.get("conditions", {}).get(level, "")
        reason = read("words")["gates"][level][self.language][0]
        meeting = Meeting(level=int(level), reason=reason, conditions=conditions)
        self._meet(replay, day, meeting)

    def _round(self, replay: Replay, day: int, place: str) -> None:
        told = dict(self.told["rounds"][int(place)])
        if "note" in told:
            told["note"] = LearningValues(**told["note"])
        self._meet(replay, day, Meeting(**told))

    def _meet(self, replay: Replay, day: int, meeting: Meeting) -> None:
        """A gate is opened, its sheet is filled in, the meeting decides."""
        opened: list[str] = []
        at = self.calendar.at

        def open_it() -> None:
            opened.append(self._open(meeting.level, at(day, "13:00")))

        def score_it() -> None:
            self._score(opened[0], at(day, "13:00"), lacks=bool(meeting.conditions))

        def decide_it() -> None:
            self._decide(opened[0], meeting)

        replay.add(at(day - 3, "09:00"), open_it)
        replay.add(at(day - 1, "14:00"), score_it)
        replay.add(at(day, "13:40"), decide_it)

    def _wait(self, replay: Replay, told: Told) -> None:
        """A gate that is ready for its meeting: scored, and one has said what they want."""
        opened: list[str] = []
        meets_at = self.calendar.at(told["meets_in"], "13:00")

        def open_it() -> None:
            opened.append(self._open(told["level"], meets_at))

        def score_it() -> None:
            self._score(opened[0], meets_at)

        def say_it() -> None:
            first = self.cast.actor(self.deciders[1])
            give_opinion(self._gate_facts(opened[0]), first, "go", told["remark"])

        replay.add(self.calendar.at(-6, "09:00"), open_it)
        replay.add(self.calendar.at(-3, "14:00"), score_it)
        replay.add(self.calendar.at(-2, "08:20"), say_it)

    def _move(self, replay: Replay, day: int, state: str) -> None:
        replay.add(self.calendar.at(day, "15:00"), partial(self._go_to, state))

    def _weigh(self, replay: Replay, day: int, _which: str) -> None:
        replay.add(self.calendar.at(day, "09:30"), self._add_options)

    def _choose(self, replay: Replay, day: int, _which: str) -> None:
        replay.add(self.calendar.at(day, "09:30"), self._choose_option)

    # --- what is done ---------------------------------------------------------------------------

    def _framing(self, told: Told) -> FramingValues:
        return FramingValues(
            title=localised(told["title"]),
            question=localised(self.told["question"]),
            understood=localised(told["understood"]),
        )

    def _frame(self) -> None:
        self.key = frame(
            self._framing(self.told.get("former", self.told)),
            self.cast.organisations[self.told["owner"]],
            self.cast.actor(self.owner),
            TextValues(
                public_text=localised(self.told["public"]),
                scope_in=self.told.get("scope_in", ""),
                scope_out=self.told.get("scope_out", ""),
            ),
        )
        self.id = self.facts.id
        for partner in self.told["partners"]:
            organisation_id = self.cast.organisations[partner]
            add_collaborator(self.id, organisation_id, self.cast.actor(self.owner))

    def _reframe(self) -> None:
        because: LocalisedText = localised(self.told["former"]["because"])
        actor = self.cast.actor(self.owner)
        framing = self._framing(self.told)
        reframe(self.id, framing, because, actor, revision=self.facts.revision)

    def _note(self) -> None:
        actor = self.cast.actor(self.owner)
        for kind in ("theme", "dilemma"):
            key = add_note(self.id, kind, localised(self.told[kind]), actor)
            note = note_by_key(key)
            if note is not None:
                judge_note(note, "kept", actor)

    def _publish(self) -> None:
        publish(self.id, self.cast.actor(self.owner))

    def _profile(self) -> None:
        if self.told["profile"]:
            actor = self.cast.actor(self.owner)
            set_profile(self.id, self.told["profile"], actor, revision=self.facts.revision)

    def _go_to(self, state: str) -> None:
        actor = self.cast.actor(self.owner)
        if state == "paused":
            pause = self.told["pause"]
            wake_on = self.calendar.day(pause["wake_in"])
            move(self.facts, state, actor, reason=pause["reason"], wake_on=wake_on)
        else:
            move(self.facts, state, actor)

    def _add_options(self) -> None:
        for kind, said in read("words")["options"].items():
            title, gains, drawbacks = said[self.language]
            if kind == "new" and "company" in self.told:
                title = self.told["company"]["product"]
            add_option(self.id, kind, title, gains, drawbacks, self.cast.actor(self.owner))

    def _choose_option(self) -> None:
        wanted = "new" if "company" in self.told else "existing"
        key = next(option.key for option in options_of(self.id) if option.kind == wanted)
        choose_option(self.id, key, self.cast.actor(self.owner))
        if "company" in self.told:
            company = self.told["company"]
            organisation_id = self.cast.organisations[company["organisation"]]
            actor = self.cast.actor(self.owner)
            add_collaborator(self.id, organisation_id, actor, company["product"])

    # --- gates ----------------------------------------------------------------------------------

    def _open(self, level: int, meets_at: datetime) -> str:
        actor, facts = self.cast.actor(self.owner), self.facts
        why = self.told.get("skips", {}).get(str(level), "")
        key = open_gate(facts, level, actor, skip_reason=why, meets_at=meets_at)
        for name in self.deciders:
            add_decider(self._gate_facts(key), facts, self.cast.people[name], actor)
        return key

    def _score(self, key: str, meets_at: datetime, *, lacks: bool = False) -> None:
        gate = self._gate_facts(key)
        _reason, comment, evidence = read("words")["gates"][str(gate.to_level)][self.language]
        sheet = {
            one.key: {
                "score": 1 + number(self.told["slug"], one.key) % 3,
                "comment": comment if place == 0 else "",
                "evidence": evidence if place == 1 else "",
            }
            for place, one in enumerate(gate.level.criteria)
        }
        if lacks:
            sheet[gate.level.criteria[-1].key]["score"] = 0
        actor = self.cast.actor(self.owner)
        save_sheet(gate, sheet, actor, revision=gate.revision, meets_at=meets_at)

    def _decide(self, key: str, meeting: Meeting) -> None:
        for name in self.deciders:
            give_opinion(self._gate_facts(key), self.cast.actor(name), meeting.decision, "")
        next_on = None
        if meeting.next_in:
            gate = self._gate_facts(key)
            begun = gate.meets_at or gate.opened_at
            next_on = (begun + timedelta(days=meeting.next_in)).date()
        values = DecisionValues(
            decision=meeting.decision,
            reason=meeting.reason,
            conditions=meeting.conditions,
            next_on=next_on,
            note=meeting.note,
        )
        decide(self._gate_facts(key), self.facts, values, self.cast.actor(self.owner))

    def _gate_facts(self, key: str) -> GateFacts:
        found = gate_by_key(key)
        if found is None:
            raise LookupError(key)
        return found


def stories(cast: Cast, calendar: Calendar) -> Mapping[str, Story]:
    """The challenges of the file by their short names."""
    return {told["slug"]: Story(told, cast, calendar) for told in read("challenges")["challenges"]}
