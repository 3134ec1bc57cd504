"""What is written about companies: aid, answers, mergers; and what they write themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from lms.api import (
    DayField,
    Form,
    LocalisedText,
    PickField,
    TickField,
    choice_required,
    local,
    marked,
    required,
)
from lms_fairplay.aid_words import CURRENCIES, GROUNDS
from lms_fairplay.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
LONGEST = 2000
WHOLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}([.\s][0-9]{3}){1,3}")


class AidForm(Form):
    """One line of aid."""

    domain = domain

    authority = PickField(marked("For which authority?"))
    measure = StringField(
        marked("What does the company get?"),
        [
            *required(marked("Write what the company gets.")),
            Length(max=300, message=TOO_LONG),
        ],
        description=marked("Such as: a place in the course, five half days."),
    )
    run = PickField(marked("In which run?"), optional=True)
    ground = PickField(marked("On which ground?"))
    reason = TextAreaField(
        marked("Why?"),
        [Length(max=LONGEST, message=TOO_LONG)],
        description=marked("Needed where it is no aid: how everybody could get the same."),
    )
    value = StringField(
        marked("What is it worth?"),
        [*required(marked("Write a whole number, 0 where it is worth nothing."))],
        description=marked("Gross, in whole units of the currency."),
    )
    currency = PickField(marked("Currency"))
    day = DayField(marked("From which day?"), choice_required(marked("Choose a day.")))

    def offer(
        self,
        authorities: Mapping[int, str],
        runs: Sequence[tuple[int, str, LocalisedText]],
        *,
        day: date,
        run_key: str = "",
        country: str = "DK",
    ) -> None:
        """Offer the authorities one writes for and their runs; `run_key` is chosen already."""
        self.authority.choices = [(str(id_), name) for id_, name in authorities.items()]
        self.run.choices = [("", _("No run"))] + [(key, local(title)) for _id, key, title in runs]
        self.ground.choices = [(key, local(title)) for key, title in GROUNDS.items()]
        self.currency.choices = [(code, code) for code in CURRENCIES]
        if not self.submitted:
            self.day.data = day
            self.currency.data = "SEK" if country == "SE" else "DKK"
            self.run.data = run_key

    def number(self) -> int | None:
        """The value as a number; None for what is none. Dots and spaces stand between thousands
        and nowhere else: 12.50 is no number of whole units."""
        text = (self.value.data or "").strip()
        if not WHOLE.fullmatch(text):
            return None
        return int(re.sub(r"[.\s]", "", text))


class ReasonForm(Form):
    """Why a run is open to all on equal terms."""

    domain = domain

    authority = PickField(marked("For which authority?"))
    reason = TextAreaField(
        marked("How could every company get in on equal terms?"),
        [
            *required(marked("Write how every company could get in.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
        description=marked("Such as: an open call with published criteria and a closing date."),
    )

    def offer(self, authorities: Mapping[int, str]) -> None:
        """Offer the hosts one writes for."""
        self.authority.choices = [(str(id_), name) for id_, name in authorities.items()]


class AnswerForm(Form):
    """An authority's answer to a correction."""

    domain = domain

    text = TextAreaField(
        marked("Your answer"),
        [*required(marked("Write an answer.")), Length(max=LONGEST, message=TOO_LONG)],
        description=marked("The company reads it, and so does who makes the information pack."),
    )


class MergeForm(Form):
    """What a company became part of."""

    domain = domain

    into = StringField(
        marked("Which company is it part of now?"),
        [
            *required(marked("Write the company's name or number.")),
            Length(max=200, message=TOO_LONG),
        ],
        description=marked("Its whole name as it stands here, or its registration number."),
    )
    day = DayField(marked("Since which day?"), choice_required(marked("Choose a day.")))
    reason = TextAreaField(
        marked("Where do you know it from?"),
        [
            *required(marked("Write where you know it from.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )


class ApartForm(Form):
    """That a company is not part of another any more."""

    domain = domain

    reason = TextAreaField(
        marked("Why are they apart?"),
        [
            *required(marked("Write why they are apart.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )


class EndForm(Form):
    """That a declaration does not hold any more."""

    domain = domain

    reason = TextAreaField(
        marked("Why does it not hold any more?"),
        [
            *required(marked("Write why it does not hold any more.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
        description=marked("The company and who buys for the authorities read it."),
    )


class DeclareForm(Form):
    """Somebody signs for their company."""

    domain = domain

    sure = TickField(marked("Before you sign"), choices=tuple)

    def offer(self) -> None:
        """Offer the one thing to say yes to."""
        self.sure.choices = [("yes", _("I may sign for the company, and we stand by this."))]

    def said_yes(self) -> bool:
        """Was it ticked? Else the field says so."""
        if self.sure.data:
            return True
        self.sure.errors = [_("Say yes before you sign.")]
        return False


class CorrectForm(Form):
    """What a company says about a line."""

    domain = domain

    text = TextAreaField(
        marked("What is not right?"),
        [*required(marked("Write what is not right.")), Length(max=LONGEST, message=TOO_LONG)],
        description=marked("The line stays as it is. Your words and the answer stand beside it."),
    )
