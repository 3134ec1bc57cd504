"""Looking at what was handed in: the list, and one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    ActivityFacts,
    Actor,
    Refused,
    RunFacts,
    access,
    activity_to_mark,
    current_actor,
    documents_about,
    is_of_a_company,
    keep_snippet,
    local,
    not_found,
    page,
    people_by_id,
    previews_of,
    snippets_of,
    tell,
    unit_of_work,
    use_snippet,
    works_by_id,
)
from lms_activities.assignment import ASSIGNMENT, IN_BETWEEN, MARKED, Draft, Task
from lms_activities.forms.marking import MarkForm, mark_form
from lms_activities.queries.assignment import (
    MarkingFacts,
    TryFacts,
    markings_of,
    sharing,
    tries_up_to,
)
from lms_activities.queries.marking import HandedIn, handed_in
from lms_activities.queries.seen import links_of
from lms_activities.services.marking import Verdict, mark
from lms_activities.views.base import blueprint
from lms_activities.words import _, ngettext

MOST_DECIDED = 200


@blueprint.get("/mark/assignment/<key>")
@access()
def mark_assignment(key: str) -> Response:
    """What was handed in on an assignment, first come first."""
    return _list(key, ASSIGNMENT)


@blueprint.get("/mark/in-between/<key>")
@access()
def mark_in_between(key: str) -> Response:
    """What was handed in on a task between two sessions, first come first."""
    return _list(key, IN_BETWEEN)


def _list(key: str, kind: str) -> Response:
    actor = current_actor()
    found = activity_to_mark(key, actor)
    if found is None or found[0].activity_type != kind:
        not_found()
    activity, run = found
    task = Task.of(activity)
    company = is_of_a_company(actor.person_id, run.id)
    everything = () if company else handed_in(activity.id, actor, decided=True)
    waiting = [one for one in everything if one.decided_at is None]
    decided = [one for one in everything if one.decided_at is not None]
    decided = sorted(decided, key=lambda one: one.decided_at or one.at, reverse=True)
    shares = sharing([one.id for one in everything])
    whose = {
        id_: [share.person_id for share in of_one if share.person_id is not None]
        for id_, of_one in shares.items()
    }
    people = people_by_id(sorted({id_ for ids in whose.values() for id_ in ids}))
    names = {id_: [people[one].name for one in ids if one in people] for id_, ids in whose.items()}
    ready = [one for one in waiting if one.ready(at_work=task.at_work)]
    return page(
        "activities/marking.html",
        activity=activity,
        run=run,
        task=task,
        company=company,
        ready=ready,
        resting=[one for one in waiting if one not in ready],
        decided=decided[:MOST_DECIDED],
        names=names,
    )


@blueprint.route("/mark/hand-in/<key>", methods=["GET", "POST"])
@access(rate="write")
def mark_hand_in(key: str) -> Response:
    """One hand-in with everything needed to answer it; saving leads to the next."""
    actor = current_actor()
    tries, activity, run = _to_mark(key, actor)
    one, task = tries[-1], Task.of(activity)
    said = markings_of([each.id for each in tries])
    own = next((m for m in said.get(one.id, ()) if m.marker_id == actor.person_id), None)
    form = mark_form(task, own.text if own else "", own.levels if own else None)
    waiting = handed_in(activity.id, actor)
    after = _next(waiting, one, task)
    fine = form.validate_on_submit()
    if fine and "snippet" not in request.form:
        verdict = Verdict(
            outcome=str(form.outcome.data), text=form.text.data or "", levels=form.levels
        )
        try:
            with unit_of_work():
                outcome = mark(one, activity, run, verdict, actor)
                if "keep" in request.form and verdict.text:
                    keep_snippet(verdict.text, actor)
                for snippet_id in _used(form, actor):
                    use_snippet(snippet_id, actor)
        except Refused as refused:
            form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        else:
            return _on(outcome, after, activity, len(waiting))
    if "snippet" in request.form:
        _insert(form, request.form["snippet"], actor)
    return _page(tries, said, activity, run, form, waiting, after, actor)


def _to_mark(key: str, actor: Actor) -> tuple[Sequence[TryFacts], ActivityFacts, RunFacts]:
    """A try that counts (the last, after those before it) of an activity whose run the actor
    teaches; else 404. Who works for a company sees nobody's work."""
    tries = tries_up_to(key)
    if not tries or tries[-1].agreed_at is None:
        not_found()
    found = activity_to_mark(tries[-1].activity_id, actor)
    if found is None or found[0].activity_type not in MARKED:
        not_found()
    if is_of_a_company(actor.person_id, found[1].id):
        not_found()
    return tries, *found


