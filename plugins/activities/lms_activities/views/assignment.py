"""An assignment as who works on it meets it: write, keep, hand in, read what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import jsonify, redirect, request
from werkzeug.wrappers import Response

from lms.api import (
    ActivityPlace,
    Actor,
    DocumentFacts,
    EditedMeanwhile,
    Refused,
    access,
    activity_page,
    current_actor,
    documents_about,
    editing,
    kept_uploads,
    language,
    local,
    not_found,
    now,
    record_kinds,
    tell,
    unit_of_work,
    withdraw_document,
    work_of,
)
from lms_activities.assignment import ASSIGNMENT, Draft, Task
from lms_activities.assignment_desk import desk_of
from lms_activities.assignment_difference import Piece, difference
from lms_activities.forms.assignment import AssignmentForm, InBetweenWorkForm, WorkForm
from lms_activities.queries.assignment import asked_to_agree
from lms_activities.services import assignment as services
from lms_activities.views.base import blueprint, place_of
from lms_activities.words import _


@dataclass(frozen=True, kw_only=True, slots=True)
class Theirs:
    """What was saved meanwhile, beside what was typed."""

    text: str
    pieces: Sequence[Piece]


@blueprint.route("/assignment/<key>", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def assignment(key: str) -> Response:
    """An assignment for who works on it."""
    place = place_of(key, ASSIGNMENT, current_actor())
    return participate(place, "activities/assignment.html")


@blueprint.route("/edit/assignment/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_assignment(key: str) -> Response:
    """What an assignment asks for."""
    edit = editing(key, AssignmentForm)
    if edit.activity.activity_type != ASSIGNMENT:
        not_found()
    return edit_page(edit)


def edit_page(edit: Any) -> Response:
    """The editor of an assignment: show, add rows, check, save, back."""
    if edit.form.submitted and "more" in request.form:
        edit.form.more_rows()
    elif edit.saved():
        left: Response = edit.left()
        return left
    elif not edit.form.submitted:
        edit.form.add_empty_rows()
    page: Response = edit.page("activities/edit_assignment.html")
    return page


def participate(place: ActivityPlace, template: str, **more: Any) -> Response:
    """The page of an assignment of either type, and what its buttons do."""
    actor = current_actor()
    key, kind = place.activity.key, place.activity.activity_type
    task = Task.of(place.activity)
    form = draft_form(place, task)
    theirs: Theirs | None = None
    status = 200
    if form.submitted:
        if place.enrolment is None:
            not_found()
        fine = form.validate_on_submit()
        answer, theirs = _acted(place, task, form, actor) if fine else (None, None)
        if answer is not None:
            return answer
        status = 409 if theirs else 422
        if wants_data():
            return _data(form, status, saved=False)
        place = place_of(key, kind, actor)
    desk = desk_of(place, task)
    return activity_page(
        template, place, status, desk=desk, task=task, form=form, theirs=theirs, now=now(), **more
    )


def draft_form(place: ActivityPlace, task: Task) -> WorkForm:
    """The form with the draft as it is, or as it was sent."""
    draft = Draft.of(place.work)
    revision = str(place.work.revision if place.work is not None else 0)
    if not task.at_work:
        return _ask(WorkForm(text=draft.text, revision=revision), task)
    form = InBetweenWorkForm(
        text=draft.text,
        revision=revision,
        kind=draft.kind,
        title=draft.title,
        no_names=draft.no_names,
    )
    form.offer([k for k in record_kinds() if not task.kinds or k.key in task.kinds], draft.kind)
    return _ask(form, task)


def _ask(form: WorkForm, task: Task) -> WorkForm:
    """What is asked for is not called optional, though a draft is kept without it."""
    form.text.flags.required = task.asks_text
    form.files.flags.required = task.asks_files
    return form


def wants_data() -> bool:
    """Is the page itself asking, to keep a draft while somebody writes?"""
    return request.accept_mimetypes.best == "application/json"


def _acted(
    place: ActivityPlace, task: Task, form: WorkForm, actor: Actor
) -> tuple[Response | None, Theirs | None]:
    """Do what the button says. Without an answer the form has the reasons, or there is a text
    that was saved meanwhile."""
    act = request.form.get("act", "save")
    try:
        if place.closed:
            raise services.closed()
        if act in ("agree", "not_yet"):
            said = _answer_pair(place, task, act, actor)
        elif act.startswith("remove-"):
            said = _remove(place, task, form, act.removeprefix("remove-"), actor)
        else:
            said, current = _save(place, task, form, act == "hand_in", actor)
            if current is not None:
                return None, _compare(form, current)
    except Refused as refused:
        form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        return None, None
    if not said:
        return None, None
    if wants_data():
        return _data(form, 200, saved=True, place=place), None
    tell(said)
    return redirect(request.path, 303), None


def _save(
    place: ActivityPlace, task: Task, form: WorkForm, send: bool, actor: Actor
) -> tuple[str, Draft | None]:
    """Keep the draft and its files, and hand it in when that is asked for and nothing is missing.
    Returns what to tell, and the text of who saved first, if somebody did."""
    draft = form.draft(language())
    due = place.activity.due_at
    with unit_of_work():
        side = services.side_of(place, task, actor)
        if form.files.data:
            _keep_files(place, task, form, side, actor)
        try:
            services.save_draft(side, draft, actor, revision=form.seen_revision)
        except EditedMeanwhile as meanwhile:
            form.revision.data = str(meanwhile.current.revision)
            if Draft.of(meanwhile.current) != draft:
                return "", Draft.of(meanwhile.current)
        if form.form_errors or (send and not form.is_complete(task, len(_draft_files(side)))):
            work = work_of(place.activity.id, side.enrolment.id)
            form.revision.data = str(work.revision if work is not None else 0)
            return "", None
        if not send:
            return _("Kept. Only you can see it.") if task.who == "alone" else _("Kept."), None
        sent = services.hand_in(side, task, draft, actor, due_over=due is not None and due < now())
    if sent.agreed_at is None:
        return _("Handed in for both of you, as soon as the other has said yes."), None
    return _("Handed in. You hear when somebody has looked at it."), None


def _keep_files(
    place: ActivityPlace, task: Task, form: WorkForm, side: services.Side, actor: Actor
) -> None:
    if side.work.state not in services.OPEN:
        return
    there = len(_draft_files(side))
    room = max(task.most_files - there, 0) if task.asks_files else 0
    if len(form.files.data) > room:
        form.form_errors.append(
            _("At most %(n)d files can be handed in. Take one away first.", n=task.most_files)
        )
    kept_uploads(
        form.files.data[:room],
        subject=("work", side.work.id),
        actor=actor,
        language=language(),
    )


def _draft_files(side: services.Side) -> Sequence[DocumentFacts]:
    return documents_about("work", [work.id for work in side.works])


def _remove(place: ActivityPlace, task: Task, form: WorkForm, key: str, actor: Actor) -> str:
    with unit_of_work():
        side = services.side_of(place, task, actor)
        found = next((one for one in _draft_files(side) if one.key == key), None)
        if found is None:
            return _("The file is gone already.")
        withdraw_document(found.id)
        draft = form.draft(language())
        if draft.text != Draft.of(side.work).text:
            services.save_draft(side, draft, actor, revision=form.seen_revision)
    return _("The file is taken away.")


def _answer_pair(place: ActivityPlace, task: Task, act: str, actor: Actor) -> str:
    with unit_of_work():
        side = services.side_of(place, task, actor)
        asked = asked_to_agree([work.id for work in side.works])
        if asked is None:
            return _("There is nothing to say yes to any more.")
        if act == "agree":
            services.agree(side, asked, actor)
            return _("Handed in for both of you.")
        services.take_back(side, asked, actor)
    return _("It is open to both of you again.")


def _compare(form: WorkForm, current: Draft) -> Theirs:
    return Theirs(text=current.text, pieces=difference(current.text, form.text.data or ""))


def _data(
    form: WorkForm, status: int, *, saved: bool, place: ActivityPlace | None = None
) -> Response:
    """The answer to a page that keeps a draft by itself: the next revision and a fresh token."""
    revision = form.revision.data
    if place is not None and place.enrolment is not None:
        work = work_of(place.activity.id, place.enrolment.id)
        revision = str(work.revision if work is not None else 0)
    answer = jsonify(
        saved=saved,
        revision=revision,
        csrf_token=form.csrf_token._value(),
        errors=[sentence for _field, sentence in form.error_list()],
    )
    answer.status_code = status
    return answer
