"""What the simple types share: a page with one button, and an editor with files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import redirect, request
from werkzeug.wrappers import Response

from lms.api import (
    ActivityFacts,
    ActivityPlace,
    Confirm,
    DocumentFacts,
    Editing,
    Form,
    activity_page,
    current_actor,
    document_keys,
    documents_about,
    documents_with_keys,
    done,
    editing,
    language,
    not_found,
    previews_of,
    tell,
    unit_of_work,
)
from lms_activities.forms.material import PicturesForm, TextsForm, UploadsForm
from lms_activities.material import MATERIAL, Files
from lms_activities.services.material import mark_done, put_in
from lms_activities.views.base import place_of
from lms_activities.words import _

T = TypeVar("T", bound=TextsForm)


# --- for participants ---------------------------------------------------------------------------


def seen_page(
    key: str, activity_type: str, values: Callable[[ActivityPlace], Mapping[str, Any]]
) -> Response:
    """The page of a type that is done when the participant says so; its template is called like
    the type, and gets what `values` finds."""
    actor = current_actor()
    place = place_of(key, activity_type, actor)
    form = Confirm()
    if form.submitted:
        if place.enrolment is None:
            not_found()
        if form.validate_on_submit() and done(form, lambda: mark_done(place, actor)):
            return finished()
        place = place_of(key, activity_type, actor)
    return drawn(activity_type, place, form, **values(place))


def drawn(activity_type: str, place: ActivityPlace, form: Form, **values: Any) -> Response:
    """The participants' page of a type."""
    template = f"activities/{activity_type}.html"
    page: Response = activity_page(
        template, place, 422 if form.submitted else 200, form=form, **values
    )
    return page


def finished() -> Response:
    """Back to the page, which says that it is done and what comes next."""
    tell(_("It is noted that you have done it."))
    return redirect(request.path, 303)


def shown_file(content: Mapping[str, Any]) -> dict[str, Any]:
    """The document for the reader's language with its first pages; None without one."""
    key = Files.of(content).for_reader(language())
    found = documents_with_keys([key] if key else [])
    document = next((one for one in found if one.subject_kind == MATERIAL), None)
    preview = previews_of([document.id]).get(document.id) if document is not None else None
    return {"document": document, "preview": preview}


# --- for who builds the course ------------------------------------------------------------------


def material_editor(key: str, activity_type: str, form_class: type[T]) -> Editing[T]:
    """The editor of an activity of this type; 404 for one of another type."""
    edit = editing(key, form_class)
    if edit.activity.activity_type != activity_type:
        not_found()
    edit.form.know(documents_of(edit.activity))
    return edit


def documents_of(activity: ActivityFacts) -> Mapping[str, DocumentFacts]:
    """The documents an activity may show, by key: those sent here, and those its content had from
    where it was copied."""
    stored = [text for part in activity.content.values() for text in _strings(part)]
    keys = {key for text in stored for key in (*document_keys(text), text)}
    there = [one for one in documents_with_keys(sorted(keys)) if one.subject_kind == MATERIAL]
    return {one.key: one for one in (*there, *documents_about(MATERIAL, [activity.id]))}


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if len(value) >= 16 else []
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _strings(part)]
    return []


def text_editor(edit: Editing[T], template: str = "activities/edit_material.html") -> Response:
    """The editor of a type with formatted texts: look at it, put a picture in, save."""
    form = edit.form
    act = request.form.get("act", "save") if form.submitted else ""
    if act == "preview":
        form.validate_on_submit()
        return _page(edit, template, looked_at=True, status=200)
    if act:
        fine = form.validate_on_submit()
        _keep_files(edit)
        if isinstance(form, PicturesForm) and (act == "picture" or form.picture.data):
            put = form.picture_fine() and _put_picture_in(edit, form)
            return _page(edit, template, status=200 if put else None)
        if fine and edit.save(form.content()):
            left: Response = edit.left()
            return left
    return _page(edit, template)


def _page(
    edit: Editing[T], template: str, *, looked_at: bool = False, status: int | None = None
) -> Response:
    # What was sent just now is there as well.
    documents = documents_of(edit.activity) if edit.form.submitted else edit.form.documents
    page: Response = edit.page(template, documents=documents, looked_at=looked_at)
    page.status_code = status or page.status_code
    return page


def _put_picture_in(edit: Editing[T], form: PicturesForm) -> bool:
    """Keep the picture and write it at the end of the text; the text itself is not saved yet."""
    into, shows = str(form.into.data), str(form.shows.data)
    with unit_of_work():
        document = put_in(
            edit.activity, form.picture.data[0], edit.actor, language=into, alt_text=shows
        )
    field = form[f"text_{into}"]
    words = shows.replace("[", "(").replace("]", ")")
    field.data = f"{field.data or ''}\n\n![{words}](file:{document.key})".strip()
    form.shows.data = ""
    tell(_("The picture stands at the end of the text. Put it where it belongs, and save."), "info")
    return True


def _keep_files(edit: Editing[T]) -> None:
    """What was sent and taken is kept, whatever else is wrong with the form: nobody has to choose
    it twice."""
    form = edit.form
    if not isinstance(form, UploadsForm) or form.stale:
        return
    sent = [code for code in form.languages if form[f"file_{code}"].data]
    if not sent:
        return
    with unit_of_work():
        for code in sent:
            document = put_in(
                edit.activity, form[f"file_{code}"].data[0], edit.actor, language=code
            )
            form[f"kept_{code}"].data = document.key
