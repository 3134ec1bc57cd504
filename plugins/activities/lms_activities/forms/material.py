"""Shapes of input for the simple types: texts with pictures, files, a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length

from lms.api import (
    LANGUAGES,
    PICTURE_KINDS,
    ActivityChoices,
    ActivityFacts,
    ActivityForm,
    CountField,
    DocumentFacts,
    Form,
    MarkdownField,
    OneOfField,
    PickField,
    UploadField,
    marked,
)
from lms_activities.material import Files, Place, Reading, texts
from lms_activities.words import domain

TOO_LONG = marked("Write at most %(max)d characters.")
PICTURE_SIDE = 1600
LANGUAGE_NAMES: Mapping[str, str] = {
    "da": marked("Danish"),
    "sv": marked("Swedish"),
    "en": marked("English"),
}


class TextsForm(ActivityForm):
    """A form with texts by language, in the languages of the course. `LOCALISED` names those whose
    fields are called `<name>_<language>`; `NEEDED` is the sentence when the first is empty."""

    domain = domain
    LOCALISED: tuple[str, ...] = ()
    UPLOADED: tuple[str, ...] = ()
    NEEDED = ""

    languages: tuple[str, ...] = LANGUAGES

    @classmethod
    def fill(cls, activity: ActivityFacts, choices: ActivityChoices, **own: Any) -> Self:
        """The form as the activity is, or as it was sent, in the course's languages."""
        form = super().fill(activity, choices, **own)
        form.languages = tuple(code for code in LANGUAGES if code in choices.languages)
        for name in (*cls.LOCALISED, *cls.UPLOADED):
            for code in LANGUAGES:
                if code not in form.languages:
                    del form[f"{name}_{code}"]
        if cls.NEEDED and len(form.languages) == 1:
            form[f"{cls.LOCALISED[0]}_{form.languages[0]}"].flags.required = True
        return form

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The texts of what is stored."""
        return {
            f"{name}_{code}": getattr(texts(content, name), code)
            for name in cls.LOCALISED
            for code in LANGUAGES
        }

    def content(self) -> dict[str, Any]:
        """The texts as they are stored; a language the course has not keeps what is there."""
        return {
            **super().content(),
            **{
                name: {
                    code: str(self[f"{name}_{code}"].data or "")
                    if f"{name}_{code}" in self
                    else getattr(texts(self.activity.content, name), code)
                    for code in LANGUAGES
                }
                for name in self.LOCALISED
            },
        }

    def know(self, documents: Mapping[str, DocumentFacts]) -> None:
        """Which documents the texts may show."""
        self.documents = documents
        names = {key: document.file_name for key, document in documents.items()}
        for field in self:
            if isinstance(field, MarkdownField):
                field.pictures = names

    def validate(self, extra_validators: Any = None) -> bool:
        """The needed text, in some language."""
        fine = super().validate(extra_validators)
        if self.NEEDED and not any(self[f"{self.LOCALISED[0]}_{c}"].data for c in self.languages):
            self[f"{self.LOCALISED[0]}_{self.languages[0]}"].errors = [domain.gettext(self.NEEDED)]
            return False
        return fine


class PicturesForm(TextsForm):
    """Texts that pictures can be put into, one at a time."""

    picture = UploadField(
        marked("Picture"),
        kinds=tuple(PICTURE_KINDS),
        longest_side=PICTURE_SIDE,
        description=marked("PNG, JPEG or WebP. Where it was taken is not kept."),
    )
    shows = StringField(
        marked("What does the picture show?"),
        [Length(max=300, message=TOO_LONG)],
        description=marked("For who cannot see it: one sentence."),
    )
    into = PickField(marked("Into the text in"))

    @classmethod
    def fill(cls, activity: ActivityFacts, choices: ActivityChoices, **own: Any) -> Self:
        """The form with the languages a picture may go into."""
        form = super().fill(activity, choices, **own)
        form.into.choices = [(c, domain.gettext(LANGUAGE_NAMES[c])) for c in form.languages]
        if form.into.data not in form.languages:
            form.into.data = form.languages[0]
        return form

    def picture_fine(self) -> bool:
        """May the picture be put in? Looks at its own fields alone, after the form was checked."""
        if not self.picture.data and not self.picture.errors:
            self.picture.errors = [domain.gettext(marked("Choose a picture."))]
        if not self.shows.data:
            self.shows.errors = [domain.gettext(marked("Write what the picture shows."))]
        mine = (self.picture, self.shows, self.into)
        for field in self:
            if field not in mine:
                field.errors = []
        return not self.stale and not any(field.errors for field in mine)


class PageForm(PicturesForm):
    """A page of text with pictures."""

    LOCALISED = ("text",)
    NEEDED = marked("Write the text.")

    text_da = MarkdownField(marked("Text in Danish"))
    text_sv = MarkdownField(marked("Text in Swedish"))
    text_en = MarkdownField(marked("Text in English"))


class UploadsForm(TextsForm):
    """A form with a document for each language; one that was sent is remembered by its key."""

    UPLOADED = ("file", "kept")

    file_da = UploadField(marked("File in Danish"))
    file_sv = UploadField(marked("File in Swedish"))
    file_en = UploadField(marked("File in English"))
    kept_da = HiddenField()
    kept_sv = HiddenField()
    kept_en = HiddenField()
    FILE_NEEDED = ""

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Texts and keys of what is stored."""
        keys = Files.of(content).keys
        kept = {f"kept_{code}": keys.get(code, "") for code in LANGUAGES}
        return {**super().from_content(content), **kept}

    def content(self) -> dict[str, Any]:
        """Texts and keys as they are stored."""
        stored = Files.of(self.activity.content).keys
        files = {
            code: str(self[f"kept_{code}"].data or "")
            if f"kept_{code}" in self
            else stored.get(code, "")
            for code in LANGUAGES
        }
        return {**super().content(), "files": files}

    def know(self, documents: Mapping[str, DocumentFacts]) -> None:
        """Which documents there are: no other key may be sent."""
        super().know(documents)
        for code in self.languages:
            if self[f"kept_{code}"].data not in documents:
                self[f"kept_{code}"].data = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """A file in some language, where one is needed."""
        fine = super().validate(extra_validators)
        names = [f"{part}_{code}" for part in ("file", "kept") for code in self.languages]
        first = self[f"file_{self.languages[0]}"]
        if self.FILE_NEEDED and not first.errors and not any(self[name].data for name in names):
            first.errors = [domain.gettext(self.FILE_NEEDED)]
            return False
        return fine


