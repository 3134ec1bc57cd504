"""The page on which an activity is changed, whatever its type: what each type's view asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import redirect, url_for
from werkzeug.wrappers import Response
from wtforms import Field

from lms.contracts import ActivityFacts, Actor, RunFacts
from lms.core.catalogue.queries import VersionFacts, runs_by_id
from lms.core.learning.forms_outline import ActivityChoices, ActivityForm
from lms.core.learning.outlines import modules_of
from lms.core.learning.places import place_to_edit
from lms.core.learning.presenting_outline import type_of
from lms.core.learning.queries.outline import outline_of, version_key
from lms.core.learning.services.outline import EditedMeanwhile, save_activity
from lms.core.refused import Refused, show_in
from lms.web import current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.work import unit_of_work

F = TypeVar("F", bound=ActivityForm)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One field of two versions of an activity, as words."""

    label: str
    theirs: str
    yours: str


class Editing(Generic[F]):
    """An activity, the form its editor fills in, and where it belongs.

    `meanwhile` lists what differs when somebody else saved first; everything typed stays in the
    form, and sending it once more saves it over theirs.
    """

    def __init__(
        self,
        activity: ActivityFacts,
        form: F,
        actor: Actor,
        choices: ActivityChoices,
        version: VersionFacts,
        run: RunFacts | None,
    ) -> None:
        self.activity, self.form, self.actor = activity, form, actor
        self.choices, self.version, self.run = choices, version, run
        self.meanwhile: list[Difference] | None = None

    def saved(self, content: Mapping[str, Any] | None = None) -> bool:
        """Was the form sent, is it valid, and is it kept now? `content` is what the own fields say
        when `form.content()` does not. False leaves the reasons in the form."""
        return self.form.validate_on_submit() and self.save(
            self.form.content() if content is None else content
        )

    def save(self, content: Mapping[str, Any]) -> bool:
        """Keep a valid form with this content, in a unit of work of its own."""
        try:
            with unit_of_work():
                save_activity(
                    self.activity,
                    self.form.values(),
                    content,
                    self.actor,
                    revision=self.form.seen_revision,
                )
        except EditedMeanwhile as error:
            self._compare(error.current)
            return False
        except Refused as error:
            show_in(self.form, error)
            return False
        return True

    def left(self) -> Response:
        """To the outline, when it is saved."""
        tell(gettext(_("Saved.")))
        return redirect(outline_url(self.activity), 303)

    def page(self, template: str = "learning/activity_edit.html", **values: Any) -> Response:
        """The page of the editor; a template of a type extends `learning/activity_edit.html`."""
        return page(
            template,
            409 if self.meanwhile is not None else (422 if self.form.submitted else 200),
            edit=self,
            activity=self.activity,
            form=self.form,
            run=self.run,
            version=self.version,
            activity_type=type_of(self.activity),
            outline_url=outline_url(self.activity, self.run),
            **values,
        )

    def _compare(self, current: ActivityFacts) -> None:
        """Find what differs from how it stands now, and let the next sending be meant."""
        form = self.form
        yours = {f.short_name: (f.label.text, shown(f)) for f in [*form.common(), *form.own()]}
        other = type(form).as_stored(current, self.choices)
        for field in form.own():
            # Choices that the view filled in are those of the other form as well.
            choices = getattr(field, "choices", None)
            if choices is not None and field.short_name in other:
                vars(other[field.short_name])["choices"] = choices
        theirs = {f.short_name: shown(f) for f in [*other.common(), *other.own()]}
        self.meanwhile = [
            Difference(label=label, theirs=theirs.get(name, ""), yours=text)
            for name, (label, text) in yours.items()
            if name != "revision" and theirs.get(name, "") != text
        ]
        form.revision.data = str(current.revision)


def editing(key: str, form_class: type[F]) -> Editing[F]:
    """The editor of the activity with this key, for the reader of this request; 404 when it is
    not theirs to change."""
    actor = current_actor()
    place = place_to_edit(key, actor)
    if place is None:
        not_found()
    choices = choices_of(place.activity, place.version, place.run)
    form = form_class.fill(place.activity, choices)
    return Editing(place.activity, form, actor, choices, place.version, place.run)


def edit_activity(
    key: str,
    form_class: type[ActivityForm],
    template: str = "learning/activity_edit.html",
    **values: Any,
) -> Response:
    """A whole view for a type whose fields say everything: show, check, save, back."""
    edit = editing(key, form_class)
    return edit.left() if edit.saved() else edit.page(template, **values)


def choices_of(
    activity: ActivityFacts, version: VersionFacts, run: RunFacts | None
) -> ActivityChoices:
    """What an activity may be tied to. One query."""
    outline = outline_of(("run", run.id) if run else ("version", version.id))
    return ActivityChoices(
        modules=modules_of(version),
        outcomes=version.outcomes,
        languages=version.languages,
        others=[a for a in outline if a.state == "shown" or a.id == activity.after_id],
        zone=run.zone if run else "",
    )


def outline_url(activity: ActivityFacts, run: RunFacts | None = None) -> str:
    """The outline in which an activity is edited, at its place; `run` is its run where one has
    it already."""
    anchor = f"a-{activity.key}"
    if activity.run_id is not None:
        run = run or runs_by_id([activity.run_id], hosts=False)[activity.run_id]
        return url_for("learning.run_outline", key=run.key, _anchor=anchor)
    return url_for(
        "learning.version_outline", key=version_key(activity.course_version_id), _anchor=anchor
    )


def shown(field: Field) -> str:
    """What a field holds, in words."""
    if hasattr(field, "iter_choices"):
        chosen = [
            str(label) for _value, label, selected, *_more in field.iter_choices() if selected
        ]
        return ", ".join(chosen)
    if isinstance(field.data, bool):
        return gettext(_("Yes")) if field.data else gettext(_("No"))
    if hasattr(field, "entries") or hasattr(field, "form"):
        inner: Iterable[Any] = getattr(field, "entries", None) or getattr(field, "form", None) or ()
        return "\n".join(text for one in inner if (text := shown(one)))
    value = field._value() if hasattr(field, "_value") else field.data
    return "" if value is None else str(value)
