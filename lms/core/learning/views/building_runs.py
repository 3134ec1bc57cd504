"""A run made of an approved version, and another run like one there is: one form, in two steps.

First the days are laid out from the first one; then each can be changed before the run is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import LANGUAGES, Actor, LocalisedText, OrganisationFacts, RunFacts
from lms.core.acting import done
from lms.core.catalogue.queries import (
    VersionCard,
    course_plan,
    may_in_run,
    run_by_key,
    runs_by_id,
    sessions_of,
    version_by_id,
)
from lms.core.catalogue.queries.building import MANAGE
from lms.core.learning import laying_out
from lms.core.learning.forms_building_run import (
    CURRENCY_OF,
    HOSTS,
    SETTLED,
    ZONE_OF,
    RunForm,
    run_form,
    zones,
)
from lms.core.learning.queries.clashing import taken_between
from lms.core.learning.services import building as services
from lms.core.learning.services.building import RunPlan
from lms.core.learning.views.base import blueprint
from lms.core.learning.views.building import card_of
from lms.core.organisations.queries import choices_for, facts_of
from lms.db import now
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _

FIRST_HOUR = time(9)
"""When a session begins, unless somebody says something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Making:
    """What a page of this kind is about."""

    form: RunForm
    hosts: Mapping[str, int]
    team: Sequence[str]
    lay: Callable[[RunForm], Sequence[laying_out.Slot]]
    make: Callable[[RunPlan], int]
    values: Mapping[str, Any]


@blueprint.route("/build/version/<key>/run", methods=["GET", "POST"])
@access(rate="write")
def run_new(key: str) -> Response:
    """A run of this version: a session for each module, and activities of its own."""
    actor = current_actor()
    card = card_of(key, actor)
    if not card.may_manage or card.state != "approved":
        not_found()
    hosts = choices_for(actor, MANAGE)
    owner = facts_of([card.owner_id])[card.owner_id]
    sittings = laying_out.sittings_of_modules(card.modules)
    form = run_form(sittings, _first_values(card, owner), copied=False)
    _offer(form, hosts)
    return _answer(
        _Making(
            form=form,
            hosts={host.key: host.id for host in hosts},
            team=_team(actor, form, hosts),
            lay=lambda form: laying_out.laid_out(sittings, form.first_day, form.the_rhythm()),
            make=lambda plan: services.start_run(card.id, plan, actor),
            values={"card": card, "run": None, "retired": False},
        )
    )


