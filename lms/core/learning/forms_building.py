"""What those who build courses write: the texts of a version, its modules, what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from lms.contracts import LANGUAGES, LocalisedText
from lms.core.catalogue.queries import VersionCard
from lms.core.catalogue.words import LANGUAGE_WORDS
from lms.core.enrolment.forms_terms import CountField, OneOfField, TickField
from lms.core.fields import PickField
from lms.core.learning.drafts import DraftForm, Meanwhile, fingerprint, shown
from lms.web.forms import Form
from lms.web.i18n import gettext
from lms.web.i18n import marked as _

MOST_MINUTES = 60_000
MOST_OUTCOMES = 30
BLANK_OUTCOMES = 3

_TOO_LONG = _("Write at most %(max)d characters.")

GROUPS: Sequence[tuple[str, str, str]] = (
    ("title", _("Title"), ""),
    ("lead", _("In short"), _("One or two sentences, which stand in the catalogue.")),
    ("purpose", _("Purpose"), _("What it is to lead to, for whom.")),
    ("target_group", _("Whom it is for"), ""),
)
"""Texts in all languages: name, words, hint."""

IN_LANGUAGE: Mapping[str, str] = {
    "da": _("In Danish"),
    "sv": _("In Swedish"),
    "en": _("In English"),
}


def languages() -> list[tuple[str, str]]:
    """The languages a course can be given in, in the reader's words."""
    return [(code, gettext(words)) for code, words in LANGUAGE_WORDS.items()]


def _texts() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, _words, _hint in GROUPS:
        for code in LANGUAGES:
            limit = {"title": 200, "lead": 500}.get(name, 2000)
            kind = StringField if name == "title" else TextAreaField
            fields[f"{name}_{code}"] = kind(
                IN_LANGUAGE[code], [Length(max=limit, message=_TOO_LONG)]
            )
    return fields


class TextsForm(DraftForm):
    """What a version says. Made by `texts_form`, which gives it its fields and its rows of
    learning outcomes, `outcome_<place>_<language>`."""

    languages = TickField(_("Which languages is it given in?"), choices=languages)
    minutes = CountField(
        _("Minutes of teaching"),
        0,
        MOST_MINUTES,
        optional=True,
        description=_("Empty: as many as its modules take together."),
    )
    practice_minutes = CountField(
        _("Minutes of practice between the sessions"),
        0,
        MOST_MINUTES,
        optional=True,
        description=_("Empty: as many as its modules say."),
    )

    rows = 0

    def validate_title_da(self, field: Field) -> None:
        """A course has a name in some language."""
        if not any(self[f"title_{code}"].data for code in LANGUAGES):
            raise ValidationError(gettext(_("Write a title in at least one language.")))

    def validate_languages(self, field: Field) -> None:
        """It is given in some language."""
        if not field.data:
            raise ValidationError(gettext(_("Choose at least one language.")))

    @property
    def groups(self) -> list[tuple[str, str, str, list[Field]]]:
        """The texts as (name, words, hint, fields)."""
        return [
            (name, gettext(words), gettext(hint) if hint else "", self._in_all(name))
            for name, words, hint in GROUPS
        ]

    @property
    def outcome_rows(self) -> list[tuple[int, list[Field]]]:
        """The rows of learning outcomes as (number from 1, fields)."""
        return [(row + 1, self._in_all(f"outcome_{row}")) for row in range(self.rows)]

    def text(self, name: str) -> LocalisedText:
        """One text in all languages."""
        return LocalisedText(**{code: self[f"{name}_{code}"].data or "" for code in LANGUAGES})

    def outcomes(self) -> list[LocalisedText]:
        """The learning outcomes that are written."""
        return [text for text in map(self._outcome, range(self.rows)) if text.everything()]

    def places(self, before: int) -> dict[int, int | None]:
        """Where each of the `before` outcomes there were stands now; None when it is gone."""
        found: dict[int, int | None] = {}
        place = 0
        for row in range(self.rows):
            there = bool(self._outcome(row).everything())
            if row < before:
                found[row] = place if there else None
            place += there
        return found

    def meet(self, current: Mapping[str, Any], revision: int) -> Meanwhile:
        """As for every draft; an outcome that both have added is added twice, not written over."""
        seen = self._seen()
        for row in range(self.rows):
            names = [f"outcome_{row}_{code}" for code in LANGUAGES]
            theirs = [fingerprint(current.get(name)) for name in names]
            yours = [fingerprint(self[name].data) for name in names]
            new_to_both = not any(seen.get(name) for name in names) and any(theirs) and any(yours)
            if new_to_both and theirs != yours:
                self._move_down(row, current)
        return super().meet(current, revision)

    def name_of(self, field: Field) -> str:
        """A text and its language: the label alone says the language."""
        name, _between, code = field.short_name.rpartition("_")
        if code not in LANGUAGES:
            return super().name_of(field)
        words = {group: gettext(title) for group, title, _hint in GROUPS}
        number = name.removeprefix("outcome_")
        if number.isdecimal():
            return gettext(_("Outcome %(n)d"), n=int(number) + 1) + f" ({field.label.text})"
        return f"{words.get(name, name)} ({field.label.text})"

    def _move_down(self, row: int, current: Mapping[str, Any]) -> None:
        for free in range(row + 1, self.rows):
            names = [f"outcome_{free}_{code}" for code in LANGUAGES]
            if any(self[name].data or current.get(name) for name in names):
                continue
            for code in LANGUAGES:
                self[f"outcome_{free}_{code}"].data = self[f"outcome_{row}_{code}"].data
                self[f"outcome_{row}_{code}"].data = ""
            return

    def _outcome(self, row: int) -> LocalisedText:
        return self.text(f"outcome_{row}")

    def _in_all(self, name: str) -> list[Field]:
        return [self[f"{name}_{code}"] for code in LANGUAGES]


