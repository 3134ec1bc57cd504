"""Companies offer to teach in a run, and the run answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    CourseSessionFacts,
    Refused,
    RunFacts,
    SlotFacts,
    access,
    asked_page,
    current_actor,
    done,
    is_key,
    language,
    local,
    not_found,
    now,
    organisations_by_id,
    page,
    pager,
    people_at,
    people_by_id,
    pressed,
    run_by_key,
    runs_by_id,
    sessions_of,
    show_in,
    slots_of,
    tell,
    unit_of_work,
)
from lms_courses.claim_remarks import claim_remarks
from lms_courses.forms.offers import SEES, OfferAnswerForm, OfferForm
from lms_courses.queries.cases import companies_of
from lms_courses.queries.offers import (
    LIVE,
    OPEN_RUNS,
    OfferFacts,
    Side,
    free_minutes,
    materials_of,
    may_answer,
    offer_seen,
    offers_in,
    own_offers,
    still_to_come,
)
from lms_courses.services import offers as verbs
from lms_courses.services.answering_offers import answer_offer, own_teachers
from lms_courses.views.base import blueprint
from lms_courses.views.calls import category_word
from lms_courses.words import _


@blueprint.route("/runs/<key>/offer", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def offer_slot(key: str) -> Response:
    """Offer to teach in a run: for people of companies."""
    actor = current_actor()
    company_ids = companies_of(actor)
    run = run_by_key(key, actor) if company_ids else None
    if run is None:
        not_found()
    sessions = still_to_come(sessions_of([run.id])[run.id]) if run.state in OPEN_RUNS else ()
    companies = {one.id: one.name for one in organisations_by_id(company_ids).values()}
    colleagues = {id_ for ids in people_at(company_ids).values() for id_ in ids}
    slots = slots_of(run.id) if sessions else []
    form = OfferForm()
    form.offer(
        [(one, _day_words(one, run.zone)) for one in sessions],
        companies,
        {id_: person.name for id_, person in people_by_id(colleagues).items()},
        _others(slots, next(iter(companies.values()), "")),
    )
    if not form.submitted:
        form.teacher.data = str(actor.person_id)
    elif sessions:
        form.look()
        if form.validate_on_submit() and (made := _offered(form, run)) is not None:
            tell(_("Your offer is here. You get an answer within ten working days."))
            return redirect(url_for("courses.offer", key=made), 303)
    else:
        form.validate_on_submit()
    first = sessions[0].starts_at if sessions else now()
    return page(
        "courses/offer_slot.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        sessions=sessions,
        missing=[local(r.message) for r in verbs.in_the_way(run, sorted(company_ids), first)]
        if sessions
        else [],
    )


def _offered(form: OfferForm, run: RunFacts) -> str | None:
    """The key of the new offer; None with the reasons in the form."""
    try:
        with unit_of_work():
            return verbs.offer_slot(
                run, form.values(language()), form.materials.data, current_actor()
            )
    except Refused as error:
        show_in(form, error)
        return None


def _day_words(session: CourseSessionFacts, zone: str) -> str:
    day = session.starts_at.astimezone(ZoneInfo(zone))
    return _(
        "%(day)s: %(title)s, %(n)d minutes",
        day=f"{day.day}.{day.month}.{day.year}",
        title=local(session.title),
        n=session.minutes,
    )


@blueprint.get("/offers")
@access()
def offers() -> Response:
    """What one's company has offered to teach."""
    actor = current_actor()
    if not companies_of(actor):
        not_found()
    found = own_offers(actor, asked_page())
    run_ids = sorted({one.run_id for one in found.items})
    return page(
        "courses/offers.html",
        found=found.items,
        total=found.total,
        runs=runs_by_id(run_ids, hosts=False),
        days={one.id: one for days in sessions_of(run_ids).values() for one in days},
        pager=pager(found.number, found.pages),
    )


