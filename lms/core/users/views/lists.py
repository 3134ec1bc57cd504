"""A list from an employer's own system: send it, see what it would do, then do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from lms.contracts import Actor, LocalisedText, OrganisationFacts
from lms.core.listing import PAGE_SIZE
from lms.core.organisations import queries as organisations
from lms.core.refused import Refused, show_in
from lms.core.users import people_lists, queries, services
from lms.core.users.forms import DoListForm, PeopleListForm
from lms.core.users.outcome_words import LIST_FAILED, OUTCOME_WORDS
from lms.core.users.outcomes import OUTCOMES, sentence
from lms.core.users.queries import ListFacts
from lms.core.users.views.base import blueprint
from lms.files.sheet_words import SheetError
from lms.files.sheets import MOST_BYTES, Sheet, read_pasted, read_sheet, write_csv
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work

KINDS = {"error": "stop", "leave": "wait", "come": "ok", "move": "info", "change": "info"}
SECONDS_BETWEEN_LOOKS = 3


@blueprint.before_request
def larger_files() -> None:
    """A list may be larger than what anybody else sends."""
    if request.endpoint == "users.people_list":
        request.max_content_length = MOST_BYTES + 1024 * 1024
        request.max_form_memory_size = MOST_BYTES


@blueprint.route("/organisations/<key>/people-list", methods=["GET", "POST"])
@access("people.manage", rate="write")
def people_list(key: str) -> Response:
    """Send a list; nothing is done before it has been looked through."""
    actor = current_actor()
    place = _organisation(actor, key)
    posted: CombinedMultiDict[str, Any] | None = None
    if request.method == "POST":
        posted = CombinedMultiDict([request.files, request.form])
    form = PeopleListForm(posted, mode="changes")
    if form.validate_on_submit():
        list_key = _keep(actor, place, form)
        if list_key:
            return redirect(url_for("users.people_list_outcome", key=key, list_key=list_key), 303)
    return page(
        "users/people_list.html",
        422 if form.submitted else 200,
        form=form,
        place=place,
        columns=list(people_lists.COLUMNS),
        sent=queries.lists_of(actor, place.id),
    )


def _keep(actor: Actor, place: OrganisationFacts, form: PeopleListForm) -> str | None:
    """Read the list and keep it with what it would do; None when that is not possible, with the
    reason in the form."""
    try:
        sheet = _sheet(form)
        if sheet is None:
            form.file.errors = [gettext("Choose a file, or paste the cells below.")]
            return None
        people = people_lists.from_sheet(sheet)
        with unit_of_work():
            planned = services.plan(people.rows, place.id, form.mode.data, actor=actor)
            return services.keep_list(people.rows, planned, people.ignored, actor=actor)
    except SheetError as error:
        field = form.file if request.files.get("file") else form.pasted
        field.errors = [local(error.message)]
    except Refused as error:
        show_in(form, error)
    return None


def _sheet(form: PeopleListForm) -> Sheet | None:
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return read_sheet(sent.stream.read(MOST_BYTES + 1), sent.filename)
    pasted = form.pasted.data or ""
    return read_pasted(pasted) if pasted.strip() else None


@blueprint.route("/organisations/<key>/people-list/<list_key>", methods=["GET", "POST"])
@access("people.manage", rate="write")
def people_list_outcome(key: str, list_key: str) -> Response:
    """What a list would do, how far it is, or what it did; a post carries it out."""
    actor = current_actor()
    place = _organisation(actor, key)
    found = _list(actor, place, list_key)
    form = DoListForm()
    if form.validate_on_submit():
        here = url_for("users.people_list_outcome", key=key, list_key=list_key)
        try:
            with unit_of_work():
                begun = services.do_list(
                    _list(actor, place, list_key).id,
                    actor=actor,
                    confirmed=bool(form.confirmed.data),
                    at_once=people_lists.AT_ONCE,
                )
        except Refused as error:
            show_in(form, error)
            if error.refusals[0].code == "list.changed":
                with unit_of_work():
                    services.show_anew(found.id, actor=actor)
                found = _list(actor, place, list_key)
        else:
            tell(
                gettext("The list is being carried out.")
                if begun
                else gettext("This list has been carried out already.")
            )
            return redirect(here, 303)
    response = _show(place, found, form)
    if found.state == "working":
        response.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


def _show(place: OrganisationFacts, found: ListFacts, form: DoListForm) -> Response:
    result = found.result
    items: Sequence[Mapping[str, Any]] = result.get("items", result.get("errors", []))
    pages = max(1, -(-len(items) // PAGE_SIZE))
    number = min(asked_page(), pages)
    return page(
        "users/people_list_outcome.html",
        422 if form.submitted else 200,
        form=form,
        place=place,
        found=found,
        result=result,
        refusal=_words(result.get("refusal")),
        note=_words(result.get("note")),
        items=[
            {**item, "sentence": sentence(item["reason"], item["values"])}
            for item in items[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        ],
        pager=pager(number, pages),
        outcomes=OUTCOMES,
        words=OUTCOME_WORDS,
        failed=LIST_FAILED,
        kinds=KINDS,
        errors=result.get("counts", {}).get("error", 0),
    )


@blueprint.route("/organisations/<key>/people-list/<list_key>/errors.csv")
@access("people.manage", rate="write", policy="file")
def people_list_errors(key: str, list_key: str) -> Response:
    """The rows of which nothing is done, for a spreadsheet."""
    actor = current_actor()
    place = _organisation(actor, key)
    result = _list(actor, place, list_key).result
    items = result.get("items", result.get("errors", []))
    data = write_csv(
        [gettext("Row"), gettext("Employee number"), gettext("Name"), gettext("What is wrong")],
        [
            (
                item["row"] or "",
                item["employee_number"],
                item["name"],
                local(sentence(item["reason"], item["values"])),
            )
            for item in items
            if item["outcome"] == "error"
        ],
    )
    response = Response(data, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="errors.csv"'
    return response


def _organisation(actor: Actor, key: str) -> OrganisationFacts:
    found = organisations.facts_by_key(key)
    if found is None or not actor.may(queries.MANAGE, found.id):
        not_found()
    return found


def _list(actor: Actor, place: OrganisationFacts, key: str) -> ListFacts:
    found = queries.list_by_key(actor, key)
    if found is None or found.organisation_id != place.id:
        not_found()
    return found


def _words(text: Mapping[str, str] | None) -> LocalisedText | None:
    return LocalisedText.from_dict(text) if text else None
