"""Shapes of input: an idea, its sheet, points for it, and why it is put away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from lms.api import (
    Form,
    OneOfField,
    PickField,
    choice_required,
    language,
    local,
    marked,
    required,
)
from lms_challenges.queries.ideas import IdeaFacts
from lms_challenges.queries.workroom import ChallengeRef, Criterion
from lms_challenges.services.ideas import LONGEST_TITLE, SHEET, IdeaValues
from lms_challenges.stages import LEAST_POINTS, MOST_POINTS, STAKEHOLDERS
from lms_challenges.words import domain

_ = marked
_LONG = _("Write at most %(max)d characters.")
LONGEST_IDEA = 4000
LONGEST_PART = 2000
NO_CHALLENGE = ""


class IdeaForm(Form):
    """An idea, written on a phone in half a minute."""

    domain = domain

    title = StringField(
        _("Your idea in a few words"),
        [*required(_("Write the idea in a few words.")), Length(max=LONGEST_TITLE, message=_LONG)],
    )
    text = TextAreaField(
        _("A little more about it"),
        [Length(max=LONGEST_IDEA, message=_LONG)],
        description=_("No names of citizens, relatives or colleagues."),
        render_kw={"rows": 3},
    )
    challenge = PickField(_("For which challenge?"), optional=True)
    voiced_for = BooleanField(
        _("A citizens' representative had this idea"),
        description=_("You write it down for them. Their name is never kept here."),
    )
    revision = HiddenField()

    def offer(self, challenges: Sequence[ChallengeRef], *, leads: bool, voiced: bool) -> None:
        """Which challenges there are to choose from; what one alone can say is not asked."""
        self._known = {challenge.key: challenge.id for challenge in challenges}
        if len(challenges) < 2:
            del self.challenge
        else:
            self.challenge.choices = [
                (NO_CHALLENGE, domain.gettext(_("For all of them"))),
                *((challenge.key, local(challenge.title)) for challenge in challenges),
            ]
            self.challenge.data = self.challenge.data or NO_CHALLENGE
        if not leads:
            del self.voiced_for
        self._voiced = voiced

    def show(self, idea: IdeaFacts, challenges: Sequence[ChallengeRef]) -> None:
        """Fill in what is there."""
        self.title.data, self.text.data = idea.title, idea.text
        self.revision.data = str(idea.revision)
        if "challenge" in self:
            keys = {challenge.id: challenge.key for challenge in challenges}
            self.challenge.data = keys.get(idea.challenge_id or 0, NO_CHALLENGE)
        if "voiced_for" in self:
            self.voiced_for.data = idea.voiced_for

    @property
    def values(self) -> IdeaValues:
        """What was written."""
        known = list(self._known.values())
        chosen = self._known.get(self.challenge.data) if "challenge" in self else None
        return IdeaValues(
            title=self.title.data or "",
            text=self.text.data or "",
            language=language(),
            challenge_id=known[0] if len(known) == 1 else chosen,
            voiced_for=bool(self.voiced_for.data) if "voiced_for" in self else self._voiced,
        )


def revision_of(form: Any) -> int:
    """The revision that a form was printed with; -1 for junk, which is nobody's."""
    text = form.revision.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


ASIDE = {"stored": _("Keep it for later"), "declined": _("Do not choose it")}


class ReasonForm(Form):
    """Why an idea is kept for later, or not chosen."""

    domain = domain

    to = OneOfField(
        _("What happens to the idea?"),
        choices=list,
        validators=choice_required(_("Choose what happens to the idea.")),
    )
    reason = TextAreaField(
        _("Why?"),
        [
            *required(_("Write in short why. Whoever had the idea reads it.")),
            Length(max=LONGEST_PART, message=_LONG),
        ],
        render_kw={"rows": 3},
    )

    def offer(self, moves: Sequence[str]) -> None:
        """Leave what can happen from here, in the reader's words."""
        self.to.choices = [
            (value, domain.gettext(label)) for value, label in ASIDE.items() if value in moves
        ]


def sheet_form(idea: IdeaFacts) -> Any:
    """The form of one idea's sheet, filled in with what is there."""
    fields: dict[str, Any] = {
        "problem": _part(_("The problem it meets")),
        "users": _part(_("Who will use it?")),
        **{
            f"value_{key}": _part(name.in_language(language()), rows=2)
            for key, name in STAKEHOLDERS.items()
        },
        "disadvantages": _part(_("Disadvantages, and what could go wrong")),
        "next_test": _part(
            _("What do we test next, and how do we see whether it holds?"),
        ),
        "revision": HiddenField(),
    }
    form = type("SheetForm", (Form,), {"domain": domain, **fields})()
    if not form.submitted:
        for name in SHEET:
            form[name].data = idea.sheet.get(name, "")
        for key in STAKEHOLDERS:
            form[f"value_{key}"].data = idea.sheet.get("value", {}).get(key, "")
        form.revision.data = str(idea.revision)
    return form


def _part(label: str, *, rows: int = 3) -> TextAreaField:
    return TextAreaField(label, [Length(max=LONGEST_PART, message=_LONG)], render_kw={"rows": rows})


def sheet_from(form: Any) -> Mapping[str, Any]:
    """The sheet as it was written."""
    return {
        **{name: form[name].data or "" for name in SHEET},
        "value": {key: form[f"value_{key}"].data or "" for key in STAKEHOLDERS},
    }


def score_form(criteria: Sequence[Criterion], known: Mapping[str, int]) -> Any:
    """The form for points of one idea: a row from 0 to 5 for each criterion."""
    points = [(str(n), str(n)) for n in range(LEAST_POINTS, MOST_POINTS + 1)]
    fields = {
        f"c_{criterion.key}": OneOfField(
            local(criterion.text),
            choices=lambda: list(points),
            validators=choice_required(_("Choose from 0 to 5.")),
        )
        for criterion in criteria
    }
    form = type("ScoreForm", (Form,), {"domain": domain, "idea": HiddenField(), **fields})()
    if not form.submitted:
        for key, value in known.items():
            if f"c_{key}" in form:
                form[f"c_{key}"].data = str(value)
    return form


def points_from(form: Any, criteria: Sequence[Criterion]) -> Mapping[str, int]:
    """The points that were given, by criterion."""
    return {criterion.key: int(form[f"c_{criterion.key}"].data) for criterion in criteria}
