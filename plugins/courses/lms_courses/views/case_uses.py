"""Cases in runs: one is chosen, read by who takes part, and another steps in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    SYSTEM,
    Actor,
    RunFacts,
    access,
    asked_page,
    contact_refusals,
    current_actor,
    documents_with_keys,
    done,
    file_url,
    is_key,
    local,
    may_in_run,
    not_found,
    page,
    pager,
    people_by_id,
    run_by_key,
    runs_by_id,
    tell,
    version_by_id,
)
from lms_courses.case_states import OWNERSHIP
from lms_courses.forms.cases import FallbackForm, HoursForm, TakeForm, WithdrawForm
from lms_courses.permissions import CASES
from lms_courses.queries.case_uses import UseFacts, use_by_key, uses_in_runs, withdrawn_in
from lms_courses.queries.cases import (
    CaseFacts,
    LibraryFilters,
    case_by_key,
    cases_by_id,
    companies_of,
    library,
)
from lms_courses.queries.ndas import first_works, nda_of_run, ndas_of
from lms_courses.services import case_uses
from lms_courses.views.base import blueprint
from lms_courses.views.case_acting import Group, need_of, open_cases, seen_case, write_page
from lms_courses.words import _

TEACH = "learning.teach"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A case in a run as the reader may see it; `teaches`: do they teach the run?"""

    use: UseFacts
    run: RunFacts
    teaches: bool

    @property
    def answers_for_it(self) -> bool:
        """May the reader withdraw the case, or say what the company gave?"""
        return self.teaches or "company" in self.use.case.sides


def taught_run(key: str, actor: Actor) -> RunFacts:
    """A run that the actor teaches and does not teach for a company; else 404."""
    run = run_by_key(key, actor) if is_key(key) else None
    if run is None or companies_of(actor) or not may_in_run(actor, run, TEACH):
        not_found()
    return run


def seen_use(key: str, actor: Actor) -> Seen:
    """A case in a run that the actor takes part in, teaches, or speaks for; else 404."""
    use = use_by_key(key, actor) if is_key(key) else None
    if use is None:
        not_found()
    run = runs_by_id([use.run_id])[use.run_id]
    teaches = not companies_of(actor) and may_in_run(actor, run, TEACH)
    if not (teaches or use.case.sides or (use.takes_part and not companies_of(actor))):
        not_found()
    return Seen(use=use, run=run, teaches=teaches)


@blueprint.get("/runs/<key>/cases")
@access(CASES, rate="search")
def run_cases(key: str) -> Response:
    """The case of a run, those that were withdrawn, and the open ones to choose from."""
    actor = current_actor()
    run = taught_run(key, actor)
    words = request.args.get("q", "").strip()[:200]
    found = library(actor, LibraryFilters(words=words, state="open"), asked_page())
    return page(
        "courses/run_cases.html",
        run=run,
        use=uses_in_runs([run.id], actor).get(run.id),
        withdrawn=withdrawn_in(run.id),
        found=found,
        words=words,
        pager=pager(found.number, found.pages),
        over=run.state in case_uses.OVER,
    )


@blueprint.route("/runs/<key>/cases/<case_key>", methods=["GET", "POST"])
@access(CASES, rate="write")
def take_case(key: str, case_key: str) -> Response:
    """Take an open case into a run, with what the students learn from it."""
    actor = current_actor()
    run = taught_run(key, actor)
    found = seen_case(case_key, actor)
    if found.state != "open":
        not_found()
    form = TakeForm()
    outcomes = version_by_id(run.course_version_id).outcomes
    form.offer(outcomes, open_cases(actor, found.id))
    refusals = () if form.submitted else contact_refusals(case_uses.contacts(run, found))

    def act() -> None:
        current = seen_case(case_key, actor)
        fallback = _fallback(form.fallback.data, actor)
        case_uses.take_case(
            run,
            current,
            form.places,
            actor,
            fallback_case_id=fallback.id if fallback is not None else None,
        )
        kept = any(one.state != "ended" for one in ndas_of([current.id])[current.id])
        elsewhere.append(kept and nda_of_run(run.id) is None)

    elsewhere: list[bool] = []
    if form.validate_on_submit() and done(form, act):
        tell(_("The run works on this case now. The company gets a letter."))
        if elsewhere[-1]:
            tell(_("Its agreement on secrecy does not hold for this run."), "wait")
        return redirect(url_for("courses.run_cases", key=key), 303)
    return page(
        "courses/case_take.html",
        422 if form.submitted else 200,
        form=form,
        run=run,
        found=found,
        need=need_of(found),
        ownership=OWNERSHIP,
        refusals=[local(one.message) for one in refusals],
    )


def _fallback(key: str | None, actor: Actor) -> CaseFacts | None:
    return case_by_key(key, actor) if key else None


