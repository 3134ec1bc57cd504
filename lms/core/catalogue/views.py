"""Pages of the catalogue: the list, a run, and the state of a run."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.catalogue import api, asking, presenting, words
from lms.core.catalogue.forms import RunStateForm
from lms.core.catalogue.queries import (
    Filters,
    Sums,
    host_facets,
    may_in_run,
    may_with_roles,
    run_by_key,
    run_with_partners,
    runs_on_page,
    sessions_of,
    slots_of,
    sums,
    team_of,
    type_facets,
    version_by_id,
)
from lms.core.catalogue.services import change_run_state, run_state_refusals
from lms.core.refused import Refused
from lms.host import current_host
from lms.web import access, current_actor, ngettext, not_found, page, tell
from lms.web import gettext as _
from lms.web.i18n import local
from lms.web.pages import badges_for, panels_for
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work

PAGE_SIZE = 20
MANAGE = "catalogue.manage"

blueprint = Blueprint("catalogue", __name__)
blueprints = (blueprint, api.blueprint)


@blueprint.get("/catalogue")
@access(known="public", rate="search")
def index() -> Response:
    """The catalogue, searched and filtered by what stands in the address."""
    actor, filters = current_actor(), asking.asked_filters()
    found = sums(filters, actor)
    pages = max(1, -(-found.total // PAGE_SIZE))
    number = min(max(asked_page(), 1), pages)
    runs = runs_on_page(filters, actor, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    hosts = host_facets(filters, actor)
    types = type_facets(filters, actor)
    return page(
        "catalogue/index.html",
        filters=filters,
        heading=_heading(filters, found),
        lines=presenting.run_lines(runs, badges_for("lms_run_badges", runs=runs)),
        types=_with_chosen(types, filters.course_types, words.type_word),
        hosts=hosts,
        found=found,
        language_words=words.LANGUAGE_WORDS,
        chips=asking.chips(filters, hosts),
        everything_url=url_for("catalogue.index"),
        pager=pager(number, pages),
    )


def _heading(filters: Filters, found: Sums) -> str:
    if filters.words:
        about = words.quoted(filters.words)
        if not found.total:
            return _("No courses about %(words)s", words=about)
        return ngettext(
            "%(n)d course about %(words)s",
            "%(n)d courses about %(words)s",
            found.total,
            words=about,
        )
    if not found.total:
        return _("No courses")
    return ngettext("%(n)d course", "%(n)d courses", found.total)


def _with_chosen(
    counted: list[tuple[str, int]], chosen: tuple[str, ...], word: Callable[[str], str]
) -> list[tuple[str, str, int]]:
    """Choices as (value, word, number); what is chosen stays even when nothing is behind it."""
    missing = [value for value in chosen if value not in dict(counted)]
    choices = [*counted, *((value, 0) for value in missing)]
    return sorted(((v, word(v), n) for v, n in choices), key=lambda choice: choice[1].casefold())


@blueprint.get("/catalogue/<key>")
@access(known="public")
def run(key: str) -> Response:
    """A course and its run on one page, with what rooms and plugins add to it."""
    actor = current_actor()
    found = run_with_partners(key, actor)
    if found is None:
        not_found()
    shown, partners = found
    version = version_by_id(shown.course_version_id)
    sessions = sessions_of([shown.id])[shown.id]
    slots, team = slots_of(shown.id), team_of(shown.id)
    roles = [member.role for member in team if member.person_id == actor.person_id]
    may_manage = may_with_roles(actor, shown, MANAGE, roles)
    return page(
        "catalogue/run.html",
        run=shown,
        version=version,
        installed=shown.course_type in current_host().course_types(),
        type_word=words.type_word(shown.course_type),
        type_icon=words.type_icon(shown.course_type),
        languages_spoken=words.language_words(shown.languages),
        price=words.price_words(shown),
        state=words.STATE_WORDS[shown.state],
        badge=words.seat_badge(shown),
        partners=partners,
        sessions=sessions,
        sessions_heading=presenting.sessions_heading(sessions, shown.zone),
        times=presenting.time_asked(version, sessions),
        steps=presenting.steps(shown, version, sessions),
        talks=presenting.talks(slots, actor, insider=may_manage or bool(roles)),
        shares=presenting.shares(slots, actor),
        team=presenting.team_lines(team, actor),
        state_url=url_for("catalogue.state", key=key) if may_manage else None,
        drawn=panels_for("lms_run_panels", shown.id, runs=(shown,)),
    )


@blueprint.route("/catalogue/<key>/state", methods=["GET", "POST"])
@access(rate="write")
def state(key: str) -> Response:
    """Move a run to another state; refusals stand on the form."""
    actor = current_actor()
    shown = _managed(key, actor)
    form = RunStateForm()
    following = form.offer(shown.state)
    if following and form.validate_on_submit():
        new, reason = form.state.data, form.reason.data or ""
        refusals = run_state_refusals(shown, new, reason)
        if not refusals:
            try:
                with unit_of_work():
                    change_run_state(_managed(key, actor).id, new, actor, reason)
            except Refused as refused:
                refusals = list(refused.refusals)
            else:
                tell(_("Done. The run is now: %(state)s.", state=_(words.STATE_WORDS[new][0])))
                return redirect(url_for("catalogue.run", key=key), 303)
        for refusal in refusals:
            _put_in(form, refusal.code, local(refusal.message))
    return page(
        "catalogue/state.html",
        status=422 if form.submitted else 200,
        run=shown,
        form=form,
        state=words.STATE_WORDS[shown.state],
        following=following,
    )


def _managed(key: str, actor: Actor) -> RunFacts:
    found = run_by_key(key, actor)
    if found is None or not may_in_run(actor, found, MANAGE):
        not_found()
    return found


def _put_in(form: RunStateForm, code: str, sentence: str) -> None:
    if code == "reason_needed":
        form.reason.errors = [*form.reason.errors, sentence]
    else:
        form.form_errors.append(sentence)
