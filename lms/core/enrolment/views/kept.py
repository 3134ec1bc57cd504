"""Who may ask by rule, seats kept for organisations, and links that invite."""

from __future__ import annotations

from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import OrganisationFacts, RunFacts
from lms.core.acting import done, pressed
from lms.core.enrolment import presenting_terms as words
from lms.core.enrolment import services
from lms.core.enrolment.forms_terms import InviteForm, KeepForm, RuleForm
from lms.core.enrolment.queries import (
    ReservationFacts,
    invitations_of,
    reservations_of,
)
from lms.core.enrolment.queries.desk import RuleFacts, entry_rules_of, organisations_named
from lms.core.enrolment.views.base import blueprint
from lms.core.enrolment.views.terms import SAVED, back, changeable, end_of
from lms.core.organisations import queries as organisations
from lms.core.refused import refused
from lms.core.users.views.choices import role_titles
from lms.db import now
from lms.web import Confirm, access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _

MOST_RULES = 50
MOST_LINKS = 100


def _organisation_asked_for() -> OrganisationFacts | None:
    """The organisation of `?organisation=`; None without one."""
    key = request.args.get("organisation", "")
    if not key:
        return None
    found = organisations.facts_by_key(key)
    if found is None:
        not_found()
    return found


def _searched() -> tuple[str, list[tuple[str, str]] | None]:
    """What was searched for, and the organisations found; None when nothing was."""
    text = request.args.get("q", "")[:100].strip()
    return text, organisations_named(text) if text else None


# --- who may ask by rule ------------------------------------------------------------------------


@blueprint.route("/catalogue/<key>/seats/rules", methods=["GET", "POST"])
@access(rate="write")
def seats_rules(key: str) -> Response:
    """Who may ask where the way in is a rule; one more is added below the list."""
    actor = current_actor()
    run = changeable(key, actor)
    place = _organisation_asked_for()
    form = RuleForm()
    form.unit.choices = [("", gettext(_("Any unit")))] + [
        (str(unit.id), unit.name)
        for unit in (organisations.units_of(place.id, only_active=True) if place else ())
    ]
    form.function.choices = [("", gettext(_("Any function")))] + [
        (str(function.id), local(function.title)) for function in organisations.functions()
    ]
    roles = role_titles()
    form.role.choices = [("", gettext(_("Any access role")))] + [
        (role, local(title)) for role, title in roles.items()
    ]
    for field in form:
        if field.data in (None, "None"):
            field.data = ""

    def save() -> None:
        there = entry_rules_of(run.id)
        new = services.Rule(
            organisation_id=place.id if place else None,
            unit_id=int(form.unit.data) if form.unit.data else None,
            function_id=int(form.function.data) if form.function.data else None,
            role=form.role.data or None,
        )
        if new == services.Rule():
            raise refused(
                "nothing_chosen",
                da="Vælg en organisation, en funktion eller en adgangsrolle.",
                sv="Välj en organisation, en funktion eller en behörighetsroll.",
                en="Choose an organisation, a function or an access role.",
            )
        if len(there) >= MOST_RULES:
            raise refused(
                "too_many",
                da="Der er allerede 50 regler. Fjern en af dem først.",
                sv="Det finns redan 50 regler. Ta bort en av dem först.",
                en="There are 50 rules already. Remove one of them first.",
            )
        rules = [_as_rule(rule) for rule in there]
        services.set_entry_rules(run.id, [*rules, new] if new not in rules else rules, actor)

    if form.validate_on_submit() and done(form, save):
        tell(gettext(SAVED))
        return redirect(url_for("enrolment.seats_rules", key=key), 303)
    text, found = _searched()
    return page(
        "enrolment/terms_rules.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        place=place,
        text=text,
        found=found,
        rules=[(rule.id, words.rule_in_words(rule, roles)) for rule in entry_rules_of(run.id)],
    )


@blueprint.route("/catalogue/<key>/seats/rules/<int:rule_id>/remove", methods=["POST"])
@access(rate="write")
def seats_rule_remove(key: str, rule_id: int) -> Response:
    """One rule less. Who has asked already keeps what they have."""
    actor = current_actor()
    run = changeable(key, actor)
    if rule_id not in {rule.id for rule in entry_rules_of(run.id)}:
        not_found()

    def remove() -> None:
        left = [_as_rule(rule) for rule in entry_rules_of(run.id) if rule.id != rule_id]
        services.set_entry_rules(run.id, left, actor)

    if pressed(remove):
        tell(gettext(_("The rule is gone.")))
    return redirect(url_for("enrolment.seats_rules", key=key), 303)


def _as_rule(rule: RuleFacts) -> services.Rule:
    return services.Rule(
        organisation_id=rule.organisation_id,
        unit_id=rule.unit_id,
        function_id=rule.function_id,
        role=rule.role,
    )


# --- seats kept for organisations ---------------------------------------------------------------


