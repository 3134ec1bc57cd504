"""Shapes of input: claims of value, a test plan, a host's comment, something to share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from lms.api import DayField, Form, PickField, UploadField, local, marked, required
from lms_courses.plan_template import FIELDS, ROLES, START
from lms_courses.queries.plans import PlanFacts
from lms_courses.words import domain

TOO_LONG = marked("Write at most %(max)d characters.")


def number_in(text: str | None) -> int:
    """The number of a hidden field; -1 for what is none, which nothing has."""
    value = text or "0"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1


class ClaimsForm(Form):
    """What the solution is worth, three times. `seen` says which texts the page had shown."""

    domain = domain

    seen = HiddenField()

    def texts(self) -> dict[str, str]:
        """What is written, by role."""
        return {role: self[role].data or "" for role in ROLES}

    def fill(self, claims: Mapping[str, str]) -> None:
        """What is written already."""
        self.seen.data = stamp_of(claims)
        for role in ROLES:
            self[role].data = claims.get(role, "")


def stamp_of(claims: Mapping[str, str]) -> str:
    """What tells these texts from others."""
    joined = "\0".join(claims.get(role, "") for role in ROLES)
    return hashlib.sha256(joined.encode("utf-8")).hexdigest()[:16]


def claims_form() -> ClaimsForm:
    """The form in the reader's language."""
    fields: dict[str, Any] = {
        role: TextAreaField(local(title), [Length(max=1000, message=TOO_LONG)])
        for role, title in ROLES.items()
    }
    form: ClaimsForm = type("ClaimsFormHere", (ClaimsForm,), fields)()
    return form


class PlanForm(Form):
    """A test plan. `revision` is the one that the page had shown."""

    domain = domain

    revision = HiddenField()
    begins_on = DayField("", [Optional()])

    def content(self) -> dict[str, str]:
        """The answers by key."""
        return {field.key: self[field.key].data or "" for field in FIELDS}

    @property
    def seen_revision(self) -> int:
        """The revision that the page had shown; 0 for a plan that is new."""
        return number_in(self.revision.data)

    def fill(self, plan: PlanFacts | None) -> None:
        """What is written already."""
        self.revision.data = str(plan.revision if plan is not None else 0)
        if plan is None:
            return
        self.begins_on.data = plan.begins_on
        for field in FIELDS:
            self[field.key].data = plan.content.get(field.key, "")


def plan_form() -> PlanForm:
    """The form in the reader's language."""
    fields: dict[str, Any] = {
        field.key: TextAreaField(
            local(field.label),
            [Length(max=2000, message=TOO_LONG)],
            description=local(field.hint),
        )
        for field in FIELDS
    }
    fields["begins_on"] = DayField(local(START), [Optional()])
    form: PlanForm = type("PlanFormHere", (PlanForm,), fields)()
    return form


class SignForm(Form):
    """A button that signs what the page shows."""

    domain = domain

    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        """The revision that the page had shown."""
        return number_in(self.revision.data)


class CommentForm(Form):
    """What a host says to a plan."""

    domain = domain

    host = PickField(marked("For which host?"))
    comment = TextAreaField(
        marked("What do you say to the plan?"),
        [*required(marked("Write what you think of it.")), Length(max=3000, message=TOO_LONG)],
        description=marked(
            "Could you try it at yours? What is missing? The company alone reads it."
        ),
    )


class ShareForm(Form):
    """A document for all companies of a run."""

    domain = domain

    title = StringField(
        marked("What is it?"),
        [*required(marked("Write what it is.")), Length(max=200, message=TOO_LONG)],
    )
    document = UploadField(marked("The document"), needed=marked("Choose a file."))