class FileForm(UploadsForm):
    """A document for each language, and what to say of it."""

    LOCALISED = ("note",)
    FILE_NEEDED = marked("Choose a file.")

    note_da = MarkdownField(marked("About the file, in Danish"), render_kw={"rows": 5})
    note_sv = MarkdownField(marked("About the file, in Swedish"), render_kw={"rows": 5})
    note_en = MarkdownField(marked("About the file, in English"), render_kw={"rows": 5})


class ReadingForm(UploadsForm, PicturesForm):
    """A text, a file, or both, to be confirmed as read and understood."""

    LOCALISED = ("text",)

    text_da = MarkdownField(marked("Text in Danish"))
    text_sv = MarkdownField(marked("Text in Swedish"))
    text_en = MarkdownField(marked("Text in English"))
    take_away = BooleanField(marked("Take the files away"))
    small = BooleanField(
        marked("Only a small correction: nobody is asked to read it again"),
    )

    def content(self) -> dict[str, Any]:
        """As it is stored; another text or file is another version."""
        stored = Reading.of(self.activity.content)
        found = super().content()
        if self.take_away.data:
            found["files"] = {}
        other = (texts(found, "text"), Files.of(found)) != (stored.text, stored.files)
        found["version"] = stored.version + int(other and not self.small.data)
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """A text or a file, in some language."""
        fine = super().validate(extra_validators)
        parts = ("text",) if self.take_away.data else ("text", "file", "kept")
        if not any(self[f"{part}_{code}"].data for part in parts for code in self.languages):
            first = self[f"text_{self.languages[0]}"]
            first.errors = [domain.gettext(marked("Write a text, or choose a file."))]
            return False
        return fine


