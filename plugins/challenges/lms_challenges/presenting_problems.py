"""Problems, voices and the way of a problem, as pages draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lms.api import UNIT_KINDS, Badge, LocalisedText, local, marked
from lms_challenges.queries.problems import ProblemFacts, StepFacts, TellerFacts, VoiceFacts
from lms_challenges.scales import FREQUENCIES, SEVERITIES
from lms_challenges.states import PROBLEM
from lms_challenges.words import _, ngettext

_SIGNS: Mapping[str, tuple[Literal["", "ok", "wait", "info"], str]] = {
    "received": ("info", "mail"),
    "clarifying": ("wait", "circle-help"),
    "accepted": ("ok", "sprout"),
    "clustered": ("info", "users"),
    "answered_locally": ("ok", "check"),
    "known_solution": ("ok", "glasses"),
    "parked": ("wait", "clock"),
    "declined": ("", "history"),
    "withdrawn": ("", "undo-2"),
}
"""Kind and icon of the badge, by state."""

_STEPS: Mapping[str, str] = {
    "question": marked("We asked you something"),
    "answer": marked("You answered"),
    "merge": marked("Gathered with others that tell the same"),
    "unmerge": marked("Taken apart from the others again"),
    "taken_out": marked("We took words or a photo out, for others' sake"),
}
_FOR_OTHERS: Mapping[str, str] = {
    "question": marked("The desk asked something"),
    "answer": marked("The one who told it answered"),
}
_OPEN = frozenset({"received", "clarifying"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Knot:
    """One step on the thread of a problem; `state` is done, now, todo or off."""

    state: str
    title: str
    at: datetime | None = None
    text: str = ""
    icon: str | None = None


def problem_badge(state: str) -> Badge:
    """The state of a problem, with a sign."""
    kind, icon = _SIGNS[state]
    return Badge(text=PROBLEM[state], kind=kind, icon=icon)


def place_words(code: str) -> str:
    """A kind of unit."""
    return local(UNIT_KINDS.get(code, UNIT_KINDS["other"]))


def said_by(who: TellerFacts | VoiceFacts) -> str:
    """Who told it, in as many words as the reader may know: never more than a function and a place
    for somebody who wants to be unknown."""
    words = [who.person, local(who.function) if who.function else "", who.organisation]
    return ", ".join(filter(None, words))


def listed(words: Mapping[str, LocalisedText], codes: Sequence[str]) -> str:
    """What was ticked, in the order of the form."""
    return ", ".join(local(text) for code, text in words.items() if code in codes)


def frequency_words(code: str) -> str:
    """How often."""
    return local(FREQUENCIES[code])


def severity_words(number: int) -> str:
    """How bad."""
    return local(SEVERITIES[number])


def spread(problem: ProblemFacts) -> str:
    """How many say so and where, in a line; "" while it is one."""
    return spread_words(problem.voices, problem.units, problem.countries)


def spread_words(voices: int, units: int, countries: int) -> str:
    """See `spread`."""
    if voices < 2:
        return ""
    parts = [
        ngettext("%(n)d voice", "%(n)d voices", voices),
        ngettext("%(n)d place", "%(n)d places", units),
    ]
    if countries > 1:
        parts.append(_("both countries"))
    return ", ".join(parts)


def way(problem: ProblemFacts, steps: Sequence[StepFacts], mine: bool) -> Sequence[Knot]:
    """The way of a problem, from being told to what became of it, with what comes next."""
    knots = [_knot(step, mine) for step in steps]
    if problem.state == "received" and problem.answered_at is None:
        knots.append(Knot(state="now", title=_("Somebody reads it and answers")))
    elif problem.state == "clarifying":
        waits = _("It waits for your answer") if mine else _("It waits for an answer")
        knots.append(Knot(state="now", title=waits))
    if problem.state in _OPEN:
        knots.append(Knot(state="todo", title=_("We tell what comes of it")))
    elif problem.state == "parked":
        knots.append(Knot(state="todo", title=_("We take it up again")))
    return knots


def _knot(step: StepFacts, mine: bool) -> Knot:
    if step.kind == "state":
        title = local(PROBLEM[step.new])
        off = step.new in ("declined", "withdrawn")
        return Knot(state="off" if off else "done", title=title, at=step.at, text=step.text)
    words = _STEPS.get(step.kind, "")
    words = words if mine else _FOR_OTHERS.get(step.kind, words)
    title = _(words) if words else local(PROBLEM.get(step.new, LocalisedText()))
    # What is asked and answered stays between the two: nobody has looked through it.
    text = "" if step.kind in _FOR_OTHERS and not mine else step.text
    return Knot(state="done", title=title, at=step.at, text=text)
