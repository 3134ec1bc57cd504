"""Can somebody still reach the share of attendance they need? Whole minutes only.

The share is minutes attended (caught up included) of minutes held; exactly the needed share is
enough. A forecast is made from what has been and from the plan, and nothing that happens under
that plan contradicts it. What may happen:

- a session that is to come is held, and they attend any part of it, or none;
- a session that is to come is cancelled: it leaves both sides;
- a catch-up task that is open counts, at most for the minutes they miss of its module's sessions.

In any order of these, "safe" stays safe and "lost" stays lost. "Must attend the next k" says that
whoever misses one of them whole is lost, or needs a catch-up task. What can be spared is counted
for the sessions as they are planned: a session less to attend is also a session less to count on.

Not among these are changes of the plan: a session more, a longer one, a task more, another share,
a register that is corrected. After those a forecast is made anew and may say something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lms.contracts import LocalisedText

OutlookName = Literal["safe", "on_course", "must_attend", "needs_catch_up", "lost"]

NUMBERS = {
    "da": ("nul", "én", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti"),
    "sv": ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlook:
    """What is still possible, in a name, in numbers and in a sentence to the one concerned.

    `minutes_to_spare` of the coming sessions may still be missed, and so may any `days_to_spare`
    of them. None of the next `must_next` may be missed. `minutes_short` is what is missing though
    they come to everything: a catch-up task must give it.
    """

    name: OutlookName
    minutes_to_spare: int
    must_next: int
    sentence: LocalisedText
    days_to_spare: int = 0
    minutes_short: int = 0


def outlook(
    needed_percent: int, attended: int, held: int, coming: Sequence[int], catch_up_open: int
) -> Outlook:
    """The forecast for one participant.

    `attended` minutes of `held` minutes so far (caught up included), the lengths in minutes of the
    `coming` sessions in order, and the minutes that open catch-up tasks can still give for what
    was missed of sessions held. Raises `ValueError` for numbers that cannot be.
    """
    if not 0 <= needed_percent <= 100 or catch_up_open < 0 or any(c < 0 for c in coming):
        raise ValueError("a share is 0 to 100 percent, and minutes are not below zero")
    if not 0 <= attended <= held:
        raise ValueError(f"{attended} minutes attended of {held} held cannot be")
    ahead = sum(coming)
    # A hundredth of a minute is the unit here, so that nothing is ever rounded.
    needed = needed_percent * (held + ahead)
    if held + ahead == 0:
        return _said("on_course", _unplanned())
    if 100 * attended >= needed:
        return _said("safe", _safe(), to_spare=ahead, days=len(coming))
    slack = 100 * (attended + ahead) - needed
    if slack < 0:
        short = -(slack // 100)
        if 100 * (attended + ahead + catch_up_open) < needed:
            return _said("lost", _lost(), short=short)
        return _said("needs_catch_up", _needs_catch_up(short), short=short)
    to_spare = slack // 100
    must_next = _prefix(coming, to_spare)
    days = _any_of(coming, to_spare)
    if must_next:
        return _said("must_attend", _must_attend(must_next), to_spare=to_spare, must=must_next)
    return _said("on_course", _may_miss(days, to_spare), to_spare=to_spare, days=days)


def _prefix(coming: Sequence[int], to_spare: int) -> int:
    """How many of the next sessions are each too long to be missed."""
    return next((n for n, length in enumerate(coming) if length <= to_spare), len(coming))


def _any_of(coming: Sequence[int], to_spare: int) -> int:
    """How many sessions may be missed, whichever they are: the longest are taken first."""
    count = 0
    for length in sorted(coming, reverse=True):
        to_spare -= length
        if to_spare < 0:
            break
        count += 1
    return count


def _said(
    name: OutlookName,
    sentence: LocalisedText,
    *,
    to_spare: int = 0,
    must: int = 0,
    days: int = 0,
    short: int = 0,
) -> Outlook:
    return Outlook(
        name=name,
        minutes_to_spare=to_spare,
        must_next=must,
        sentence=sentence,
        days_to_spare=days,
        minutes_short=short,
    )


def _word(number: int, language: str) -> str:
    words = NUMBERS[language]
    return words[number] if number < len(words) else str(number)


def _unplanned() -> LocalisedText:
    return LocalisedText(
        da="Mødegangene er ikke planlagt endnu.",
        sv="Kurstillfällena är inte planerade än.",
        en="The days are not planned yet.",
    )


def _safe() -> LocalisedText:
    return LocalisedText(
        da="Du har været nok til stede.",
        sv="Du har varit närvarande tillräckligt.",
        en="You have been there enough.",
    )


def _may_miss(days: int, minutes: int) -> LocalisedText:
    if days == 1:
        return LocalisedText(
            da="Du kan gå glip af én mødegang mere.",
            sv="Du kan missa ett kurstillfälle till.",
            en="You can miss one more day.",
        )
    if days:
        return LocalisedText(
            da=f"Du kan gå glip af {_word(days, 'da')} mødegange mere.",
            sv=f"Du kan missa {_word(days, 'sv')} kurstillfällen till.",
            en=f"You can miss {_word(days, 'en')} more days.",
        )
    return LocalisedText(
        da=f"Du kan gå glip af {minutes} minutter mere.",
        sv=f"Du kan missa {minutes} minuter till.",
        en=f"You can miss {minutes} more minutes.",
    )


def _must_attend(count: int) -> LocalisedText:
    if count == 1:
        return LocalisedText(
            da="Du skal komme til den næste mødegang.",
            sv="Du måste komma till nästa kurstillfälle.",
            en="You must come to the next day.",
        )
    return LocalisedText(
        da=f"Du skal komme til de næste {_word(count, 'da')} mødegange.",
        sv=f"Du måste komma till de {_word(count, 'sv')} nästa kurstillfällena.",
        en=f"You must come to the next {_word(count, 'en')} days.",
    )


def _needs_catch_up(short: int) -> LocalisedText:
    return LocalisedText(
        da="Det kan kun nås med en opgave, der indhenter det, du mangler: "
        f"mindst {short} {'minut' if short == 1 else 'minutter'}.",
        sv="Det går bara med en uppgift som tar igen det du missat: "
        f"minst {short} {'minut' if short == 1 else 'minuter'}.",
        en="Only with a catch-up task for what you missed: "
        f"at least {short} {'minute' if short == 1 else 'minutes'}.",
    )


def _lost() -> LocalisedText:
    return LocalisedText(
        da="Det kan ikke nås mere.",
        sv="Det går inte att nå längre.",
        en="It can no longer be reached.",
    )
