"""Who works with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from lms.core.enrolment.forms_terms import CountField
from lms.core.enrolment.queries import Row
from lms.web.forms import Form
from lms.web.i18n import marked as _

LONGEST_NAME = 80
LARGEST = 100

_TOO_LONG = _("Write at most %(max)d characters.")


class MembersForm(Form):
    """The name of the group beside each participant; made by `members_form`."""

    keys: Mapping[str, int] = {}

    def wanted(self) -> dict[int, str]:
        """Names of groups by enrolment id."""
        return {
            enrolment_id: self[f"group-{key}"].data or "" for key, enrolment_id in self.keys.items()
        }


def members_form(rows: Sequence[Row], names: Mapping[int, str]) -> MembersForm:
    """The form for these participants, with the groups they are in by enrolment id."""
    fields: dict[str, Any] = {"keys": {row.enrolment.key: row.enrolment.id for row in rows}}
    values = {}
    for row in rows:
        name = f"group-{row.enrolment.key}"
        fields[name] = StringField(row.person_name, [Length(max=LONGEST_NAME, message=_TOO_LONG)])
        values[name] = names.get(row.enrolment.id, "")
    form: MembersForm = type("MembersFormHere", (MembersForm,), fields)(**values)
    return form


class SplitForm(Form):
    """How many in each group."""

    size = CountField(_("How many in each?"), 2, LARGEST)


class GroupForm(Form):
    """What a group is called."""

    name = StringField(
        _("Name of the group"),
        [
            DataRequired(_("Write what the group is called.")),
            Length(max=LONGEST_NAME, message=_TOO_LONG),
        ],
    )
