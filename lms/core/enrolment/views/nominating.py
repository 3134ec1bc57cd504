"""Nominating one's people for a run, several at once: look first, then do it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.catalogue.queries import may_in_run, run_by_key
from lms.core.enrolment import presenting_people
from lms.core.enrolment.forms_manager import NominateForm, nominate_form
from lms.core.enrolment.nominating import nominate_all
from lms.core.enrolment.presenting_people import OutcomeLine
from lms.core.enrolment.queries import TermsFacts, terms_of
from lms.core.enrolment.queries.leading import Worker, has_people, workers
from lms.core.enrolment.queries.nominating import (
    live_in,
    meanwhile,
    runs_to_nominate_for,
    to_be_nominated,
)
from lms.core.enrolment.services import Outcome, Wish, run_refusals
from lms.core.enrolment.views.base import MANAGE, blueprint, say_why
from lms.core.refused import Refused
from lms.web import access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager

RUNS_SHOWN = 20
PEOPLE_SHOWN = 50
MOST_AT_ONCE = 50
MOST_TOLD = 8

_TICKED = re.compile(r"p-([a-z2-7]{16})")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """Who is nominated for what: the run, its terms, and whether the actor manages its
    enrolments."""

    actor: Actor
    run: RunFacts
    terms: TermsFacts
    manages: bool

    def people(self, search: str = "", keys: Sequence[str] | None = None) -> list[Worker]:
        """Those who may be nominated, found by name or named by key."""
        return workers(
            to_be_nominated(self.actor, self.run.host_ids, manages=self.manages),
            reader_id=self.actor.person_id,
            search=search,
            keys=keys,
            limit=PEOPLE_SHOWN if keys is None else MOST_AT_ONCE,
        )


@blueprint.route("/team/nominate")
@access(rate="search")
def nominate_where() -> Response:
    """For which run? Those that take nominations now."""
    actor = current_actor()
    if not (actor.may_anywhere(MANAGE) or has_people(actor)):
        not_found()
    search, number = request.args.get("q", "")[:200], max(asked_page(), 1)
    runs, total = runs_to_nominate_for(
        actor, search=search, limit=RUNS_SHOWN, offset=(number - 1) * RUNS_SHOWN
    )
    return page(
        "enrolment/nominate.html",
        run=None,
        runs=runs,
        search=search,
        pager=pager(number, max(number, -(-total // RUNS_SHOWN))),
    )


@blueprint.route("/team/nominate/<key>", methods=["GET", "POST"])
@access(rate="write")
def nominate(key: str) -> Response:
    """Tick people, look what it would come to, nominate them."""
    asked = _asked_or_404(key, current_actor())
    posted = [found[1] for name in request.form if (found := _TICKED.fullmatch(name))]
    ticked = asked.people(keys=posted[:MOST_AT_ONCE]) if posted else []
    search = request.form.get("q", request.args.get("q", ""))
    shown = {one.key: one for one in (*ticked, *asked.people(search[:200]))}
    form = nominate_form(list(shown))
    if not form.submitted:
        _tick_who_is_asked_for(form, shown)
    outcomes: Sequence[OutcomeLine] = ()
    closed = [local(reason.message) for reason in run_refusals(asked.run)]
    status = 200
    if form.validate_on_submit():
        if form.step.data in ("check", "nominate") and _is_complete(form, ticked, asked, posted):
            answer = _try_or_do(form, ticked, asked)
            if isinstance(answer, Response):
                return answer
            outcomes = answer
        status = 422 if form.form_errors else 200
    elif form.submitted:
        status = 422
    ids = [one.id for one in shown.values()]
    chosen = {one.key for one in ticked}
    return page(
        "enrolment/nominate.html",
        status,
        run=asked.run,
        terms=asked.terms,
        form=form,
        closed=closed,
        outcomes=outcomes,
        can_be_done=any(line.kind != "stop" for line in outcomes),
        chosen=chosen,
        people=presenting_people.candidates(
            list(shown.values()),
            live_in(asked.run.id, ids),
            meanwhile(asked.run.id, ids, asked.actor),
        ),
        search=search,
        more=max((one.of for one in shown.values()), default=0) - len(shown),
        own_only=not asked.manages,
        worker_in_words=presenting_people.worker_in_words,
    )


def _asked_or_404(key: str, actor: Actor) -> _Asked:
    run = run_by_key(key, actor)
    if run is None:
        not_found()
    terms = terms_of([run.id])[run.id]
    manages = may_in_run(actor, run, MANAGE)
    if "nomination" not in terms.ways or not (manages or has_people(actor)):
        not_found()
    return _Asked(actor=actor, run=run, terms=terms, manages=manages)


def _tick_who_is_asked_for(form: NominateForm, shown: Mapping[str, Worker]) -> None:
    """From somebody's row on the manager's page one comes with their key."""
    wanted = request.args.get("who", "")
    if wanted in shown:
        form[f"p-{wanted}"].data = True


def _is_complete(
    form: NominateForm, ticked: Sequence[Worker], asked: _Asked, posted: Sequence[str]
) -> bool:
    problem = ""
    if not posted:
        problem = gettext(_("Tick those whom you want to nominate."))
    elif len(posted) > MOST_AT_ONCE:
        words = _("Nominate at most %(n)d at once.")
        problem = gettext(words, n=MOST_AT_ONCE)
    elif len(ticked) < len(set(posted)):
        problem = gettext(
            _("Somebody you ticked is not yours to nominate. Look at the list again.")
        )
    elif form.together.data and not asked.terms.in_pairs:
        problem = gettext(_("In this run nobody goes in pairs."))
    elif form.together.data and len(ticked) != 2:
        problem = gettext(_("Tick exactly two people who go together."))
    if problem:
        form.form_errors.append(problem)
    return not problem


def _try_or_do(
    form: NominateForm, ticked: Sequence[Worker], asked: _Asked
) -> Response | Sequence[OutcomeLine]:
    only_try = form.step.data == "check"
    goal = form.goal.data or ""
    wishes = [
        Wish(person_id=one.id, goal=form[f"g-{one.key}"].data or goal)
        for one in sorted(ticked, key=lambda one: (one.name, one.id))
    ]
    try:
        outcomes = nominate_all(
            asked.run,
            wishes,
            asked.actor,
            together=bool(form.together.data),
            only_try=only_try,
        )
    except Refused as refused:
        say_why(form, refused.refusals)
        return ()
    names = {one.id: one.name for one in ticked}
    lines = presenting_people.outcome_lines(outcomes, names, foreseen=only_try)
    if only_try:
        return lines
    if all(outcome.state == "refused" for outcome in outcomes):
        form.form_errors.append(gettext(_("Nobody could be nominated. Below stands why.")))
        return lines
    _tell(outcomes, lines)
    return redirect(url_for("enrolment.nominate", key=asked.run.key), 303)


def _tell(outcomes: Sequence[Outcome], lines: Sequence[OutcomeLine]) -> None:
    """What each came to, at the top of the next page; a cookie holds so much and no more."""
    done = sum(outcome.state != "refused" for outcome in outcomes)
    tell(ngettext("%(n)d person is nominated.", "%(n)d people are nominated.", done), "ok")
    for line in lines[:MOST_TOLD]:
        tell(f"{line.name}: {line.words}", "info" if line.kind != "stop" else "stop")
    if len(lines) > MOST_TOLD:
        tell(gettext(_("The others stand in the list with what they have now.")), "info")
