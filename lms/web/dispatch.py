"""How a view is run: again when two changes met, once for what is sent twice, and truthfully when
the database is away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from lms.contracts import Actor
from lms.db import db
from lms.web import errors
from lms.web.identity import is_api_request
from lms.web.once import (
    SAFE,
    Answer,
    AnswerLost,
    Known,
    Once,
    OtherBody,
    Replay,
    of_header,
    of_unread_form,
)
from lms.work import (
    Conflict,
    Unsure,
    begin_view,
    commit_was_lost,
    is_away,
    view_has_committed,
)

TRIES = 3
PATIENCE = 4.0
"""Seconds after which a view is not begun again: whoever waits has waited long enough."""


@dataclass(frozen=True, slots=True)
class _Before:
    """What a view finds, to be found again when it is run again."""

    cookie: dict[str, Any] | None
    actor: Actor | None

    @classmethod
    def taken(cls) -> _Before:
        forms = request.method not in SAFE and not is_api_request()
        return cls(dict(session) if forms else None, g.get("lms_actor"))

    def put_back(self) -> None:
        g.lms_actor = self.actor
        g.pop("lms_signed_anew", None)
        if self.cookie is not None and dict(session) != self.cookie:
            session.clear()
            session.update(self.cookie)
        for sent in request.files.values():
            sent.stream.seek(0)


def answer(app: Flask, view: Callable[[], ResponseReturnValue]) -> Response:
    """Run the view of the present request and give its answer.

    A view that met a conflict is run again, up to three times; one that has committed never is.
    Raises `Conflict` when trying again did not help, `Unsure` when it may have been done all the
    same, and whatever else the view raises.
    """
    before, began = _Before.taken(), time.monotonic()
    g.lms_dispatching = True
    for name in ("lms_once", "lms_commit_lost"):
        g.pop(name, None)
    try:
        once = of_header()
        attempt = 0
        while True:
            attempt += 1
            begin_view(once)
            try:
                return _tried(app, view, attempt)
            except Known as known:
                before.put_back()
                return _said_again(known, before)
            except (Conflict, DBAPIError) as error:
                if not is_away(error):
                    raise
                db.session.rollback()
                _give_up(error, attempt, time.monotonic() - began)
            before.put_back()
            time.sleep(random.uniform(0.02, 0.08) * attempt)  # noqa: S311 - spreads retries
    finally:
        begin_view()
        g.lms_dispatching = False


def _tried(app: Flask, view: Callable[[], ResponseReturnValue], attempt: int) -> Response:
    raised: HTTPException | None = None
    try:
        response = app.make_response(view())
    except HTTPException as error:
        raised, response = error, Response(status=error.code or 500)
    if g.lms_witness is None:
        of_unread_form(response.status_code)
    witness = g.lms_witness
    if isinstance(witness, Once):
        witness.tries = attempt
        witness.settle(response)
    if raised is not None:
        raise raised
    return response


def _give_up(error: Exception, attempt: int, seconds: float) -> None:
    """Raise when the view is not to be run again."""
    if view_has_committed():
        raise Unsure("the database failed a view that had committed") from error
    witness = g.get("lms_witness")
    lost = commit_was_lost() and request.method not in SAFE
    if lost and not isinstance(witness, Once):
        raise Unsure("the connection was lost during a commit") from error
    if attempt < TRIES and seconds < PATIENCE:
        return
    if lost and witness.minted:
        raise Unsure("the connection was lost during a commit") from error
    if isinstance(error, Conflict):
        raise error
    raise Conflict(str(error)) from error


# --- the answer of the first request ------------------------------------------------------------


def _said_again(known: Known, before: _Before) -> Response:
    with suppress(SQLAlchemyError):
        db.session.rollback()
    if isinstance(known, OtherBody):
        return errors.sent_before_otherwise()
    if isinstance(known, AnswerLost):
        return errors.done_without_answer(409)
    assert isinstance(known, Replay)  # noqa: S101 - there is no fourth
    return _of_api(known.answer) if is_api_request() else _of_form(known.answer, before)


def _of_api(kept: Answer) -> Response:
    response = Response(kept.body, kept.status)
    _put_headers(response, kept)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _of_form(kept: Answer, before: _Before) -> Response:
    if not 300 <= kept.status < 400:
        return errors.done_without_answer(kept.status)
    response = Response(status=kept.status)
    _put_headers(response, kept)
    waiting = [tuple(flash) for flash in (before.cookie or {}).get("_flashes", ())]
    said = [tuple(flash) for flash in kept.headers.get("flashes", ())]
    if missing := [flash for flash in said if flash not in waiting]:
        session["_flashes"] = waiting + missing
    return response


def _put_headers(response: Response, kept: Answer) -> None:
    for name in ("Location", "Content-Type"):
        if name in kept.headers:
            response.headers[name] = kept.headers[name]
