"""The teacher's word, how each one stands, who is let off what, and the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, Badge, RunFacts
from lms.core.acting import done
from lms.core.enrolment.presenting import row_badge
from lms.core.enrolment.queries import Row, in_run, row_by_key
from lms.core.learning import presenting, presenting_standing, services
from lms.core.learning.conditions import standings
from lms.core.learning.forms import declare_form
from lms.core.learning.forms_standing import waive_form
from lms.core.learning.presenting_standing import HOWS, SLIPPING, Stands, how_they_stand
from lms.core.learning.queries import Progress, progress_of
from lms.core.learning.queries.assessing import is_of_a_company, waivers_of
from lms.core.learning.queries.standing import run_sides
from lms.core.learning.queries.stood import counts_of_standings
from lms.core.learning.views.base import (
    IN_CLASS,
    MOST_AT_ONCE,
    PAGE_SIZE,
    blueprint,
    page_of,
    run_of,
)
from lms.web import Confirm, access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One participant on the page: `badge` is the verdict, `outlook` the forecast if it warns."""

    row: Row
    state: Badge
    stands: Stands | None
    badge: Badge | None
    outlook: Badge | None


@blueprint.route("/teach/<key>/complete", methods=["GET", "POST"])
@access(rate="write")
def complete(key: str) -> Response:
    """The teacher's word on each one's work, and how each one stands."""
    actor = current_actor()
    run = run_of(key, actor)
    how = request.args.get("how", "")
    how = how if how in HOWS else ""
    rows, total, number, works, stands = _chosen(run, how)
    active = [row for row in rows if row.enrolment.state == "active"]
    form = declare_form(active, works)
    silent = is_of_a_company(actor.person_id, run.id)
    if active and form.validate_on_submit():
        changed = [
            word
            for word in form.words()
            if (said := works[word[0]].word) is None or (said.accepted, said.note) != word[1:]
        ]
        if done(form, lambda: services.declare_all(changed, actor)):
            tell(gettext(_("Saved.")))
            return redirect(
                url_for("learning.complete", key=key, how=how or None, page=number), 303
            )
    return page(
        "learning/complete.html",
        422 if form.submitted else 200,
        run=run,
        lines=[_line(row, stands.get(row.enrolment.id)) for row in rows],
        active=len(active),
        total=total,
        form=form,
        how=how,
        silent=silent,
        filters=_filters(run, how),
        reason_icons=presenting.REASON_ICONS,
        pager=pager(number, max(1, -(-total // PAGE_SIZE))),
    )


def _chosen(
    run: RunFacts, how: str
) -> tuple[Sequence[Row], int, int, Mapping[int, Progress], Mapping[int, Stands]]:
    """Participants on the page asked for, how many there are in all, the page's number, and what
    is known of them by enrolment id. A filter looks at everybody, for it cannot know before."""
    if how:
        rows, total, number = in_run(run.id, ("active",), limit=MOST_AT_ONCE), 0, 1
    else:
        rows, total, number = page_of(run, IN_CLASS)
    works = progress_of([row.enrolment.id for row in rows])
    stands = how_they_stand([row.enrolment for row in rows], works=works)
    if how:
        rows = [row for row in rows if _fits(stands.get(row.enrolment.id), how)]
        total = len(rows)
        number = min(max(asked_page(), 1), max(1, -(-total // PAGE_SIZE)))
        rows = rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return rows, total, number, works, stands


def _fits(stands: Stands | None, how: str) -> bool:
    if stands is None:
        return False
    return stands.outlook in SLIPPING if how == "slipping" else stands.facts.result == how


def _filters(run: RunFacts, chosen: str) -> Sequence[tuple[str, str, bool]]:
    """(words with how many, address, chosen) for each filter that somebody fits."""
    counts: dict[str, int] = {}
    for (result, outlook), number in counts_of_standings(run.id).items():
        counts[result] = counts.get(result, 0) + number
        if outlook in SLIPPING:
            counts["slipping"] = counts.get("slipping", 0) + number
    return [
        (
            f"{gettext(words)} ({counts.get(how, 0)})" if how else gettext(words),
            url_for("learning.complete", key=run.key, how=how or None),
            how == chosen,
        )
        for how, words in HOWS.items()
        if not how or how == chosen or how in counts
    ]


def _line(row: Row, stands: Stands | None) -> Line:
    warns = stands is not None and stands.outlook in SLIPPING and row.enrolment.state == "active"
    return Line(
        row=row,
        state=row_badge(row),
        stands=stands,
        badge=presenting.standing_badge(stands.facts) if stands else None,
        outlook=presenting_standing.outlook_badge(stands.outlook) if stands and warns else None,
    )


@blueprint.post("/teach/<key>/recompute")
@access(rate="write")
def recompute(key: str) -> Response:
    """Have everybody in the run judged anew, by a job."""
    run = run_of(key, current_actor())
    if Confirm().validate_on_submit():
        with unit_of_work():
            services.recompute_later(run.id)
        tell(gettext(_("Everybody is judged anew. Look again in a moment.")), "info")
    return redirect(url_for("learning.complete", key=key), 303)


@blueprint.route("/teach/<key>/standing/<enrolment_key>", methods=["GET", "POST"])
@access(rate="write")
def standing(key: str, enrolment_key: str) -> Response:
    """How one participant stands, and letting them off a condition."""
    actor = current_actor()
    run = run_of(key, actor)
    row = participant(run, enrolment_key, actor)
    stands = how_they_stand([row.enrolment]).get(row.enrolment.id)
    waived = presenting_standing.waived_by_condition(
        waivers_of([row.enrolment.id]).get(row.enrolment.id, ())
    )
    open_ = [r.name for r in stands.facts.reasons if r.name not in waived] if stands else []
    form = waive_form(open_)
    may = _may_waive(row, run, actor)
    if may and form.validate_on_submit():
        id_, condition, reason = row.enrolment.id, form.condition.data, form.reason.data or ""
        if done(form, lambda: services.waive(id_, condition, reason, actor)):
            tell(gettext(_("They are let off this, and read why.")))
            return redirect(_standing_url(run, row), 303)
    elif form.submitted and not may:
        not_found()
    return page(
        "learning/standing.html",
        422 if form.submitted else 200,
        run=run,
        row=row,
        form=form,
        stands=stands,
        badge=presenting.standing_badge(stands.facts) if stands else None,
        waived=[
            (one, presenting_standing.condition_title(one.condition)) for one in waived.values()
        ],
        may_waive=may and bool(open_),
        may_take_back=may,
        reason_icons=presenting.REASON_ICONS,
    )


@blueprint.post("/teach/<key>/standing/<enrolment_key>/back")
@access(rate="write")
def take_waiver_back(key: str, enrolment_key: str) -> Response:
    """A condition counts again."""
    actor = current_actor()
    run = run_of(key, actor)
    row = participant(run, enrolment_key, actor)
    if not _may_waive(row, run, actor):
        not_found()
    form = Confirm()
    condition = request.form.get("condition", "")[:80]
    if form.validate_on_submit():
        if done(form, lambda: services.take_waiver_back(row.enrolment.id, condition, actor)):
            tell(gettext(_("The condition counts again.")), "info")
        else:
            tell(form.form_errors[0], "stop")
    return redirect(_standing_url(run, row), 303)


def participant(run: RunFacts, enrolment_key: str, actor: Actor) -> Row:
    """The enrolment, if it is one of this run; else 404."""
    row = row_by_key(enrolment_key, actor)
    if row is None or row.enrolment.run_id != run.id:
        not_found()
    return row


def _may_waive(row: Row, run: RunFacts, actor: Actor) -> bool:
    return (
        row.enrolment.state in ("seated", "active")
        and row.enrolment.person_id != actor.person_id
        and not is_of_a_company(actor.person_id, run.id)
    )


def _standing_url(run: RunFacts, row: Row) -> str:
    return url_for("learning.standing", key=run.key, enrolment_key=row.enrolment.key)


@blueprint.route("/teach/<key>/decide", methods=["GET", "POST"])
@access(rate="write")
def decide(key: str) -> Response:
    """What deciding would mean, in numbers; the button decides. It cannot be undone."""
    actor = current_actor()
    run = run_of(key, actor)
    sides = run_sides([run.id])
    rows = in_run(run.id, ("active",), limit=MOST_AT_ONCE)
    found = standings([row.enrolment for row in rows], sides)
    results = [standing.result for standing in found.values()]
    sure = [id_ for id_, standing in found.items() if standing.result != "undecided"]
    refusals = services.completion_refusals([day.state for day in sides[run.id].days])
    form = Confirm()
    if form.validate_on_submit():
        if refusals or not sure:
            form.form_errors.extend(local(refusal.message) for refusal in refusals)
            if not sure:
                form.form_errors.append(gettext(_("There is nobody to decide on yet.")))
        elif done(form, lambda: services.decide_completions(sure, actor)):
            tell(
                ngettext(
                    "Decided for %(n)d participant.",
                    "Decided for %(n)d participants.",
                    len(sure),
                )
            )
            return redirect(url_for("learning.complete", key=key), 303)
    return page(
        "learning/decide.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        met=results.count("met"),
        not_met=results.count("not_met"),
        undecided=results.count("undecided"),
        closed=[local(refusal.message) for refusal in refusals],
    )
