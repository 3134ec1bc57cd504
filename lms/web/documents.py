"""Documents on the web: one address for each, and nothing in it ever runs.

Who may read a document is the word of the room or plugin that owns its subject. What is served is
a download in a sandbox, but for pictures that we have written ourselves. With a host of their own
(`LMS_FILES_URL`) contents come from there, by addresses that are signed and soon over.
"""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from lms.contracts import Actor, DocumentFacts
from lms.db import is_key
from lms.files import BlobDamagedError, BlobMissingError, read
from lms.files.kinds import KINDS, SHOWN_TYPES
from lms.files.previews import PREVIEW
from lms.files.queries import document_by_id, document_facts
from lms.host import current_host
from lms.web.access import access
from lms.web.identity import current_actor
from lms.web.pages import not_found

LONGEST_SECONDS = 300
_SAFE_TYPES = frozenset(kind.media_type for kind in KINDS.values())
_AS_PICTURE = frozenset({"", "document", "image"})
_AS_DOWNLOAD = frozenset({"", "document", "empty"})


def file_url(key: str, place: str = "") -> str:
    """The address of a document; `place` is the key of what it is shown on (an activity)."""
    address = url_for("web.file", key=key)
    return f"{address}?in={place}" if place else address


def may_read(document: DocumentFacts, place: str, actor: Actor) -> bool:
    """May the actor read this document, met at `place`? The page of a document is read like the
    document itself."""
    if document.subject_kind == PREVIEW:
        whole = document_by_id(document.subject_id)
        return whole is not None and whole.subject_kind != PREVIEW and may_read(whole, place, actor)
    if document_facts(document.key, actor=actor) is not None:
        return True
    answers = current_host().gather(
        "lms_document_readers", documents=(document,), place=place, actor=actor
    )
    return any(document.key in answer.value for answer in answers)


@access(known="public", policy="file")
def file(key: str) -> Any:
    """A document by its key, to whoever may read it."""
    document = document_facts(key) if is_key(key) else None
    place = request.args.get("in", "")
    place = place if is_key(place) else ""
    if document is None or not may_read(document, place, current_actor()):
        not_found()
    _insist_on_its_use(document)
    elsewhere: str = current_app.config["FILES_URL"]
    if elsewhere:
        return redirect(f"{elsewhere}{url_for('web.contents', token=_signed(document))}", 303)
    return _answer(document)


@access(known="link", policy="file")
def contents(token: str) -> Response:
    """The contents of a document by a signed address, on the host that is there for them."""
    if not is_files_host():
        not_found()
    try:
        key = str(_serializer().loads(token, max_age=LONGEST_SECONDS))
    except BadData:
        not_found()
    document = document_facts(key)
    if document is None:
        not_found()
    _insist_on_its_use(document)
    response = _answer(document)
    # The pages that show it are on another host.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def is_files_host() -> bool:
    """Is the present request for the host of contents?"""
    elsewhere: str = current_app.config["FILES_URL"]
    return bool(elsewhere) and request.host == urlsplit(elsewhere).netloc


def _insist_on_its_use(document: DocumentFacts) -> None:
    """A picture is shown or opened, everything else is fetched by somebody: never a script, a
    style, a frame."""
    use = request.headers.get("Sec-Fetch-Dest", "")
    if use not in (_AS_PICTURE if document.media_type in SHOWN_TYPES else _AS_DOWNLOAD):
        abort(403)


def _answer(document: DocumentFacts) -> Response:
    try:
        data = read(document.sha256)
    except (BlobMissingError, BlobDamagedError):
        current_app.logger.exception("the bytes of the document %s are gone", document.key)
        not_found()
    known = document.media_type in _SAFE_TYPES
    response = Response(data, mimetype=document.media_type if known else "application/octet-stream")
    how = "inline" if document.media_type in SHOWN_TYPES else "attachment"
    response.headers["Content-Disposition"] = disposition(how, document.file_name)
    response.headers["Cache-Control"] = "no-store"
    return response


def disposition(how: str, name: str) -> str:
    """The header for a file of this name, in any script (RFC 6266 with RFC 8187)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(sign if sign.isalnum() or sign in " ._-()" else "_" for sign in plain).strip()
    if not plain.partition(".")[0].strip():
        plain = f"file{plain[plain.rfind('.') :] if '.' in plain else ''}"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="document")


def _signed(document: DocumentFacts) -> str:
    return str(_serializer().dumps(document.key))


def install(app: Flask) -> None:
    """The routes of documents, and their address for templates."""
    app.add_url_rule("/files/<key>", "web.file", file)
    app.add_url_rule("/contents/<token>", "web.contents", contents)
    app.jinja_env.globals["file_url"] = file_url
