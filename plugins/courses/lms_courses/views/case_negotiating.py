"""A case between its sides: read, talked about, written anew, settled and published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    GUEST,
    LANGUAGES,
    Actor,
    RunFacts,
    access,
    current_actor,
    documents_about,
    done,
    find_records,
    kept_uploads,
    language,
    local,
    not_found,
    page,
    people_by_id,
    pressed,
    record_kind,
    records_as_seen,
    runs_by_id,
    technology_categories,
    tell,
    way_to_thread,
)
from lms_courses.case_states import MOVES, NDA_STATES, OWNERSHIP, SIDES, STATES, WRITTEN_ON
from lms_courses.differences import changes
from lms_courses.forms.cases import (
    LANGUAGE_WORDS,
    ChosenPlaces,
    CommentForm,
    EditForm,
    MoveForm,
    NeedForm,
    RightsForm,
    code_of,
)
from lms_courses.permissions import CASES
from lms_courses.queries.case_uses import history_of
from lms_courses.queries.cases import CaseFacts, comments_of, versions_of
from lms_courses.queries.ndas import ndas_of
from lms_courses.queries.papers import RIGHTS
from lms_courses.services import cases
from lms_courses.services.case_gaps import gaps_of
from lms_courses.views.base import blueprint
from lms_courses.views.case_acting import (
    Group,
    back_to,
    case_of_sides,
    contact_of,
    hosts_offered,
    key_to_id,
    need_of,
    offered,
    seen_case,
    write_page,
)
from lms_courses.words import _

ALL_SIDES = ("teacher", "company", "practice")
NEED_KINDS = ("challenge",)
"""Kinds of records that a case may answer, where somebody keeps them."""
BY_SIDE = {"approved": ("teacher",), "open": ("teacher",)}
"""Who moves a case where not every side but practice may."""


def to_case(key: str) -> Response:
    """To the page of a case."""
    return redirect(url_for("courses.case", key=key), 303)


def ways_on(case: CaseFacts) -> list[str]:
    """States into which the reader may move it by a word of their own."""
    ways = [state for state in MOVES[case.state] if state not in ("proposed", "negotiated")]
    return [state for state in ways if case.sides & set(BY_SIDE.get(state, ("teacher", "company")))]


@blueprint.get("/cases/<key>")
@access(CASES)
def case(key: str) -> Response:
    """A case, what is missing, what was said, and where it is used."""
    found = seen_case(key, current_actor())
    if found.state == "draft":
        return redirect(url_for("courses.continue_case", key=key), 303)
    form = CommentForm()
    form.offer(found.sides)
    return _case_page(found, form)


@blueprint.post("/cases/<key>/comments")
@access(CASES, rate="write")
def comment_case(key: str) -> Response:
    """Say something about the version that holds."""
    actor = current_actor()
    found = case_of_sides(key, actor, *ALL_SIDES)
    form = CommentForm()
    form.offer(found.sides)

    def act() -> None:
        current = case_of_sides(key, actor, *ALL_SIDES)
        side = form.side.data if "side" in form else next(iter(current.sides))
        cases.comment(current, side, form.text.data or "", actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("Your words stand here now. The others get a letter."))
        return to_case(key)
    return _case_page(found, form)


def _case_page(found: CaseFacts, form: CommentForm) -> Response:
    mine = bool(found.sides)
    history = history_of(found.id)
    runs = runs_by_id([use.run_id for use in history]) if history else {}
    people = people_by_id([found.contact_id]) if found.contact_id else {}
    return page(
        "courses/case_show.html",
        422 if form.submitted else 200,
        found=found,
        form=form if mine and found.state in WRITTEN_ON else None,
        comments=comments_of(found.id) if mine else (),
        history=history,
        runs=runs,
        named=runs if mine else _seen_among(runs.values()),
        ndas=ndas_of([found.id])[found.id] if mine else (),
        gaps=gaps_of(found) if mine else (),
        need=need_of(found),
        contact=people.get(found.contact_id or 0),
        ways=ways_on(found),
        thread=way_to_thread("case", found.key),
        states=STATES,
        sides=SIDES,
        ownership=OWNERSHIP,
        nda_states=NDA_STATES,
        categories=technology_categories(),
        may_write=bool(found.sides & {"teacher", "company"}) and found.state in WRITTEN_ON,
    )


def _seen_among(runs: Iterable[RunFacts]) -> frozenset[int]:
    """Ids of those of these runs that the reader may see. Who speaks for a side may open the case
    in each of them; others read of a run they may not see only who hosts it, and when."""
    refs = {("course", run.key): run.id for run in runs}
    return frozenset(refs[ref] for ref in records_as_seen(refs, current_actor()))


# --- versions -----------------------------------------------------------------------------------


@blueprint.route("/cases/<key>/edit", methods=["GET", "POST"])
@access(CASES, rate="write")
def edit_case(key: str) -> Response:
    """A new version of a case, in one language at a time."""
    actor = current_actor()
    found = case_of_sides(key, actor, "teacher", "company")
    places = offered(actor)
    form = EditForm()
    form.language = code_of(request.args.get("in", language()))
    form.offer_places(technology_categories(), hosts_offered(places, found))
    closed = "teacher" in found.sides and found.company_closed
    form.offer_company(places.companies if closed else ())
    if not form.submitted:
        form.put(found, form.language)
        keys = {one.id: one.key for one in hosts_offered(places, found)}
        form.practice_host.data = keys.get(found.practice_host_id or 0, "")
    form.look()
    if form.validate_on_submit():
        company = key_to_id(form.company.data if "company" in form else "", places.companies)
        company = company or found.company_id
        contact = contact_of(form, company, found.contact_id)

        def act() -> None:
            current = case_of_sides(key, actor, "teacher", "company")
            values = form.values(
                ChosenPlaces(
                    company_id=company,
                    institution_id=current.institution_id,
                    practice_host_id=key_to_id(
                        form.practice_host.data, hosts_offered(places, current)
                    ),
                    contact_id=contact,
                ),
                current,
            )
            cases.edit(current, values, form.note.data or "", actor, number=form.seen_number)

        if not form.contact.errors and done(form, act):
            tell(_("The new version stands. Practice looks at it again before it is published."))
            return to_case(key)
    others = []
    if form.submitted and form.seen_number not in (found.number, -1):
        form.number.data = str(found.number)
        others = [
            (str(field.label.text), getattr(getattr(found, name), form.language))
            for name, field in ((name, form[name]) for name in ("title", "problem", "question"))
        ]
    return page(
        "courses/case_edit.html",
        422 if form.submitted else 200,
        form=form,
        found=found,
        others=others,
        back=back_to(found),
        languages_offered=[
            (code, _(LANGUAGE_WORDS[code]), code == form.language) for code in LANGUAGES
        ],
    )


@blueprint.get("/cases/<key>/versions")
@access(CASES)
def case_versions(key: str) -> Response:
    """What changed from one version to another: by default from the last but one to the last."""
    found = seen_case(key, current_actor())
    if found.state == "draft":
        not_found()
    versions = versions_of(found.id)
    numbers = [one.number for one in versions]
    new = request.args.get("to", numbers[-1], type=int)
    new = new if new in numbers else numbers[-1]
    old = request.args.get("from", max(new - 1, numbers[0]), type=int)
    old = old if old in numbers else numbers[0]
    by_number = {one.number: one for one in versions}
    return page(
        "courses/case_versions.html",
        found=found,
        versions=versions,
        old=by_number[old],
        new=by_number[new],
        changed=changes(by_number[old].content, by_number[new].content),
        ownership=OWNERSHIP,
        categories=technology_categories(),
        back=back_to(found),
    )


@blueprint.route("/cases/<key>/rights", methods=["GET", "POST"])
@access(CASES, rate="write", uploads=True)
def case_rights(key: str) -> Response:
    """Settle who owns what comes of it."""
    actor = current_actor()
    found = case_of_sides(key, actor, "teacher")
    code = code_of(language())
    form = RightsForm()
    form.offer()
    if not form.submitted:
        form.put(found, code)

    def act() -> None:
        current = case_of_sides(key, actor, "teacher")
        # In the same unit of work, so that what is refused leaves no paper behind.
        about: dict[str, Any] = {"subject": (RIGHTS, current.id), "actor": actor}
        kept_uploads(form.agreement.data or (), language=code, **about)
        cases.settle_rights(
            current,
            form.values(current, code),
            form.note.data or "",
            actor,
            number=form.seen_number,
        )

    if form.validate_on_submit():
        if done(form, act):
            tell(_("The rights are settled. Students read your words before they begin."))
            return to_case(key)
        if form.seen_number != found.number:
            form.number.data = str(found.number)
    return page(
        "courses/case_rights.html",
        422 if form.submitted else 200,
        form=form,
        found=found,
        kept=documents_about(RIGHTS, [found.id]),
        back=back_to(found),
    )


# --- its way ------------------------------------------------------------------------------------


@blueprint.post("/cases/<key>/practice")
@access(CASES, rate="write")
def check_case(key: str) -> Response:
    """Practice finds the case real and decent."""
    actor = current_actor()
    case_of_sides(key, actor, "practice")
    number = request.form.get("number", "")
    seen = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1

    def act() -> None:
        cases.check_as_practice(case_of_sides(key, actor, "practice"), actor, number=seen)

    if pressed(act):
        tell(_("Thank you. Practice has checked the case."))
    return to_case(key)


@blueprint.route("/cases/<key>/to/<state>", methods=["GET", "POST"])
@access(CASES, rate="write")
def move_case(key: str, state: str) -> Response:
    """To another state; what ends a case has a reason."""
    actor = current_actor()
    found = case_of_sides(key, actor, "teacher", "company")
    if state not in ways_on(found):
        not_found()
    form = MoveForm()
    if state not in ("declined", "closed"):
        del form.reason
    seen = form.seen_number if form.submitted else found.number
    form.number.data = str(found.number)  # told that there is a newer one, they answer for that

    def act() -> None:
        current = case_of_sides(key, actor, "teacher", "company")
        reason = (form.reason.data or "") if "reason" in form else ""
        cases.move(current, state, reason, actor, number=seen)

    if form.validate_on_submit() and done(form, act):
        tell(_("The case is now: %(state)s", state=local(STATES[state])))
        return to_case(key)
    ends = state in ("declined", "closed")
    return write_page(
        form,
        _("From “%(old)s” to “%(new)s”", old=_word(found.state), new=_word(state)),
        [Group(fields=[form.reason])] if "reason" in form else [],
        {
            "approved": _("Approve it"),
            "open": _("Open it to runs"),
            "closed": _("Close it"),
            "declined": _("Decline it"),
        }[state],
        action=url_for("courses.move_case", key=key, state=state),
        back=back_to(found),
        kind="stop" if ends else "",
        lead=_("Runs that use it keep it.") if state == "closed" else "",
        gaps=() if ends else gaps_of(found),
    )


def _word(state: str) -> str:
    return local(STATES[state])


@blueprint.route("/cases/<key>/need", methods=["GET", "POST"])
@access(CASES, rate="search")
def case_need(key: str) -> Response:
    """Choose the need that the case answers, among those that everybody may read."""
    actor = current_actor()
    found = case_of_sides(key, actor, "teacher", "company")
    words = request.args.get("q", "").strip()[:200]
    offered_needs = {
        f"{kind}:{facts.key}": facts
        for kind in NEED_KINDS
        if words and record_kind(kind) is not None
        for facts in find_records(kind, words, GUEST)
    }
    form = NeedForm()
    form.need.choices = [
        *((code, local(facts.title)) for code, facts in offered_needs.items()),
        ("none", _("None of these")),
    ]

    def act() -> None:
        chosen = form.need.data
        kind, _colon, need_key = str(chosen).partition(":")
        need = (kind, need_key) if chosen in offered_needs else None
        cases.answer_need(_again(key, actor), need, actor)

    if form.validate_on_submit() and done(form, act):
        tell(_("The case says now which need it answers."))
        return to_case(key)
    return page(
        "courses/case_need.html",
        422 if form.submitted else 200,
        form=form,
        found=found,
        need=need_of(found),
        needs=offered_needs,
        words=words,
        back=back_to(found),
    )


def _again(key: str, actor: Actor) -> CaseFacts:
    return case_of_sides(key, actor, "teacher", "company")
