"""Enrolling many at once: send a list, see what would come of each row, then do it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.catalogue.queries import may_in_run, run_by_key
from lms.core.enrolment.forecasting import ASK, COLLECTED, ERROR, QUEUE, SEAT
from lms.core.enrolment.forms_import import EnrolManyForm
from lms.core.enrolment.lists import AT_ONCE, JOB, do_list, try_list
from lms.core.enrolment.queries.imports import (
    ImportFacts,
    import_by_key,
    import_counts,
    import_rows,
    imports_of,
    rows_with_errors,
)
from lms.core.enrolment.services import importing
from lms.core.enrolment.views.base import MANAGE, blueprint
from lms.core.refused import Refused, show_in
from lms.files.sheet_words import SheetError
from lms.files.sheets import MOST_BYTES, Sheet, read_pasted, read_sheet, write_csv
from lms.jobs import enqueue
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work

SECONDS_BETWEEN_LOOKS = 3

OUTCOME_WORDS: Mapping[str, tuple[str, str]] = {
    SEAT: (_("Gets a seat"), "ok"),
    QUEUE: (_("Goes on the waiting list"), "wait"),
    ASK: (_("Is asked about: a yes is needed"), "info"),
    COLLECTED: (_("Is collected until the run is closed for requests"), "info"),
    ERROR: (_("Is left out"), "stop"),
}


@blueprint.before_request
def larger_files() -> None:
    """A list may be larger than what anybody else sends."""
    if request.endpoint == "enrolment.enrol_many":
        request.max_content_length = MOST_BYTES + 1024 * 1024
        request.max_form_memory_size = MOST_BYTES


@blueprint.route("/catalogue/<key>/list", methods=["GET", "POST"])
@access(rate="write")
def enrol_many(key: str) -> Response:
    """Send a list; nobody is enrolled before it has been looked through."""
    actor = current_actor()
    run = _run(key, actor)
    posted: CombinedMultiDict[str, Any] | None = None
    if request.method == "POST":
        posted = CombinedMultiDict([request.files, request.form])
    form = EnrolManyForm(posted)
    if form.validate_on_submit() and (list_key := _keep(run, actor, form)) is not None:
        return redirect(url_for("enrolment.list_outcome", key=key, list_key=list_key), 303)
    return page(
        "enrolment/list.html",
        422 if form.submitted else 200,
        form=form,
        run=run,
        sent=imports_of(run.id),
    )


def _keep(run: RunFacts, actor: Actor, form: EnrolManyForm) -> str | None:
    """Read the list and try it; None when that is not possible, with the reason in the form."""
    try:
        sheet, name = _sheet(form)
        if sheet is None:
            form.file.errors = [gettext(_("Choose a file, or paste the cells below."))]
            return None
        with unit_of_work():
            import_id, list_key = importing.keep_list(run.id, sheet, name, actor)
            if len(sheet.rows) > AT_ONCE:
                enqueue(JOB, {"list": import_id, "step": "try"}, unique_key=f"try:{import_id}")
    except SheetError as error:
        field = form.file if request.files.get("file") else form.pasted
        field.errors = [local(error.message)]
        return None
    except Refused as refused:
        show_in(form, refused)
        return None
    found = import_by_key(list_key, run.id)
    if found is not None and found.total <= AT_ONCE:
        try_list(found)
    return list_key


def _sheet(form: EnrolManyForm) -> tuple[Sheet | None, str]:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return read_sheet(sent.stream.read(MOST_BYTES + 1), sent.filename), sent.filename
    pasted = form.pasted.data or ""
    return (read_pasted(pasted) if pasted.strip() else None), ""


@blueprint.route("/catalogue/<key>/list/<list_key>", methods=["GET", "POST"])
@access(rate="write")
def list_outcome(key: str, list_key: str) -> Response:
    """What would come of a list, how far it is, or what came of it; a post does it."""
    actor = current_actor()
    run = _run(key, actor)
    found = _list(run, list_key)
    form = Confirm()
    if form.validate_on_submit():
        with unit_of_work():
            begun = importing.begin_list(found, actor)
            if begun and found.total > AT_ONCE:
                enqueue(JOB, {"list": found.id, "step": "do"}, unique_key=f"do:{found.id}")
        if begun and found.total <= AT_ONCE:
            do_list(_list(run, list_key), actor)
        if not begun:
            tell(gettext(_("This list has been carried out already.")), "info")
        return redirect(url_for("enrolment.list_outcome", key=key, list_key=list_key), 303)
    counts = import_counts(found.id)
    rows = import_rows(found.id, asked_page())
    response = page(
        "enrolment/list_outcome.html",
        422 if form.submitted else 200,
        form=form,
        run=run,
        found=found,
        rows=rows.items,
        pager=pager(rows.number, rows.pages),
        outcomes=[
            (gettext(words), kind, sum(n for (_state, o), n in counts.items() if o == outcome))
            for outcome, (words, kind) in OUTCOME_WORDS.items()
        ],
        words={outcome: (gettext(words), kind) for outcome, (words, kind) in OUTCOME_WORDS.items()},
        good=sum(n for (state, o), n in counts.items() if state == "tried" and o != ERROR),
        done=sum(n for (state, _o), n in counts.items() if state == "done"),
        wrong=sum(n for (state, o), n in counts.items() if o == ERROR or state == "left_out"),
    )
    if found.state in ("trying", "working"):
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@blueprint.route("/catalogue/<key>/list/<list_key>/errors.csv")
@access(rate="write", policy="file")
def list_errors(key: str, list_key: str) -> Response:
    """The rows of which nothing comes, for a spreadsheet."""
    found = _list(_run(key, current_actor()), list_key)
    data = write_csv(
        [gettext(_("Row")), gettext(_("E-mail")), gettext(_("Goal")), gettext(_("What is wrong"))],
        [
            (
                row.number,
                row.values.get("email", ""),
                row.values.get("goal", ""),
                local(row.message) if row.message else "",
            )
            for row in rows_with_errors(found.id)
        ],
    )
    response = Response(data, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="errors.csv"'
    return response


def _run(key: str, actor: Actor) -> RunFacts:
    run = run_by_key(key, actor)
    if run is None or not may_in_run(actor, run, MANAGE):
        not_found()
    return run


def _list(run: RunFacts, key: str) -> ImportFacts:
    found = import_by_key(key, run.id)
    if found is None:
        not_found()
    return found
