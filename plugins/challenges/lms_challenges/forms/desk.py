"""Shapes of input at the desk: looking through, asking, giving a problem an end, an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from lms.api import (
    DayField,
    DocumentFacts,
    Form,
    LocalisedText,
    Passage,
    PickField,
    TickField,
    local,
    marked,
    required,
)
from lms_challenges.states import PROBLEM_REASONED
from lms_challenges.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
LONGEST = 2000

LOOKS_LIKE: Mapping[str, str] = {
    "name": marked("“%(words)s”: looks like a name"),
    "address": marked("“%(words)s”: looks like an address"),
    "phone": marked("“%(words)s”: looks like a telephone number"),
    "mail": marked("“%(words)s”: looks like a mail address"),
    "number": marked("“%(words)s”: looks like a personal number"),
    "room": marked("“%(words)s”: looks like somebody's room"),
    "date": marked("“%(words)s”: looks like somebody's day"),
}


class SeenForm(Form):
    """What every form of the desk carries: the revision of the problem that its page showed."""

    domain = domain

    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        """The revision; 0, which no problem has, for what is none."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class CheckForm(SeenForm):
    """What to take out of a problem before others read it."""

    taken = TickField(marked("Take these words out"), choices=tuple)
    others = TextAreaField(
        marked("Other words to take out"),
        [Length(max=500, message=TOO_LONG)],
        description=marked("As they stand in the text, one piece on each line."),
    )
    pictures = TickField(marked("Take these pictures out"), choices=tuple)

    def offer(self, found: Sequence[Passage], documents: Sequence[DocumentFacts]) -> None:
        """Offer what looks personal, each piece once, and the pictures."""
        self.taken.flags.required = self.pictures.flags.required = False
        kinds = {passage.text: passage.kind for passage in reversed(found)}
        self.taken.choices = [
            (words, _(LOOKS_LIKE[kind], words=words)) for words, kind in reversed(kinds.items())
        ]
        if not kinds:
            del self.taken
        self.pictures.choices = [
            (one.key, one.alt_text or one.title or one.file_name) for one in documents
        ]
        if not documents:
            del self.pictures

    @property
    def passages(self) -> Sequence[str]:
        """The pieces to take out."""
        ticked = list(self.taken.data or ()) if "taken" in self else []
        written = [" ".join(line.split()) for line in (self.others.data or "").splitlines()]
        return list(dict.fromkeys(piece for piece in [*ticked, *written] if piece))

    @property
    def chosen_pictures(self) -> frozenset[str]:
        """Keys of the pictures to take out."""
        return frozenset(self.pictures.data or ()) if "pictures" in self else frozenset()


class AskForm(SeenForm):
    """A question to the sender."""

    question = TextAreaField(
        marked("What do you want to know?"),
        [*required(marked("Write what you want to know.")), Length(max=LONGEST, message=TOO_LONG)],
        description=marked("They get a letter, and answer on the page of the problem."),
    )


class AnswerForm(Form):
    """The sender's answer."""

    domain = domain

    text = TextAreaField(
        marked("Your answer"),
        [*required(marked("Write your answer.")), Length(max=LONGEST, message=TOO_LONG)],
        description=marked("No names, no numbers, no address."),
    )


class EndForm(SeenForm):
    """An end for a problem; `end_form` leaves what goes with the chosen one."""

    state = HiddenField()
    challenge = PickField(marked("The challenge"))
    new_title = StringField(
        marked("Or a new one, called"),
        [Length(max=160, message=TOO_LONG)],
        description=marked("Your organisation owns it. You can frame it afterwards."),
    )
    known_url = StringField(
        marked("Where is the solution?"),
        [Length(max=500, message=TOO_LONG)],
        description=marked("A web address that begins with https://."),
    )
    wake_on = DayField(
        marked("Take it up again on"), description=marked("A day within the next two years.")
    )
    reason = TextAreaField(
        marked("Your words to the sender"),
        [Length(max=LONGEST, message=TOO_LONG)],
        description=marked("Say why, in plain words. This is what they read."),
    )


OWN_FIELDS: Mapping[str, Sequence[str]] = {
    "accepted": ("challenge", "new_title"),
    "known_solution": ("known_url",),
    "parked": ("wake_on",),
}
"""The fields that go with an end, beside the reason."""


def end_form(
    state: str,
    revision: int,
    challenges: Sequence[tuple[str, LocalisedText]] = (),
    *,
    may_write: bool = False,
) -> EndForm:
    """The form for one end. Its fields' names begin with the end's, for a page holds several.
    `may_write` says that a new challenge may be written for the problem."""
    form = EndForm(prefix=f"{state}-")
    form.challenge.choices = [("", _("Choose a challenge")), *_titled(challenges)]
    for name in {name for names in OWN_FIELDS.values() for name in names}:
        if name not in OWN_FIELDS.get(state, ()) or (name == "new_title" and not may_write):
            del form[name]
    # Asked for by the service, which has the reasons; here so that the page says so.
    for field in form:
        field.flags.required = state in PROBLEM_REASONED
    if state == "accepted":
        form.challenge.flags.required = not may_write
    if not form.submitted:
        form.state.data, form.revision.data = state, str(revision)
    return form


def _titled(challenges: Sequence[tuple[str, LocalisedText]]) -> list[tuple[str, str]]:
    return [(key, local(title)) for key, title in challenges]
