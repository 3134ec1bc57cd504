"""The shape of what people write about themselves and about each other."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lms.contracts import LANGUAGES
from lms.core.fields import DayField, PickField
from lms.web import Form, gettext, ngettext
from lms.web.forms import PastedField
from lms.web.i18n import LANGUAGE_NAMES
from lms.web.i18n import marked as _

PASSWORD_HINT = _("At least 12 characters. Three or four words in a row are easy to remember.")

MAIL = [
    DataRequired(_("Write your mail.")),
    Length(max=254, message=_("Write a mail of at most 254 characters.")),
]


def languages() -> list[tuple[str, str]]:
    """The languages, each by its own name."""
    return [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]


def themes() -> list[tuple[str, str]]:
    """How the pages are coloured."""
    return [
        ("auto", gettext("As on my device")),
        ("light", gettext("Light")),
        ("dark", gettext("Dark")),
    ]


class SignInForm(Form):
    """Mail and password. `next` is where to go after; `kept` a post that waits."""

    next = HiddenField()
    kept = HiddenField()
    mail = EmailField(_("Mail"), MAIL, description=_("The one your invitation came to."))
    password = PasswordField(
        _("Password"),
        [
            DataRequired(_("Write your password.")),
            Length(max=1000, message=_("Write a password of at most 128 characters.")),
        ],
    )


class ForgottenForm(Form):
    """Whose password is forgotten."""

    mail = EmailField(_("Mail"), MAIL, description=_("The one you sign in with."))


class NewPasswordForm(Form):
    """A password to begin with; whether it is strong enough is asked after the shape."""

    new_password = PasswordField(
        _("New password"), [DataRequired(_("Write a new password."))], description=PASSWORD_HINT
    )


class ChangePasswordForm(NewPasswordForm):
    """The password so far, and the new one."""

    password = PasswordField(
        _("Password so far"),
        [
            DataRequired(_("Write the password you have now.")),
            Length(max=1000, message=_("Write a password of at most 128 characters.")),
        ],
    )


class ChoicesForm(Form):
    """Language and colours."""

    language = PickField(_("Language"), languages)
    theme = RadioField(_("Colours"), [InputRequired(_("Choose one of the three."))])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.theme.choices = themes()


class PersonForm(Form):
    """A person's name, mail and language."""

    name = StringField(
        _("Name"),
        [
            DataRequired(_("Write the name.")),
            Length(max=200, message=_("Write a name of at most 200 characters.")),
        ],
    )
    email = EmailField(
        _("Mail"),
        [
            DataRequired(_("Write the mail that the person reads at work.")),
            Length(max=254, message=_("Write a mail of at most 254 characters.")),
        ],
        description=_("The mail that the person reads at work."),
    )
    language = PickField(_("Language"), languages)


class PlaceForm(Form):
    """A place at work. Choices come from the view, which knows the organisation."""

    function = PickField(_("Function"))
    unit = PickField(_("Unit"), optional=True)
    manager = EmailField(
        _("Mail of the line manager"),
        [Optional(), Length(max=254, message=_("Write a mail of at most 254 characters."))],
        description=_("The manager says yes or no when this person asks for a seat."),
    )
    from_day = DayField(_("First day"), [Optional()], description=_("Leave it empty for today."))


class InviteForm(PersonForm, PlaceForm):
    """A new person and their place."""


class EndForm(Form):
    """The last day at a place."""

    last_day = DayField(_("Last day"), [DataRequired(_("Write the last day."))])


class RoleForm(Form):
    """An access role in one organisation, or on the whole site. Choices come from the view."""

    role = PickField(_("Role"))
    organisation = PickField(_("Where"))


class LeaveForm(Form):
    """Somebody has left: the box keeps a slip of the hand from doing it."""

    sure = BooleanField(
        _("Yes, this person has left"), [DataRequired(_("Tick the box when you are sure."))]
    )


def modes() -> list[tuple[str, str]]:
    """What a list is."""
    return [
        ("changes", gettext("Only changes: who comes, moves or leaves")),
        ("full", gettext("Everybody: who is not on the list leaves")),
    ]


class PeopleListForm(Form):
    """A list from the employer's own system: a file, or pasted cells."""

    mode = RadioField(_("What is on the list?"), [InputRequired(_("Choose one of the two."))])
    file = FileField(_("A file"), description=_("Excel (.xlsx) or CSV, at most 20,000 rows."))
    pasted = PastedField(
        _("Or paste the cells"), description=_("With the heading, straight from the spreadsheet.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.mode.choices = modes()


class DoListForm(Form):
    """Carry a list out; the box is asked for when many would leave."""

    confirmed = BooleanField(_("Yes, these people really leave"))


def days() -> list[tuple[str, str]]:
    """How long a token works."""
    return [(str(n), ngettext("%(n)d day", "%(n)d days", n)) for n in (30, 90, 365)]


class TokenForm(Form):
    """A token for a program. The days are those until it works no more."""

    name = StringField(
        _("What is it for?"),
        [
            DataRequired(_("Write what the program does.")),
            Length(max=100, message=_("Write at most 100 characters.")),
        ],
    )
    days = PickField(_("For how many days?"), days)
