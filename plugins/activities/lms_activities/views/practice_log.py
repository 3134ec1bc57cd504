"""A practice log: written on a phone in twenty seconds, with or without network, and read back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    ActivityPlace,
    Actor,
    Confirm,
    Refused,
    access,
    activity_page,
    activity_to_mark,
    current_actor,
    done,
    editing,
    enrolments_in_run,
    local,
    new_key,
    not_found,
    now,
    page,
    start_work,
    tell,
    unit_of_work,
    works_on,
)
from lms_activities.forms.practice_log import EntryForm, PracticeLogForm
from lms_activities.practice_log import CHOICE_WORDS, PracticeLog
from lms_activities.queries.practice_log import choices_of, entries_of
from lms_activities.services import practice_log as services
from lms_activities.views.base import blueprint, place_of
from lms_activities.words import _

LOG = "practice_log"
IN_CLASS = ("seated", "active", "completed", "not_completed")
MOST = 1000


@blueprint.route("/practice-log/<key>", methods=["GET", "POST"])
@access(rate="write")
def practice_log(key: str) -> Response:
    """The log of the reader; the team sees what it asks."""
    actor = current_actor()
    place = place_of(key, LOG, actor)
    log = PracticeLog.of(place.activity.content)
    moment = now()
    form = EntryForm(happened_on=moment.astimezone(ZoneInfo(place.run.zone)).date())
    form.offer()
    if form.submitted and place.enrolment is None:
        not_found()
    if form.validate_on_submit():
        if not form.sent_key:
            not_found()
        if place.closed:
            form.form_errors.append(_("The log is closed just now. Copy what you have written."))
        elif done(form, lambda: _write(place, form, actor, log)):
            tell(_("Noted."))
            return redirect(url_for("activities.practice_log", key=key), 303)
        place = place_of(key, LOG, actor)
    if not form.submitted:
        form.client_key.data = new_key()
    entries = entries_of([place.work.id]) if place.work else ()
    return activity_page(
        "activities/practice_log.html",
        place,
        422 if form.submitted else 200,
        log=log,
        form=form,
        entries=entries,
        words=CHOICE_WORDS,
        button=Confirm(),
    )


def _write(place: ActivityPlace, form: EntryForm, actor: Actor, log: PracticeLog) -> None:
    if place.enrolment is None:
        raise LookupError("nobody to write for")
    services.write_entry(
        start_work(place.activity.id, place.enrolment.id, actor),
        actor,
        client_key=form.sent_key,
        choice=form.choice.data,
        text=form.text.data or "",
        happened_at=form.happened_at(place.run.zone, now()),
        needed=log.needed,
    )


@blueprint.get("/practice-log/<key>/notes")
@access()
def practice_notes(key: str) -> Response:
    """For the team: how many notes of each kind there are. The words are the writers' alone."""
    found = activity_to_mark(key, current_actor())
    if found is None or found[0].activity_type != LOG:
        not_found()
    activity, run = found
    return page(
        "activities/practice_notes.html",
        activity=activity,
        run=run,
        people=_people(activity.id, run.id),
        words=CHOICE_WORDS,
    )


def _people(activity_id: int, run_id: int) -> list[tuple[str, dict[str, int]]]:
    """Each participant's name and how many notes of each choice."""
    works = {work.enrolment_id: work.id for work in works_on(activity_id)}
    numbers = choices_of(list(works.values()))
    found = []
    for row in enrolments_in_run(run_id, IN_CLASS, limit=MOST):
        own = numbers[works.get(row.enrolment.id, 0)]
        found.append((row.person_name, {choice: own[choice] for choice in CHOICE_WORDS}))
    return found


@blueprint.post("/practice-log/<key>/entries/<entry>/remove")
@access(rate="write")
def remove_entry(key: str, entry: str) -> Response:
    """Take a note out of one's own log."""
    actor = current_actor()
    place = place_of(key, LOG, actor)
    if place.work is None or all(one.key != entry for one in entries_of([place.work.id])):
        not_found()
    work = place.work
    if Confirm().validate_on_submit():
        try:
            with unit_of_work():
                services.remove_entry(work, entry, actor)
            tell(_("It is gone."))
        except Refused as refused:
            tell(local(refused.refusals[0].message), "wait")
    return redirect(url_for("activities.practice_log", key=key), 303)


@blueprint.route("/edit/practice-log/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_practice_log(key: str) -> Response:
    """What the log asks for."""
    edit = editing(key, PracticeLogForm)
    if edit.activity.activity_type != LOG:
        not_found()
    edit.form.offer(edit.version.languages)
    answer: Response = edit.left() if edit.saved() else edit.page()
    return answer