@blueprint.get("/cases/uses/<key>")
@access()
def case_in_run(key: str) -> Response:
    """The case as the run took it, for who takes part in it or speaks for a side."""
    actor = current_actor()
    seen = seen_use(key, actor)
    use = seen.use
    nda = nda_of_run(use.run_id) if use.withdrawn_at is None else None
    ndas = ndas_of([use.case.id])[use.case.id] if nda is None else ()
    first = first_works([use.run_id]).get(use.run_id) if ndas else None
    people = people_by_id([use.case.contact_id]) if use.case.contact_id else {}
    outcomes = version_by_id(seen.run.course_version_id).outcomes
    return page(
        "courses/case_in_run.html",
        seen=seen,
        use=use,
        run=seen.run,
        case=use.case,
        need=need_of(use.case),
        outcomes=[outcomes[place] for place in use.outcomes if place < len(outcomes)],
        ownership=OWNERSHIP,
        nda=nda,
        nda_too_late=any(one.state != "ended" and not one.holds_since(first) for one in ndas),
        document=_document(nda.document_key) if nda is not None else "",
        contact=people.get(use.case.contact_id or 0),
        over=seen.run.state in case_uses.OVER,
    )


def _document(key: str) -> str:
    return file_url(key) if key and documents_with_keys([key]) else ""


@blueprint.route("/cases/uses/<key>/withdraw", methods=["GET", "POST"])
@access(rate="write")
def withdraw_case(key: str) -> Response:
    """The case is not there any more for this run; another steps in at once."""
    actor = current_actor()
    seen = _answered_for(key, actor)
    form = WithdrawForm()
    prepared = seen.use.fallback_case_id
    if seen.teaches:
        form.offer(open_cases(actor, seen.use.case.id))
        if not form.submitted and prepared is not None:
            chosen = cases_by_id([prepared], actor).get(prepared)
            form.fallback.data = chosen.key if chosen is not None else ""
    else:
        del form.fallback

    def act() -> None:
        current = _answered_for(key, actor)
        steps_in.append(
            case_uses.withdraw_use(
                current.use,
                current.run,
                _steps_in(form, current, actor),
                form.reason.data or "",
                actor,
            )
        )

    steps_in: list[bool] = []
    if form.validate_on_submit() and done(form, act):
        if steps_in[-1]:
            tell(_("The case is withdrawn, and another has stepped in. The groups get a letter."))
        else:
            tell(_("The case is withdrawn. The groups and the teacher get a letter."))
        if seen.teaches:
            return redirect(url_for("courses.run_cases", key=seen.run.key), 303)
        return redirect(url_for("courses.case_in_run", key=key), 303)
    return write_page(
        form,
        _("Withdraw the case"),
        [Group(fields=[form.reason, *([form.fallback] if seen.teaches else [])])],
        _("Withdraw it"),
        action=url_for("courses.withdraw_case", key=key),
        back=(local(seen.use.case.title), url_for("courses.case_in_run", key=key)),
        kind="stop",
        lead=_("What the students have made stays theirs."),
    )


def _steps_in(form: WithdrawForm, seen: Seen, actor: Actor) -> CaseFacts | None:
    """What the teacher chose now or early; a company does not see the cases of others, so the
    house looks that one up itself."""
    if "fallback" in form:
        return _fallback(form.fallback.data, actor)
    prepared = seen.use.fallback_case_id
    return cases_by_id([prepared], SYSTEM).get(prepared) if prepared is not None else None


def _answered_for(key: str, actor: Actor) -> Seen:
    seen = seen_use(key, actor)
    if not seen.answers_for_it or seen.use.withdrawn_at is not None:
        not_found()
    return seen


@blueprint.route("/cases/uses/<key>/hours", methods=["GET", "POST"])
@access(rate="write")
def case_hours(key: str) -> Response:
    """How many hours the company has given."""
    actor = current_actor()
    seen = seen_use(key, actor)
    if not seen.answers_for_it:
        not_found()
    form = HoursForm()
    if not form.submitted:
        form.hours.data = str(seen.use.hours_given)

    def act() -> None:
        case_uses.note_hours(seen_use(key, actor).use, form.hours.number or 0, actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Noted. Thank you for the hours."))
        return redirect(url_for("courses.case_in_run", key=key), 303)
    return write_page(
        form,
        _("Hours the company has given"),
        [Group(fields=[form.hours])],
        _("Save"),
        action=url_for("courses.case_hours", key=key),
        back=(local(seen.use.case.title), url_for("courses.case_in_run", key=key)),
        lead=_("Promised: %(n)d", n=seen.use.case.hours_promised),
    )


@blueprint.route("/cases/uses/<key>/fallback", methods=["GET", "POST"])
@access(CASES, rate="write")
def case_fallback(key: str) -> Response:
    """Choose early which case steps in if this one is withdrawn."""
    actor = current_actor()
    seen = _taught_use(key, actor)
    form = FallbackForm()
    form.offer(open_cases(actor, seen.use.case.id))
    if not form.submitted and seen.use.fallback_case_id is not None:
        chosen = cases_by_id([seen.use.fallback_case_id], actor)
        form.fallback.data = next((one.key for one in chosen.values()), "")

    def act() -> None:
        fallback = _fallback(form.fallback.data, actor)
        case_uses.choose_fallback(_taught_use(key, actor).use, fallback, actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Saved."))
        return redirect(url_for("courses.case_in_run", key=key), 303)
    return write_page(
        form,
        _("What steps in"),
        [Group(fields=[form.fallback])],
        _("Save"),
        action=url_for("courses.case_fallback", key=key),
        back=(local(seen.use.case.title), url_for("courses.case_in_run", key=key)),
        lead=_("If the company withdraws, the groups get this case at once."),
    )


def _taught_use(key: str, actor: Actor) -> Seen:
    seen = seen_use(key, actor)
    if not seen.teaches or seen.use.withdrawn_at is not None:
        not_found()
    return seen
