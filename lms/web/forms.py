"""The base of every form: its token, clean text, no national identity numbers, nothing lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms import Form as WTForm
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import TextArea

from lms.web import once
from lms.web.i18n import Domain, core_domain, gettext
from lms.web.i18n import marked as _
from lms.web.identity import csrf_token, csrf_token_is_good
from lms.web.identity_numbers import contains_identity_number

LONGEST_LINE = 500
LONGEST_TEXT = 10_000

STALE = _("This page was open for a long time. Everything you wrote is kept: send it once more.")
REFUSED_NUMBER = _(
    "This looks like a personal identity number. Leave it out: we never keep those numbers."
)
REFUSED_CHARACTERS = _("This text holds a character that cannot be kept. Write it again by hand.")


class Words:
    """WTForms asks this for its own messages; they live in the core's catalogue."""

    def gettext(self, message: str) -> str:
        return core_domain.gettext(message)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return core_domain.form_for(one, many, n)


class TokenField(HiddenField):
    """The form's token: always printed fresh, never refilled from what was sent."""

    def _value(self) -> str:
        return csrf_token()


class Form(WTForm):
    """Base of all forms. `Form()` takes the posted values by itself.

    `validate_on_submit()` is True for a post that is complete, fresh and acceptable. A stale
    token is an error of the form like any other, so that everything typed stays on the page.

    Labels, descriptions and the messages of validators are written as marked English messages
    (`lms.web.i18n.marked`) and looked up in `domain` for each request; a plugin sets its own.
    """

    domain: ClassVar[Domain] = core_domain

    csrf_token = TokenField()

    class Meta:
        def get_translations(self, _form: WTForm) -> Words:
            return Words()

    def __init__(self, formdata: Any = None, obj: Any = None, **values: Any) -> None:
        if formdata is None and request.method in ("POST", "PUT", "PATCH"):
            formdata = request.form
        super().__init__(formdata, obj=obj, **values)
        self.stale = False
        for field in self:
            field.label.text = self._said(field.label.text)
            field.description = self._said(field.description)
            if isinstance(field, StringField) and isinstance(field.data, str):
                field.data = _clean(field.data, lines=field.widget.__class__.__name__ == "TextArea")

    @property
    def submitted(self) -> bool:
        """Was this form sent with the present request?"""
        return request.method in ("POST", "PUT", "PATCH")

    def validate_on_submit(self) -> bool:
        """Sent, fresh and valid?"""
        if not self.submitted:
            return False
        fresh = csrf_token_is_good(request.form.get("csrf_token"))
        if fresh:
            once.of_form(request.form["csrf_token"])
        fine = self.validate()
        if not fresh:
            self.stale = True
            self.form_errors.append(gettext(STALE))
        return fresh and fine

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        for field in self:
            if isinstance(field.errors, (list, tuple)):
                field.errors = [self._said(error) for error in field.errors]
            if not isinstance(field, StringField) or isinstance(field, HiddenField | PasswordField):
                continue
            text = field.data or ""
            if complaint := _complaint(text, field):
                field.errors = [*field.errors, complaint]
                fine = False
        return fine

    def _said(self, message: Any) -> Any:
        return self.domain.gettext(message) if message and isinstance(message, str) else message

    def error_list(self) -> Sequence[tuple[Field | None, str]]:
        """All errors in page order as (field or None for the whole form, sentence)."""
        whole: list[tuple[Field | None, str]] = [(None, str(text)) for text in self.form_errors]
        whole += [(field, str(error)) for field in self for error in field.errors]
        return whole


class PastedField(Field):
    """Cells pasted from a spreadsheet, as they are: tabs stay, and each row is looked at by
    itself, so that one that is wrong does not stand in the way of the others."""

    widget: Any = TextArea()
    data: str | None

    def _value(self) -> str:
        return self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """The text as it was sent."""
        self.data = valuelist[0] if valuelist else ""


class Confirm(Form):
    """A form with nothing to fill in: a button that does something."""


def _clean(text: str, *, lines: bool) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    if lines:
        return "\n".join(line.rstrip() for line in text.split("\n")).strip()
    return " ".join(text.split())


def _complaint(text: str, field: Field) -> str | None:
    if any(unicodedata.category(mark) in ("Cc", "Cs") and mark not in "\n\t" for mark in text):
        return gettext(REFUSED_CHARACTERS)
    has_own_limit = any(isinstance(check, Length) for check in field.validators)
    longest = LONGEST_TEXT if field.widget.__class__.__name__ == "TextArea" else LONGEST_LINE
    if not has_own_limit and len(text) > longest:
        return gettext(
            _("Write at most %(limit)d characters; this is %(n)d."), limit=longest, n=len(text)
        )
    if contains_identity_number(text):
        return gettext(REFUSED_NUMBER)
    return None


def required(message: str) -> list[Any]:
    """Validators for a field that must be filled in; the message says what to do."""
    return [DataRequired(message)]


def choice_required(message: str) -> list[Any]:
    """Validators for a field where one thing must be chosen."""
    return [InputRequired(message)]