class LinkForm(TextsForm):
    """A place on the web, or a video with what makes it one for everybody."""

    LOCALISED = ("note", "why_none", "transcript")

    address = StringField(
        marked("Address"),
        [Length(max=1000, message=TOO_LONG)],
        description=marked("It begins with https://."),
    )
    kind = OneOfField(marked("What is it?"))
    length = CountField(marked("How many minutes is the video?"), 1, 600, optional=True)
    captions = BooleanField(marked("It has captions: what is said stands as text in the picture"))
    why_none_da = StringField(marked("If it has none: why, in Danish"))
    why_none_sv = StringField(marked("If it has none: why, in Swedish"))
    why_none_en = StringField(marked("If it has none: why, in English"))
    transcript_da = MarkdownField(marked("What is said, as text, in Danish"))
    transcript_sv = MarkdownField(marked("What is said, as text, in Swedish"))
    transcript_en = MarkdownField(marked("What is said, as text, in English"))
    note_da = MarkdownField(marked("What to look for, in Danish"), render_kw={"rows": 5})
    note_sv = MarkdownField(marked("What to look for, in Swedish"), render_kw={"rows": 5})
    note_en = MarkdownField(marked("What to look for, in English"), render_kw={"rows": 5})

    @classmethod
    def fill(cls, activity: ActivityFacts, choices: ActivityChoices, **own: Any) -> Self:
        """The form with what a link may be."""
        form = super().fill(activity, choices, **own)
        form.address.flags.required = True
        form.kind.choices = [
            ("page", domain.gettext(marked("A page"))),
            ("video", domain.gettext(marked("A video or something to listen to"))),
        ]
        return form

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The own fields of what is stored."""
        place = Place.of(content)
        return {
            **super().from_content(content),
            "address": place.address,
            "kind": "video" if place.is_video else "page",
            "length": str(place.length or ""),
            "captions": place.captions,
        }

    def content(self) -> dict[str, Any]:
        """The own fields as they are stored."""
        return {
            **super().content(),
            "address": self.address.data or "",
            "is_video": self.kind.data == "video",
            "length": self.length.number,
            "captions": bool(self.captions.data),
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """An address that a browser can open safely; a video says how long and how to follow it
        without hearing."""
        fine = super().validate(extra_validators)
        if not self.address.errors and not _is_https(self.address.data or ""):
            self.address.errors = [
                domain.gettext(marked("Write the whole address, such as https://example.org/film."))
            ]
            fine = False
        if self.kind.data != "video":
            return fine
        if not self.length.data and not self.length.errors:
            self.length.errors = [domain.gettext(marked("Write how many minutes it is."))]
            fine = False
        said = [f"{part}_{code}" for part in ("why_none", "transcript") for code in self.languages]
        if not self.captions.data and not any(self[name].data for name in said):
            self.captions.errors = [
                domain.gettext(
                    marked("Say why there are no captions, or write what is said as text below.")
                )
            ]
            fine = False
        return fine


# --- what participants send ---------------------------------------------------------------------


class UnderstoodForm(Form):
    """Read and understood; `version` is that of the text the page showed."""

    domain = domain

    understood = BooleanField(marked("I have read and understood it"))
    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version the page showed; 0 when it does not say."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def validate(self, extra_validators: Any = None) -> bool:
        """The box must be ticked."""
        fine = super().validate(extra_validators)
        if not self.understood.data:
            self.understood.errors = [
                domain.gettext(marked("Tick the box when you have read and understood it."))
            ]
            return False
        return fine


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        return False


def language_name(code: str) -> str:
    """A language in the reader's words."""
    return domain.gettext(LANGUAGE_NAMES[code]) if code in LANGUAGE_NAMES else code