@blueprint.route("/build/run/<key>/copy", methods=["GET", "POST"])
@access(rate="write")
def run_copy(key: str) -> Response:
    """Another run like this one, from another first day."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None or not may_in_run(actor, run, MANAGE):
        not_found()
    sessions = sessions_of([run.id])[run.id]
    sittings = laying_out.sittings_of_sessions(sessions)
    kept = [sitting.session_id for sitting in sittings if sitting.session_id is not None]
    # Who leads this run may host the next one where this one is hosted.
    there = {host.id: host for host in choices_for(actor, MANAGE)}
    hosts = list((there | dict(facts_of(run.host_ids))).values())
    form = run_form(sittings, _copied_values(run, hosts), copied=True)
    form.zone.choices = zones(run.zone)
    _offer(form, hosts)
    return _answer(
        _Making(
            form=form,
            hosts={host.key: host.id for host in hosts},
            team=_team(actor, form, hosts, led=True),
            lay=lambda form: laying_out.moved(sessions, form.first_day, run.zone),
            make=lambda plan: services.copy_run(run.id, plan, actor, sessions=kept),
            values={
                "card": None,
                "run": run,
                "retired": version_by_id(run.course_version_id).state != "approved",
            },
        )
    )


def _answer(making: _Making) -> Response:
    form = making.form
    form.making = request.form.get("act") == "make"
    fine = form.validate_on_submit()
    if fine and not form.making:
        form.lay(making.lay(form))
    elif fine and form.unseen_holidays:
        form.form_errors.append(
            gettext(_("A day you chose is a holiday. Look at it, then make the run if it is fine."))
        )
        form.remember()
        fine = False
    elif fine:
        made: list[int] = []
        if done(form, lambda: made.append(making.make(form.plan(making.hosts, making.team)))):
            tell(gettext(_("The run is there. Nobody sees it before you announce it.")))
            return redirect(url_for("catalogue.run", key=runs_by_id(made)[made[0]].key), 303)
        fine = False
    elif form.submitted:
        form.remember()
    _look_around(form, making.hosts)
    return page(
        "learning/build_run.html",
        422 if form.submitted and not fine else 200,
        form=form,
        hosts=HOSTS,
        settled=SETTLED,
        **making.values,
    )


def _look_around(form: RunForm, hosts: Mapping[str, int]) -> None:
    """What else is on, for as long as the sessions that are laid out last."""
    spans = [span for number in range(len(form.sittings)) if (span := form.span(number))]
    if spans:
        form.taken = taken_between(
            min(begins for begins, _ends in spans),
            max(ends for _begins, ends in spans),
            {hosts[form[name].data] for name in HOSTS if form[name].data in hosts},
            current_actor().person_id,
        )


def _offer(form: RunForm, hosts: Sequence[OrganisationFacts]) -> None:
    pairs = [(host.key, host.name) for host in hosts]
    form.host.choices = pairs
    form.host_2.choices = form.host_3.choices = [("", gettext(_("Nobody more"))), *pairs]


def _team(
    actor: Actor, form: RunForm, hosts: Sequence[OrganisationFacts], *, led: bool = False
) -> list[str]:
    """Who makes a run leads it, when they lead runs where it is hosted; whoever looks after the
    whole site does so without being on its team."""
    held = actor.organisations_with(MANAGE)
    chosen = {form[name].data for name in HOSTS}
    theirs = {host.key for host in hosts if held is not None and host.id in held}
    return ["programme_lead"] if chosen & theirs or (led and held is not None) else []


def _titles(title: LocalisedText) -> dict[str, str]:
    return {f"title_{code}": getattr(title, code) for code in LANGUAGES}


def _first_values(card: VersionCard, owner: OrganisationFacts) -> dict[str, Any]:
    plan = course_plan(card.course_type)
    return {
        **_titles(card.title),
        "host": owner.key,
        "visibility": "public",
        "languages": list(card.languages),
        "capacity": str(plan.capacity) if plan is not None and plan.capacity else "",
        "price": "0",
        "currency": CURRENCY_OF.get(owner.country, "DKK"),
        "zone": ZONE_OF.get(owner.country, "Europe/Copenhagen"),
        "rhythm": "weekdays" if plan is not None and plan.weekdays else "days",
        "every": str(plan.days_between if plan is not None else 7),
        "weekdays": [str(day) for day in plan.weekdays] if plan is not None else [],
        "clock": FIRST_HOUR,
    }


def _copied_values(run: RunFacts, hosts: Sequence[OrganisationFacts]) -> dict[str, Any]:
    keys = {host.id: host.key for host in hosts}
    there = [keys[host_id] for host_id in run.host_ids if host_id in keys]
    weeks = _weeks_on(run)
    return {
        **_titles(run.title),
        **dict(zip(HOSTS, there, strict=False)),
        "visibility": run.visibility,
        "languages": list(run.languages),
        "capacity": str(run.capacity),
        "price": str(run.price),
        "currency": run.currency,
        "venue": run.venue,
        "town": run.town,
        "zone": run.zone,
        "start": _day_after(run.starts_at, weeks, run.zone),
        "enrol_until": _day_after(run.enrol_until, weeks, run.zone),
    }


def _weeks_on(run: RunFacts) -> timedelta:
    """So many weeks that the copy begins after the old run is over, and after today."""
    if run.starts_at is None or run.ends_at is None:
        return timedelta(0)
    return timedelta(weeks=(max(run.ends_at, now()) - run.starts_at).days // 7 + 1)


def _day_after(moment: datetime | None, later: timedelta, zone: str) -> date | None:
    return None if moment is None else moment.astimezone(ZoneInfo(zone)).date() + later
