"""Sockets that the enrolment room fills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from flask import g, url_for

from lms.contracts import (
    SYSTEM,
    Actor,
    Badge,
    CopyFacts,
    DataPolicy,
    Finish,
    JobContext,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Panel,
    PersonFacts,
    RunFacts,
    RunStateChange,
    SettingField,
    SettingsSection,
    TodoItem,
)
from lms.core.enrolment import (
    asking,
    lists,
    policies,
    presenting,
    presenting_terms,
    queries,
    services,
    threads,
)
from lms.core.enrolment.states import LIVE
from lms.db import now
from lms.hookspecs import hookimpl
from lms.web.i18n import core_domain
from lms.web.i18n import marked as _

MOST_OWN = 200
MOST_SHOWN = 50
SHOWN_IN_LISTS = LIVE | {"completed"}


def _own(actor: Actor) -> Sequence[queries.Row]:
    """The reader's own enrolments, read once for all that one page draws of them."""
    if actor.person_id is None:
        return ()
    kept: tuple[int, Sequence[queries.Row]] | None = g.get("lms_own_enrolments")
    if kept is None or kept[0] != actor.person_id:
        kept = g.lms_own_enrolments = (actor.person_id, queries.mine(actor, limit=MOST_OWN))
    return kept[1]


def _own_by_run(actor: Actor) -> Mapping[int, queries.Row]:
    """The newest of the reader's enrolments in each run: the live one, else the last."""
    newest: dict[int, queries.Row] = {}
    for row in _own(actor):
        newest.setdefault(row.enrolment.run_id, row)
    return newest


@hookimpl
def lms_after_run_states(changes: Sequence[RunStateChange]) -> None:
    """Seats follow the run: requests collected are answered when it is closed for them; it begins,
    or it is cancelled."""
    for change in changes:
        if change.new == "closed":
            services.close_run(change.run, SYSTEM)
        elif change.new == "running" and change.old != "interrupted":
            services.start_run(change.run, SYSTEM)
        elif change.new == "cancelled":
            services.cancel_run(change.run, SYSTEM, change.reason)


@hookimpl
def lms_after_copies(copies: Sequence[CopyFacts], actor: Actor) -> None:
    """A copied run has the terms of the old one."""
    for copied in copies:
        services.copy_terms(copied, actor)


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """The manager's page."""
    return (
        MenuLink(
            endpoint="enrolment.team",
            label=LocalisedText(da="Mine medarbejdere", sv="Mina medarbetare", en="My people"),
            icon="users",
            order=30,
            permission="enrolment.decide",
        ),
        MenuLink(
            endpoint="enrolment.lead",
            label=LocalisedText(da="Mine hold", sv="Mina omgångar", en="My runs"),
            icon="list-checks",
            order=32,
            permission="enrolment.manage",
        ),
    )


@hookimpl
def lms_run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """The reader's seat on the page of a run: to ask for, or how it stands. Two queries."""
    mine = _own_by_run(actor)
    terms = presenting.terms_once([run.id for run in runs])
    panels: dict[int, tuple[Panel, ...]] = {run.id: () for run in runs}
    for run in runs:
        row = mine.get(run.id)
        live = row is not None and row.enrolment.state in LIVE
        takes = run.state == "open" and (run.enrol_until is None or run.enrol_until >= now())
        elsewhere = asking.entry_page(run, terms[run.id]) is not None
        if row is not None or not elsewhere:
            panels[run.id] = (_seat_panel(run, row, terms[run.id], live=live, takes=takes),)
        if not elsewhere:
            inside = row is not None
            panels[run.id] += (
                presenting_terms.run_panel(run, terms[run.id], actor, inside=inside),
            )
        leads = actor.may_in_any("enrolment.manage", run.host_ids)
        if (
            takes
            and (leads or (actor.has_reports and not elsewhere))
            and "nomination" in terms[run.id].ways
        ):
            panels[run.id] += (
                Panel(
                    template="enrolment/nominate_panel.html",
                    values={"run": run},
                    title=core_domain.localised(_("Your people")),
                    order=1,
                    place="aside",
                ),
            )
    return panels


def _seat_panel(
    run: RunFacts, row: queries.Row | None, terms: queries.TermsFacts, *, live: bool, takes: bool
) -> Panel:
    return Panel(
        template="enrolment/seat_panel.html",
        values={
            "run": run,
            "row": row,
            "live": live,
            "takes_requests": takes,
            "manager_decides": asking.manager_decides(terms),
            "approvers": terms.approvers,
            "way": _way_shown(terms),
            "seat_badge": row and presenting.row_badge(row, own=True),
            "knots": [*threads.short_past(row), *threads.ahead(row, terms, own=True)]
            if row
            else [],
        },
        title=core_domain.localised(_("Your seat")),
        order=0,
        place="aside",
    )


def _way_shown(terms: queries.TermsFacts) -> str:
    """The way in that the panel speaks of: the widest there is. Whether a rule fits is seen on the
    page where one asks."""
    return next((way for way in ("open", "rule", "key", "nomination") if way in terms.ways), "link")


@hookimpl
def lms_seen_runs(run_ids: Sequence[int], actor: Actor) -> Sequence[int]:
    """Whoever may see an enrolment in a run may see the run: who has asked, and who was asked."""
    return queries.runs_with_visible(run_ids, actor) if actor.signed_in else ()


@hookimpl
def lms_run_badges(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Badge]]:
    """How the reader's own seat stands, in lists of runs. One query for who is signed in."""
    if not runs:
        return {}
    mine = _own_by_run(actor)
    return {
        run.id: (presenting.row_badge(mine[run.id], own=True),)
        for run in runs
        if run.id in mine and mine[run.id].enrolment.state in SHOWN_IN_LISTS
    }


