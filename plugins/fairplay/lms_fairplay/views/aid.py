"""Aid to a company: its lines, the meter, a draft to print; and runs that are open to all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    OrganisationFacts,
    access,
    current_actor,
    done,
    is_key,
    not_found,
    organisations_to_choose,
    page,
    pressed,
    refused,
    run_by_key,
    runs_hosted_by,
    settings_of,
    tell,
)
from lms_fairplay.aid_words import GROUNDS, NEXT, STATES
from lms_fairplay.days import noon, today
from lms_fairplay.forms.companies import AidForm, ReasonForm
from lms_fairplay.meter import Meter, Rates, de_minimis, meters, rates_from
from lms_fairplay.permissions import AID
from lms_fairplay.queries.aid import AidFacts, aid_by_key, aid_of, open_runs, own_lines
from lms_fairplay.queries.families import families
from lms_fairplay.queries.seeing import authorities_of
from lms_fairplay.rules import PUBLIC_KINDS
from lms_fairplay.services.aiding import AidValues, move_aid, open_to_all, write_aid
from lms_fairplay.views.base import blueprint
from lms_fairplay.views.companies import company_or_404, company_tabs, looks_after_some
from lms_fairplay.words import _


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """What was written down for a company: the lines a reader sees, and the meter over all."""

    lines: Sequence[AidFacts]
    counted: Sequence[AidFacts]
    meters: Sequence[Meter]
    rates: Rates


def ledger_of(company_id: int, authority_ids: frozenset[int] | None) -> Ledger:
    """A company's ledger with all that became part of it. The lines are those of these authorities
    (None: of all); the meter counts every authority's. Three queries."""
    found = aid_of(families([company_id])[company_id])
    rates = rates_from(settings_of("fairplay"))
    return Ledger(
        lines=own_lines(found, authority_ids),
        counted=own_lines(de_minimis(found, today()), authority_ids),
        meters=meters(found, rates, today()),
        rates=rates,
    )


@blueprint.route("/companies/<key>/aid", methods=["GET", "POST"])
@access(AID, rate="write")
def company_aid(key: str) -> Response:
    """The lines of the reader's authorities and the meter over all; a line is added here."""
    actor = current_actor()
    if not looks_after_some(actor, AID):
        not_found()
    about = company_or_404(key)
    authorities = _authorities(actor)
    runs = runs_hosted_by(authorities)
    form = AidForm()
    run_key = request.args.get("run", "")
    form.offer(
        authorities,
        runs,
        day=today(),
        run_key=run_key if run_key in {one for _id, one, _title in runs} else "",
        country=about.country,
    )
    if form.validate_on_submit() and done(form, lambda: _write(form, about, runs, actor)):
        tell(_("The line is written."))
        return redirect(url_for("fairplay.company_aid", key=key), 303)
    ledger = ledger_of(about.id, authorities_of(actor, AID))
    return page(
        "fairplay/aid.html",
        422 if form.submitted else 200,
        company=about,
        tabs=company_tabs(about, "aid"),
        ledger=ledger,
        titles={id_: title for id_, _key, title in runs},
        form=form,
        grounds=GROUNDS,
        states=STATES,
        following=NEXT,
        noon=noon,
        may_move=True,
    )


def _write(
    form: AidForm, about: OrganisationFacts, runs: Sequence[tuple[int, str, object]], actor: Actor
) -> None:
    value = form.number()
    if value is None:
        raise refused(
            "value.number",
            da="Skriv et helt tal, for eksempel 12000.",
            sv="Skriv ett heltal, till exempel 12000.",
            en="Write a whole number, such as 12000.",
        )
    values = AidValues(
        authority_id=int(form.authority.data),
        measure=form.measure.data or "",
        ground=form.ground.data,
        reason=form.reason.data or "",
        value=value,
        currency=form.currency.data,
        day=form.day.data or today(),
        run_id={run_key: id_ for id_, run_key, _title in runs}.get(form.run.data or ""),
    )
    write_aid(about.id, values, actor)


@blueprint.post("/companies/<key>/aid/<aid_key>/next")
@access(AID, rate="write")
def next_aid(key: str, aid_key: str) -> Response:
    """A line goes on: what was estimated is granted, what was granted is reported."""
    actor = current_actor()
    about = company_or_404(key)
    line = aid_by_key(aid_key, families([about.id])[about.id])
    if line is None or not own_lines([line], authorities_of(actor, AID)):
        not_found()
    seen = request.form.get("state", "")
    if pressed(lambda: move_aid(line, actor, seen=seen)):
        tell(_("The line has gone on."))
    return redirect(url_for("fairplay.company_aid", key=key), 303)


@blueprint.get("/companies/<key>/aid/draft")
@access(AID)
def aid_draft(key: str) -> Response:
    """A declaration of de minimis aid as a draft to print, in the language of the page."""
    actor = current_actor()
    if not looks_after_some(actor, AID):
        not_found()
    about = company_or_404(key)
    ledger = ledger_of(about.id, authorities_of(actor, AID))
    back = url_for("fairplay.company_aid", key=key)
    return draw_draft(about, ledger, back, own=False)


def draw_draft(about: OrganisationFacts, ledger: Ledger, back: str, *, own: bool) -> Response:
    """The draft as a page; `own` where the company reads it itself."""
    return page(
        "fairplay/aid_draft.html",
        company=about,
        ledger=ledger,
        back=back,
        own=own,
        day=noon(today()),
        noon=noon,
        states=STATES,
    )


def _authorities(actor: Actor) -> Mapping[int, str]:
    """The public authorities somebody writes for, by id."""
    found = organisations_to_choose(actor, AID)
    return {one.id: one.name for one in found if one.kind in PUBLIC_KINDS}


# --- runs that are open to all ------------------------------------------------------------------


@blueprint.route("/runs/<key>/open-to-all", methods=["GET", "POST"])
@access(AID, rate="write")
def run_open_to_all(key: str) -> Response:
    """Write of a run that every company could get in on equal terms."""
    actor = current_actor()
    run = run_by_key(key, actor) if is_key(key) else None
    if run is None or not looks_after_some(actor, AID):
        not_found()
    own = _authorities(actor)
    hosts = {id_: own[id_] for id_ in run.host_ids if id_ in own}
    if not hosts:
        not_found()
    form = ReasonForm()
    form.offer(hosts)
    if form.validate_on_submit() and done(
        form, lambda: open_to_all(run, int(form.authority.data), form.reason.data or "", actor)
    ):
        tell(_("It is written of the run. No company in it needs an aid line."))
        return redirect(url_for("fairplay.run_open_to_all", key=key), 303)
    return page(
        "fairplay/open_to_all.html",
        422 if form.submitted else 200,
        run=run,
        written=open_runs([run.id]).get(run.id),
        form=form,
        noon=noon,
    )
