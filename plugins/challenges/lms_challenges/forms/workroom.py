"""Shapes of input: what a workroom asks, by what it scores, what the group does, and clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from lms.api import (
    CountField,
    Form,
    LocalisedText,
    PickField,
    TickField,
    language,
    local,
    marked,
    new_key,
    required,
)
from lms_challenges.queries.ideas import ClusterFacts, IdeaFacts
from lms_challenges.queries.workroom import (
    PROPOSED_CRITERIA,
    ChallengeRef,
    Criterion,
    ExerciseFacts,
    RoomFacts,
)
from lms_challenges.stages import MOST_EXERCISES
from lms_challenges.words import domain

_ = marked
_LONG = _("Write at most %(max)d characters.")
OWN_LINES = 3
LONGEST_MINUTES = 480
OUT = "out"


class PlanForm(Form):
    """What the group is asked, for which challenges."""

    domain = domain

    challenges = TickField(_("Which challenges do you work on?"), choices=tuple)
    question = StringField(
        _("The question to the group"),
        [Length(max=300, message=_LONG)],
        description=_("Begin with “How might we …”."),
    )
    notes = TextAreaField(
        _("Notes for those who lead the run"),
        [Length(max=10_000, message=_LONG)],
        description=_("Nobody else reads them."),
        render_kw={"rows": 5},
    )
    revision = HiddenField()

    def offer(self, challenges: Sequence[ChallengeRef], room: RoomFacts) -> None:
        """The challenges there are, and what is written so far."""
        self.challenges.choices = [(one.key, local(one.title)) for one in challenges]
        self.challenges.flags.required = False
        if not self.submitted:
            self.challenges.data = [one.key for one in room.challenges]
            self.question.data, self.notes.data = room.question, room.notes
            self.revision.data = str(room.revision)


class CriteriaForm(Form):
    """By what ideas are scored: some of those proposed, and one's own."""

    domain = domain

    kept = TickField(_("Ideas get points for these"), choices=tuple)
    own_1 = StringField(_("A criterion of your own"), [Length(max=200, message=_LONG)])
    own_2 = StringField(_("Another one"), [Length(max=200, message=_LONG)])
    own_3 = StringField(_("And another"), [Length(max=200, message=_LONG)])
    revision = HiddenField()

    def offer(self, room: RoomFacts) -> None:
        """Those proposed and those in use, the ones in use ticked."""
        self._known = {one.key: one for one in (*PROPOSED_CRITERIA, *room.criteria)}
        self.kept.choices = [(key, local(one.text)) for key, one in self._known.items()]
        self.kept.flags.required = False
        if not self.submitted:
            self.kept.data = [one.key for one in room.criteria]
            self.revision.data = str(room.revision)

    @property
    def criteria(self) -> Sequence[Criterion]:
        """Those ticked, in their order, and then what was written."""
        chosen = set(self.kept.data or ())
        kept = [one for key, one in self._known.items() if key in chosen]
        own = [self[f"own_{n}"].data for n in range(1, OWN_LINES + 1)]
        return [
            *kept,
            *(
                Criterion(key=f"own{new_key()[:8]}", text=LocalisedText(**{language(): text}))
                for text in own
                if text
            ),
        ]


def exercises_form(exercises: Sequence[ExerciseFacts], revision: int) -> Any:
    """A form with a row for each exercise and two for new ones; a row without a title goes."""
    rows = min(len(exercises) + 2, MOST_EXERCISES)
    fields: dict[str, Any] = {"revision": HiddenField()}
    for n in range(rows):
        fields |= {
            f"title_{n}": StringField(_("Name"), [Length(max=160, message=_LONG)]),
            f"text_{n}": TextAreaField(
                _("What the group does"),
                [Length(max=2000, message=_LONG)],
                render_kw={"rows": 2},
            ),
            f"minutes_{n}": CountField(_("Minutes, about"), 0, LONGEST_MINUTES, optional=True),
        }
    form = type("ExercisesForm", (Form,), {"domain": domain, "rows": rows, **fields})()
    if not form.submitted:
        form.revision.data = str(revision)
        for n, one in enumerate(exercises[:rows]):
            form[f"title_{n}"].data = local(one.title)
            form[f"text_{n}"].data = local(one.text)
            form[f"minutes_{n}"].data = str(one.minutes)
    return form


def exercises_from(form: Any, before: Sequence[ExerciseFacts]) -> Sequence[ExerciseFacts]:
    """What was written, in its order. Words that were not changed keep their other languages."""
    found = []
    for n in range(form.rows):
        title = form[f"title_{n}"].data or ""
        if not title:
            continue
        old = before[n] if n < len(before) else None
        text, minutes = form[f"text_{n}"].data or "", form[f"minutes_{n}"].number or 0
        if old is None:
            old = ExerciseFacts(
                key=new_key()[:8], title=LocalisedText(), text=LocalisedText(), minutes=minutes
            )
        found.append(
            replace(
                old,
                title=_said(old.title, title),
                text=_said(old.text, text),
                minutes=minutes,
            )
        )
    return found


def _said(old: LocalisedText, text: str) -> LocalisedText:
    return old if local(old) == text else LocalisedText(**{language(): text})


class ClusterForm(Form):
    """A cluster's name."""

    domain = domain

    title = StringField(
        _("Name of the cluster"),
        [*required(_("Give the cluster a name.")), Length(max=160, message=_LONG)],
    )


class MoveIdeasForm(Form):
    """Ideas to lay somewhere: tick them, choose where, press the button."""

    domain = domain

    ideas = TickField(_("Ideas"), choices=tuple)
    into = PickField(_("Lay those ticked into"))

    def offer(self, ideas: Sequence[IdeaFacts], clusters: Sequence[ClusterFacts]) -> None:
        """What there is to move, and where to."""
        self.ideas.choices = [(idea.key, idea.title) for idea in ideas]
        self.into.choices = [
            *((cluster.key, cluster.title) for cluster in clusters),
            (OUT, domain.gettext(_("No cluster"))),
        ]


def by_key(clusters: Sequence[ClusterFacts]) -> Mapping[str, int | None]:
    """The ids of clusters by key, and None for none."""
    return {**{cluster.key: cluster.id for cluster in clusters}, OUT: None}