class CourseForm(TextsForm):
    """A new course: its type and owner, and all that a version says."""

    course_type = OneOfField(_("What kind of course is it?"))
    owner = PickField(_("Whose course is it?"))


def texts_form(
    kind: type[TextsForm], values: Mapping[str, Any], revision: int, sent: Sequence[str]
) -> Any:
    """A form with a row for each outcome there is and some to spare; `sent` are the names that
    came with the request, so that no row of theirs is lost."""
    there = [name for name in [*values, *sent] if name.startswith("outcome_")]
    numbers = [int(part) for name in there if (part := name.split("_")[1]).isdecimal()]
    filled = 1 + max((n for n in numbers if n < MOST_OUTCOMES), default=-1)
    rows = min(filled if sent else filled + BLANK_OUTCOMES, MOST_OUTCOMES)
    fields: dict[str, Any] = {"rows": rows, **_texts()}
    for row in range(rows):
        for code in LANGUAGES:
            fields[f"outcome_{row}_{code}"] = TextAreaField(
                IN_LANGUAGE[code], [Length(max=500, message=_TOO_LONG)]
            )
    return type("TextsFormHere", (kind,), fields)(**shown(values, revision))


def texts_of(card: VersionCard) -> dict[str, Any]:
    """What a version says, by the names of the form's fields."""
    values: dict[str, Any] = {
        "languages": list(card.languages),
        "minutes": str(card.minutes),
        "practice_minutes": str(card.practice_minutes),
    }
    for name, _words, _hint in GROUPS:
        text: LocalisedText = getattr(card, name)
        values |= {f"{name}_{code}": getattr(text, code) for code in LANGUAGES}
    for row, outcome in enumerate(card.outcomes):
        values |= {f"outcome_{row}_{code}": getattr(outcome, code) for code in LANGUAGES}
    return values


# --- modules ------------------------------------------------------------------------------------


class ModuleForm(DraftForm):
    """One module: a session, and perhaps a task between it and the next."""

    title_da = StringField(_("Title in Danish"), [Length(max=200, message=_TOO_LONG)])
    title_sv = StringField(_("Title in Swedish"), [Length(max=200, message=_TOO_LONG)])
    title_en = StringField(_("Title in English"), [Length(max=200, message=_TOO_LONG)])
    phase = PickField(_("Phase"))
    minutes = CountField(_("Minutes"), 0, 6000, optional=True)
    content_da = TextAreaField(_("What happens, in Danish"), [Length(max=2000, message=_TOO_LONG)])
    content_sv = TextAreaField(_("What happens, in Swedish"), [Length(max=2000, message=_TOO_LONG)])
    content_en = TextAreaField(_("What happens, in English"), [Length(max=2000, message=_TOO_LONG)])
    between_da = TextAreaField(
        _("Task until the next session, in Danish"), [Length(max=1000, message=_TOO_LONG)]
    )
    between_sv = TextAreaField(
        _("Task until the next session, in Swedish"), [Length(max=1000, message=_TOO_LONG)]
    )
    between_en = TextAreaField(
        _("Task until the next session, in English"), [Length(max=1000, message=_TOO_LONG)]
    )
    between_minutes = CountField(_("Minutes for the task"), 0, 6000, optional=True)

    def validate_title_da(self, field: Field) -> None:
        """A module has a name in some language."""
        if not any(self[f"title_{code}"].data for code in LANGUAGES):
            raise ValidationError(gettext(_("Write a title in at least one language.")))

    def text(self, name: str) -> LocalisedText:
        """One text in all languages."""
        return LocalisedText(**{code: self[f"{name}_{code}"].data or "" for code in LANGUAGES})

    def values(self) -> dict[str, Any]:
        """The module as a version stores it, without its key and type."""
        between = self.text("between")
        return {
            "title": self.text("title").as_dict(),
            "phase": self.phase.data,
            "minutes": self.minutes.number or 0,
            "content": self.text("content").as_dict(),
            "between": between.as_dict() if between.everything() else None,
            "between_minutes": self.between_minutes.number or 0,
        }


def module_values(module: Mapping[str, Any]) -> dict[str, Any]:
    """A module as the form's fields hold it."""
    values: dict[str, Any] = {
        "phase": module["phase"],
        "minutes": str(module["minutes"]) if module["minutes"] else "",
        "between_minutes": str(module.get("between_minutes") or ""),
    }
    for name in ("title", "content", "between"):
        text = LocalisedText.from_dict(module.get(name) or {})
        values |= {f"{name}_{code}": getattr(text, code) for code in LANGUAGES}
    return values


# --- what comes next ----------------------------------------------------------------------------


class DecideForm(Form):
    """Where a version goes next, with a word on why. The view fills in the choices."""

    state = OneOfField(_("What happens now?"))
    text = TextAreaField(
        _("A word to the others"),
        [Length(max=2000, message=_TOO_LONG)],
        description=_("Needed when you send it back. It stays in the history."),
    )


class CopyForm(Form):
    """Whose the copy is."""

    owner = PickField(_("Whose course is the copy?"))
