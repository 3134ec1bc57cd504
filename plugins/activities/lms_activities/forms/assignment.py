"""Shapes of input: what an assignment asks for, and what a participant writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms import Form as Rows
from wtforms.validators import Length

from lms.api import (
    LANGUAGES,
    ActivityChoices,
    ActivityFacts,
    ActivityForm,
    CountField,
    Form,
    OneOfField,
    PickField,
    RecordType,
    TickField,
    UploadField,
    clean_text,
    contains_identity_number,
    local,
    marked,
    new_key,
    record_kinds,
)
from lms_activities.assignment import (
    DEFAULT_PROMISE,
    LONGEST_TEXT,
    MOST_CRITERIA,
    MOST_FILES,
    MOST_LEVELS,
    Draft,
    Task,
)
from lms_activities.words import domain

TOO_LONG = marked("Write at most %(max)d characters.")
EMPTY_ROWS = 3


class CriterionRow(Rows):
    """One row of a rubric. An empty row is left out."""

    key = HiddenField()
    title_da = StringField(marked("What is looked at, in Danish"))
    title_sv = StringField(marked("What is looked at, in Swedish"))
    title_en = StringField(marked("What is looked at, in English"))
    levels_da = TextAreaField(marked("Levels in words, in Danish"))
    levels_sv = TextAreaField(marked("Levels in words, in Swedish"))
    levels_en = TextAreaField(marked("Levels in words, in English"))
    outcome = PickField(marked("Tells of"), optional=True, default="")

    def written(self, name: str) -> str:
        """A field as it was typed; "" for a language that the course is not given in."""
        return str(self[name].data or "") if name in self else ""

    def levels(self, code: str) -> list[str]:
        """The levels in one language, the lowest first."""
        lines = self.written(f"levels_{code}").splitlines()
        return [text for line in lines if (text := clean_text(line))]

    @property
    def is_empty(self) -> bool:
        """Is there nothing in it?"""
        names = [f"{part}_{code}" for part in ("title", "levels") for code in LANGUAGES]
        return not any(self.written(name).strip() for name in names)

    def complaint(self) -> tuple[str, str] | None:
        """What is wrong with a row that is not empty: (field, sentence)."""
        there = [code for code in LANGUAGES if f"title_{code}" in self]
        titles = [code for code in there if self.written(f"title_{code}").strip()]
        counts = {code: len(self.levels(code)) for code in there if self.levels(code)}
        first = there[0]
        if not titles:
            return f"title_{first}", marked("Write what is looked at.")
        if not counts or min(counts.values()) < 2 or max(counts.values()) > MOST_LEVELS:
            return f"levels_{first}", marked("Write from two to six levels, each on its own line.")
        if len(set(counts.values())) > 1:
            return f"levels_{first}", marked("Write as many levels in each language.")
        for name in (f"{part}_{code}" for part in ("title", "levels") for code in there):
            if len(self.written(name)) > 2000:
                return name, marked("Write at most 2,000 characters.")
            if contains_identity_number(self.written(name)):
                return name, marked("This looks like a personal identity number. Leave it out.")
        return None

    def content(self) -> dict[str, Any]:
        """The row as it is stored."""
        by_language = {code: self.levels(code) for code in LANGUAGES}
        number = max(len(levels) for levels in by_language.values())
        return {
            "key": str(self.key.data or "")[:16] or new_key()[:8],
            "title": {code: clean_text(self.written(f"title_{code}")) for code in LANGUAGES},
            "levels": [
                {code: levels[n] for code, levels in by_language.items() if levels}
                for n in range(number)
            ],
            "outcome": int(self.outcome.data) if self.outcome.data else None,
        }


class AssignmentForm(ActivityForm):
    """What an assignment asks for."""

    domain = domain

    text_da = TextAreaField(marked("The task, in Danish"), [Length(max=10_000, message=TOO_LONG)])
    text_sv = TextAreaField(marked("The task, in Swedish"), [Length(max=10_000, message=TOO_LONG)])
    text_en = TextAreaField(marked("The task, in English"), [Length(max=10_000, message=TOO_LONG)])
    who = OneOfField(marked("Who do they work with?"))
    parts = OneOfField(marked("What do they hand in?"))
    most_files = CountField(marked("At most so many files"), 1, MOST_FILES, optional=True)
    words = CountField(
        marked("About how many words?"),
        1,
        20_000,
        optional=True,
        description=marked("A hint for who writes. Nobody is stopped by it."),
    )
    late = OneOfField(marked("When the day has passed"))
    again = BooleanField(marked("What is returned may be handed in again"))
    double = BooleanField(marked("Two teachers look at each one, and both must agree"))
    criteria = FieldList(FormField(CriterionRow), marked("What is looked at"))

    LOCALISED: Sequence[str] = ("text",)

    @classmethod
    def fill(cls, activity: ActivityFacts, choices: ActivityChoices, **own: Any) -> Self:
        """The form as the activity is, or as it was sent, in the course's languages."""
        form = super().fill(activity, choices, **own)
        form.who.choices = _said(
            ("alone", marked("Nobody: each hands in for themselves")),
            ("pair", marked("In pairs: one hands in, the other confirms")),
            ("group", marked("In groups: one hands in for all")),
        )
        form.parts.choices = _said(
            ("text", marked("A text")), ("files", marked("Files")), ("both", marked("Both"))
        )
        form.late.choices = _said(
            ("marked", marked("It is taken in, and marked as late")),
            ("refused", marked("It is not taken in")),
        )
        for name in cls.LOCALISED:
            for code in LANGUAGES:
                if code not in choices.languages:
                    del form[f"{name}_{code}"]
        form.outcome_choices = [("", domain.gettext(marked("No learning outcome")))] + [
            (str(place), local(text)) for place, text in enumerate(choices.outcomes)
        ]
        form.row_languages = [code for code in LANGUAGES if code in choices.languages]
        form.ready_rows()
        return form

    outcome_choices: list[tuple[str, str]]
    row_languages: list[str]

    def ready_rows(self) -> None:
        """Give each row its choices and words, and take away languages the course has not."""
        for entry in self.criteria.entries:
            row = entry.form
            row.outcome.choices = self.outcome_choices
            for code in LANGUAGES:
                if code not in self.row_languages and f"title_{code}" in row:
                    del row[f"title_{code}"]
                    del row[f"levels_{code}"]
            for field in row:
                field.label.text = domain.gettext(field.label.text) if field.label.text else ""

    def more_rows(self) -> None:
        """Three rows more, as far as there is room; nothing is checked or kept yet."""
        self.validate_on_submit()
        for field in self:
            field.errors = []
        self.form_errors = []
        self.add_empty_rows()

    def add_empty_rows(self) -> None:
        """Empty rows at the end, for who reads the form."""
        for _row in range(min(EMPTY_ROWS, MOST_CRITERIA - len(self.criteria.entries))):
            self.criteria.append_entry()
        self.ready_rows()

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The own fields of what is stored."""
        task = Task.of_content(content)
        return {
            **{f"text_{code}": getattr(task.text, code) for code in LANGUAGES},
            "who": task.who,
            "parts": task.parts,
            "most_files": str(task.most_files),
            "words": str(task.words or ""),
            "late": task.late,
            "again": task.again,
            "double": task.double,
            "criteria": [
                {
                    "key": one.key,
                    **{f"title_{code}": getattr(one.title, code) for code in LANGUAGES},
                    **{
                        f"levels_{code}": "\n".join(getattr(level, code) for level in one.levels)
                        for code in LANGUAGES
                    },
                    "outcome": "" if one.outcome is None else str(one.outcome),
                }
                for one in task.criteria
            ],
        }

    def content(self) -> dict[str, Any]:
        """The own fields as they are stored."""
        stored = Task.of_content(self.activity.content)
        rows = [entry.form for entry in self.criteria.entries]
        return {
            **{name: self.localised(name, getattr(stored, name)) for name in self.LOCALISED},
            "who": self.who.data,
            "parts": self.parts.data,
            "most_files": self.most_files.number or stored.most_files,
            "words": self.words.number,
            "late": self.late.data,
            "again": bool(self.again.data),
            "double": bool(self.double.data),
            "criteria": [row.content() for row in rows if not row.is_empty],
        }

    def localised(self, name: str, stored: Any) -> dict[str, str]:
        """A text by language; a language that the course has not keeps what is stored."""
        return {
            code: str(self[f"{name}_{code}"].data or "")
            if f"{name}_{code}" in self
            else getattr(stored, code)
            for code in LANGUAGES
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """A task in some language; rows of a rubric that can be used."""
        fine = super().validate(extra_validators)
        texts = [self[name] for name in (f"text_{code}" for code in LANGUAGES) if name in self]
        if texts and not any(field.data for field in texts):
            texts[0].errors = [domain.gettext(marked("Write the task."))]
            fine = False
        rows = [entry.form for entry in self.criteria.entries if not entry.form.is_empty]
        if len(rows) > MOST_CRITERIA:
            self.form_errors.append(domain.gettext(marked("Write at most 12 rows.")))
            fine = False
        for row in rows:
            if wrong := row.complaint():
                row[wrong[0]].errors = [domain.gettext(wrong[1])]
                fine = False
        return fine


class InBetweenForm(AssignmentForm):
    """What an assignment between two sessions asks for as well."""

    workplace_da = TextAreaField(
        marked("What is done at work, in Danish"), [Length(max=5000, message=TOO_LONG)]
    )
    workplace_sv = TextAreaField(
        marked("What is done at work, in Swedish"), [Length(max=5000, message=TOO_LONG)]
    )
    workplace_en = TextAreaField(
        marked("What is done at work, in English"), [Length(max=5000, message=TOO_LONG)]
    )
    promise = CountField(
        marked("How many minutes is it promised to take at most?"),
        1,
        6000,
        description=marked("Participants and their managers are told this number."),
    )
    kinds = TickField(
        marked("What may it end in?"),
        choices=tuple,
        description=marked("None ticked: whatever there is."),
    )

    LOCALISED = ("text", "workplace")

    @classmethod
    def fill(cls, activity: ActivityFacts, choices: ActivityChoices, **own: Any) -> Self:
        """The form with the kinds of records there are now; one that is chosen and gone stays
        chosen."""
        form = super().fill(activity, choices, **own)
        known = [(kind.key, local(kind.title)) for kind in record_kinds()]
        chosen = Task.of_content(activity.content).kinds
        gone = [(key, key) for key in chosen if key not in {one for one, _title in known}]
        form.kinds.choices = known + gone
        form.kinds.flags.required = False
        return form

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The own fields of what is stored."""
        task = Task.of_content(content)
        return {
            **super().from_content(content),
            **{f"workplace_{code}": getattr(task.workplace, code) for code in LANGUAGES},
            "promise": str(task.promise or DEFAULT_PROMISE),
            "kinds": list(task.kinds),
        }

    def content(self) -> dict[str, Any]:
        """The own fields as they are stored."""
        own = {"promise": self.promise.number, "kinds": list(self.kinds.data or ())}
        return {**super().content(), **own}


