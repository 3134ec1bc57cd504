"""Shapes of input: a case as somebody tells it, what is said about it, who owns what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from lms.api import (
    LANGUAGES,
    CountField,
    Form,
    LocalisedText,
    OneOfField,
    OrganisationFacts,
    PickField,
    Remark,
    TickField,
    UploadField,
    email_key,
    local,
    marked,
    required,
)
from lms_courses.case_remarks import remarks
from lms_courses.case_states import OWNERSHIP, SIDES
from lms_courses.queries.cases import CaseFacts
from lms_courses.services.cases import CaseValues, RightsValues
from lms_courses.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
LINE, LONG = 160, 4_000
MOST_HOURS = 200
WRITTEN = ("title", "problem", "why", "question", "given", "limits")
"""The texts that somebody writes who tells of a case."""
LANGUAGE_WORDS: Mapping[str, str] = {
    "da": marked("Danish"),
    "sv": marked("Swedish"),
    "en": marked("English"),
}
_LONG = [Length(max=LONG, message=TOO_LONG)]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenPlaces:
    """Who a case is from and for, as ids; None: not chosen."""

    company_id: int | None
    institution_id: int | None
    practice_host_id: int | None
    contact_id: int | None


class VersionForm(Form):
    """A form that says which version its page had."""

    domain = domain

    number = HiddenField()

    @property
    def seen_number(self) -> int:
        """The version that the page had; -1 for what is no number, which nothing has."""
        text = self.number.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class SheetForm(VersionForm):
    """What a case says, in one language."""

    title = StringField(
        marked("Name it in a few words"),
        [
            *required(marked("Give the case a name.")),
            Length(max=LINE, message=TOO_LONG),
        ],
    )
    problem = TextAreaField(
        marked("What is the problem?"),
        [*required(marked("Write what the problem is.")), *_LONG],
        description=marked("What happens, to whom, and how often? Leave out names."),
    )
    why = TextAreaField(
        marked("Why does it matter to care?"),
        [*required(marked("Write why it matters to those who give or get care.")), *_LONG],
        description=marked("To a citizen, to staff, or to a manager."),
    )
    question = TextAreaField(
        marked("What do you ask the students?"),
        [*required(marked("Write what you ask the students.")), *_LONG],
        description=marked("Begin with “How might we”. The question may have several answers."),
    )
    given = TextAreaField(
        marked("What do they get from you?"),
        [*required(marked("Write what they get, or that it is nothing.")), *_LONG],
        description=marked("Data, drawings, a visit, a device. Never data on real citizens."),
    )
    limits = TextAreaField(
        marked("What are the limits?"),
        _LONG,
        description=marked("What it must not cost, change or use."),
    )
    hours = CountField(
        marked("How many hours do you promise?"),
        0,
        MOST_HOURS,
        description=marked("For questions, a visit and the last day. Twelve is usual."),
    )
    category = PickField(marked("What kind of technology is it?"), optional=True)
    product = StringField(
        marked("Do you name a product?"),
        [Length(max=120, message=TOO_LONG)],
        description=marked("Its name, or nothing. The proposal need not use it."),
    )
    practice_host = PickField(marked("Which place in practice knows the problem?"), optional=True)
    contact = StringField(
        marked("Who answers the students? Their mail"),
        [Length(max=254, message=TOO_LONG)],
        description=marked("Somebody at the company with an account here."),
    )
    looked = BooleanField(marked("I have looked at it once more: it may stand like this"))

    remarks: Sequence[Remark] = ()
    language = "da"

    def offer_places(
        self, categories: Mapping[str, LocalisedText], hosts: Sequence[OrganisationFacts]
    ) -> None:
        """Fill in the choices."""
        self.category.choices = [
            ("", _("None of these")),
            *((key, local(title)) for key, title in categories.items()),
        ]
        self.practice_host.choices = [
            ("", _("We do not know yet")),
            *((one.key, one.name) for one in hosts),
        ]

    def put(self, case: CaseFacts, language: str) -> None:
        """Fill in what the case says in a language; a text that is not there in it is empty."""
        self.language = language
        for name in WRITTEN:
            self[name].data = getattr(getattr(case, name), language)
        self.hours.data = str(case.hours_promised)
        self.category.data, self.product.data = case.category, case.product
        self.number.data = str(case.number)

    def validate_looked(self, field: BooleanField) -> None:
        """Whoever was told something has looked once more."""
        if self.remarks and not field.data:
            raise ValidationError(_("Look at your text once more: see above. You may keep it."))

    def look(self) -> None:
        """Gather what is to be said of the text."""
        self.remarks = remarks(
            [self[name].data or "" for name in WRITTEN],
            self.question.data or "",
            self.product.data or "",
        )

    @property
    def contact_key(self) -> str:
        """The contact's address as people are known by it; "" for none."""
        return email_key(self.contact.data) if self.contact.data else ""

    def values(self, places: ChosenPlaces, before: CaseFacts | None) -> CaseValues:
        """What is written, in the form's language; what a case says in others stays."""
        texts: dict[str, Any] = {}
        for name in WRITTEN:
            old = getattr(before, name).as_dict() if before is not None else {}
            texts[name] = LocalisedText.from_dict(old | {self.language: self[name].data or ""})
        return CaseValues(
            **texts,
            hours_promised=self.hours.number or 0,
            category=self.category.data or "",
            product=self.product.data or "",
            company_id=places.company_id,
            institution_id=places.institution_id,
            practice_host_id=places.practice_host_id,
            contact_id=places.contact_id,
        )


