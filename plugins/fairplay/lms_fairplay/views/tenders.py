"""The procurement officer's desk: tenders, what ran when one was registered, packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    Form,
    OrganisationFacts,
    access,
    asked_page,
    current_actor,
    done,
    local,
    not_found,
    organisations_to_choose,
    page,
    pager,
    pressed,
    technology_categories,
    tell,
)
from lms_fairplay.days import noon
from lms_fairplay.forms.tenders import EVERYTHING, ChangeForm, DecideForm, EndForm, TenderForm
from lms_fairplay.kinds import KINDS
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.desk import DeskFilter, desk_lines
from lms_fairplay.queries.packs import packs_of
from lms_fairplay.queries.seeing import looks_after
from lms_fairplay.queries.tenders import (
    RunningFacts,
    TenderFacts,
    running_by_key,
    running_in,
    tender_by_key,
    tenders_for,
    titled,
)
from lms_fairplay.rules import PUBLIC_KINDS
from lms_fairplay.services.packs import ask_for_pack, missing_in, publish
from lms_fairplay.services.tenders import (
    TenderValues,
    announce,
    change,
    decide,
    end,
    register,
)
from lms_fairplay.views.base import blueprint
from lms_fairplay.words import _, ngettext

ENDS = ("closed", "dropped")


@blueprint.get("/desk")
@access(PROCURE)
def desk() -> Response:
    """Tenders that are coming, and every contact by authority and category."""
    actor = current_actor()
    authorities = _authorities(actor)
    asked = _asked(authorities)
    lines = desk_lines(actor, asked, asked_page())
    return page(
        "fairplay/desk.html",
        tenders=tenders_for(actor),
        lines=lines,
        pager=pager(lines.number, lines.pages),
        asked=asked,
        authorities=authorities,
        categories=technology_categories(),
        kinds=KINDS,
        titled=titled,
        noon=noon,
    )


def _authorities(actor: Actor) -> Sequence[OrganisationFacts]:
    """Public authorities whose procurement the actor follows."""
    found = organisations_to_choose(actor, PROCURE)
    return [
        one for one in found if one.kind in PUBLIC_KINDS and looks_after(actor, one.id, PROCURE)
    ]


def _asked(authorities: Sequence[OrganisationFacts]) -> DeskFilter:
    """What the address asks for; what cannot be meant is left out."""
    ids = {one.key: one.id for one in authorities}
    category, kind = request.args.get("category", ""), request.args.get("kind", "")
    known = category == "-" or category in technology_categories()
    return DeskFilter(
        authority=ids.get(request.args.get("authority", "")),
        category=category if known else "",
        kind=kind if kind in KINDS else "",
    )


# --- registering and changing -------------------------------------------------------------------


@blueprint.route("/desk/tenders/new", methods=["GET", "POST"])
@access(PROCURE, rate="write")
def register_tender() -> Response:
    """A tender is expected: from now on contacts in its category wait for the pack."""
    actor = current_actor()
    authorities = _authorities(actor)
    if not authorities:
        not_found()
    form = TenderForm()
    form.offer(authorities, technology_categories())
    keys: list[str] = []

    def verb() -> None:
        buyer = next(one for one in authorities if one.key == form.authority.data)
        values = TenderValues(
            title=form.title.data or "", expected_on=form.day, category=form.chosen
        )
        keys.append(register(buyer.id, values, actor))

    if form.validate_on_submit() and done(form, verb):
        tell(_("From now on contacts in this category wait for the information pack."))
        return redirect(url_for("fairplay.tender", key=keys[-1]), 303)
    return page(
        "fairplay/tender_edit.html",
        422 if form.submitted else 200,
        form=form,
        tender=None,
        everything=EVERYTHING,
    )


@blueprint.route("/desk/tenders/<key>/change", methods=["GET", "POST"])
@access(PROCURE, rate="write")
def change_tender(key: str) -> Response:
    """Another title or day."""
    actor = current_actor()
    tender = _tender(key, actor)
    form = ChangeForm()
    if not form.submitted:
        form.title.data, form.expected_on.data = tender.title, tender.expected_on

    def verb() -> None:
        change(tender.id, form.title.data or "", form.day, actor)

    if form.validate_on_submit() and done(form, verb):
        tell(_("Saved."))
        return _to(tender)
    return page(
        "fairplay/tender_edit.html", 422 if form.submitted else 200, form=form, tender=tender
    )


@blueprint.post("/desk/tenders/<key>/open")
@access(PROCURE, rate="write")
def open_tender(key: str) -> Response:
    """The tender is out."""
    actor = current_actor()
    tender = _tender(key, actor)
    if pressed(lambda: announce(tender.id, actor)):
        tell(_("Saved: companies can bid now."))
    return _to(tender)


@blueprint.route("/desk/tenders/<key>/end/<state>", methods=["GET", "POST"])
@access(PROCURE, rate="write")
def end_tender(key: str, state: str) -> Response:
    """The tender is closed or dropped, with a reason; what it stopped is free."""
    if state not in ENDS:
        not_found()
    actor = current_actor()
    tender = _tender(key, actor)
    form = EndForm()
    form.reason.flags.required = state == "dropped" or tender.freezes

    def verb() -> None:
        end(tender.id, state, form.reason.data or "", actor)

    if form.validate_on_submit() and done(form, verb):
        tell(_("Saved. It stops nothing any more."))
        return _to(tender)
    return page(
        "fairplay/tender_end.html",
        422 if form.submitted else 200,
        form=form,
        tender=tender,
        state=state,
    )


# --- one tender ---------------------------------------------------------------------------------


@blueprint.get("/desk/tenders/<key>")
@access(PROCURE)
def tender(key: str) -> Response:
    """A tender: what it stops, what ran and waits for a word, its packs."""
    return _draw(_tender(key, current_actor()))


@blueprint.post("/desk/tenders/<key>/running/<running_key>")
@access(PROCURE, rate="write")
def decide_running(key: str, running_key: str) -> Response:
    """What ran goes on, or stops."""
    actor = current_actor()
    found = _tender(key, actor)
    running = running_by_key(running_key, found.id)
    if running is None:
        not_found()
    form = _form_for(running)

    def verb() -> None:
        decide(found.id, running, str(form.decision.data), form.reason.data or "", actor)

    if form.validate_on_submit() and done(form, verb):
        stops = form.decision.data == "stops"
        tell(_("It stops. Whoever leads it is told.") if stops else _("It goes on."))
        return redirect(_url(found, asked_page()), 303)
    return _draw(found, 422, {running.key: form})


def _form_for(running: RunningFacts) -> DecideForm:
    """The form for one of several on a page: its fields' names begin with its own."""
    form = DecideForm(prefix=f"{running.key}-")
    form.offer()
    if not form.submitted:
        form.decision.data, form.reason.data = running.decision or None, running.reason
    return form


