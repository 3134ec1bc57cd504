"""The register of one course session: one row for each participant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import SelectField, StringField, TimeField
from wtforms.widgets import HiddenInput

from lms.core.enrolment.forms import PickOneField
from lms.core.enrolment.queries import Row
from lms.core.learning.queries import Mark
from lms.core.learning.services import Presence
from lms.core.learning.services.attendance import said
from lms.web.forms import Form, choice_required
from lms.web.i18n import gettext, ngettext
from lms.web.i18n import marked as _

MODE_WORDS: Mapping[str, str] = {
    "present": _("Here"),
    "partial": _("Partly"),
    "excused": _("Excused"),
    "absent": _("Missing"),
    "caught_up": _("Caught up"),
}
REASON_WORDS: Mapping[str, str] = {
    "agreed": _("Agreed beforehand"),
    "work": _("Needed at work"),
    "other_course": _("On another course"),
    "private": _("A private reason"),
}
TIMED = ("partial", "caught_up")
"""Modes that are said with minutes."""


class RegisterForm(Form):
    """One row for each participant: how they were there, the minutes where it was partly, why
    where they are excused. Made by `register_form`; fields are named by the enrolment's key."""

    length = 0
    keys: Mapping[str, int] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """Minutes are looked at where somebody was there partly, and nowhere else."""
        fine = super().validate(extra_validators)
        for key in self.keys:
            if self[f"mode-{key}"].data not in TIMED:
                continue
            field = self[f"minutes-{key}"]
            if self._minutes(key) is None and not field.errors:
                sentence = ngettext(
                    "Write whole minutes from 0 to %(n)d, such as 1.",
                    "Write whole minutes from 0 to %(n)d, such as 45.",
                    self.length,
                )
                field.errors = [sentence]
                fine = False
        return fine

    def lines(self) -> list[Presence]:
        """The rows that are set, of a form that is valid."""
        return [self._line(key) for key in self.keys if self[f"mode-{key}"].data]

    def _line(self, key: str) -> Presence:
        mode = self[f"mode-{key}"].data
        return Presence(
            enrolment_id=self.keys[key],
            mode=mode,
            minutes=(self._minutes(key) or 0) if mode in TIMED else 0,
            reason=self[f"reason-{key}"].data if mode == "excused" else "",
        )

    def seen(self) -> dict[int, Mark | None]:
        """How the rows stood on the page that was sent, by enrolment id."""
        return {id_: _unpacked(self[f"was-{key}"].data) for key, id_ in self.keys.items()}

    def meet(self, current: Mapping[int, Mark], met: Mapping[int, Mark | None]) -> None:
        """Somebody else saved first: rows that were not touched here follow theirs, and rows that
        both wrote (`met`) keep what is written here and say what stands."""
        for key, enrolment_id in self.keys.items():
            now, was = current.get(enrolment_id), self[f"was-{key}"]
            if _packed(now) == was.data:
                continue
            mode = self[f"mode-{key}"]
            if enrolment_id in met:
                mode.errors = [
                    gettext(
                        _("Somebody else wrote “%(now)s” meanwhile. Save once more to keep yours."),
                        now=mark_in_words(now),
                    )
                ]
            else:
                mode.data = now.mode if now else None
                self[f"minutes-{key}"].data = _shown_minutes(now)
                self[f"reason-{key}"].data = (now.reason if now else "") or next(iter(REASON_WORDS))
            was.data = _packed(now)

    def set_the_rest(self, mode: str) -> None:
        """Everybody who is not marked is marked so."""
        for key in self.keys:
            if not self[f"mode-{key}"].data:
                self[f"mode-{key}"].data = mode

    def count(self) -> int:
        """How many rows are set."""
        return sum(bool(self[f"mode-{key}"].data) for key in self.keys)

    def _minutes(self, key: str) -> int | None:
        text = self[f"minutes-{key}"].data or ""
        if not (text.isascii() and text.isdecimal() and len(text) < 5):
            return None
        return int(text) if int(text) <= self.length else None


def register_form(
    rows: Sequence[Row], marks: Mapping[int, Mark], length: int, *, held: bool = False
) -> RegisterForm:
    """The register of a session of `length` minutes, filled with the marks by enrolment id. Once
    it is `held`, somebody may have caught up."""
    choices = [
        (mode, gettext(words)) for mode, words in MODE_WORDS.items() if held or mode != "caught_up"
    ]
    reasons = [(reason, gettext(words)) for reason, words in REASON_WORDS.items()]
    keys = {row.enrolment.key: row.enrolment.id for row in rows}
    fields: dict[str, Any] = {"length": length, "keys": keys}
    values: dict[str, Any] = {}
    for row in rows:
        key = row.enrolment.key
        fields[f"mode-{key}"] = PickOneField(row.person_name, choices=choices)
        fields[f"minutes-{key}"] = StringField(gettext(_("Minutes, if partly")))
        fields[f"reason-{key}"] = SelectField(
            gettext(_("Why, if excused")), choices=lambda: reasons, default=reasons[0][0]
        )
        fields[f"was-{key}"] = StringField(widget=HiddenInput())
        mark = marks.get(row.enrolment.id)
        values[f"mode-{key}"] = mark.mode if mark else None
        values[f"minutes-{key}"] = _shown_minutes(mark)
        values[f"reason-{key}"] = (mark.reason if mark else "") or reasons[0][0]
        values[f"was-{key}"] = _packed(mark)
    form: RegisterForm = type("RegisterFormHere", (RegisterForm,), fields)(**values)
    return form


def mark_in_words(mark: Mark | None) -> str:
    """How somebody is marked, for a sentence."""
    if mark is None:
        return gettext(_("not marked"))
    words = gettext(MODE_WORDS[mark.mode])
    return f"{words} {_shown_minutes(mark)}".strip()


def _shown_minutes(mark: Mark | None) -> str:
    if mark is None or mark.mode not in TIMED:
        return ""
    return str(mark.catch_up if mark.mode == "caught_up" else mark.minutes)


def _packed(mark: Mark | None) -> str:
    shown = said(mark)
    return "" if shown is None else ":".join(str(part) for part in shown)


def _unpacked(text: str | None) -> Mark | None:
    """What `_packed` wrote; anything else is nothing, and then whatever stands is a surprise."""
    mode, _colon, rest = (text or "").partition(":")
    minutes, _colon, reason = rest.partition(":")
    if mode not in MODE_WORDS or not (minutes.isascii() and minutes.isdecimal()):
        return None
    number = int(minutes[:5])
    caught_up = mode == "caught_up"
    return Mark(
        course_session_id=0,
        mode=mode,
        minutes=0 if caught_up else number,
        catch_up=number if caught_up else 0,
        reason=reason,
    )


class EndForm(Form):
    """When a session that was held really ended."""

    ends = TimeField(
        _("It ended at"), choice_required(_("Write a time, such as 15:30.")), format=["%H:%M"]
    )