class ProposeForm(SheetForm):
    """A case that is put before an institution for the first time."""

    company = PickField(marked("Which company is it?"))
    institution = PickField(marked("Which institution is it for?"))

    def offer(
        self, companies: Sequence[OrganisationFacts], institutions: Sequence[OrganisationFacts]
    ) -> None:
        """Whoever works for one company is not asked which, nor where there is one choice."""
        self.company.choices = [(one.key, one.name) for one in companies]
        self.institution.choices = [(one.key, one.name) for one in institutions]
        if len(companies) == 1:
            del self.company
        if len(institutions) == 1:
            del self.institution

    def keep_only(self) -> None:
        """A draft may lack anything but its name, and nobody looks at it yet."""
        nothing: list[Any] = []
        at_most: list[Any] = list(_LONG)
        for name in ("problem", "why", "question", "given", "hours"):
            self[name].validators = nothing if name == "hours" else at_most
            self[name].flags.required = False
        self.remarks = ()


class EditForm(SheetForm):
    """A new version of a case, with a word on what is new."""

    note = StringField(
        marked("What is new in this version?"), [Length(max=LINE * 2, message=TOO_LONG)]
    )
    company = PickField(marked("Which company is it now?"), optional=True)

    def offer_company(self, companies: Sequence[OrganisationFacts]) -> None:
        """Only where the company has closed or become part of another."""
        if companies:
            self.company.choices = [("", _("The same")), *((o.key, o.name) for o in companies)]
        else:
            del self.company


class CommentForm(Form):
    """Something said about the version that holds."""

    domain = domain

    side = OneOfField(marked("You speak as"))
    text = TextAreaField(
        marked("What do you want to say?"),
        [*required(marked("Write what you want to say.")), *_LONG],
    )

    def offer(self, sides: frozenset[str]) -> None:
        """Somebody who speaks for one side is not asked which."""
        self.side.choices = [(key, local(word)) for key, word in SIDES.items() if key in sides]
        if len(sides) == 1:
            del self.side


