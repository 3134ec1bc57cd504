"""What companies make of a track of the demo: claims of value, test plans, and what is shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lms.api import RunFacts, runs_by_id
from lms_courses.demo.papers import page
from lms_courses.demo.replay import RunStory
from lms_courses.queries.calls import ApplicationFacts, confirmed_in
from lms_courses.queries.plans import PlanFacts, plan_of
from lms_courses.services import plans
from lms_courses.services.sharing import share

Told = Mapping[str, Any]


def _company(story: RunStory, slug: str) -> ApplicationFacts:
    """The application of a company that has its place."""
    wanted = story.stage.organisations[slug]
    there = confirmed_in([story.run_id])[story.run_id]
    return next(one for one in there if one.organisation_id == wanted)


def _plan(application: ApplicationFacts) -> PlanFacts:
    found = plan_of(application.id)
    if found is None:
        raise LookupError(f"{application.name} has no plan")
    return found


def _run(story: RunStory) -> RunFacts:
    return runs_by_id([story.run_id])[story.run_id]


def _claims(story: RunStory, told: Told) -> None:
    """A company says what its solution is worth to three."""
    application = _company(story, told["company"])
    plans.save_claims(application, told["texts"], story.stage.actor(told["who"]))


def _write_plan(story: RunStory, told: Told) -> None:
    """A company writes its test plan, or writes on."""
    application = _company(story, told["company"])
    before = plan_of(application.id)
    plans.save_plan(
        application,
        told["answers"],
        story.calendar.at(told["begins"], "12:00").date() if "begins" in told else None,
        story.stage.actor(told["who"]),
        revision=before.revision if before is not None else 0,
    )


def _sign_plan(story: RunStory, told: Told) -> None:
    application = _company(story, told["company"])
    actor = story.stage.actor(told["who"])
    plans.sign_plan(application, actor, revision=_plan(application).revision)


def _comment_plan(story: RunStory, told: Told) -> None:
    """A host says what it thinks of a plan."""
    plans.comment_plan(
        _plan(_company(story, told["company"])),
        _run(story),
        told["text"],
        story.stage.organisations[told["host"]],
        story.stage.actor(told["who"]),
    )


def _share(story: RunStory, told: Told) -> None:
    """A host shares a paper with every company of the run."""
    paper = page(told["file"], told["lines"])
    actor = story.stage.actor(told["who"])
    share(_run(story), paper, told["title"], actor, language=told["language"])


VERBS: Mapping[str, Callable[[RunStory, Told], None]] = {
    "claims": _claims,
    "write_plan": _write_plan,
    "sign_plan": _sign_plan,
    "comment_plan": _comment_plan,
    "share": _share,
}
