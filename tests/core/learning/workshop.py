"""A plugin with two activity types of the plainest kind, and words to build outlines with."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint
from wtforms import TextAreaField

from lms.api import ActivityForm, activity_page, activity_place, edit_activity
from lms.contracts import SYSTEM, ActivityFacts, ActivityType, LocalisedText
from lms.core.learning import services
from lms.core.learning.queries import activities_by_id, activity_with_key
from lms.core.learning.services import ActivityValues
from lms.hookspecs import hookimpl
from lms.testing.specimen import Specimen
from lms.web import access, current_actor, not_found
from lms.work import unit_of_work


def text(words: str) -> LocalisedText:
    """The same words in every language."""
    return LocalisedText(da=words, sv=words, en=words)


class TaskForm(ActivityForm):
    """A task: what to do."""

    words = TextAreaField("What to do")

    @classmethod
    def from_content(cls, content):
        return {"words": content.get("words", "")}

    def content(self):
        return {**self.activity.content, "words": self.words.data or ""}


blueprint = Blueprint("specimen", __name__, url_prefix="/specimen")


@blueprint.get("/task/<key>")
@access()
def task(key):
    """The participant's page."""
    place = activity_place(key, current_actor())
    if place is None:
        not_found()
    return activity_page("learning/activity.html", place)


@blueprint.route("/edit/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit(key):
    """The editor's page."""
    return edit_activity(key, TaskForm)


@blueprint.get("/mark/<key>")
@access()
def mark(key):
    """Where it is looked at."""
    return activity_page("learning/activity.html", activity_place(key, current_actor()))


class Workshop(Specimen):
    """The specimen with a task that is looked at and a page that is only read."""

    @hookimpl
    def lms_activity_types(self) -> Sequence[ActivityType]:
        return (
            ActivityType(
                key="task",
                title=text("Task"),
                icon="list-checks",
                page="specimen.task",
                editor="specimen.edit",
                marking="specimen.mark",
                minutes=45,
            ),
            ActivityType(
                key="reading",
                title=text("Reading"),
                icon="book-open",
                page="specimen.task",
                editor="specimen.edit",
                minutes=10,
            ),
        )

    @hookimpl
    def lms_blueprints(self) -> Sequence[Blueprint]:
        return (blueprint,)


class Builder:
    """Builds outlines and does the work in them, by the services."""

    def __init__(self, app) -> None:
        self.app = app

    def do(self, call, *arguments, **options):
        """A service in a unit of work of its own."""
        with self.app.app_context(), unit_of_work():
            return call(*arguments, **options)

    def add(
        self,
        owner,
        title="Task",
        *,
        kind="task",
        module="start",
        content=None,
        state="shown",
        minutes=30,
        **values,
    ) -> ActivityFacts:
        """An activity of a run or a version."""
        where = ("run" if hasattr(owner, "capacity") else "version", owner.id)
        made = self.do(
            services.add_activity,
            where,
            kind,
            ActivityValues(title=text(title), module=module, minutes=minutes, **values),
            SYSTEM,
            content=content,
            state=state,
        )
        return self.facts(made)

    def facts(self, activity_id) -> ActivityFacts:
        """An activity as it is now."""
        with self.app.app_context():
            return activities_by_id([activity_id])[activity_id]

    def by_key(self, key) -> ActivityFacts | None:
        """An activity as it is now; None when it is gone."""
        with self.app.app_context():
            return activity_with_key(key)

    def work(self, activity, enrolment, state="started"):
        """Somebody's work, brought to this state."""
        found = self.do(services.start_work, activity.id, enrolment.id, SYSTEM)
        if state == "returned":
            found = self.do(services.submit_work, found, SYSTEM)
            return self.do(services.return_work, found, SYSTEM)
        if state != "started":
            verb = {"submitted": services.submit_work, "accepted": services.accept_work}[state]
            return self.do(verb, found, SYSTEM)
        return found