class RightsForm(VersionForm):
    """Who owns what comes of a case, in plain words."""

    ownership = OneOfField(marked("Who owns what the students make?"))
    rights = TextAreaField(
        marked("In plain words, as the students read it"),
        [*required(marked("Write in plain words who owns what.")), *_LONG],
        description=marked("Who owns what, who may see it, and what happens to it afterwards."),
    )
    with_nda = BooleanField(marked("Something in the case must be kept secret"))
    alternative = TextAreaField(
        marked("What do students work on who sign nothing over?"),
        _LONG,
        description=marked("Nobody has to give up rights to pass."),
    )
    agreement = UploadField(
        marked("The signed agreement on signing over"),
        kinds=("pdf",),
        description=marked("Only when rights are signed over. A PDF."),
    )
    note = StringField(
        marked("What is new in this version?"), [Length(max=LINE * 2, message=TOO_LONG)]
    )

    def offer(self) -> None:
        """The three ways in the reader's language."""
        self.ownership.choices = [(key, local(word)) for key, word in OWNERSHIP.items()]

    def put(self, case: CaseFacts, language: str) -> None:
        """Fill in what holds."""
        self.ownership.data, self.with_nda.data = case.ownership, case.with_nda
        self.rights.data = getattr(case.rights, language)
        self.alternative.data = getattr(case.alternative, language)
        self.number.data = str(case.number)

    def values(self, case: CaseFacts, language: str) -> RightsValues:
        """What is written; what stands in other languages stays."""

        def said(name: str) -> LocalisedText:
            old = getattr(case, name).as_dict()
            return LocalisedText.from_dict(old | {language: self[name].data or ""})

        return RightsValues(
            ownership=self.ownership.data,
            rights=said("rights"),
            with_nda=bool(self.with_nda.data),
            alternative=said("alternative"),
        )


class MoveForm(VersionForm):
    """Why a case is declined or closed; what is approved is the version that the page had."""

    reason = TextAreaField(marked("Why?"), [*required(marked("Write why.")), *_LONG])


class NeedForm(Form):
    """Which need the case answers; "" is none."""

    domain = domain

    need = OneOfField(marked("Which need does the case answer?"))


class TakeForm(Form):
    """What the students of a run learn with the case, and what steps in if it is withdrawn."""

    domain = domain

    outcomes = TickField(marked("What do they learn with this case?"), choices=tuple)
    fallback = PickField(
        marked("If the company withdraws, what steps in?"),
        optional=True,
        description=marked("Another open case. You may choose it later."),
    )

    def offer(self, outcomes: Sequence[LocalisedText], others: Sequence[tuple[str, str]]) -> None:
        """The outcomes of the run, and the other open cases."""
        pairs = [(str(place), local(text)) for place, text in enumerate(outcomes)]
        self.outcomes.choices = pairs
        self.fallback.choices = [("", _("Nothing yet")), *others]

    @property
    def places(self) -> Sequence[int]:
        """The chosen outcomes as places in the list."""
        return [int(place) for place in self.outcomes.data or ()]


class WithdrawForm(Form):
    """Why a case is withdrawn from a run, and what steps in."""

    domain = domain

    reason = TextAreaField(
        marked("Why is it withdrawn?"),
        [*required(marked("Write why. The groups read it.")), *_LONG],
    )
    fallback = PickField(marked("Which case steps in?"), optional=True)

    def offer(self, others: Sequence[tuple[str, str]]) -> None:
        """The open cases; the company is not asked which."""
        self.fallback.choices = [("", _("None: choose one later")), *others]


class FallbackForm(Form):
    """What steps in if a case is withdrawn."""

    domain = domain

    fallback = PickField(marked("Which case steps in?"), optional=True)

    def offer(self, others: Sequence[tuple[str, str]]) -> None:
        """The open cases."""
        self.fallback.choices = [("", _("Nothing yet")), *others]


class HoursForm(Form):
    """Hours the company has given."""

    domain = domain

    hours = CountField(marked("Hours given so far"), 0, 500)


def code_of(language: str) -> str:
    """A language that texts can be written in; Danish for any other word."""
    return language if language in LANGUAGES else LANGUAGES[0]
