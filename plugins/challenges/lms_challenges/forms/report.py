"""Shapes of input: a problem as somebody tells it, a voice, a text that is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from lms.api import (
    PICTURE_KINDS,
    UNIT_KINDS,
    Form,
    LocalisedText,
    OneOfField,
    PickField,
    Remark,
    TickField,
    UploadField,
    WorkplaceFacts,
    local,
    marked,
    required,
)
from lms_challenges.scales import AFFECTED, CHANNELS, CONSEQUENCES, FREQUENCIES, SEVERITIES, SHOWN
from lms_challenges.services.reporting import ReportValues, VoiceValues
from lms_challenges.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
LONGEST = 4000
LONGEST_SIDE = 1600
"""Pixels of a picture: enough to see a bathroom, not to read a letter on its table."""
OTHER = "other"


def _pairs(words: Mapping[Any, LocalisedText]) -> list[tuple[str, str]]:
    return [(str(code), local(text)) for code, text in words.items()]


def place_code(place: WorkplaceFacts) -> str:
    """What a workplace is called in the form."""
    return f"{place.organisation_id}-{place.unit_id or 0}-{place.function_id}"


class VoiceFields(Form):
    """What a report and a voice share: where, how often, how bad, and who may see who said it."""

    domain = domain

    place = PickField(marked("Where do you work?"))
    place_kind = PickField(
        marked("What kind of place is it?"),
        choices=lambda: _pairs(UNIT_KINDS),
        description=marked("The kind of place. Never an address."),
    )
    frequency = OneOfField(marked("How often does it happen?"))
    severity = OneOfField(marked("How bad is it?"))
    shown = OneOfField(marked("What may others see of you?"))

    workplaces: Sequence[WorkplaceFacts] = ()

    def offer(self, workplaces: Sequence[WorkplaceFacts]) -> None:
        """Fill in the choices; somebody who works at one place is not asked where."""
        self.workplaces = workplaces
        self.frequency.choices = _pairs(FREQUENCIES)
        self.severity.choices = _pairs(SEVERITIES)
        self.shown.choices = _pairs(SHOWN)
        self.place.choices = [
            (place_code(one), ", ".join(filter(None, (one.organisation, one.unit))))
            for one in workplaces
        ]
        if len(workplaces) == 1:
            del self.place
        if not self.submitted:
            self.shown.data = "visible"
            self.place_kind.data = workplaces[0].unit_kind or OTHER

    @property
    def workplace(self) -> WorkplaceFacts:
        """Where the writer works, of what was offered."""
        chosen = self.place.data if "place" in self else ""
        return next(
            (one for one in self.workplaces if place_code(one) == chosen), self.workplaces[0]
        )

    @property
    def said(self) -> bool:
        """Is all there that a voice needs?"""
        wanted = (self.frequency, self.severity, self.place_kind, self.shown)
        fields = [*wanted, self.place] if "place" in self else wanted
        return all(
            field.data in {code for code, *_rest in field.iter_choices()} for field in fields
        )

    def voice(self, text: str = "") -> VoiceValues:
        """The voice; ask `said` first."""
        place = self.workplace
        return VoiceValues(
            frequency=self.frequency.data,
            severity=int(self.severity.data),
            place_kind=self.place_kind.data,
            organisation_id=place.organisation_id,
            unit_id=place.unit_id,
            function_id=place.function_id,
            shown=self.shown.data,
            text=text,
        )


class VoiceForm(VoiceFields):
    """This happens here too."""

    text = TextAreaField(
        marked("What is it like at yours?"),
        [Length(max=1000, message=TOO_LONG)],
        description=marked("Only those who answer can read it. No names, numbers or addresses."),
    )


class ReportForm(VoiceFields):
    """A problem, told in under a minute: three things to write or choose, the rest in taps."""

    what = TextAreaField(
        marked("What happens?"),
        [*required(marked("Write what happens.")), Length(max=LONGEST, message=TOO_LONG)],
        description=marked("You need no solution. Leave out names, numbers and addresses."),
    )
    affected = TickField(marked("Who does it touch?"), choices=lambda: _pairs(AFFECTED))
    consequences = TickField(marked("What does it cost?"), choices=lambda: _pairs(CONSEQUENCES))
    today = TextAreaField(
        marked("What do you do about it today?"), [Length(max=LONGEST, message=TOO_LONG)]
    )
    title = StringField(
        marked("A short title"),
        [Length(max=160, message=TOO_LONG)],
        description=marked("Without one we take the first sentence."),
    )
    photo = UploadField(
        marked("A photo"),
        kinds=PICTURE_KINDS,
        longest_side=LONGEST_SIDE,
        description=marked("We take out where and when it was taken."),
    )
    alt_text = StringField(
        marked("What does the photo show?"),
        [Length(max=300, message=TOO_LONG)],
        description=marked("For those who cannot see it."),
    )
    photo_checked = BooleanField(marked("The photo shows no people, no name and no address"))
    no_names = BooleanField(marked("I have looked: nobody can be known from it"))
    once_key = HiddenField()
    channel = HiddenField()

    remarks: Sequence[Remark] = ()

    def offer(self, workplaces: Sequence[WorkplaceFacts]) -> None:
        """What one ticks may be nothing at all."""
        super().offer(workplaces)
        self.affected.flags.required = self.consequences.flags.required = False

    def validate_alt_text(self, field: StringField) -> None:
        """A picture has words."""
        if self.photo.sent and not field.data:
            raise ValidationError(_("Write what the photo shows."))

    def validate_photo_checked(self, field: BooleanField) -> None:
        """Somebody has looked at a picture before others see it."""
        if self.photo.sent and not field.data:
            raise ValidationError(
                _("Look at the photo once more. Are there people, names or addresses in it?")
            )

    def validate_no_names(self, field: BooleanField) -> None:
        """Whoever was warned has looked once more."""
        if any(one.kind == "wait" for one in self.remarks) and not field.data:
            raise ValidationError(
                _("Look at your text once more. It may tell who somebody is: see above.")
            )

    @property
    def texts(self) -> Sequence[str]:
        """All that was written."""
        fields = (self.title, self.what, self.today, self.alt_text)
        return [field.data for field in fields if field.data]

    @property
    def wants_more(self) -> bool:
        """Is something filled in, or wrong, of what is folded away?"""
        folded = (self.title, self.photo, self.alt_text, self.photo_checked)
        return any(field.data or field.errors for field in folded) or bool(self.photo.sent)

    @property
    def sent_channel(self) -> str:
        """Where the writer came from, as far as it is one that we know."""
        code = str(self.channel.data or "")
        return code if code in CHANNELS and code != "assignment" else "form"

    @property
    def sent_key(self) -> str:
        """The key of this sending, of the characters a key has and no more."""
        text = str(self.once_key.data or "")
        return text if text.isascii() and text.isalnum() and len(text) <= 40 else ""

    def values(self, language: str) -> ReportValues:
        """The report; `language` is the page's."""
        place = self.workplace
        consequences = tuple(self.consequences.data or ())
        return ReportValues(
            what=self.what.data or "",
            title=self.title.data or "",
            today=self.today.data or "",
            language=language,
            place_kind=self.place_kind.data,
            affected=tuple(self.affected.data or ()),
            consequences=consequences,
            apv="working_environment" in consequences,
            channel=self.sent_channel,
            shown=self.shown.data,
            organisation_id=place.organisation_id,
            unit_id=place.unit_id,
            function_id=place.function_id,
            frequency=self.frequency.data,
            severity=int(self.severity.data),
            once_key=self.sent_key,
        )


class LookForm(Form):
    """A text on its way, to be compared and looked at, and not kept."""

    domain = domain

    what = TextAreaField("", [Length(max=LONGEST, message=TOO_LONG)])
    title = StringField("", [Length(max=160, message=TOO_LONG)])
    today = TextAreaField("", [Length(max=LONGEST, message=TOO_LONG)])

    @property
    def texts(self) -> Sequence[str]:
        """All that was written."""
        return [field.data for field in (self.title, self.what, self.today) if field.data]
