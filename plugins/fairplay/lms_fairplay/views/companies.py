"""Companies as those see them who look after an authority's contacts."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    OrganisationFacts,
    access,
    asked_page,
    current_actor,
    done,
    is_key,
    not_found,
    organisation_by_key,
    organisation_named,
    organisation_with_number,
    organisations_by_id,
    page,
    pager,
    registration_number,
    technology_categories,
    tell,
)
from lms_fairplay.days import noon, today
from lms_fairplay.forms.companies import AnswerForm, ApartForm, MergeForm
from lms_fairplay.kinds import KINDS
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.companies import COMPANY
from lms_fairplay.queries.companies import companies as found_companies
from lms_fairplay.queries.declarations import all_declared
from lms_fairplay.queries.families import families, merger_of, mergers_of
from lms_fairplay.queries.lines import correction_by_key, lines_by_id, lines_with
from lms_fairplay.queries.seeing import SITE, authorities_of, looks_after
from lms_fairplay.queries.tenders import titled
from lms_fairplay.services.correcting import answer
from lms_fairplay.services.merging import end_merger, merge
from lms_fairplay.views.base import blueprint
from lms_fairplay.words import _


@blueprint.get("/companies")
@access()
def companies() -> Response:
    """Companies that the reader's authorities have to do with, or all there are."""
    where = _authorities(current_actor())
    categories = technology_categories()
    category = request.args.get("category", "")
    category = category if category in categories else ""
    words, everybody = request.args.get("q", "")[:200], request.args.get("all") == "1"
    found = found_companies(
        where, search=words, category=category, known=not everybody, page=asked_page()
    )
    return page(
        "fairplay/companies.html",
        found=found,
        pager=pager(found.number, found.pages),
        words=words,
        category=category,
        categories=categories,
        everybody=everybody,
        today=today(),
        noon=noon,
    )


@blueprint.get("/companies/<key>")
@access()
def company(key: str) -> Response:
    """A company: its contacts with the reader's authorities, and what it declared."""
    actor = current_actor()
    where = _authorities(actor)
    about = company_or_404(key)
    family = families([about.id])[about.id]
    lines = lines_with(family, where, page=asked_page())
    declared = all_declared(family)
    return page(
        "fairplay/company.html",
        company=about,
        tabs=company_tabs(about, "contacts"),
        lines=lines,
        pager=pager(lines.number, lines.pages),
        declarations=declared,
        mergers=mergers_of(family),
        may_merge=actor.may(SITE),
        may_end=looks_after_some(actor, PROCURE)
        and any(one.company_id == about.id and one.holds_on(today()) for one in declared),
        kinds=KINDS,
        titled=titled,
        today=today(),
        noon=noon,
    )


@blueprint.route("/companies/<key>/corrections/<correction_key>", methods=["GET", "POST"])
@access(rate="write")
def answer_correction(key: str, correction_key: str) -> Response:
    """Answer what a company says about a line, once."""
    actor = current_actor()
    _authorities(actor)
    about = company_or_404(key)
    correction = correction_by_key(correction_key)
    line = lines_by_id([correction.line_id]).get(correction.line_id) if correction else None
    if correction is None or line is None or not looks_after(actor, line.authority_id):
        not_found()
    if line.company_id not in families([about.id])[about.id]:
        not_found()
    form = AnswerForm()
    if form.validate_on_submit() and done(
        form, lambda: answer(line, correction, form.text.data or "", actor)
    ):
        tell(_("Your answer stands beside the line. The company is told."))
        return redirect(url_for("fairplay.company", key=key), 303)
    return page(
        "fairplay/answer.html",
        422 if form.submitted else 200,
        company=about,
        line=line,
        correction=correction,
        form=form,
        kinds=KINDS,
        titled=titled,
    )


@blueprint.route("/companies/<key>/merged", methods=["GET", "POST"])
@access(SITE, rate="write")
def merged(key: str) -> Response:
    """Say what the company became part of."""
    actor = current_actor()
    about = company_or_404(key)
    form = MergeForm()
    if not form.submitted:
        form.day.data = today()
    if form.validate_on_submit() and done(
        form,
        lambda: merge(
            about,
            _meant(form.into.data or "", about.country),
            form.day.data or today(),
            form.reason.data or "",
            actor,
        ),
    ):
        tell(_("Both are read together from now on."))
        return redirect(url_for("fairplay.company", key=key), 303)
    return page("fairplay/merged.html", 422 if form.submitted else 200, company=about, form=form)


@blueprint.route("/companies/<key>/apart", methods=["GET", "POST"])
@access(SITE, rate="write")
def apart(key: str) -> Response:
    """Say that the company is not part of another any more."""
    actor = current_actor()
    about = company_or_404(key)
    merger = merger_of(about.id)
    if merger is None:
        not_found()
    form = ApartForm()
    if form.validate_on_submit() and done(
        form, lambda: end_merger(about, form.reason.data or "", actor)
    ):
        tell(_("Each is read by itself from now on."))
        return redirect(url_for("fairplay.company", key=key), 303)
    return page(
        "fairplay/apart.html",
        422 if form.submitted else 200,
        company=about,
        merger=merger,
        form=form,
    )


def _meant(text: str, country: str) -> OrganisationFacts | None:
    """The company of this whole name or registration number."""
    try:
        number = registration_number(country, text)
    except ValueError:
        number = None
    id_ = organisation_with_number(country, number) if number else None
    return organisation_named(text) if id_ is None else organisations_by_id([id_])[id_]


# --- what pages about companies share -----------------------------------------------------------


def _authorities(actor: Actor) -> frozenset[int] | None:
    """The authorities whose contacts the reader looks after; 404 for who looks after none."""
    where = authorities_of(actor)
    if where is not None and not where:
        not_found()
    return where


def looks_after_some(actor: Actor, *permissions: str) -> bool:
    """Does the actor look after any authority's contacts?"""
    where = authorities_of(actor, *permissions)
    return where is None or bool(where)


def company_or_404(key: str) -> OrganisationFacts:
    """A company by its key."""
    about = organisation_by_key(key) if is_key(key) else None
    if about is None or about.kind != COMPANY:
        not_found()
    return about


def company_tabs(about: OrganisationFacts, current: str) -> Sequence[tuple[str, str, bool]]:
    """The two pages about a company."""
    return (
        (_("Contacts"), url_for("fairplay.company", key=about.key), current == "contacts"),
        (_("Aid"), url_for("fairplay.company_aid", key=about.key), current == "aid"),
    )
