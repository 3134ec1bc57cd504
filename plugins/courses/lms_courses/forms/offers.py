"""Shapes of input: what a company offers to teach, and the answer to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from lms.api import (
    CountField,
    CourseSessionFacts,
    Form,
    LocalisedText,
    OneOfField,
    PickField,
    Remark,
    UploadField,
    choice_required,
    local,
    marked,
    required,
    technology_categories,
)
from lms_courses.claim_remarks import claim_remarks
from lms_courses.forms.plans import number_in
from lms_courses.queries.offers import LEVELS, LIMITS_LEAST, OfferFacts
from lms_courses.services.answering_offers import AnswerValues
from lms_courses.services.offers import OfferValues
from lms_courses.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
SHORTEST, LONGEST = 5, 480
MOST_FILES = 5
THIRD = 3

SEES: Mapping[str, LocalisedText] = {
    "nothing": LocalisedText(da="Intet", sv="Inget", en="Nothing"),
    "number": LocalisedText(
        da="Hvor mange der er med", sv="Hur många som är med", en="How many take part"
    ),
    "functions": LocalisedText(
        da="Hvor mange, og hvad de er på arbejdet",
        sv="Hur många och vad de är på jobbet",
        en="How many, and what they are at work",
    ),
    "names": LocalisedText(
        da="Hvor mange, og deres navne", sv="Hur många och deras namn", en="How many, and the names"
    ),
}
"""What a company may see of a class."""

ANSWERS: Mapping[str, str] = {"approved": marked("Yes"), "refused": marked("No")}
PRODUCT: Mapping[str, str] = {
    "no": marked("No, it is about the field"),
    "yes": marked("Yes, a product is shown or named"),
}


def _categories() -> list[tuple[str, str]]:
    found = technology_categories()
    return [("", _("None of these")), *((key, local(title)) for key, title in found.items())]


class OfferForm(Form):
    """What a company offers. The view says between which days, companies and people."""

    domain = domain

    company = PickField(marked("For which company?"), list)
    session = PickField(marked("On which day?"), list)
    topic = StringField(
        marked("What is it about?"),
        [*required(marked("Write what it is about.")), Length(max=200, message=TOO_LONG)],
    )
    minutes = CountField(marked("How many minutes?"), SHORTEST, LONGEST)
    text = TextAreaField(
        marked("What do the participants learn?"),
        [
            *required(marked("Write what the participants learn.")),
            Length(max=2000, message=TOO_LONG),
        ],
        description=marked(
            "You tell how it works. When, why and for whom it is used is told by the run's own "
            "teachers."
        ),
    )
    names_product = OneOfField(
        marked("Do you name a product?"),
        choices=list,
        validators=choice_required(marked("Choose yes or no.")),
    )
    product = StringField(
        marked("Which product?"),
        [Length(max=200, message=TOO_LONG)],
        description=marked(
            "Then the run's own teacher speaks after you, about limits and alternatives."
        ),
    )
    category = PickField(marked("Kind of technology"), _categories)
    teacher = PickField(marked("Who teaches?"), list)
    sees = OneOfField(
        marked("What would you like to see of the class?"),
        choices=list,
        validators=choice_required(marked("Choose one.")),
    )
    materials = UploadField(
        marked("Materials"),
        most=MOST_FILES,
        description=marked("Slides and handouts. They are looked through for comparisons."),
    )
    looked = BooleanField(marked("I have looked. Send it as it is"))

    remarks: Sequence[Remark] = ()
    own = ""
    others: Sequence[str] = ()
    lengths: Mapping[str, int] = {}

    def offer(
        self,
        sessions: Sequence[tuple[CourseSessionFacts, str]],
        companies: Mapping[int, str],
        people: Mapping[int, str],
        others: Sequence[str],
    ) -> None:
        """The days with their words, one's companies and the colleagues there, by name; and the
        names of others in the run."""
        self.session.choices = [(str(one.id), words) for one, words in sessions]
        self.lengths = {str(one.id): one.minutes for one, _words in sessions}
        self.teacher.choices = [(str(id_), name) for id_, name in people.items()]
        self.names_product.choices = [(key, _(words)) for key, words in PRODUCT.items()]
        self.sees.choices = [(key, local(text)) for key, text in SEES.items()]
        self.company.choices = [(str(id_), name) for id_, name in companies.items()]
        if len(companies) == 1:
            del self.company
        self.only = next(iter(companies), 0)
        chosen = self.chosen_company
        self.own, self.others = companies.get(chosen, ""), others

    only = 0

    @property
    def chosen_company(self) -> int:
        """The company that offers, by id."""
        return number_in(self.company.data) if "company" in self else self.only

    def validate_minutes(self, field: Any) -> None:
        """No longer than the day, and with room for what follows a product."""
        length = self.lengths.get(self.session.data or "")
        typed = "".join((field.data or "").split())
        if length is None or not typed.isdecimal() or len(typed) > len(str(LONGEST)):
            return
        most = length - (LIMITS_LEAST if self.names_product.data == "yes" else 0)
        if int(typed) > length:
            raise ValidationError(_("The day has %(n)d minutes. Write fewer.", n=length))
        if int(typed) > most:
            raise ValidationError(
                _(
                    "Leave %(least)d minutes of the day for limits and alternatives: write at most "
                    "%(n)d.",
                    least=LIMITS_LEAST,
                    n=max(most, 0),
                )
            )

    def validate_product(self, field: Any) -> None:
        """What is shown is named."""
        if self.names_product.data == "yes" and not field.data:
            raise ValidationError(_("Write the name of the product."))

    def look(self) -> None:
        """Point at comparisons."""
        texts = [self.topic.data or "", self.text.data or ""]
        self.remarks = claim_remarks(texts, self.own, self.others)

    def validate_looked(self, field: Any) -> None:
        """Whoever was told of comparisons has looked once more."""
        if self.remarks and not field.data:
            raise ValidationError(_("Look at your words once more: see what stands above."))

    def values(self, language: str) -> OfferValues:
        """What is offered."""
        named = self.names_product.data == "yes"
        return OfferValues(
            session_id=number_in(self.session.data),
            company_id=self.chosen_company,
            teacher_id=number_in(self.teacher.data),
            topic=self.topic.data or "",
            text=self.text.data or "",
            minutes=self.minutes.number or 0,
            product=(self.product.data or "") if named else "",
            category=self.category.data or "",
            sees=self.sees.data or "nothing",
            language=language,
        )


class OfferAnswerForm(Form):
    """Yes on terms, or no; with the reason."""

    domain = domain

    revision = HiddenField()
    to = RadioField(marked("Shall they teach?"), choice_required(marked("Choose yes or no.")))
    reason = TextAreaField(
        marked("Why?"),
        [*required(marked("Write why. The company reads it.")), Length(max=1500, message=TOO_LONG)],
        description=marked("The company reads it in its answer."),
    )
    checked = BooleanField(
        marked("I have looked through text and materials: they compare with nobody")
    )
    sees = OneOfField(
        marked("What may they see of the class?"),
        choices=list,
        description=marked("At most what they asked for. Each look is written down."),
    )
    limits_minutes = CountField(
        marked("Minutes on limits and alternatives"), LIMITS_LEAST, LONGEST, optional=True
    )
    limits_teacher = PickField(marked("Who tells of them?"), list, optional=True)

    def offer(self, offer: OfferFacts, teachers: Mapping[int, str]) -> None:
        """The answers, what may be agreed, and who can speak of limits, by name."""
        self.to.choices = [(key, _(words)) for key, words in ANSWERS.items()]
        most = LEVELS.index(offer.sees)
        self.sees.choices = [(key, local(SEES[key])) for key in LEVELS[: most + 1]]
        if not offer.product:
            del self.limits_minutes
            del self.limits_teacher
        else:
            none = [("", _("Nobody is on the team yet"))] if not teachers else []
            self.limits_teacher.choices = none + [
                (str(id_), name) for id_, name in teachers.items()
            ]
        if not self.submitted:
            self.revision.data = str(offer.revision)
            self.sees.data = LEVELS[0]  # what is shown of a class is chosen, never left standing
            if offer.product:
                self.limits_minutes.data = str(max(LIMITS_LEAST, offer.minutes // THIRD))

    @property
    def seen_revision(self) -> int:
        """The revision that the page had shown."""
        return number_in(self.revision.data)

    def values(self) -> AnswerValues:
        """The answer."""
        with_limits = "limits_minutes" in self
        return AnswerValues(
            to=self.to.data,
            reason=self.reason.data or "",
            sees=self.sees.data or "nothing",
            checked=bool(self.checked.data),
            limits_minutes=(self.limits_minutes.number or 0) if with_limits else 0,
            limits_teacher_id=number_in(self.limits_teacher.data) if with_limits else None,
        )
