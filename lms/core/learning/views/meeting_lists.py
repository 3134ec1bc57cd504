"""The participant list of a meeting becomes a register: first looked through, then written."""

from __future__ import annotations

from typing import Any

from flask import current_app, redirect, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from lms.contracts import Actor, CourseSessionFacts
from lms.core.acting import done
from lms.core.learning import services
from lms.core.learning.forms_check_in import ListForm, WriteListForm
from lms.core.learning.forms_register import mark_in_words
from lms.core.learning.meeting_lists import Found, match, read_list
from lms.core.learning.queries import marks_of
from lms.core.learning.queries.attendance import Mark, class_of
from lms.core.learning.services import Presence
from lms.core.learning.views.base import blueprint, run_of
from lms.core.learning.views.register import session_of
from lms.db import now
from lms.files.sheet_words import SheetError
from lms.files.sheets import MOST_BYTES
from lms.web import access, current_actor, gettext, ngettext, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _

KEPT_SECONDS = 2 * 3600

OUTCOME_WORDS = {
    "matched": (_("Is written"), "ok"),
    "kept": (_("Is marked already, and stays so"), "info"),
    "unknown": (_("Nobody in the class"), "wait"),
    "twice": (_("Two in the class have that name"), "wait"),
}


@blueprint.route("/teach/<key>/meeting/<session_key>", methods=["GET", "POST"])
@access(rate="write")
def meeting_list(key: str, session_key: str) -> Response:
    """Send the list of a meeting, see what would come of it, and write it."""
    actor = current_actor()
    run = run_of(key, actor)
    session = session_of(run, session_key)
    begun = session.state != "cancelled" and session.starts_at <= now()
    posted: CombinedMultiDict[str, Any] | None = None
    if request.method == "POST":
        posted = CombinedMultiDict([request.files, request.form])
    writes = "kept" in request.form
    form: ListForm | WriteListForm = WriteListForm() if writes else ListForm(posted)
    found: list[Found] | None = None
    if form.validate_on_submit():
        if isinstance(form, WriteListForm):
            if (written := _write(form, session, actor)) is not None:
                tell(
                    ngettext(
                        "Written: %(n)d participant of the list.",
                        "Written: %(n)d participants of the list.",
                        written,
                    )
                )
                return redirect(url_for("learning.register", key=key, session=session.key), 303)
        else:
            found = _look(form, session)
    marks = _marks(session) if found else {}
    good = [one for one in found or () if one.outcome == "matched"]
    return page(
        "learning/meeting_list.html",
        422 if form.submitted and not found else 200,
        run=run,
        session=session,
        begun=begun,
        form=ListForm() if writes else form,
        errors=form.form_errors if writes else (),
        found=[(one, *_in_words(one, marks)) for one in found] if found else None,
        good=len(good),
        kept=_pack(good, session, actor) if good else "",
    )


def _look(form: ListForm, session: CourseSessionFacts) -> list[Found] | None:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.file.errors = [gettext(_("Choose the file that the meeting programme wrote."))]
        return None
    try:
        people = read_list(sent.stream.read(MOST_BYTES + 1), sent.filename)
    except SheetError as error:
        form.file.errors = [local(error.message)]
        return None
    in_class, marks = class_of(session.run_id), _marks(session)
    return list(match(people, in_class, marks, session.minutes, grace=form.minutes()))


def _marks(session: CourseSessionFacts) -> dict[int, Mark]:
    ids = [one.enrolment_id for one in class_of(session.run_id)]
    return {id_: own[session.id] for id_, own in marks_of(ids).items() if session.id in own}


def _in_words(one: Found, marks: dict[int, Mark]) -> tuple[str, str, str]:
    """What comes of a row: words, kind of badge, and what is or will be marked."""
    words, kind = OUTCOME_WORDS[one.outcome]
    if one.person is None:
        return gettext(words), kind, ""
    mark = marks.get(one.person.enrolment_id)
    if one.outcome == "matched":
        mark = Mark(course_session_id=0, mode=one.mode, minutes=one.minutes)
    return gettext(words), kind, mark_in_words(mark)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="meeting-list")


def _pack(good: list[Found], session: CourseSessionFacts, actor: Actor) -> str:
    lines = [(one.person.enrolment_id, one.mode, one.minutes) for one in good if one.person]
    return str(_serializer().dumps([session.id, actor.person_id, lines]))


def _write(form: WriteListForm, session: CourseSessionFacts, actor: Actor) -> int | None:
    """Write what was looked through; None when that is not possible, with the reason."""
    try:
        session_id, person_id, lines = _serializer().loads(
            form.kept.data or "", max_age=KEPT_SECONDS
        )
    except BadData:
        session_id, person_id, lines = None, None, []
    if (session_id, person_id) != (session.id, actor.person_id):
        form.form_errors.append(gettext(_("This took a long time. Send the file once more.")))
        return None
    presence = [
        Presence(enrolment_id=id_, mode=mode, minutes=minutes) for id_, mode, minutes in lines
    ]
    wrote = done(form, lambda: services.set_attendance(session.id, presence, actor, source="list"))
    return len(presence) if wrote else None
