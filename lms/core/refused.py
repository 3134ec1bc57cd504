"""Services say no by raising; views put the reasons where the reader can act on them."""

from __future__ import annotations

from typing import Protocol

from lms.contracts import LocalisedText, Refusal
from lms.web.i18n import local


class Refused(Exception):
    """The change may not be made. A code `field.why` belongs to that field of the form."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = refusals


class _Form(Protocol):
    form_errors: list[str]

    def __contains__(self, name: str) -> bool: ...
    def __getitem__(self, name: str) -> object: ...


def refused(code: str, *, da: str, sv: str, en: str) -> Refused:
    """One reason as an exception."""
    return Refused(Refusal(code=code, message=LocalisedText(da=da, sv=sv, en=en)))


def show_in(form: _Form, error: Refused) -> None:
    """Put each reason at its field, or on top of the form when it has none."""
    for refusal in error.refusals:
        name = refusal.code.partition(".")[0]
        sentence = local(refusal.message)
        if name in form:
            field = form[name]
            field.errors = [*field.errors, sentence]  # type: ignore[attr-defined]
        else:
            form.form_errors.append(sentence)
