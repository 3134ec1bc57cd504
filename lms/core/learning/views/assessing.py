"""What participants can do: everybody against every outcome, and one participant at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, Badge, LocalisedText, RunFacts
from lms.core.acting import done
from lms.core.enrolment.queries import Row, in_run
from lms.core.learning import presenting_standing, services
from lms.core.learning.conditions.assessment import assessors_needed, level_needed
from lms.core.learning.forms_standing import assess_form
from lms.core.learning.presenting_standing import LEVEL_WORDS
from lms.core.learning.queries.assessing import (
    Found,
    found_of,
    is_of_a_company,
    outcomes_of_run,
)
from lms.core.learning.views.base import MOST_AT_ONCE, PAGE_SIZE, blueprint, page_of, run_of
from lms.core.learning.views.completing import participant
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.web.paging import pager

ASSESSED = ("seated", "active")
SHOWN = ("seated", "active", "completed", "not_completed")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One learning outcome of one participant: what the reader found, and (once they have said
    something themselves) what others found."""

    place: int
    title: LocalisedText
    badge: Badge | None
    others: Sequence[Found]
    hidden: bool


@blueprint.get("/teach/<key>/assess")
@access()
def assess(key: str) -> Response:
    """Participants against outcomes; who works for a company is told why they assess nobody."""
    actor = current_actor()
    run = run_of(key, actor)
    if is_of_a_company(actor.person_id, run.id):
        return redirect(url_for("learning.complete", key=key), 303)
    outcomes = outcomes_of_run(run.id)
    rows, total, number = page_of(run, SHOWN)
    found = found_of([row.enrolment.id for row in rows]) if outcomes else {}
    needed = assessors_needed(_options(run))
    return page(
        "learning/assess.html",
        run=run,
        outcomes=outcomes,
        lines=[
            (
                row,
                [
                    presenting_standing.cell_badge(
                        found.get(row.enrolment.id, {}).get(place, ()), needed
                    )
                    for place in range(len(outcomes))
                ],
                row.enrolment.state in ASSESSED and row.enrolment.person_id != actor.person_id,
            )
            for row in rows
        ],
        total=total,
        needed=needed,
        asked="assessment" in (run.rule.conditions if run.rule else {}),
        level=LEVEL_WORDS[level_needed(_options(run))],
        pager=pager(number, max(1, -(-total // PAGE_SIZE))),
    )


@blueprint.route("/teach/<key>/assess/<enrolment_key>", methods=["GET", "POST"])
@access(rate="write")
def assess_one(key: str, enrolment_key: str) -> Response:
    """What one participant has shown, one outcome after the other."""
    actor = current_actor()
    run = _run_to_assess(key, actor)
    row = participant(run, enrolment_key, actor)
    if row.enrolment.person_id == actor.person_id:
        not_found()
    outcomes = outcomes_of_run(run.id)
    found = found_of([row.enrolment.id]).get(row.enrolment.id, {})
    own = {
        place: one
        for place, all_ in found.items()
        for one in all_
        if one.assessor_id == actor.person_id
    }
    form = assess_form(outcomes, own)
    may = row.enrolment.state in ASSESSED
    if form.validate_on_submit():
        findings = form.findings()
        if not findings:
            form.form_errors.append(gettext(_("Choose a level for at least one outcome.")))
        elif done(form, lambda: services.assess(row.enrolment.id, findings, actor)):
            tell(gettext(_("Saved for %(who)s."), who=row.person_name))
            return redirect(_next_url(run, row, actor), 303)
    needed = assessors_needed(_options(run))
    return page(
        "learning/assess_one.html",
        422 if form.submitted else 200,
        run=run,
        row=row,
        form=form,
        outcomes=[
            _outcome(place, title, found, own, needed) for place, title in enumerate(outcomes)
        ],
        may=may,
        has_own=bool(own) and may,
        needed=needed,
    )


@blueprint.post("/teach/<key>/assess/<enrolment_key>/back")
@access(rate="write")
def take_assessment_back(key: str, enrolment_key: str) -> Response:
    """What the reader found of somebody is removed."""
    actor = current_actor()
    run = _run_to_assess(key, actor)
    row = participant(run, enrolment_key, actor)
    form = Confirm()
    if form.validate_on_submit():
        if done(form, lambda: services.take_assessment_back(row.enrolment.id, actor)):
            tell(gettext(_("What you found is taken back.")), "info")
        else:
            tell(form.form_errors[0], "stop")
    return redirect(url_for("learning.assess_one", key=key, enrolment_key=enrolment_key), 303)


def _run_to_assess(key: str, actor: Actor) -> RunFacts:
    run = run_of(key, actor)
    if is_of_a_company(actor.person_id, run.id):
        not_found()
    return run


def _options(run: RunFacts) -> Mapping[str, object]:
    return run.rule.conditions.get("assessment", {}) if run.rule else {}


def _outcome(
    place: int,
    title: LocalisedText,
    found: Mapping[int, Sequence[Found]],
    own: Mapping[int, Found],
    needed: int,
) -> Outcome:
    all_ = found.get(place, ())
    others = [one for one in all_ if one is not own.get(place)]
    seen = place in own
    return Outcome(
        place=place,
        title=title,
        badge=presenting_standing.cell_badge(all_, needed) if seen else None,
        others=others if seen else (),
        hidden=bool(others) and not seen,
    )


def _next_url(run: RunFacts, row: Row, actor: Actor) -> str:
    """The next participant in the list, where one was asked for and there is one."""
    if request.form.get("next"):
        rows = in_run(run.id, ASSESSED, limit=MOST_AT_ONCE)
        keys = [r.enrolment.key for r in rows if r.enrolment.person_id != actor.person_id]
        after = keys[keys.index(row.enrolment.key) + 1 :] if row.enrolment.key in keys else []
        if after:
            return url_for("learning.assess_one", key=run.key, enrolment_key=after[0])
    return url_for("learning.assess", key=run.key)
