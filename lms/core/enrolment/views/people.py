"""A manager's people, and the participants of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.catalogue.queries import may_in_run, run_by_key
from lms.core.enrolment import presenting, presenting_people, services
from lms.core.enrolment.forms_manager import NoShowForm
from lms.core.enrolment.queries import Row, away_of, in_run, people_of, waiting_for
from lms.core.enrolment.queries.leading import (
    Worker,
    asked_of_me,
    reporting_to,
    seats_of_workers,
    workers,
)
from lms.core.enrolment.queries.nominating import Share, shares_of_run, stand_ins_around
from lms.core.enrolment.states import STATES
from lms.core.enrolment.views.base import MANAGE, blueprint, row_or_404, run_of, say_why
from lms.core.organisations.queries import facts_of
from lms.core.refused import Refused
from lms.db import now, today
from lms.files.sheets import write_csv
from lms.web import access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, here_with, pager
from lms.work import unit_of_work

PAGE_SIZE = 100
PEOPLE_SIZE = 50
MOST_IN_FILE = 5000
NO_EMPLOYER = "none"
OTHERS = "others"
COLUMNS = (
    _("Name"),
    _("Function"),
    _("Unit"),
    _("Employer"),
    _("How it stands"),
    _("Place in the queue"),
    _("Asked on"),
    _("The goal"),
)
"""What stands over the columns of the file."""


@blueprint.route("/team")
@access()
def team() -> Response:
    """Who waits for my yes, the most urgent first; then my people and how they stand."""
    actor, moment, zone = current_actor(), now(), current_app.config["ZONE"]
    waiting = waiting_for(actor)
    total = waiting[0].of if waiting else 0
    monday = presenting.this_monday(moment, zone)
    since = datetime.combine(monday, time(), UTC) - timedelta(hours=14)
    until = since + timedelta(weeks=presenting.WEEKS_AHEAD, hours=28)
    weeks = presenting.weeks(away_of(actor, since, until), moment, zone)
    search = request.args.get("q", "")[:200]
    this_year = datetime(today().year, 1, 1, tzinfo=ZoneInfo(zone))
    number, people = _page_of_people(actor, search)
    asked = asked_of_me([row.enrolment.id for row in waiting], actor) if waiting else {}
    around = stand_ins_around(actor.person_id)
    return page(
        "enrolment/team.html",
        heading=_heading(total),
        waiting=waiting,
        more=total - len(waiting),
        dues=[presenting.due_in_words(row.answer_due, moment, row.run_zone) for row in waiting],
        asked=asked,
        whys={id_: presenting_people.for_whom(one) for id_, one in asked.items()},
        people=presenting_people.person_lines(
            people, seats_of_workers(people, actor, this_year) if people else {}
        ),
        search=search,
        pager=pager(number, max(1, -(-(people[0].of if people else 0) // PEOPLE_SIZE))),
        numbers=people_of(actor, this_year),
        for_me=[
            (one, presenting_people.days_of(one))
            for one in around
            if one.person_id == actor.person_id
        ],
        by_me=[
            (one, presenting_people.days_of(one))
            for one in around
            if one.stand_in_id == actor.person_id
        ],
        weeks=weeks,
        most=max((week.minutes + week.maybe for week in weeks), default=0),
    )


def _page_of_people(actor: Actor, search: str) -> tuple[int, list[Worker]]:
    number = max(asked_page(), 1)
    for wanted in (number, 1):
        found = workers(
            reporting_to(actor),
            reader_id=actor.person_id,
            search=search,
            limit=PEOPLE_SIZE,
            offset=(wanted - 1) * PEOPLE_SIZE,
        )
        if found or wanted == 1:
            return wanted, found
    return 1, []


def _heading(total: int) -> str:
    if not total:
        return gettext(_("Nobody is waiting for your yes"))
    return ngettext(
        "%(number)s waits for your yes",
        "%(number)s wait for your yes",
        total,
        number=presenting.number_word(total),
    )


# --- the participants of a run ------------------------------------------------------------------


@blueprint.route("/catalogue/<key>/participants")
@access()
def participants(key: str) -> Response:
    """Everybody in a run, for those who run it; filtered by state and employer."""
    actor = current_actor()
    run, may_manage, may_teach = _run_or_404(key, actor)
    shares = shares_of_run(run.id)
    named = _named_employers(actor, run, shares, may_manage=may_manage)
    state = request.args.get("state", "")
    states = [state] if state in STATES else None
    employer = request.args.get("employer", "")
    employers = _employers_asked_for(employer, shares, named)
    fitting = sum(
        share.number
        for share in shares
        if (states is None or share.state in states)
        and (employers is None or share.employer_id in employers)
    )
    pages = max(1, -(-fitting // PAGE_SIZE))
    number = max(1, min(asked_page(), pages))
    rows = in_run(
        run.id, states, employers=employers, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    by_state = Counter[str]()
    for share in shares:
        by_state[share.state] += share.number
    return page(
        "enrolment/participants.html",
        run=run,
        rows=[(row, presenting.row_badge(row), _may_be_named(row, named)) for row in rows],
        states=[
            (one, gettext(presenting.STATE_WORDS[one][0]), by_state[one])
            for one in STATES
            if by_state[one]
        ],
        state=state if states else "",
        employers=_employer_choices(shares, named),
        employer=employer if employers is not None else "",
        total=sum(by_state.values()),
        may_manage=may_manage,
        may_teach=may_teach,
        running=run.state == "running",
        address=here_with,
        pager=pager(number, pages),
    )


@blueprint.route("/catalogue/<key>/participants.csv")
@access()
def participants_file(key: str) -> Response:
    """The list of a run as a table for a spreadsheet, for those who manage its enrolments."""
    actor = current_actor()
    run, may_manage, _may_teach = _run_or_404(key, actor)
    if not may_manage:
        not_found()
    named = _named_employers(actor, run, shares_of_run(run.id), may_manage=True)
    rows = [
        (
            row.person_name,
            local(row.function),
            row.unit if _may_be_named(row, named) else "",
            row.employer if _may_be_named(row, named) else "",
            local(presenting.row_badge(row).text),
            row.place or "",
            row.enrolment.created_at.astimezone(ZoneInfo(row.run_zone)).date().isoformat(),
            row.enrolment.goal,
        )
        for row in in_run(run.id, limit=MOST_IN_FILE)
    ]
    response = current_app.response_class(
        write_csv([gettext(column) for column in COLUMNS], rows), mimetype="text/csv"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{run.key}.csv"'
    return response


def _run_or_404(key: str, actor: Actor) -> tuple[RunFacts, bool, bool]:
    """The run, whether the actor manages its enrolments, and whether they teach in it."""
    run = run_by_key(key, actor)
    if run is None:
        not_found()
    may_manage = may_in_run(actor, run, MANAGE)
    may_teach = may_in_run(actor, run, "learning.teach")
    if not (may_manage or may_teach):
        not_found()
    return run, may_manage, may_teach


def _named_employers(
    actor: Actor, run: RunFacts, shares: Sequence[Share], *, may_manage: bool
) -> frozenset[int]:
    """The employers whose names the actor may read here: all for whoever manages the enrolments,
    unless they work for companies only; else the hosts' and their own."""
    everybody = frozenset(share.employer_id for share in shares if share.employer_id is not None)
    if actor.may_in_any(MANAGE, run.host_ids):
        return everybody
    own = actor.organisation_ids
    if may_manage and any(one.kind != "company" for one in facts_of(own).values()):
        return everybody
    return everybody & (own if may_manage else own | frozenset(run.host_ids))


