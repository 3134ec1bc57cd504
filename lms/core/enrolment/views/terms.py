"""How one gets a seat in a run: what holds, and the forms in which its leads change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.acting import done, pressed
from lms.core.catalogue.queries import may_in_run, run_by_key
from lms.core.catalogue.services import hold_run
from lms.core.enrolment import presenting_terms as words
from lms.core.enrolment import services
from lms.core.enrolment.forms_terms import NumbersForm, QuestionForm, WaitingForm, WaysForm
from lms.core.enrolment.queries import LOTTERY, counts_in_run, reservations_of, terms_of
from lms.core.enrolment.queries.desk import UNDER_WAY, entry_rules_of
from lms.core.enrolment.views.base import MANAGE, blueprint
from lms.core.local_times import moment_at
from lms.core.refused import refused
from lms.core.users.views.choices import role_titles
from lms.db import new_key, now
from lms.web import Form, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _

SAVED = _("Saved.")


def led_run(key: str, actor: Actor) -> RunFacts:
    """The run, if the actor manages its enrolments; else 404."""
    run = run_by_key(key, actor)
    if run is None or not may_in_run(actor, run, MANAGE):
        not_found()
    return run


def changeable(key: str, actor: Actor) -> RunFacts:
    """The same for what changes the run; a run that is over stays as it was, and is 404 here."""
    run = led_run(key, actor)
    if run.state not in UNDER_WAY:
        not_found()
    return run


def change_terms(run_id: int, actor: Actor, **changes: Any) -> None:
    """Write some of a run's terms and leave the others, in a unit of work."""
    hold_run(run_id)
    services.set_terms(replace(terms_of([run_id])[run_id], **changes), actor)


def back(key: str) -> Response:
    """To the page of the terms."""
    return redirect(url_for("enrolment.seats", key=key), 303)


def end_of(day: date | None, zone: str, field: str) -> datetime | None:
    """The last minute of a day where the run is."""
    return moment_at(day, words.END_OF_DAY, zone, field=field) if day else None


@blueprint.get("/catalogue/<key>/seats")
@access()
def seats(key: str) -> Response:
    """Everything that holds for the seats of a run, with a link to change each part."""
    actor = current_actor()
    run = led_run(key, actor)
    terms = terms_of([run.id])[run.id]
    counts = counts_in_run(run.id)
    rules = entry_rules_of(run.id) if "rule" in terms.ways else []
    roles = role_titles()
    return page(
        "enrolment/terms.html",
        run=run,
        terms=terms,
        short=words.is_short(run, terms),
        decision=words.DECISIONS.get(terms.minimum_decision or ""),
        waiting=counts.get("waitlisted", 0),
        asked=counts.get("awaiting_approval", 0) + counts.get("requested", 0),
        who_asks=words.who_asks(terms),
        who_says_yes=words.who_says_yes(terms),
        rule=words.rule_words(terms.waiting_rule),
        draw=words.draw_in_words(run, terms) if terms.waiting_rule == LOTTERY else None,
        after_no=gettext(words.AFTER_NO_WORDS[terms.after_no]),
        rules=[words.rule_in_words(rule, roles) for rule in rules],
        kept=reservations_of([run.id])[run.id],
        kinds={kind: gettext(word) for kind, word in words.KIND_WORDS.items()},
        may_change=run.state in UNDER_WAY,
        may_teach=may_in_run(actor, run, "learning.teach"),
    )


@blueprint.route("/catalogue/<key>/seats/ways", methods=["GET", "POST"])
@access(rate="write")
def seats_ways(key: str) -> Response:
    """Who may ask, and who says yes."""
    actor = current_actor()
    run = changeable(key, actor)
    terms = terms_of([run.id])[run.id]
    asked = dict(zip(("first", "second", "third"), (*terms.approvers, "", "", ""), strict=False))
    form = WaysForm(
        ways=list(terms.ways), entry_key=terms.entry_key, approval=terms.approval, **asked
    )
    form.ways.choices = words.way_choices()
    form.first.choices = words.approver_choices(gettext(_("Nobody, a seat is given at once")))
    form.second.choices = form.third.choices = words.approver_choices(gettext(_("Nobody more")))
    form.approval.choices = words.choices_of(words.APPROVAL_WORDS)
    if form.validate_on_submit() and done(
        form,
        lambda: change_terms(
            run.id,
            actor,
            ways=tuple(way for way in words.WAY_WORDS if way in (form.ways.data or ())),
            entry_key=form.entry_key.data or None,
            approvers=form.approvers,
            approval=form.approval.data,
        ),
    ):
        tell(gettext(SAVED))
        return back(key)
    heading = gettext(_("Who can ask, and who says yes?"))
    return _form_page(run, form, heading)


