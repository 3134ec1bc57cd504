"""Texts about work with citizens: what may tell who somebody is, is looked at once more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import ValidationError

from lms.api import Form, Remark, marked
from lms_courses.remarks_staff import private_remarks
from lms_courses.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")


def revision_of(form: Any) -> int:
    """The revision that a form was printed with; -1 for junk, which is nobody's."""
    text = str(form.revision.data or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class LookedThrough(Form):
    """Texts about work with citizens: what may tell who somebody is, is pointed at once, and sent
    when its writer has looked at it again."""

    domain = domain

    no_names = BooleanField(marked("I have looked: nobody can be known from it"))

    remarks: Sequence[Remark] = ()

    def texts(self) -> Sequence[str]:
        """All that was written."""
        return [
            field.data
            for field in self
            if isinstance(field, StringField) and not isinstance(field, HiddenField) and field.data
        ]

    def look(self) -> None:
        """Point at what should be looked at."""
        self.remarks = private_remarks(self.texts())

    def validate_no_names(self, field: BooleanField) -> None:
        """Whoever was warned has looked once more."""
        if any(one.kind == "wait" for one in self.remarks) and not field.data:
            raise ValidationError(
                _("Look at your text once more. It may tell who somebody is: see above.")
            )
