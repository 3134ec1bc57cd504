"""Shape of input: an agreement to keep something of a case to oneself."""

from __future__ import annotations

from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, Optional

from lms.api import DayField, Form, UploadField, marked, required
from lms_courses.services.ndas import NdaValues
from lms_courses.words import domain


class NdaForm(Form):
    """What is kept secret, from when to when, and with whom."""

    domain = domain

    secret = TextAreaField(
        marked("What is kept secret, in plain words?"),
        [
            *required(marked("Write what is kept secret, so that a student understands it.")),
            Length(max=2_000, message=marked("Write at most %(max)d characters.")),
        ],
        description=marked(
            "What may be told and what may not. Students read this before they begin."
        ),
    )
    from_day = DayField(marked("From"), required(marked("Choose the day it begins.")))
    to_day = DayField(
        marked("To"), [Optional()], description=marked("Leave it empty only if it never ends.")
    )
    with_institution = BooleanField(marked("The institution is a party to it"))
    document = UploadField(
        marked("The agreement"),
        kinds=("pdf",),
        description=marked("A PDF, signed or to be signed."),
    )

    def values(self) -> NdaValues:
        """What is written."""
        begins = self.from_day.data
        if begins is None:
            raise ValueError("ask what is valid first")
        return NdaValues(
            secret=self.secret.data or "",
            from_day=begins,
            to_day=self.to_day.data,
            with_institution=bool(self.with_institution.data),
        )