def _next(waiting: Sequence[HandedIn], one: TryFacts, task: Task) -> HandedIn | None:
    """The next that waits for the reader: first those handed in after this one, then those
    before."""
    ready = [w for w in waiting if w.id != one.id and w.ready(at_work=task.at_work)]
    later = [w for w in ready if (w.at, w.id) > (one.at, one.id)]
    return next(iter(later or ready), None)


def _on(outcome: str, after: HandedIn | None, activity: ActivityFacts, number: int) -> Response:
    """To the next one, with a word about the last; to the list when it was the last."""
    said = {
        "accepted": _("Accepted."),
        "returned": _("Returned with your words."),
        "": _("Noted. Another teacher looks at it too."),
        "differs": _("Noted. You and another teacher do not say the same yet."),
    }[outcome]
    if after is None:
        tell(_("%(said)s Nothing more waits for you here.", said=said))
        return redirect(url_for(f"activities.mark_{activity.activity_type}", key=activity.key), 303)
    left = number - 1
    more = ngettext("%(n)d is left.", "%(n)d are left.", left) if left else ""
    tell(f"{said} {more}".strip())
    return redirect(url_for("activities.mark_hand_in", key=after.key), 303)


def _used(form: MarkForm, actor: Actor) -> list[int]:
    """The snippets whose words stand in what is sent."""
    text = form.text.data or ""
    return [one.id for one in snippets_of(actor) if one.text in text]


def _insert(form: MarkForm, chosen: str, actor: Actor) -> None:
    """A snippet at the end of what is written; nothing is sent yet."""
    for field in form:
        field.errors = []
    form.form_errors = []
    for one in snippets_of(actor):
        if str(one.id) == chosen:
            form.text.data = f"{form.text.data or ''}\n{one.text}".strip()


def _page(
    tries: Sequence[TryFacts],
    said: Mapping[int, Sequence[MarkingFacts]],
    activity: ActivityFacts,
    run: RunFacts,
    form: MarkForm,
    waiting: Sequence[HandedIn],
    after: HandedIn | None,
    actor: Actor,
) -> Response:
    one, task = tries[-1], Task.of(activity)
    shares = sharing([one.id]).get(one.id, ())
    wanted = {share.person_id for share in shares}
    wanted |= {marking.marker_id for of_try in said.values() for marking in of_try}
    people = people_by_id(sorted(id_ for id_ in wanted if id_ is not None))
    files = documents_about("hand_in", [one.id]) if task.asks_files else []
    here = next((w for w in waiting if w.id == one.id), None)
    mine = any(share.person_id == actor.person_id for share in shares)
    own = [m for m in said.get(one.id, ()) if m.marker_id == actor.person_id]
    return page(
        "activities/mark_hand_in.html",
        422 if form.errors or form.form_errors else 200,
        one=one,
        activity=activity,
        run=run,
        task=task,
        form=form,
        earlier=tries[:-1],
        said=said,
        # Who marks as the second reads the first's words once their own are written.
        others=[m for m in said.get(one.id, ()) if own and m.marker_id != actor.person_id],
        own=own[0] if own else None,
        names={id_: person.name for id_, person in people.items()},
        shares=shares,
        files=files,
        previews=previews_of([document.id for document in files]) if files else {},
        links=links_of([share.work_id for share in shares]) if task.at_work else (),
        draft=Draft.of(works_by_id([one.work_id]).get(one.work_id)) if task.at_work else Draft(),
        left=sum(1 for w in waiting if w.ready(at_work=task.at_work)),
        after=after,
        mine=mine,
        may_mark=here is not None and not mine,
        snippets=snippets_of(actor),
        late=activity.due_at is not None and one.at > activity.due_at,
    )
