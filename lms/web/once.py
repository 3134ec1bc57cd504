"""What is sent twice is done once: the key of a request, and the row that remembers its answer.

Every post carries a key without its author doing anything: a form's is its token, which is minted
anew for each drawn form; the API's is the header `Idempotency-Key`, or one made here that lasts
for this request. The first unit of work of a view writes the row, the answer is added before the
same transaction is committed. See ADR 0020.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, NoReturn

from flask import Response, current_app, g, request, session
from sqlalchemy import Update, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.sql.dml import ReturningInsert
from werkzeug.exceptions import BadRequest, TooManyRequests

from lms.db import db, execute, now
from lms.web.access import declared
from lms.web.identity import current_actor, is_api_request, signed_anew, token_is_ours
from lms.web.limits import count_here, window_of
from lms.web.models import OnceKey
from lms.work import (
    Conflict,
    bring_witness,
    commit_held,
    is_held,
    unit_of_work,
    view_has_committed,
)

SAFE = ("GET", "HEAD", "OPTIONS")
KEPT_FORMS = timedelta(hours=24)
KEPT_API = timedelta(days=7)
LONGEST_WORK = timedelta(minutes=1)
"""A request that has been worked on for longer than this has broken off."""
LONGEST_KEY = 255
KEPT_HEADERS = ("Location", "Content-Type")
LOCK_NOT_AVAILABLE = "55P03"

Kind = Literal["form", "api"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the first request, as far as it was kept."""

    status: int
    headers: dict[str, Any]
    body: str


class Known(BaseException):
    """This request was sent before: its view ends here.

    No `Exception`, for a view that catches whatever its deed raises must not catch this.
    """


