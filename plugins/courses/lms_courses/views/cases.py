"""The library of cases: looked at, proposed, and how many companies teach along."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Confirm,
    access,
    asked_page,
    current_actor,
    done,
    language,
    not_found,
    page,
    pager,
    technology_categories,
    tell,
)
from lms_courses.case_states import STATES
from lms_courses.forms.cases import ChosenPlaces, ProposeForm, code_of
from lms_courses.permissions import CASES, DECIDE
from lms_courses.queries.case_growth import companies_by_year
from lms_courses.queries.cases import (
    CaseFacts,
    LibraryFilters,
    case_by_key,
    companies_of,
    library,
)
from lms_courses.services import cases
from lms_courses.settings import current as settings
from lms_courses.views.base import blueprint
from lms_courses.views.case_acting import (
    contact_of,
    hosts_offered,
    key_to_id,
    offered,
    seen_case,
)
from lms_courses.words import _

NEEDS = ("with", "without")


def asked_filters() -> LibraryFilters:
    """What the address asks for; anything unknown asks for nothing."""
    state, need = request.args.get("state", ""), request.args.get("need", "")
    category = request.args.get("category", "")
    return LibraryFilters(
        words=request.args.get("q", "").strip()[:200],
        state=state if state in STATES else "",
        category=category if category in technology_categories() else "",
        need=need if need in NEEDS else "",
    )


@blueprint.get("/cases")
@access(CASES, rate="search")
def cases_list() -> Response:
    """The cases that the reader may look at."""
    actor = current_actor()
    asked = asked_filters()
    found = library(actor, asked, asked_page())
    return page(
        "courses/cases.html",
        found=found,
        asked=asked,
        states=STATES,
        categories=technology_categories(),
        pager=pager(found.number, found.pages),
        of_a_company=bool(companies_of(actor)),
        may_count=actor.may_anywhere(DECIDE),
    )


@blueprint.route("/cases/propose", methods=["GET", "POST"])
@access(CASES, rate="write")
def propose_case() -> Response:
    """Put a case before an institution, or keep it as a draft."""
    return _propose(None, current_actor())


@blueprint.route("/cases/<key>/propose", methods=["GET", "POST"])
@access(CASES, rate="write")
def continue_case(key: str) -> Response:
    """Go on with a draft of one's own."""
    actor = current_actor()
    found = seen_case(key, actor)
    if found.state != "draft":
        Confirm().validate_on_submit()  # sent from another tab: what is there now says it
        return redirect(url_for("courses.case", key=key), 303)
    return _propose(found, actor)


def _propose(draft: CaseFacts | None, actor: Actor) -> Response:
    places = offered(actor)
    form = ProposeForm()
    form.offer(places.companies, places.institutions)
    form.offer_places(technology_categories(), hosts_offered(places, draft))
    form.language = code_of(language())
    if draft is not None and not form.submitted:
        form.put(draft, form.language)
        keys = {one.id: one.key for one in (*places.companies, *places.hosts)}
        form.practice_host.data = keys.get(draft.practice_host_id or 0, "")
        for name, chosen in (("company", draft.company_id), ("institution", draft.institution_id)):
            if name in form:
                form[name].data = keys.get(chosen or 0)
    keep = request.form.get("act") == "keep"
    if keep:
        form.keep_only()
    else:
        form.look()
    if places.companies and places.institutions and form.validate_on_submit():
        company = key_to_id(form.company.data if "company" in form else "", places.companies)
        company = company or places.companies[0].id
        institution = key_to_id(
            form.institution.data if "institution" in form else "", places.hosts
        )
        own = actor.person_id if companies_of(actor) else None
        contact = contact_of(form, company, draft.contact_id if draft is not None else own)
        values = form.values(
            ChosenPlaces(
                company_id=company,
                institution_id=institution or places.institutions[0].id,
                practice_host_id=key_to_id(form.practice_host.data, hosts_offered(places, draft)),
                contact_id=contact,
            ),
            draft,
        )
        made: list[str] = []

        def act() -> None:
            if draft is None:
                made.append(cases.propose(values, actor, draft=keep))
                return
            current = case_by_key(draft.key, actor)
            if current is None or current.state != "draft":
                not_found()
            cases.save_draft(current, values, actor, send=not keep)
            made.append(draft.key)

        if not form.contact.errors and done(form, act):
            if keep:
                tell(_("Your draft is kept. Only you see it."))
                return redirect(url_for("courses.continue_case", key=made[0]), 303)
            tell(_("Thank you. The institution can read your case now and writes to you here."))
            return redirect(url_for("courses.case", key=made[0]), 303)
    action = (
        url_for("courses.propose_case")
        if draft is None
        else url_for("courses.continue_case", key=draft.key)
    )
    return page(
        "courses/case_propose.html",
        422 if form.submitted else 200,
        form=form,
        places=places,
        action=action,
        draft=draft,
    )


@blueprint.get("/cases/companies")
@access(DECIDE)
def case_companies() -> Response:
    """How many companies teach along, year by year, beside the number it began with (CT4-8)."""
    years = companies_by_year(current_actor())
    return page(
        "courses/case_companies.html",
        years=years,
        baseline=settings().companies_baseline,
        most=max((len(year.companies) for year in years), default=0),
    )