@blueprint.route("/catalogue/<key>/seats/kept/new", methods=["GET", "POST"])
@access(rate="write")
def seats_keep(key: str) -> Response:
    """Keep seats for an organisation's people: first which one, then how many."""
    actor = current_actor()
    run = changeable(key, actor)
    place = _organisation_asked_for()
    if place is None:
        text, found = _searched()
        form = Confirm()  # posted without an organisation, it only says what is missing
        if form.validate_on_submit():
            form.form_errors.append(gettext(_("Choose an organisation first.")))
        status = 422 if form.submitted else 200
        return page("enrolment/terms_whom.html", status, run=run, text=text, found=found, form=form)
    there = reservations_of([run.id])[run.id]
    before = next((kept for kept in there if kept.organisation_id == place.id), None)
    if before is not None:
        return redirect(url_for("enrolment.seats_kept", key=key, kept_key=before.key), 303)
    return _keep(run, place.id, place.name, None)


@blueprint.route("/catalogue/<key>/seats/kept/<kept_key>", methods=["GET", "POST"])
@access(rate="write")
def seats_kept(key: str, kept_key: str) -> Response:
    """Keep more or fewer, until another day, or let them go now."""
    run = changeable(key, current_actor())
    before = _kept(run, kept_key)
    return _keep(run, before.organisation_id, before.organisation, before)


def _kept(run: RunFacts, kept_key: str) -> ReservationFacts:
    found = (kept for kept in reservations_of([run.id])[run.id] if kept.key == kept_key)
    before = next(found, None)
    if before is None:
        not_found()
    return before


def _keep(
    run: RunFacts, organisation_id: int, name: str, before: ReservationFacts | None
) -> Response:
    actor = current_actor()
    form = KeepForm(
        seats=str(before.seats) if before else "",
        release_day=words.local_day(before.release_at, run.zone) if before else None,
    )

    def save() -> None:
        until = end_of(form.release_day.data, run.zone, "release_day")
        if until is not None and until <= now():
            raise refused(
                "release_day.over",
                da="Den dag er gået. Vælg en dag, der ligger forude.",
                sv="Den dagen har varit. Välj en dag som ligger framåt.",
                en="That day has been. Choose one that is still to come.",
            )
        services.keep_for(run.id, organisation_id, form.seats.number or 0, until, actor)

    if form.validate_on_submit() and done(form, save):
        tell(gettext(SAVED))
        return back(run.key)
    return page(
        "enrolment/terms_kept.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        name=name,
        kept=before,
    )


@blueprint.route("/catalogue/<key>/seats/kept/<kept_key>/release", methods=["POST"])
@access(rate="write")
def seats_release(key: str, kept_key: str) -> Response:
    """Let the seats that nobody has taken go to anybody, now."""
    actor = current_actor()
    run = changeable(key, actor)
    kept = _kept(run, kept_key)
    let_go: list[int] = []
    if pressed(lambda: let_go.append(services.release(kept.id, run.id, actor))):
        tell(
            ngettext(
                "%(n)d seat is free for anybody now.",
                "%(n)d seats are free for anybody now.",
                sum(let_go),
            )
        )
    return back(key)


# --- links that invite --------------------------------------------------------------------------


@blueprint.route("/catalogue/<key>/seats/links", methods=["GET", "POST"])
@access(rate="write", cache="none")
def seats_links(key: str) -> Response:
    """The links that let people ask; a new one is shown on the page that answers, and never
    again."""
    actor = current_actor()
    run = changeable(key, actor)
    form = InviteForm(days="30")
    made: list[str] = []

    def save() -> None:
        if len(invitations_of(run.id)) >= MOST_LINKS:
            raise refused(
                "too_many",
                da="Der er allerede 100 links til holdet. Brug et af dem.",
                sv="Det finns redan 100 länkar till omgången. Använd en av dem.",
                en="There are 100 links to this run already. Use one of them.",
            )
        token = services.invite(
            run.id,
            form.label.data or "",
            actor,
            days=form.days.number or 30,
            uses=form.uses.number,
        )
        made.append(token)

    good = form.validate_on_submit() and done(form, save)
    moment = now()
    return page(
        "enrolment/terms_links.html",
        422 if form.submitted and not good else 200,
        run=run,
        form=form,
        link=_address(made[0]) if made else None,
        links=[
            (link, link.revoked_at is None and link.expires_at > moment and link.uses_left != 0)
            for link in invitations_of(run.id)
        ],
    )


def _address(token: str) -> str:
    """The whole address that is sent to people, under the site's own name."""
    site: str = current_app.config["PUBLIC_URL"].rstrip("/")
    return site + url_for("enrolment.join", token=token)


@blueprint.route("/catalogue/<key>/seats/links/<link_key>/revoke", methods=["POST"])
@access(rate="write")
def seats_link_revoke(key: str, link_key: str) -> Response:
    """The link works no more; who has asked by it keeps what they have."""
    actor = current_actor()
    run = changeable(key, actor)
    found = next((link for link in invitations_of(run.id) if link.key == link_key), None)
    if found is None:
        not_found()
    if pressed(lambda: services.revoke_invitation(found.id, run.id, actor)):
        tell(gettext(_("The link works no more.")))
    return redirect(url_for("enrolment.seats_links", key=key), 303)