class Replay(Known):
    """It was done, and this is what was answered."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class OtherBody(Known):
    """The key was sent before with something else."""


class AnswerLost(Known):
    """It was done, but what was answered is not known."""


class InFlight(Conflict):
    """The first request with this key is still being worked on."""


class Once:
    """The key of the present request. A `lms.work.Witness`."""

    def __init__(self, kind: Kind, key: str, *, minted: bool = False) -> None:
        self.kind = kind
        self.minted = minted  # made here: nobody else can have sent it
        self.tries = 0
        self.finished = False
        sender = str(current_actor().person_id or "guest")
        parts = f"{sender}\0{request.method}\0{request.path}\0{key}"
        # The first letter says how long the row is kept: `forget_old_keys`.
        self.key_hash = kind[0] + _digest(parts.encode("utf-8", "surrogatepass"))[:63]
        self.body_hash = _body_hash(kind)
        self.nonce = secrets.token_hex(8)

    # --- in the view's first unit of work -------------------------------------------------------

    def begin(self) -> None:
        """Claim the key. Raises `Known` or `InFlight` when somebody has it."""
        if view_has_committed():
            return
        values = {
            "key_hash": self.key_hash,
            "body_hash": self.body_hash,
            "created_at": now(),
            "headers": {"by": self.nonce},
            "body": "",
        }
        try:
            claimed = execute(_claiming(db.engine.dialect.name), values).first()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
                raise InFlight(str(error)) from error
            raise
        if claimed is None:
            self.look(own_transaction=False)
            raise Conflict("the row of the key was taken away while it was read")
        access = declared(current_app, request.endpoint or "")
        if access is not None and access.rate == "write":
            sender = current_actor().person_id
            if not count_here("write:person", str(sender or request.remote_addr)):
                raise TooManyRequests(retry_after=int(window_of("write:person").total_seconds()))

    # --- when the view has answered -------------------------------------------------------------

    def settle(self, response: Response) -> None:
        """Keep the answer beside the deed and commit both; without a deed, see whether the same
        request has been done meanwhile. Raises `Known`, `Conflict`."""
        if is_held():
            self._finish(response)
            commit_held()
        elif view_has_committed():
            self._finish_late(response)
        elif self.tries > 1 or not self.minted:
            self.look(own_transaction=True)

    def before_drawing(self, status: int) -> None:
        """A page is drawn as the answer: commit now, for drawing takes long. A page is not kept,
        only that it was done."""
        if is_held():
            self._finish(Response(status=status))
            commit_held()

    def look(self, *, own_transaction: bool) -> None:
        """Read the row of this key, if there is one, and raise what it says."""
        if own_transaction:
            db.session.rollback()  # or SQLite would show what was there when the view began
        row = db.session.execute(
            select(
                OnceKey.body_hash, OnceKey.created_at, OnceKey.status, OnceKey.headers, OnceKey.body
            ).where(OnceKey.key_hash == self.key_hash)
        ).first()
        if row is None:
            return
        if row.body_hash != self.body_hash:
            if own_transaction and self.kind == "form":
                return  # the form says itself what is wrong with it, and did nothing
            raise OtherBody
        if row.status is None:
            self._unfinished(row.created_at, row.headers)
        raise Replay(Answer(row.status, row.headers, row.body))

    def _unfinished(self, since: datetime, headers: dict[str, Any]) -> NoReturn:
        if headers.get("by") == self.nonce or since < now() - LONGEST_WORK:
            raise AnswerLost
        raise InFlight("the first request with this key has not been answered yet")

    def _finish(self, response: Response) -> None:
        """Add the answer to the row, or take the row away when such an answer is not kept: an
        error, or one that lets somebody in or out, for its cookie cannot be given twice."""
        self.finished = True
        if response.status_code >= 400 or signed_anew():
            db.session.execute(delete(OnceKey).where(OnceKey.key_hash == self.key_hash))
            return
        headers: dict[str, Any] = {
            name: response.headers[name] for name in KEPT_HEADERS if name in response.headers
        }
        body = ""
        if self.kind == "api":
            if not (response.is_streamed or response.direct_passthrough):
                body = response.get_data(as_text=True)
        elif flashes := _flashes():
            headers["flashes"] = flashes
        answer = {"status": response.status_code, "headers": headers, "body": body}
        execute(_answering(), answer | {"mine": self.key_hash})

    def _finish_late(self, response: Response) -> None:
        """The deed was committed before the answer was there: the answer is added by itself. If
        that fails the reader still gets it; whoever sends it again hears that it was done."""
        if self.finished:
            return
        try:
            with unit_of_work(harmless=True):
                self._finish(response)
        except (Conflict, SQLAlchemyError):
            current_app.logger.warning("an answer could not be kept for its key", exc_info=True)


@cache
def _claiming(dialect: str) -> ReturningInsert[str]:
    made = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return made(OnceKey).on_conflict_do_nothing().returning(OnceKey.key_hash)


@cache
def _answering() -> Update:
    return update(OnceKey).where(OnceKey.key_hash == bindparam("mine"))


# --- where keys come from -----------------------------------------------------------------------


def of_header() -> Once | None:
    """The key of a request to the API that may change something; None for all others.

    Raises `BadRequest` for a header that is no key.
    """
    if not is_api_request() or request.method in SAFE:
        return None
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return Once("api", secrets.token_hex(16), minted=True)
    if not 1 <= len(key) <= LONGEST_KEY or any(not " " <= sign <= "~" for sign in key):
        raise BadRequest("Idempotency-Key: 1 to 255 printable characters")
    return Once("api", key)


def of_form(token: str) -> None:
    """The form that was sent has a good token: from here on its post is done once."""
    if g.get("lms_dispatching"):
        if "lms_once" not in g:
            g.lms_once = Once("form", token)
        bring_witness(g.lms_once)


def of_unread_form(status: int) -> None:
    """A view that refused before it looked at its form may have been sent it before: the link is
    used, the thing is gone. Whatever acted has looked."""
    token = request.form.get("csrf_token") if request.method == "POST" else None
    if status >= 400 and not is_api_request() and token_is_ours(token):
        g.lms_csrf_checked = True
        of_form(str(token))


def page_is_drawn(status: int) -> None:
    """Call before a page is drawn as the answer: what waits for the answer is committed."""
    witness = g.get("lms_witness")
    if isinstance(witness, Once):
        witness.before_drawing(status)


def _flashes() -> Sequence[Sequence[str]]:
    return [list(flash) for flash in session.get("_flashes", ())]


# --- what was sent ------------------------------------------------------------------------------


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _body_hash(kind: Kind) -> str:
    """A digest of everything the sender can change without changing the key."""
    query = request.query_string.decode("latin-1")
    if kind == "api":
        return _digest(query.encode("latin-1") + b"\0" + request.get_data(cache=True))
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    files = []
    for name, sent in request.files.items(multi=True):
        content = sent.stream.read()
        sent.stream.seek(0)
        files.append((name, sent.filename, _digest(content)))
    return _digest(repr((query, fields, files)).encode("utf-8", "surrogatepass"))


def forget_old_keys() -> None:
    """Remove rows nobody will ask for any more; a scheduled job calls it inside a unit of work."""
    for kind, kept in (("f", KEPT_FORMS), ("a", KEPT_API)):
        db.session.execute(
            delete(OnceKey)
            .where(OnceKey.created_at < now() - kept, OnceKey.key_hash.startswith(kind))
            .execution_options(synchronize_session=False)
        )
