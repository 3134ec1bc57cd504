"""A company's own page: what was learned about it and for it, and what it can say itself."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    OrganisationFacts,
    Panel,
    access,
    ask_others,
    asked_page,
    current_actor,
    done,
    language,
    not_found,
    organisations_by_id,
    page,
    pager,
    settings_of,
    tell,
)
from lms_fairplay.aid_words import GROUNDS, STATES
from lms_fairplay.days import noon, today
from lms_fairplay.forms.companies import CorrectForm, DeclareForm
from lms_fairplay.kinds import KINDS
from lms_fairplay.neutrality import newest, sentences
from lms_fairplay.permissions import OWN
from lms_fairplay.queries.companies import COMPANY
from lms_fairplay.queries.declarations import all_declared
from lms_fairplay.queries.families import families
from lms_fairplay.queries.lapsing import SOON
from lms_fairplay.queries.lines import line_by_key, lines_with
from lms_fairplay.queries.seeing import companies_of
from lms_fairplay.queries.tenders import titled
from lms_fairplay.services.correcting import correct
from lms_fairplay.services.declaring import sign
from lms_fairplay.views.aid import draw_draft, ledger_of
from lms_fairplay.views.base import blueprint
from lms_fairplay.words import _


@blueprint.get("/mine")
@access(OWN)
def mine() -> Response:
    """What authorities wrote down about the reader's company, what it declared, what it was told.
    Nothing of any other company is asked for."""
    actor = current_actor()
    if not companies_of(actor):
        return page("fairplay/no_company.html")
    about, others = _own(actor, request.args.get("company", ""))
    family = families([about.id])[about.id]
    lines = lines_with(family, None, page=asked_page())
    declared = all_declared(family)
    day = today()
    return page(
        "fairplay/mine.html",
        company=about,
        companies=others,
        tabs=_tabs(about, "contacts"),
        lines=lines,
        pager=pager(lines.number, lines.pages),
        declarations=declared,
        holds=next((one for one in declared if one.holds_on(day)), None),
        holds_on=any(one.holds_on(day + SOON) for one in declared),
        panels=company_panels(about.id, actor),
        kinds=KINDS,
        titled=titled,
        today=day,
        noon=noon,
    )


@blueprint.get("/mine/<key>/aid")
@access(OWN)
def my_aid(key: str) -> Response:
    """What aid was written down for the reader's company, against the ceiling."""
    about, _others = _own(current_actor(), key)
    return page(
        "fairplay/my_aid.html",
        company=about,
        tabs=_tabs(about, "aid"),
        ledger=ledger_of(about.id, None),
        titles={},
        grounds=GROUNDS,
        states=STATES,
        following={},
        noon=noon,
        may_move=False,
    )


@blueprint.get("/mine/<key>/aid/draft")
@access(OWN)
def my_aid_draft(key: str) -> Response:
    """The draft of a declaration of de minimis aid, for the reader's company."""
    about, _others = _own(current_actor(), key)
    back = url_for("fairplay.my_aid", key=key)
    return draw_draft(about, ledger_of(about.id, None), back, own=True)


@blueprint.route("/mine/<key>/declaration", methods=["GET", "POST"])
@access(OWN, rate="write")
def declare(key: str) -> Response:
    """Read the declaration of neutrality and sign it."""
    actor = current_actor()
    about, _others = _own(actor, key)
    form = DeclareForm()
    form.offer()
    months = int(settings_of("fairplay")["declaration_months"])
    version = request.form.get("version", newest())
    fine = form.validate_on_submit()
    if form.submitted and not form.said_yes():
        fine = False
    if fine and done(form, lambda: _sign(about.id, version, months, actor)):
        tell(_("Signed. Thank you."))
        return redirect(url_for("fairplay.mine", company=about.key), 303)
    return page(
        "fairplay/declare.html",
        422 if form.submitted else 200,
        company=about,
        form=form,
        version=newest(),
        sentences=sentences(newest(), language()),
        months=months,
        declarations=all_declared([about.id]),
        today=today(),
        noon=noon,
    )


def _sign(company_id: int, version: str, months: int, actor: Actor) -> None:
    sign(company_id, version if version == newest() else "", months, actor)


@blueprint.route("/mine/lines/<key>/correction", methods=["GET", "POST"])
@access(OWN, rate="write")
def correct_line(key: str) -> Response:
    """Say what is not right about a line of one's own company."""
    actor = current_actor()
    own = families(companies_of(actor))
    line = line_by_key(key, {id_ for family in own.values() for id_ in family})
    if line is None:
        not_found()
    about = organisations_by_id(own)
    company = next(about[id_] for id_, family in own.items() if line.company_id in family)
    form = CorrectForm()
    if form.validate_on_submit() and done(form, lambda: correct(line, form.text.data or "", actor)):
        tell(_("Your words stand beside the line. %(who)s is told.", who=line.authority))
        return redirect(url_for("fairplay.mine", company=company.key), 303)
    return page(
        "fairplay/correct.html",
        422 if form.submitted else 200,
        company=company,
        line=line,
        form=form,
        kinds=KINDS,
        titled=titled,
    )


def _own(actor: Actor, key: str) -> tuple[OrganisationFacts, Sequence[OrganisationFacts]]:
    """The company of this key (else the first) and all that the actor works for; 404 for others'
    and for who works for none."""
    found = sorted(
        organisations_by_id(companies_of(actor)).values(), key=lambda one: (one.name, one.id)
    )
    found = [one for one in found if one.kind == COMPANY]
    chosen = [one for one in found if not key or one.key == key]
    if not chosen:
        not_found()
    return chosen[0], found


def company_panels(company_id: int, actor: Actor) -> Sequence[Panel]:
    """What other plugins show of a company to itself, in their order."""
    answers = ask_others("fairplay_company_panels", company_id=company_id, actor=actor)
    found = [panel for answer in answers for panel in answer.value]
    return sorted(found, key=lambda panel: panel.order)


def _tabs(about: OrganisationFacts, current: str) -> Sequence[tuple[str, str, bool]]:
    return (
        (_("Contacts"), url_for("fairplay.mine", company=about.key), current == "contacts"),
        (_("Aid"), url_for("fairplay.my_aid", key=about.key), current == "aid"),
    )