def _may_be_named(row: Row, named: frozenset[int]) -> bool:
    return row.enrolment.employer_id is None or row.enrolment.employer_id in named


def _employers_asked_for(
    asked: str, shares: Sequence[Share], named: frozenset[int]
) -> list[int | None] | None:
    """The employers a filter means; None when it means none that is here."""
    if asked == NO_EMPLOYER:
        return [None]
    others = {share.employer_id for share in shares if share.employer_id not in named}
    if asked == OTHERS:
        return [one for one in others if one is not None]
    for share in shares:
        if share.employer_id in named and share.employer_key == asked:
            return [share.employer_id]
    return None


def _employer_choices(
    shares: Sequence[Share], named: frozenset[int]
) -> list[tuple[str, str, int, int]]:
    """The employers of a run: (value of the filter, name, how many in all, how many waiting)."""
    sums: dict[tuple[str, str], list[int]] = {}
    for share in shares:
        if share.employer_id is None:
            choice = NO_EMPLOYER, gettext(_("No employer"))
        elif share.employer_id in named:
            choice = share.employer_key or "", share.employer or ""
        else:
            choice = OTHERS, gettext(_("Other workplaces"))
        counted = sums.setdefault(choice, [0, 0])
        counted[0] += share.number
        counted[1] += share.number if share.state == "waitlisted" else 0
    return [(value, name, all_, waiting) for (value, name), (all_, waiting) in sums.items()]


@blueprint.route("/enrolments/<key>/no-show", methods=["GET", "POST"])
@access(rate="write")
def no_show(key: str) -> Response:
    """Somebody never came, on a page of its own that says what it means."""
    actor = current_actor()
    row = row_or_404(key, actor)
    if not may_in_run(actor, run_of(row), MANAGE):
        not_found()
    form = NoShowForm()
    over = row.enrolment.state != "active" or row.run_state != "running"
    if over:
        form.form_errors.append(
            gettext(
                _("Only who takes part in a run that is under way can be marked as never came.")
            )
        )
    elif form.validate_on_submit():
        try:
            with unit_of_work():
                services.finish(row.enrolment.id, "no_show", actor, form.reason.data or "")
        except Refused as refused:
            say_why(form, refused.refusals)
        else:
            tell(gettext(_("It is noted that %(who)s never came."), who=row.person_name), "info")
            return redirect(url_for("enrolment.participants", key=row.enrolment.run_key), 303)
    return page(
        "enrolment/no_show.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        over=over,
        badge=presenting.row_badge(row),
        who=presenting.person_in_words(row),
    )
