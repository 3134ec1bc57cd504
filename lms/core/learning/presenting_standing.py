"""How a verdict, an assessment and an agreement are said on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.contracts import (
    Badge,
    CompletionFacts,
    ConditionResult,
    EnrolmentFacts,
    LocalisedText,
    OutcomeResult,
)
from lms.core.learning.conditions import judge_all
from lms.core.learning.queries import Progress, progress_of
from lms.core.learning.queries.assessing import Found, Waived
from lms.host import current_host
from lms.web.i18n import core_domain, gettext, local
from lms.web.i18n import marked as _

CONDITION_WORDS: Mapping[str, str] = {
    "attendance": _("Being there"),
    "declared": _("The teacher's word"),
    "activities": _("The required activities"),
    "assessment": _("The assessment"),
    "agreement": _("The learning agreement"),
}
LEVEL_WORDS: tuple[str, ...] = (
    _("Not shown"),
    _("Partly"),
    _("Shown"),
    _("Shown well"),
)
METHOD_WORDS: Mapping[str, str] = {
    "work": _("What they handed in"),
    "observation": _("What I saw"),
    "conversation": _("A conversation"),
    "test": _("A test"),
}
METHOD_SAID: Mapping[str, str] = {
    "work": _("from what was handed in"),
    "observation": _("seen by the teacher"),
    "conversation": _("in a conversation"),
    "test": _("in a test"),
}
USED_WORDS: tuple[str, ...] = (
    _("Not at all"),
    _("Once or twice"),
    _("Now and then"),
    _("Often"),
    _("All the time"),
)
OUTLOOK_WORDS: Mapping[str, tuple[str, str, str]] = {
    "safe": (_("Has been there enough"), "ok", "check"),
    "on_course": (_("On the way"), "", "clock"),
    "must_attend": (_("Must come to the next days"), "info", "info"),
    "needs_catch_up": (_("Needs a catch-up task"), "wait", "clock"),
    "lost": (_("Can no longer be reached"), "stop", "x"),
}
AGREEMENT_WORDS: Mapping[str, tuple[str, str, str]] = {
    "proposed": (_("Not signed by both yet"), "wait", "clock"),
    "agreed": (_("Signed by both"), "ok", "check"),
    "followed_up": (_("Followed up"), "ok", "check"),
}
SLIPPING = ("needs_catch_up", "lost")
"""Forecasts of somebody who needs more than coming to what is planned."""

HOWS: Mapping[str, str] = {
    "": _("Everybody"),
    "met": _("Everything is there"),
    "undecided": _("Not decided yet"),
    "not_met": _("Something is missing"),
    "slipping": _("Falling behind"),
}
"""Filters of the page of completion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stands:
    """How one participant stands, ready to be drawn: what is still needed first."""

    facts: CompletionFacts
    outlook: str
    done: int
    required: int
    word: str

    @property
    def needed(self) -> Sequence[ConditionResult]:
        """What is missing or not settled, the missing first."""
        return sorted(
            (r for r in self.facts.reasons if r.met is not True), key=lambda r: r.met is None
        )

    @property
    def there(self) -> Sequence[ConditionResult]:
        """What is fulfilled or let off."""
        return [reason for reason in self.facts.reasons if reason.met is True]


def how_they_stand(
    enrolments: Sequence[EnrolmentFacts], *, works: Mapping[int, Progress] | None = None
) -> Mapping[int, Stands]:
    """How these enrolments stand: as decided, else as written last, else judged now. One query
    where everybody has a standing; `works` are what the caller has read already."""
    if works is None:
        works = progress_of([enrolment.id for enrolment in enrolments])
    stored = {id_: work.stood for id_, work in works.items() if work.stood is not None}
    open_ = [e for e in enrolments if works.get(e.id, Progress()).completion is None]
    missing = [e for e in open_ if e.id not in stored]
    live = judge_all(missing) if missing else {}
    found = {}
    for enrolment in enrolments:
        work = works.get(enrolment.id, Progress())
        stood = stored.get(enrolment.id) or live.get(enrolment.id)
        facts = work.completion or (stood.facts if stood else None)
        if facts is None:
            continue
        found[enrolment.id] = Stands(
            facts=facts,
            outlook=stood.outlook if stood else "",
            done=stood.done if stood else 0,
            required=stood.required if stood else 0,
            word=work.word.note if work.word else "",
        )
    return found


def condition_title(name: str) -> str:
    """A condition in words: the core's, or a plugin's own title; its name when nobody knows it."""
    if name in CONDITION_WORDS:
        return gettext(CONDITION_WORDS[name])
    owned = current_host().conditions().get(name)
    return local(owned.item.title) if owned else name


def level_badge(level: int) -> Badge:
    """A level in a word."""
    kind, icon = (("stop", "x"), ("wait", "clock"), ("ok", "check"), ("ok", "check"))[level]
    return Badge(text=core_domain.localised(LEVEL_WORDS[level]), kind=kind, icon=icon)  # type: ignore[arg-type]


def outlook_badge(outlook: str) -> Badge | None:
    """The forecast of attendance in a word; None where no share is asked for."""
    if outlook not in OUTLOOK_WORDS:
        return None
    words, kind, icon = OUTLOOK_WORDS[outlook]
    return Badge(text=core_domain.localised(words), kind=kind, icon=icon)  # type: ignore[arg-type]


def agreement_badge(state: str) -> Badge:
    """How far an agreement is, in a word."""
    words, kind, icon = AGREEMENT_WORDS[state]
    return Badge(text=core_domain.localised(words), kind=kind, icon=icon)  # type: ignore[arg-type]


def cell_badge(found: Sequence[Found], needed: int) -> Badge | None:
    """One participant's outcome in the table of who is assessed: the level, that another one
    has to look, or that they differ; None before anybody has."""
    if not found:
        return None
    if len({one.level for one in found}) > 1:
        return Badge(text=core_domain.localised(_("They differ")), kind="stop", icon="circle-alert")
    if len(found) < needed:
        return Badge(
            text=core_domain.localised(_("One more has to look")), kind="wait", icon="glasses"
        )
    return level_badge(found[0].level)


def outcomes_in_words(
    results: Sequence[OutcomeResult],
) -> Sequence[tuple[LocalisedText, Badge, str]]:
    """(outcome, level, how it was seen) for the one concerned."""
    return [(r.title, level_badge(r.level), gettext(METHOD_SAID[r.method])) for r in results]


def waived_by_condition(waivers: Sequence[Waived]) -> Mapping[str, Waived]:
    """Waivers of one participant by condition."""
    return {waived.condition: waived for waived in waivers}
