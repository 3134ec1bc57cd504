"""Files in forms: read within limits, looked into, and kept.

A view whose form takes files declares `@access(..., uploads=True)`; without it a request is at most
as large as a form. A file that is too large is read to its end and thrown away, so that everything
typed beside it comes back on the page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Request, current_app, request
from werkzeug.datastructures import FileStorage
from wtforms import Field
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput

from lms.contracts import Actor, DocumentFacts
from lms.files import names, store
from lms.files.kinds import KINDS
from lms.files.queries import bytes_sent_by, document_by_id
from lms.files.services import Visibility
from lms.files.upload_words import UploadRefused, over_quota, too_large
from lms.files.uploads import MEGABYTE, MOST_BYTES, Accepted, accept, endings_of
from lms.jobs import enqueue
from lms.web.forms import REFUSED_NUMBER
from lms.web.i18n import gettext, local
from lms.web.i18n import marked as _
from lms.web.identity import current_actor
from lms.web.identity_numbers import contains_identity_number

MOST_POSTED = 256 * MEGABYTE
"""Of a whole request that brings files. What is declared larger is not read at all."""
MOST_FILES = 10
IN_MEMORY = 512 * 1024
LONGEST_SENDING = 600.0
"""Seconds for one file. Whoever sends more slowly is cut off by the server."""

TOO_MANY = _("Choose at most %(n)d files at a time.")
NOTHING_CHOSEN = _("Choose a file.")


class _Server:
    """Whoever waits for us: it ends a process that says nothing for long, and a slow line needs
    longer than that for a large file."""

    def __init__(self) -> None:
        self.still_reading: Callable[[], None] = lambda: None


_server = _Server()


def while_reading(tell: Callable[[], None]) -> None:
    """Have `tell` called whenever a piece of a file has arrived, for at most ten minutes a file."""
    _server.still_reading = tell


class _OneFile(SpooledTemporaryFile[bytes]):
    """The bytes of one file as they arrive; behind the limit they are counted and dropped."""

    def __init__(self) -> None:
        super().__init__(max_size=IN_MEMORY, mode="rb+")
        self.arrived = 0
        self.began = time.monotonic()

    def write(self, s: Any) -> int:
        self.arrived += len(s)
        if time.monotonic() - self.began < LONGEST_SENDING:
            _server.still_reading()
        if self.arrived <= MOST_BYTES:
            super().write(s)
        return len(s)


class UploadRequest(Request):
    """A request whose files take no more room than one of them may have."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return _OneFile()


class UploadField(Field):
    """A field for files; `data` are the accepted ones, of which there may be none.

    `kinds` are keys of `lms.files.kinds.KINDS`; pictures larger than `longest_side` pixels are
    made smaller. `needed` is the sentence for nothing chosen; without one the field is optional.
    """

    widget = FileInput()
    data: list[Accepted]

    def __init__(
        self,
        label: str,
        *,
        kinds: Collection[str] = tuple(KINDS),
        most: int = 1,
        longest_side: int = 0,
        needed: str = "",
        description: str = "",
        **more: Any,
    ) -> None:
        super().__init__(label, description=description, **more)
        self.kinds, self.most = tuple(kinds), min(most, MOST_FILES)
        self.longest_side, self.needed = longest_side, needed
        self.flags.required = bool(needed)
        self.render_kw = {
            "accept": ",".join(endings_of(self.kinds)),
            "data_most": str(MOST_BYTES),
            **({"multiple": True} if self.most > 1 else {}),
            **(self.render_kw or {}),
        }

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Files come beside the form's other values, and never from what is stored."""
        self.process_errors, self.object_data, self.data = [], None, []
        self.sent: list[FileStorage] = []
        if formdata is not None and request.method == "POST":
            self.sent = [one for one in request.files.getlist(self.name) if one.filename]

    def pre_validate(self, form: Any) -> None:
        """Look into every file; each that is not taken says why, with its name."""
        if not self.sent and self.needed:
            raise ValidationError(form._said(self.needed))
        if len(self.sent) > self.most:
            raise ValidationError(gettext(TOO_MANY, n=self.most))
        found, problems = [], []
        for sent in self.sent:
            try:
                found.append(self._accepted(sent))
            except UploadRefused as refused:
                problems.append(f"{names.clean(sent.filename or '')}: {local(refused.message)}")
        if not problems and found:
            try:
                check_room(sum(len(one.data) for one in found), current_actor())
            except UploadRefused as refused:
                problems.append(local(refused.message))
        if problems:
            self.errors = [*self.errors, *problems[:-1]]
            raise ValidationError(problems[-1])
        self.data = found

    def _value(self) -> str:
        """Nothing: no browser takes a file from a page, and none is shown in one."""
        return ""

    def _accepted(self, sent: FileStorage) -> Accepted:
        stream = sent.stream
        if isinstance(stream, _OneFile) and stream.arrived > MOST_BYTES:
            raise too_large(MOST_BYTES // MEGABYTE)
        name = sent.filename or ""
        if contains_identity_number(name):
            raise ValidationError(gettext(REFUSED_NUMBER))
        stream.seek(0)
        data = stream.read()
        return accept(
            data, name, sent.content_type or "", kinds=self.kinds, longest_side=self.longest_side
        )


def check_room(size: int, actor: Actor) -> None:
    """Raise `UploadRefused` when `size` bytes more are more than one person may send in all
    (`LMS_UPLOAD_QUOTA_MB`)."""
    most: int = current_app.config["UPLOAD_QUOTA_MB"]
    if actor.person_id is not None and bytes_sent_by(actor.person_id) + size > most * MEGABYTE:
        raise over_quota(most)


def keep_upload(
    accepted: Accepted,
    *,
    subject: tuple[str, int],
    actor: Actor,
    language: str,
    title: str = "",
    visibility: Visibility = "internal",
    licence: str = "",
    alt_text: str = "",
) -> DocumentFacts:
    """Store an accepted file about `subject` in the open unit of work. The first pages of a PDF
    are drawn by a job afterwards. `title` is the file's name when nobody gave one."""
    document_id = store(
        accepted.data,
        media_type=accepted.media_type,
        file_name=accepted.file_name,
        title=title or accepted.file_name,
        language=language,
        subject=subject,
        actor=actor,
        visibility=visibility,
        licence=licence,
        alt_text=alt_text,
    )
    if accepted.kind == "pdf":
        enqueue("files.preview", {"document": document_id}, unique_key=f"preview:{document_id}")
    facts = document_by_id(document_id)
    assert facts is not None  # noqa: S101 - it was written above
    return facts


def kept_uploads(files: Sequence[Accepted], **about: Any) -> list[DocumentFacts]:
    """`keep_upload` for each of these."""
    return [keep_upload(one, **about) for one in files]