@blueprint.route("/catalogue/<key>/seats/waiting", methods=["GET", "POST"])
@access(rate="write")
def seats_waiting(key: str) -> Response:
    """Who is next when a seat is free. The rule stays while people wait by it."""
    actor = current_actor()
    run = changeable(key, actor)
    terms = terms_of([run.id])[run.id]
    form = WaitingForm(
        waiting_rule=terms.waiting_rule,
        draw_day=words.local_day(terms.draw_at, run.zone),
        draw_clock=words.local_clock(terms.draw_at, run.zone),
        offer_hours=str(terms.offer_hours),
        after_no=terms.after_no,
        in_pairs=terms.in_pairs,
    )
    form.waiting_rule.choices = words.rule_choices(terms.waiting_rule)
    form.after_no.choices = words.choices_of(words.AFTER_NO_WORDS)
    locked = bool(counts_in_run(run.id).get("waitlisted"))
    drawn = terms.drawn_at is not None
    if locked:
        form.waiting_rule.data = form.waiting_rule.data or terms.waiting_rule
    if drawn:
        del form.draw_day, form.draw_clock
    twice: list[time] = []

    def save() -> None:
        changes: dict[str, Any] = {}
        if not drawn:
            day, clock = form.draw_day.data, form.draw_clock.data
            changes["draw_at"] = at = (
                moment_at(day, clock, run.zone, field="draw_clock") if day and clock else None
            )
            if at is not None and at != terms.draw_at and at <= now():
                raise refused(
                    "draw_day.not_ahead",
                    da="Den tid er gået. Vælg et tidspunkt, der ligger forude.",
                    sv="Den tiden har varit. Välj en tid som ligger framåt.",
                    en="That time has been. Choose one that is still to come.",
                )
            if day and clock and words.comes_twice(day, clock, run.zone):
                twice.append(clock)
        change_terms(
            run.id,
            actor,
            waiting_rule=form.waiting_rule.data,
            offer_hours=form.offer_hours.number,
            after_no=form.after_no.data,
            in_pairs=bool(form.in_pairs.data),
            **changes,
        )

    if form.validate_on_submit() and done(form, save):
        tell(gettext(SAVED))
        for clock in twice:
            tell(words.twice_in_words(clock), "info")
        return back(key)
    return _form_page(
        run,
        form,
        gettext(_("Who is next when a seat is free?")),
        locked=words.rule_words(terms.waiting_rule) if locked else None,
    )


@blueprint.route("/catalogue/<key>/seats/numbers", methods=["GET", "POST"])
@access(rate="write")
def seats_numbers(key: str) -> Response:
    """How many seats, how few people, most for one employer, and until when one may leave."""
    actor = current_actor()
    run = changeable(key, actor)
    terms = terms_of([run.id])[run.id]
    form = NumbersForm(
        capacity=str(run.capacity),
        minimum=str(terms.minimum),
        decide_by=words.local_day(terms.decide_by, run.zone),
        per_employer=str(terms.per_employer) if terms.per_employer else "",
        withdraw_until=words.local_day(terms.withdraw_until, run.zone),
    )

    def save() -> None:
        # Fewer for one employer first: new seats are offered by what holds from now on.
        change_terms(
            run.id,
            actor,
            minimum=form.minimum.number,
            decide_by=end_of(form.decide_by.data, run.zone, "decide_by"),
            per_employer=form.per_employer.number,
            withdraw_until=end_of(form.withdraw_until.data, run.zone, "withdraw_until"),
        )
        if form.capacity.number is not None and form.capacity.number != run.capacity:
            services.change_capacity(run.id, form.capacity.number, actor)

    if form.validate_on_submit() and done(form, save):
        tell(gettext(SAVED))
        return back(key)
    return _form_page(run, form, gettext(_("How many seats are there?")))


def _form_page(run: RunFacts, form: Form, heading: str, **values: Any) -> Response:
    return page(
        "enrolment/terms_form.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        heading=heading,
        **{"locked": None, "question": None} | values,
    )


# --- the run's own questions --------------------------------------------------------------------


@blueprint.route("/catalogue/<key>/seats/questions/new", methods=["GET", "POST"])
@access(rate="write")
def seats_question_new(key: str) -> Response:
    """One more question to everybody who asks for a seat."""
    return _question(key, None)


@blueprint.route("/catalogue/<key>/seats/questions/<question_key>", methods=["GET", "POST"])
@access(rate="write")
def seats_question(key: str, question_key: str) -> Response:
    """Change a question, or leave it out from now on."""
    return _question(key, question_key)


def _question(key: str, question_key: str | None) -> Response:
    actor = current_actor()
    run = changeable(key, actor)
    there = terms_of([run.id])[run.id].questions
    before = next((question for question in there if question.key == question_key), None)
    if question_key is not None and before is None:
        not_found()
    form = QuestionForm(
        kind=before.kind if before else "text", required=bool(before and before.required)
    )
    form.kind.choices = words.choices_of(words.KIND_WORDS)
    if before is not None and not form.submitted:
        form.fill(before)

    def save() -> None:
        hold_run(run.id)
        present = terms_of([run.id])[run.id].questions
        kept = [question for question in present if question.key != question_key]
        place = next((n for n, q in enumerate(present) if q.key == question_key), len(present))
        kept.insert(place, form.question(question_key or new_key(), before))
        if len(kept) > max(words.MOST_QUESTIONS, len(present)):
            raise refused(
                "too_many",
                da="Et hold kan højst stille ti spørgsmål. Fjern et andet først.",
                sv="En omgång kan ställa högst tio frågor. Ta bort en annan först.",
                en="A run can ask ten questions at most. Remove another one first.",
            )
        change_terms(run.id, actor, questions=tuple(kept))

    if form.validate_on_submit() and done(form, save):
        tell(gettext(SAVED))
        return back(key)
    heading = _("Change the question") if before else _("A new question")
    return _form_page(run, form, gettext(heading), question=question_key)


@blueprint.route("/catalogue/<key>/seats/questions/<question_key>/remove", methods=["POST"])
@access(rate="write")
def seats_question_remove(key: str, question_key: str) -> Response:
    """The question is not asked any more; answers given stay with those who gave them."""
    actor = current_actor()
    run = changeable(key, actor)
    if question_key not in {question.key for question in terms_of([run.id])[run.id].questions}:
        not_found()
    if pressed(lambda: _without_question(run.id, question_key, actor)):
        tell(gettext(_("The question is gone.")))
    return back(key)


def _without_question(run_id: int, question_key: str, actor: Actor) -> None:
    hold_run(run_id)
    present = terms_of([run_id])[run_id].questions
    left = tuple(question for question in present if question.key != question_key)
    change_terms(run_id, actor, questions=left)
