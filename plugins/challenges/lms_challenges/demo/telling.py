"""What is told of problems in the demo, before anybody lives it: by whom, when, and what comes of
it. Every choice looks like chance and is the same each time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.api import now
from lms_challenges.clock import answer_due, day_in, working_days_after
from lms_challenges.demo.cast import SWEDISH, Cast
from lms_challenges.demo.mit_hjem import SLUG
from lms_challenges.demo.reading import Calendar, number, pick, read
from lms_challenges.scales import FREQUENCIES
from lms_challenges.services.reporting import VoiceValues

Told = Mapping[str, Any]
SPAN = 199
"""Days over which problems come in, up to yesterday."""
SHUFFLE = 113
"""Prime to the number of texts: neighbours in the file are told weeks apart."""
RECENT = -9
"""From this day on an answer is not due yet, whatever the holidays."""
DANISH = ("eksempelby-kommune", "eksempelby-kommune", "proevestad-kommune")
CHANNELS = (
    *("form",) * 9,
    *("shift_meeting",) * 5,
    *("assignment",) * 2,
    *("apv",) * 3,
    "student_visit",
)
SHOWN = (*("visible",) * 7, "function", "function", "hidden")
VOICES = (0, 0, 0, 0, 1, 1, 1, 2, 2, 4)
"""How many others say that it happens to them too."""
ENDS = (
    *("answered_locally",) * 6,
    *("known_solution",) * 3,
    *("parked",) * 3,
    *("declined",) * 3,
    *("withdrawn",) * 2,
)
LONGEST_WAIT = 45
"""Days that somebody who was asked waits for a challenge to be framed, at the longest."""
WAITING = "received"
NO_VOICES = ("withdrawn", "declined")


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One text of the files: its teller, the day, what becomes of it and when. `end` is a state of
    problems, `received` for what waits; `into` is the number of the one it is gathered with. `held` waits at
    the desk today.
    """

    number: int
    situation: Told
    text: Told
    organisation: str
    teller: str
    day: int
    end: str = WAITING
    end_day: int = 0
    into: int | None = None
    asked: bool = False
    answers: bool = True
    passage: bool = False
    apart: bool = False
    held: bool = False

    @property
    def language(self) -> str:
        """What it is written in."""
        language: str = self.text["language"]
        return language


def told_problems(cast: Cast, calendar: Calendar) -> Sequence[Problem]:
    """All problems of the demo in the order of the files, with what becomes of each."""
    found = _waiting(_told(cast), calendar)
    groups: dict[str, list[Problem]] = defaultdict(list)
    for one in found:
        groups[one.situation["slug"]].append(one)
    ended: dict[int, Problem] = {}
    for place, group in enumerate(groups.values()):
        for one in _gathered(group) if place % 2 == 0 else group:
            ended[one.number] = one if one.into is not None else _ended(one)
    for root in {one.into for one in ended.values() if one.into is not None}:
        if ended[root].end in NO_VOICES:  # those gathered with it would be left alone
            ended[root] = replace(ended[root], end="answered_locally")
    first = next(one for one in ended.values() if one.into is not None)
    ended[first.number] = replace(first, apart=True)
    return [ended[one.number] for one in found]


def _told(cast: Cast) -> list[Problem]:
    situations = read("situations")["situations"]
    texts = [(situation, text) for situation in situations for text in situation["texts"]]
    found = []
    for place, (situation, text) in enumerate(texts):
        danish = pick(DANISH, "where", place)
        organisation = SWEDISH if text["language"] == "sv" else danish
        found.append(
            Problem(
                number=place,
                situation=situation,
                text=text,
                organisation=organisation,
                teller=_teller(cast, organisation, situation["place_kind"], place),
                day=-SPAN - 1 + (place * SHUFFLE + 17) % len(texts) * SPAN // (len(texts) - 1),
            )
        )
    return found


def _teller(cast: Cast, organisation: str, kind: str, place: int) -> str:
    """Somebody of the organisation, of a unit of this kind where there is one."""
    people: list[str] = read("cast")["tellers"][organisation]
    near = [name for name in people if cast.place(name).unit_kind == kind]
    return pick(near or people, "teller", place)


def _waiting(found: list[Problem], calendar: Calendar) -> list[Problem]:
    """What waits at the desk today: one late, one due tomorrow, one asked, one with a passage."""
    recent = sorted(
        (one for one in found if one.day >= RECENT and one.language == "da"),
        key=lambda one: (one.day, one.number),
    )
    late, due, asked, passage, *_others = recent
    changed = [
        replace(late, day=_day_of_late(calendar)),
        replace(due, day=_day_due_next(calendar)),
        replace(asked, asked=True, answers=False),
        replace(passage, passage=True),
    ]
    for one in changed:
        found[one.number] = replace(one, organisation=DANISH[0], teller=_of(one), held=True)
    return found