def _draw(tender: TenderFacts, status: int = 200, given: Mapping[str, Form] = {}) -> Response:
    running = running_in(tender.id, asked_page())
    packs = packs_of(tender.id)
    newest = packs[0] if packs else None
    missing = missing_in(tender, newest) if newest is not None and newest.state == "made" else []
    forms = {
        one.key: given.get(one.key) or _form_for(one) for one in running.items if tender.freezes
    }
    return page(
        "fairplay/tender.html",
        status,
        tender=tender,
        category=titled(tender.category),
        running=running,
        pager=pager(running.number, running.pages) if status == 200 else None,
        number=running.number,
        forms=forms,
        packs=packs,
        newest=newest,
        missing=[local(refusal.message) for one in missing for refusal in one.refusals],
        kinds=KINDS,
        noon=noon,
    )


# --- packs --------------------------------------------------------------------------------------


@blueprint.post("/desk/tenders/<key>/packs")
@access(PROCURE, rate="write")
def make_pack(key: str) -> Response:
    """The information pack, in one action."""
    actor = current_actor()
    found = _tender(key, actor)
    if pressed(lambda: ask_for_pack(found.id, actor)):
        tell(_("The pack is being made. It is here in a moment."))
    return _to(found)


@blueprint.post("/desk/tenders/<key>/packs/<int:number>/publish")
@access(PROCURE, rate="write")
def publish_pack(key: str, number: int) -> Response:
    """Everybody may read the pack, and what the tender stopped is free."""
    actor = current_actor()
    found = _tender(key, actor)
    pack = next((one for one in packs_of(found.id) if one.number == number), None)
    if pack is None:
        not_found()
    if pressed(lambda: publish(found.id, pack, actor)):
        tell(
            ngettext(
                "The pack is public, with %(n)d contact. What the tender stopped is free.",
                "The pack is public, with %(n)d contacts. What the tender stopped is free.",
                pack.lines,
            )
        )
    return _to(found)


def _tender(key: str, actor: Actor) -> TenderFacts:
    found = tender_by_key(key, actor)
    if found is None:
        not_found()
    return found


def _url(tender: TenderFacts, number: int = 1) -> str:
    return url_for("fairplay.tender", key=tender.key, page=number if number > 1 else None)


def _to(tender: TenderFacts) -> Response:
    return redirect(_url(tender), 303)
