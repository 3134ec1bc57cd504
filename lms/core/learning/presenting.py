"""How completion is said: the share that is needed, how one stands, safe sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms.contracts import Badge, CompletionFacts, CompletionRule
from lms.web.i18n import core_domain, gettext, num
from lms.web.i18n import marked as _

FEWEST = 5
"""Groups of fewer people than this are not shown to those who read sums."""

STANDING_WORDS: Mapping[str, tuple[str, str, str]] = {
    "met": (_("Everything is there"), "ok", "check"),
    "not_met": (_("Something is missing"), "stop", "x"),
    "undecided": (_("Not decided yet"), "", "circle-help"),
}
REASON_ICONS: Mapping[bool | None, tuple[str, str]] = {
    True: ("check", _("Fulfilled")),
    False: ("x", _("Missing")),
    None: ("circle-help", _("Not known yet")),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """One number of a group; None where the group is too small to be shown."""

    label: str
    number: int | None


def needed_percent(rule: CompletionRule | None) -> int | None:
    """The share of minutes a rule wants; None when it wants none."""
    options = rule.conditions.get("attendance") if rule else None
    return None if options is None else int(options.get("percent", 80))


def standing_badge(standing: CompletionFacts) -> Badge:
    """How one stands, in a word."""
    words, kind, icon = STANDING_WORDS[standing.result]
    return Badge(text=core_domain.localised(words), icon=icon, kind=kind)  # type: ignore[arg-type]


def safe_figures(
    counts: Sequence[tuple[str, int]], fewest: int = FEWEST
) -> tuple[Sequence[Figure], int | None]:
    """Counts without small groups, and their total (None when it is itself too small).

    Where hiding one group would let it be reckoned from the total, the smallest other group is
    hidden as well, until what is hidden is at least two groups and enough people together.
    """
    total = sum(number for _label, number in counts)
    if 0 < total < fewest:
        return [Figure(label=label, number=None) for label, number in counts if number], None
    hidden = {index for index, (_label, n) in enumerate(counts) if 0 < n < fewest}
    shown = sorted((n, index) for index, (_label, n) in enumerate(counts) if n >= fewest)
    for _number, index in shown:
        together = sum(counts[other][1] for other in hidden)
        if not hidden or (len(hidden) > 1 and together >= fewest):
            break
        hidden.add(index)
    return (
        [
            Figure(label=label, number=None if index in hidden else number)
            for index, (label, number) in enumerate(counts)
            if number
        ],
        total,
    )


def figure_in_words(figure: Figure) -> str:
    """The number, or that it is too small to be shown."""
    return gettext(_("not shown")) if figure.number is None else num(figure.number)
