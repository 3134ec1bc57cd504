"""Views that do something one can count, for the tests of what is sent twice."""

from __future__ import annotations

from flask import jsonify, redirect
from sqlalchemy import func, select
from wtforms import StringField

from lms.db import db, now
from lms.web import Form, page, tell
from lms.web.models import RateCount
from lms.work import unit_of_work


class NoteForm(Form):
    note = StringField("Note")


def deed(name="deed"):
    """A row of its own for each deed: what a view of these tests does."""
    here = db.session.scalar(select(func.count()).select_from(RateCount)) or 0
    db.session.add(RateCount(key_hash=f"{name} {here}", window_start=now(), count=1))


def write_down():
    form = NoteForm()
    if not form.validate_on_submit():
        return page("errors/page.html", 422 if form.submitted else 200, title="Form", text="")
    with unit_of_work():
        deed()
    tell("Written down.")
    return redirect("/me?done=1", 303)


def count_up():
    with unit_of_work():
        deed()
    answer = jsonify(number=db.session.scalar(select(func.count()).select_from(RateCount)))
    answer.status_code = 201
    answer.headers["Location"] = "/api/v1/try/1"
    return answer


def flashes_of(client):
    with client.session_transaction() as cookie:
        return [text for _kind, text in cookie.get("_flashes", ())]