class WorkForm(Form):
    """What a participant writes. The revision says which text the page began with."""

    domain = domain

    text = TextAreaField(
        marked("Your text"), [Length(max=LONGEST_TEXT, message=TOO_LONG)], default=""
    )
    files = UploadField(marked("Add files"), most=MOST_FILES)
    revision = HiddenField(default="0")

    @property
    def seen_revision(self) -> int:
        """The revision that the page showed; a page from before the work began shows the first."""
        text = str(self.revision.data or "")
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        return max(number, 1)

    def draft(self, language: str) -> Draft:
        """What is written."""
        return Draft(text=self.text.data or "", language=language)

    def is_complete(self, task: Task, files: int) -> bool:
        """Is there all that is asked for, with so many files in all? If not, the form says what
        is missing."""
        missing: dict[str, str] = {}
        if task.asks_text and not self.text.data:
            missing["text"] = marked("Write something before you hand it in.")
        if task.asks_files and not files:
            missing["files"] = marked("Add a file before you hand it in.")
        missing |= self._also_missing()
        for name, sentence in missing.items():
            self[name].errors = [domain.gettext(sentence)]
        return not missing

    def _also_missing(self) -> dict[str, str]:
        return {}


class InBetweenWorkForm(WorkForm):
    """What a participant writes of something done at work, and what it ends in."""

    kind = PickField(marked("What came of it?"), optional=True, default="")
    title = StringField(
        marked("In one line"),
        [Length(max=200, message=TOO_LONG)],
        description=marked("It is what others see first, such as »We lay out the aids at noon«."),
    )
    no_names = BooleanField(
        marked("Nobody can be recognised: no names, no numbers, no addresses, no faces")
    )

    def offer(self, kinds: Sequence[RecordType], chosen: str) -> None:
        """The kinds of records it may end in."""
        known = [(kind.key, local(kind.title)) for kind in kinds]
        if chosen and chosen not in {key for key, _title in known}:
            known.append((chosen, chosen))
        self.kind.choices = [("", domain.gettext(marked("Not chosen yet"))), *known]
        self.kind.flags.required = self.title.flags.required = True

    def draft(self, language: str) -> Draft:
        """What is written."""
        return Draft(
            text=self.text.data or "",
            no_names=bool(self.no_names.data),
            kind=str(self.kind.data or ""),
            title=self.title.data or "",
            language=language,
        )

    def _also_missing(self) -> dict[str, str]:
        missing = {}
        if not self.kind.data:
            missing["kind"] = marked("Choose what came of it.")
        if not self.title.data:
            missing["title"] = marked("Say in one line what came of it.")
        if not self.no_names.data:
            missing["no_names"] = marked("Look through it, and tick that nobody can be recognised.")
        return missing


def _said(*choices: tuple[str, str]) -> list[tuple[str, str]]:
    return [(value, domain.gettext(words)) for value, words in choices]
