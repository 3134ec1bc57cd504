"""Pages of the catalogue: the list, and a run."""

from __future__ import annotations

from collections.abc import Callable

from flask import url_for
from werkzeug.wrappers import Response

from lms.core.catalogue import asking, presenting, timing, words
from lms.core.catalogue.evaluating import evaluation_dates
from lms.core.catalogue.needs import ORDER, checklist, functions_of
from lms.core.catalogue.queries import (
    Filters,
    Sums,
    host_facets,
    may_with_roles,
    run_in_whole,
    runs_on_page,
    sessions_of,
    slots_of,
    sums,
    team_of,
    type_facets,
)
from lms.core.catalogue.views.base import MANAGE, blueprint
from lms.host import current_host
from lms.web import access, current_actor, ngettext, not_found, page
from lms.web import gettext as _
from lms.web.pages import badges_for, panels_for
from lms.web.paging import asked_page, pager

PAGE_SIZE = 20


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
    found = run_in_whole(key, actor)
    if found is None:
        not_found()
    shown, partners, version = found
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
        time=timing.time_asked(shown, version, sessions),
        becomes=presenting.becomes(version),
        steps=presenting.steps(shown, version, sessions),
        talks=presenting.talks(slots, actor, insider=may_manage or bool(roles)),
        shares=presenting.shares(slots, actor),
        team=presenting.team_lines(team, functions_of(shown.course_type), actor),
        state_url=url_for("catalogue.state", key=key) if may_manage else None,
        needs=(
            presenting.needs(checklist(shown, [member.role for member in team]))
            if may_manage and shown.state in ORDER[:-1]
            else None
        ),
        dates=(
            presenting.kept_dates(evaluation_dates(shown, sessions), shown.zone)
            if may_manage
            else ()
        ),
        drawn=panels_for("lms_run_panels", shown.id, runs=(shown,)),
    )