@hookimpl
def lms_person_panels(
    persons: Sequence[PersonFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """A person's seats, as far as the reader may see them. At most two queries."""
    by_person = defaultdict(list)
    others = [person.id for person in persons if person.id != actor.person_id]
    rows = queries.of_persons(others, actor) if others else []
    if len(others) < len(persons):
        rows += _own(actor)[:MOST_SHOWN]
    for row in rows:
        own = row.enrolment.person_id == actor.person_id
        badge = presenting.row_badge(row, own=own)
        by_person[row.enrolment.person_id].append((row, badge))
    panels = {}
    for person in persons:
        own = person.id == actor.person_id
        if not own and not by_person[person.id]:
            continue
        panels[person.id] = (
            Panel(
                template="enrolment/seats_of.html",
                values={"seats": by_person[person.id], "own": own},
                title=core_domain.localised(_("My courses") if own else _("Courses")),
                order=10,
            ),
        )
    return panels


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """Requests of own people that wait for a yes, seats offered to the reader, colleagues who want
    to go together, questions to whom was nominated, and runs to decide on. Two queries."""
    if actor.person_id is None:
        return ()
    kinds = {"offered": _offer_item, "requested": _own_word_item}
    led = queries.to_decide(actor, until=now() + timedelta(days=1))
    return [
        *(kinds.get(row.enrolment.state, _request_item)(row) for row in queries.asked_of(actor)),
        *(presenting_terms.todo_item(run) for run in led),
    ]


def _request_item(row: queries.Row) -> TodoItem:
    return TodoItem(
        key=f"enrolment.decide:{row.enrolment.key}",
        title=presenting.worded(_("Answer %(who)s, who asks for a seat"), who=row.person_name),
        body=row.run_title,
        url=url_for("enrolment.decide", key=row.enrolment.key),
        label=core_domain.localised(_("See the request")),
        due=row.answer_due,
        minutes=2,
        order=10,
    )


def _offer_item(row: queries.Row) -> TodoItem:
    return TodoItem(
        key=f"enrolment.offer:{row.enrolment.key}",
        title=core_domain.localised(_("Take the seat that is free for you, or let it go")),
        body=row.run_title,
        url=url_for("enrolment.show", key=row.enrolment.key),
        label=core_domain.localised(_("Answer the offer")),
        due=row.answer_due,
        minutes=1,
        order=5,
    )


def _own_word_item(row: queries.Row) -> TodoItem:
    if presenting.is_asked_questions(row):
        return TodoItem(
            key=f"enrolment.questions:{row.enrolment.key}",
            title=core_domain.localised(_("You are nominated: answer the questions of the run")),
            body=row.run_title,
            url=url_for("enrolment.questions", key=row.enrolment.key),
            label=core_domain.localised(_("See the questions")),
            due=row.answer_due,
            minutes=3,
            order=6,
        )
    return TodoItem(
        key=f"enrolment.pair:{row.enrolment.key}",
        title=core_domain.localised(_("Say whether you go together with your colleague")),
        body=row.run_title,
        url=url_for("enrolment.together", key=row.enrolment.key),
        label=core_domain.localised(_("See who asks")),
        due=row.answer_due,
        minutes=2,
        order=6,
    )


def _counted(verb: Callable[[], int], words: str) -> Callable[[JobContext], Finish]:
    """A job that does one verb in its transaction and logs how much there was to do."""

    def run(context: JobContext) -> Finish:
        def finish() -> None:
            context.log(f"{verb()} {words}")

        return finish

    return run


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """What happens to seats when time goes by."""
    soon, hourly = timedelta(minutes=15), timedelta(hours=1)
    return (
        JobType(
            name="enrolment.lapse_overdue",
            run=_counted(lambda: services.lapse_overdue(SYSTEM), "lapsed"),
            every=soon,
        ),
        JobType(
            name="enrolment.release_seats",
            run=_counted(services.release_due, "seats released"),
            every=soon,
        ),
        JobType(name=lists.JOB, run=lists.run_list),
        JobType(name="enrolment.draw", run=_counted(services.draw_due, "draws held"), every=soon),
        JobType(name="enrolment.remind", run=_counted(services.remind, "reminded"), every=hourly),
        JobType(
            name="enrolment.warn_of_minimums",
            run=_counted(services.warn_of_minimums, "runs under their minimum"),
            every=hourly,
        ),
    )


@hookimpl
def lms_settings() -> SettingsSection:
    """How long a request for a yes may wait."""
    return SettingsSection(
        title=LocalisedText(
            da="Ønsker om en plads", sv="Önskan om en plats", en="Requests for a seat"
        ),
        fields=(
            SettingField(
                key="days_to_remind",
                kind="number",
                label=LocalisedText(
                    da="Dage, til den, der skal svare, får en påmindelse",
                    sv="Dagar tills den som ska svara får en påminnelse",
                    en="Days until whoever is to answer is reminded",
                ),
                default=5,
                minimum=1,
                maximum=60,
            ),
            SettingField(
                key="days_to_answer",
                kind="number",
                label=LocalisedText(
                    da="Dage, til et ønske uden svar bortfalder",
                    sv="Dagar tills en önskan utan svar förfaller",
                    en="Days until a request without an answer lapses",
                ),
                default=10,
                minimum=2,
                maximum=90,
            ),
        ),
    )


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """Whoever has left their work for good leaves no seat idle."""
    left = [entry.subject_id for entry in entries if entry.verb == "users.left"]
    if left:
        services.withdraw_all_of(left, SYSTEM)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """See `policies`."""
    return policies.POLICIES
