"""Two versions of a course beside each other: what differs, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from lms.contracts import LANGUAGES, ActivityFacts, LocalisedText
from lms.core.catalogue.queries import VersionCard
from lms.core.catalogue.words import LANGUAGE_WORDS, language_words
from lms.core.learning.drafts import Part, difference
from lms.core.learning.forms_building import GROUPS
from lms.core.learning.rules import rule_in_words
from lms.host import current_host
from lms.web.i18n import gettext, local
from lms.web.i18n import hours as in_hours
from lms.web.i18n import marked as _

How = Literal["new", "gone", "changed", "moved"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that differs: what it is, its two texts ("" where there was none), and the way
    from the one to the other."""

    label: str
    before: str
    after: str
    parts: Sequence[Part]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A module or an activity that is new, gone, moved or changed, and in what."""

    title: str
    how: How
    changes: Sequence[Change] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """All that differs between two versions."""

    texts: Sequence[Change]
    outcomes: Sequence[Change]
    modules: Sequence[Item]
    activities: Sequence[Item]
    rule: Sequence[Change]

    @property
    def any(self) -> bool:
        """Does anything differ?"""
        parts = (self.texts, self.outcomes, self.modules, self.activities, self.rule)
        return any(map(len, parts))


def compare(
    old: VersionCard,
    new: VersionCard,
    old_activities: Sequence[ActivityFacts],
    new_activities: Sequence[ActivityFacts],
    first: Mapping[int, int],
) -> Comparison:
    """What is different in `new`. Activities are known again by what they are copies of: `first`
    says of each which activity that is in the end, by id."""
    return Comparison(
        texts=list(_texts(old, new)),
        outcomes=list(_outcomes(old.outcomes, new.outcomes)),
        modules=list(_items(_by_key(old.modules), _by_key(new.modules), _module_lines)),
        activities=list(
            _items(
                {first[a.id]: (local(a.title), a) for a in old_activities},
                {first[a.id]: (local(a.title), a) for a in new_activities},
                lambda activity: _activity_lines(activity, old, new),
            )
        ),
        rule=list(_changes(_rule_lines(old), _rule_lines(new))),
    )


def _texts(old: VersionCard, new: VersionCard) -> Iterator[Change]:
    before, after = _text_lines(old), _text_lines(new)
    yield from _changes(before, after)


def _text_lines(card: VersionCard) -> dict[str, str]:
    lines: dict[str, str] = {}
    for name, words, _hint in GROUPS:
        lines |= _in_all(gettext(words), getattr(card, name))
    lines[gettext(_("Languages"))] = language_words(card.languages)
    lines[gettext(_("Teaching"))] = in_hours(card.minutes)
    lines[gettext(_("Practice"))] = in_hours(card.practice_minutes)
    return lines


def _outcomes(old: Sequence[LocalisedText], new: Sequence[LocalisedText]) -> Iterator[Change]:
    before = [tuple(text.as_dict().values()) for text in old]
    after = [tuple(text.as_dict().values()) for text in new]
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for step in range(max(j - i, m - k)):
            gone = old[i + step] if i + step < j else LocalisedText()
            come = new[k + step] if k + step < m else LocalisedText()
            number = (k if k + step < m else i) + step + 1
            yield from _changes(
                _in_all(gettext(_("Outcome %(n)d"), n=number), gone),
                _in_all(gettext(_("Outcome %(n)d"), n=number), come),
            )


Titled = Mapping[Any, tuple[str, Any]]


def _items(old: Titled, new: Titled, lines: Any) -> Iterator[Item]:
    both = [key for key in old if key in new]
    still = set(_longest_in_order(both, [key for key in new if key in old]))
    for key, (title, thing) in new.items():
        if key not in old:
            yield Item(title=title, how="new", changes=list(_changes({}, lines(thing))))
            continue
        changes = list(_changes(lines(old[key][1]), lines(thing)))
        if changes:
            yield Item(title=title, how="changed", changes=changes)
        elif key not in still:
            yield Item(title=title, how="moved")
    for key, (title, _thing) in old.items():
        if key not in new:
            yield Item(title=title, how="gone")


def _longest_in_order(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return [key for i, _j, size in blocks for key in old[i : i + size]]


def _by_key(modules: Sequence[Mapping[str, Any]]) -> Titled:
    return {m["key"]: (local(LocalisedText.from_dict(m["title"])), m) for m in modules}


def _module_lines(module: Mapping[str, Any]) -> dict[str, str]:
    return {
        **_in_all(gettext(_("Title")), LocalisedText.from_dict(module["title"])),
        gettext(_("Phase")): str(module.get("phase") or ""),
        gettext(_("Minutes")): str(module.get("minutes") or ""),
        **_in_all(gettext(_("What happens")), LocalisedText.from_dict(module.get("content") or {})),
        **_in_all(
            gettext(_("Task after it")), LocalisedText.from_dict(module.get("between") or {})
        ),
        gettext(_("Minutes for the task")): str(module.get("between_minutes") or ""),
    }


def _activity_lines(activity: ActivityFacts, old: VersionCard, new: VersionCard) -> dict[str, str]:
    card = old if activity.course_version_id == old.id else new
    owned = current_host().activity_types().get(activity.activity_type)
    modules = dict(_by_key(card.modules))
    outcomes = [str(place + 1) for place in activity.outcomes]
    lines = {
        **_in_all(gettext(_("Title")), activity.title),
        gettext(_("Kind")): local(owned.item.title) if owned else activity.activity_type,
        gettext(_("Module")): modules.get(activity.module, (activity.module, None))[0],
        gettext(_("Minutes")): str(activity.minutes),
        gettext(_("Required")): _yes(activity.required),
        gettext(_("Catch-up task")): _yes(activity.catch_up),
        gettext(_("Outcomes")): ", ".join(outcomes),
        gettext(_("Opens on day")): _number(activity.opens_day),
        gettext(_("Due on day")): _number(activity.due_day),
    }
    for who, minutes in sorted(activity.others_minutes.items()):
        lines[f"{gettext(_('Minutes'))} ({who})"] = str(minutes)
    return lines | dict(flat(activity.content))


def flat(content: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What is stored as a tree, as (path, text) in order; empty things are left out."""
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from flat(value, f"{path} › {key}" if path else str(key))
    elif isinstance(content, list | tuple):
        for number, value in enumerate(content, start=1):
            yield from flat(value, f"{path} {number}")
    elif content not in (None, "", False):
        yield path, _yes(True) if content is True else str(content)


def _rule_lines(card: VersionCard) -> dict[str, str]:
    return {
        local(title): local(said) or gettext(_("asked for"))
        for title, said in rule_in_words(card.rule.conditions)
    }


def _in_all(label: str, text: LocalisedText) -> dict[str, str]:
    return {f"{label} ({gettext(LANGUAGE_WORDS[code])})": getattr(text, code) for code in LANGUAGES}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for label in dict.fromkeys([*before, *after]):
        old, new = before.get(label, ""), after.get(label, "")
        if old != new:
            yield Change(label=label, before=old, after=new, parts=difference(old, new))


def _yes(value: bool) -> str:
    return gettext(_("Yes")) if value else gettext(_("No"))


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
