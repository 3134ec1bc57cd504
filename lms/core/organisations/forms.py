"""The shape of what is written about organisations."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, Optional

from lms.core.fields import DayField, PickField
from lms.core.organisations.kinds import KINDS, UNIT_KINDS
from lms.web import Form, gettext
from lms.web.i18n import language, local
from lms.web.i18n import marked as _

NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
NEAREST = ("DK", "SE", "NO", "FI", "IS", "FO", "GL", "AX", "DE")

NAME = [
    DataRequired(_("Write the name.")),
    Length(max=200, message=_("Write a name of at most 200 characters.")),
]


@lru_cache(maxsize=8)
def _countries(code: str) -> tuple[tuple[str, str], ...]:
    territories = Locale.parse(code).territories
    rest = sorted(
        (
            (key, name)
            for key, name in territories.items()
            if len(key) == 2 and key.isalpha() and key not in NEAREST and key not in NO_COUNTRY
        ),
        key=lambda pair: pair[1].casefold(),
    )
    return (*((key, territories[key]) for key in NEAREST), *rest)


def countries() -> list[tuple[str, str]]:
    """Countries by ISO 3166 code, the nearest first, in the reader's language."""
    return list(_countries(language()))


def kinds() -> list[tuple[str, str]]:
    """The kinds of organisations in the reader's language."""
    return [(key, local(text)) for key, text in KINDS.items()]


def unit_kinds() -> list[tuple[str, str]]:
    """The kinds of units in the reader's language."""
    return [(key, local(text)) for key, text in UNIT_KINDS.items()]


def country_name(code: str) -> str:
    """A country in the reader's language; the code itself when nobody knows it."""
    return dict(countries()).get(code, code)


class OrganisationForm(Form):
    """A new organisation."""

    name = StringField(_("Name"), NAME)
    kind = PickField(_("Kind"), kinds)
    country = PickField(_("Country"), countries)
    registration_number = StringField(
        _("Registration number"),
        [Optional(), Length(max=30, message=_("Write at most 30 characters."))],
        description=_("In Denmark the CVR number, in Sweden the organisationsnummer."),
    )


class OrganisationChangeForm(OrganisationForm):
    """An organisation as it is, to be changed."""

    slip = BooleanField(_("The old name was a slip of the pen: do not keep it as a former name"))
    old_name_until = DayField(
        _("Last day of the old name"),
        [Optional()],
        description=_("Only when the name changes. Leave it empty when nobody knows the day."),
    )


def name_kinds() -> list[tuple[str, str]]:
    """Alias or former name, in the reader's language."""
    return [("alias", gettext("Also called")), ("former", gettext("Formerly called"))]


class NameForm(Form):
    """Another name of an organisation."""

    name = StringField(_("Other name"), NAME)
    kind = PickField(_("What is it?"), name_kinds)
    until = DayField(
        _("Last day it held"),
        [Optional()],
        description=_("Only for a former name. Leave it empty when nobody knows the day."),
    )


class UnitForm(Form):
    """A unit of an organisation."""

    name = StringField(_("Name"), NAME)
    kind = PickField(_("Kind"), unit_kinds)


class FunctionForm(Form):
    """What a person is at work, in three languages."""

    da = StringField(_("In Danish"), NAME)
    sv = StringField(_("In Swedish"), [Optional(), NAME[1]])
    en = StringField(_("In English"), [Optional(), NAME[1]])