def _of(one: Problem) -> str:
    people: list[str] = read("cast")["tellers"][DANISH[0]]
    return pick(people, "waits", one.number)


def _day_of_late(calendar: Calendar) -> int:
    return next(
        -days for days in range(10, 40) if answer_due(calendar.at(-days, "10:00"), "DK") < now()
    )


def _day_due_next(calendar: Calendar) -> int:
    """The day from which an answer is due tomorrow, or on the next working day."""
    wanted = working_days_after(calendar.today, 1, "DK")
    return next(
        -days
        for days in range(9, 40)
        if day_in(answer_due(calendar.at(-days, "10:00"), "DK"), "DK") == wanted
    )


def _gathered(group: list[Problem]) -> list[Problem]:
    """Some of those who tell the same are gathered with who told it first."""
    root, *others = sorted(group, key=lambda one: (one.day, one.number))
    found = [root]
    for one in others:
        joins = one.day < RECENT - 2 and not one.held and number("join", one.number) % 4
        if joins and not root.held:
            day = min(one.day + 2 + number("when", one.number) % 5, -1)
            found.append(replace(one, end="clustered", end_day=day, into=root.number))
        else:
            found.append(one)
    return found


def _ended(one: Problem) -> Problem:
    """What the desk answers, and when; the latest ones still wait."""
    if one.held or one.day > RECENT + 5 or (one.day > RECENT and number("late", one.number) % 3):
        return one
    day = min(one.day + 3 + number("day", one.number) % 5, -1)
    challenge = one.situation.get("challenge")
    if challenge is not None and number("end", one.number) % 10 < 7:
        taken = _taken_up(challenge, day)
        if taken is not None:
            return replace(one, end="accepted", end_day=taken, asked=taken > day)
    asked = number("ask", one.number) % 12 == 0
    end = pick(ENDS, "end", one.number, "other")
    return replace(one, end=end, end_day=day, asked=asked and end != "withdrawn")


def _taken_up(challenge: str, day: int) -> int | None:
    """The day on which a problem becomes part of a challenge, if it is under way by then."""
    if challenge == SLUG:
        return day
    told = next(one for one in read("challenges")["challenges"] if one["slug"] == challenge)
    taken = max(day, told["from"] + 2)
    over = told["state"] in ("stopped", "no_longer_used") and taken >= told["to"]
    return None if over or taken - day > LONGEST_WAIT else taken


# --- voices -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """Somebody says some days later that it happens to them too."""

    teller: str
    day: int
    values: VoiceValues


def voices_of(one: Problem, cast: Cast) -> Sequence[Voice]:
    """Who else has it: colleagues of the same organisation, who may read it once it was looked
    through."""
    if one.end in NO_VOICES or one.held or one.day > -4:
        return ()
    people = [name for name in read("cast")["tellers"][one.organisation] if name != one.teller]
    begin = number("first", one.number) % len(people)
    found = []
    for place in range(pick(VOICES, "voices", one.number)):
        name = people[(begin + place) % len(people)]
        where = cast.place(name)
        said = number("said", one.number, place)
        frequency, severity = weight_of(one, place + 1)
        found.append(
            Voice(
                teller=name,
                day=min(one.day + 2 + place * 3, -1),
                values=VoiceValues(
                    frequency=frequency,
                    severity=severity,
                    place_kind=one.situation["place_kind"],
                    organisation_id=where.organisation_id,
                    unit_id=where.unit_id,
                    function_id=where.function_id,
                    shown=pick(SHOWN, "shown", one.number, place),
                    text=pick(read("words")["voice"][one.language], said) if said % 3 == 0 else "",
                ),
            )
        )
    return found


def weight_of(one: Problem, place: int) -> tuple[str, int]:
    """How often and how bad one of those who have it says it is: about as the others say."""
    steps = list(FREQUENCIES)
    chance = number("weight", one.number, place)
    often = steps.index(one.situation["frequency"]) + (chance % 3 - 1) * (chance % 2)
    bad = one.situation["severity"] + ((chance // 7) % 3 - 1) * ((chance // 3) % 2)
    return steps[min(max(often, 0), len(steps) - 1)], min(max(bad, 1), 4)