@blueprint.get("/runs/<key>/offers")
@access()
def run_offers(key: str) -> Response:
    """What companies offer to teach in a run, for who answers."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None or not may_answer(actor, run):
        not_found()
    found = offers_in(run.id)
    companies = organisations_by_id({one.company_id for one in found})
    return page(
        "courses/run_offers.html",
        run=run,
        found=found,
        companies={id_: one.name for id_, one in companies.items()},
        days={one.id: one for one in sessions_of([run.id])[run.id]},
    )


@blueprint.route("/offers/<key>", methods=["GET", "POST"])
@access(rate="write")
def offer(key: str) -> Response:
    """One offer: its company sees how it stands, the run's team answers it."""
    actor = current_actor()
    seen = offer_seen(key, actor) if is_key(key) else None
    if seen is None:
        not_found()
    found, run, side = seen
    form = None
    teachers: Mapping[int, str] = {}
    if side == "team" and found.state == "offered":
        teachers = own_teachers(run)
        form = OfferAnswerForm()
        form.offer(found, teachers)
        if form.validate_on_submit() and _answered(form, found, run):
            tell(_("Answered. The company gets a mail with the reason."))
            return redirect(url_for("courses.offer", key=key), 303)
    elif request.method == "POST":
        return _too_late(key, side)
    sessions = {one.id: one for one in sessions_of([run.id])[run.id]}
    session = sessions.get(found.course_session_id or 0)
    return page(
        "courses/offer.html",
        422 if form is not None and form.submitted else 200,
        offer=found,
        run=run,
        side=side,
        form=form,
        session=session,
        said=_said(found, session),
        materials=materials_of(found),
        sees=local(SEES[found.sees]),
        kind=category_word(found.category) if found.category else "",
        may_withdraw=side == "company" and found.state in LIVE,
        **_around(found, run, session),
    )


def _too_late(key: str, side: Side) -> Response:
    """An answer to what is answered already; a company answers nothing."""
    if side != "team":
        not_found()
    pressed(_refuse_late)
    return redirect(url_for("courses.offer", key=key), 303)


def _refuse_late() -> None:
    raise Refused(verbs.TOO_LATE)


def _answered(form: OfferAnswerForm, found: OfferFacts, run: RunFacts) -> bool:
    shown = replace(found, revision=form.seen_revision)
    return done(form, lambda: answer_offer(shown, run, form.values(), current_actor()))


def _around(
    found: OfferFacts, run: RunFacts, session: CourseSessionFacts | None
) -> dict[str, object]:
    """Who is behind the offer, what stands in its way, and what to look at once more."""
    company = organisations_by_id([found.company_id])[found.company_id]
    person = people_by_id([found.teacher_id]).get(found.teacher_id) if found.teacher_id else None
    there = found.teacher_id in people_at([found.company_id]).get(found.company_id, ())
    waits = found.state == "offered"
    slots = slots_of(run.id) if waits else []
    others = _others(slots, company.name)
    way = (
        verbs.in_the_way(run, [found.company_id], session.starts_at, found.category)
        if waits and session is not None
        else []
    )
    return {
        "company": company.name,
        "teacher": person.name if person is not None else "",
        "left": found.state in LIVE and not there,
        "missing": [local(refusal.message) for refusal in way],
        "remarks": claim_remarks([found.topic, found.text], company.name, others) if waits else (),
        "free": free_minutes(session, slots) if waits and session is not None else None,
    }


def _others(slots: Sequence[SlotFacts], own: str) -> list[str]:
    """Names of other companies in a run, and of what they show."""
    theirs = [one for one in slots if one.organisation_kind == "company"]
    names = [
        n
        for one in theirs
        if one.organisation_name != own
        for n in (one.organisation_name or "", one.product)
    ]
    return [name for name in names if name]


def _said(found: OfferFacts, session: CourseSessionFacts | None) -> str:
    """What is to be known of the day, in a sentence; "" when all is as it was."""
    if found.state not in LIVE:
        return ""
    if session is None:
        return _("The day was taken off the plan. The offer cannot be kept as it is.")
    if session.state == "cancelled":
        return _("The day is cancelled. The offer cannot be kept as it is.")
    if found.state == "offered" and session.starts_at <= now():
        return _("The day has been. The offer can only be refused or taken back.")
    if session.state == "moved":
        return _("The day was moved. See that it still suits you.")
    return ""


@blueprint.post("/offers/<key>/withdraw")
@access(rate="write")
def withdraw_slot_offer(key: str) -> Response:
    """The company takes its offer back."""
    actor = current_actor()
    seen = offer_seen(key, actor) if is_key(key) else None
    if seen is None or seen[2] != "company":
        not_found()
    if pressed(lambda: verbs.withdraw_offer(seen[0], actor)):
        tell(_("Taken back. The run's team hears of it."))
    return redirect(url_for("courses.offer", key=key), 303)
