"""Pages about organisations, for those who manage them."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, LocalisedText
from lms.core.organisations import queries, registration, services
from lms.core.organisations.forms import (
    FunctionForm,
    NameForm,
    OrganisationChangeForm,
    OrganisationForm,
    UnitForm,
    country_name,
)
from lms.core.organisations.kinds import KINDS, UNIT_KINDS
from lms.core.organisations.queries import MANAGE, OrganisationCard
from lms.core.refused import Refused, show_in
from lms.web import Confirm, Form, access, current_actor, gettext, not_found, page, tell
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
blueprints = (blueprint,)


def _card_or_404(actor: Actor, key: str) -> OrganisationCard:
    return queries.card(actor, key) or not_found()


def _everywhere(actor: Actor) -> None:
    """Only whoever manages all organisations; for others the page does not exist."""
    if not actor.may(MANAGE):
        not_found()


def _done(form: Form, verb: Callable[[], object]) -> bool:
    """Do it in one unit of work; when it is refused the reasons stand in the form."""
    try:
        with unit_of_work():
            verb()
    except Refused as error:
        show_in(form, error)
        return False
    return True


@blueprint.route("")
@access(MANAGE, rate="search")
def index() -> Response:
    """The list, searched by any name the organisation has or had."""
    actor = current_actor()
    search = request.args.get("q", "")[:200]
    kind = request.args.get("kind", "")
    found = queries.listing(
        actor, search=search, kind=kind if kind in KINDS else "", page=asked_page()
    )
    return page(
        "organisations/index.html",
        organisations=found,
        pager=pager(found.number, found.pages),
        search=search,
        kind=kind,
        kinds=KINDS,
        written=registration.written,
        may_add=actor.may(MANAGE),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@access(MANAGE, rate="write")
def new() -> Response:
    """A new organisation."""
    actor = current_actor()
    _everywhere(actor)
    form = OrganisationForm()
    if form.validate_on_submit() and _done(
        form, lambda: services.create(_values(form), actor=actor)
    ):
        tell(gettext("Saved."))
        return redirect(url_for("organisations.index", q=form.name.data), 303)
    return page("organisations/new.html", 422 if form.submitted else 200, form=form)


@blueprint.route("/<key>")
@access(MANAGE)
def show(key: str) -> Response:
    """One organisation."""
    actor = current_actor()
    return _show(actor, _card_or_404(actor, key))


def _show(
    actor: Actor,
    card: OrganisationCard,
    status: int = 200,
    *,
    name_form: NameForm | None = None,
    unit_form: UnitForm | None = None,
) -> Response:
    facts = card.facts
    return page(
        "organisations/show.html",
        status,
        organisation=card,
        kind=KINDS.get(facts.kind, LocalisedText(en=facts.kind)),
        unit_kinds=UNIT_KINDS,
        country=country_name(facts.country),
        number=registration.written(facts.country, facts.registration_number) or None,
        names=queries.other_names(facts.id),
        units=queries.units_of(facts.id),
        name_form=name_form or NameForm(prefix="n-"),
        unit_form=unit_form or UnitForm(prefix="u-"),
        may_close=actor.may(MANAGE),
        may_invite=actor.may("people.manage", facts.id),
    )


@blueprint.route("/<key>/edit", methods=["GET", "POST"])
@access(MANAGE, rate="write")
def edit(key: str) -> Response:
    """Change an organisation; a new name keeps the old one findable."""
    actor = current_actor()
    card = _card_or_404(actor, key)
    facts = card.facts
    form = OrganisationChangeForm(
        name=facts.name,
        kind=facts.kind,
        country=facts.country,
        registration_number=registration.written(facts.country, facts.registration_number),
    )

    def change() -> None:
        again = _card_or_404(actor, key)
        services.change(
            again.facts.id,
            _values(form, again),
            actor=actor,
            old_name_until=form.old_name_until.data,
            keep_old_name=not form.slip.data,
        )

    if form.validate_on_submit() and _done(form, change):
        tell(gettext("Saved."))
        return redirect(url_for("organisations.show", key=key), 303)
    status = 422 if form.submitted else 200
    return page("organisations/edit.html", status, form=form, organisation=card)


def _values(
    form: OrganisationForm, card: OrganisationCard | None = None
) -> services.OrganisationValues:
    return services.OrganisationValues(
        name=form.name.data or "",
        kind=str(form.kind.data),
        country=str(form.country.data),
        registration_number=form.registration_number.data or "",
        parent_id=card.parent_id if card else None,
        note=card.note if card else None,
    )


@blueprint.route("/<key>/close", methods=["POST"])
@access(MANAGE, rate="write")
def close(key: str) -> Response:
    """Close an organisation, or open it again; it stays where it is mentioned."""
    actor = current_actor()
    _everywhere(actor)
    card = _card_or_404(actor, key)
    form = Confirm()
    if form.validate_on_submit():
        closing = card.state == "active"
        verb = services.close if closing else services.reopen
        with unit_of_work():
            verb(card.facts.id, actor=actor)
        tell(gettext("The organisation is closed.") if closing else gettext("It is open again."))
    return redirect(url_for("organisations.show", key=key), 303)


# --- names and units ----------------------------------------------------------------------------


@blueprint.route("/<key>/names", methods=["POST"])
@access(MANAGE, rate="write")
def add_name(key: str) -> Response:
    """Another or a former name."""
    actor = current_actor()
    card = _card_or_404(actor, key)
    form = NameForm(prefix="n-")

    def add() -> None:
        services.add_name(
            card.facts.id,
            str(form.kind.data),
            form.name.data or "",
            actor=actor,
            until=form.until.data if form.kind.data == "former" else None,
        )

    if form.validate_on_submit() and _done(form, add):
        tell(gettext("Saved."))
        return redirect(url_for("organisations.show", key=key), 303)
    return _show(actor, card, 422, name_form=form)


@blueprint.route("/<key>/names/<int:name_id>/remove", methods=["POST"])
@access(MANAGE, rate="write")
def remove_name(key: str, name_id: int) -> Response:
    """Take an alias away; former names stay."""
    actor = current_actor()
    card = _card_or_404(actor, key)
    if Confirm().validate_on_submit():
        try:
            with unit_of_work():
                services.remove_alias(card.facts.id, name_id, actor=actor)
        except LookupError:
            not_found()
        tell(gettext("Saved."))
    return redirect(url_for("organisations.show", key=key), 303)


@blueprint.route("/<key>/units", methods=["POST"])
@access(MANAGE, rate="write")
def add_unit(key: str) -> Response:
    """A new unit."""
    actor = current_actor()
    card = _card_or_404(actor, key)
    form = UnitForm(prefix="u-")

    def add() -> None:
        services.add_unit(card.facts.id, form.name.data or "", str(form.kind.data), actor=actor)

    if form.validate_on_submit() and _done(form, add):
        tell(gettext("Saved."))
        return redirect(url_for("organisations.show", key=key), 303)
    return _show(actor, card, 422, unit_form=form)


@blueprint.route("/<key>/units/<unit_key>", methods=["GET", "POST"])
@access(MANAGE, rate="write")
def unit(key: str, unit_key: str) -> Response:
    """Change a unit, or close it."""
    actor = current_actor()
    card = _card_or_404(actor, key)
    found = next((u for u in queries.units_of(card.facts.id) if u.key == unit_key), None)
    if found is None:
        not_found()
    form = UnitForm(name=found.name, kind=found.kind)
    state = "closed" if request.form.get("state") == "closed" else "active"

    def change() -> None:
        services.change_unit(
            found.id, form.name.data or "", str(form.kind.data), state, actor=actor
        )

    if form.validate_on_submit() and _done(form, change):
        tell(gettext("Saved."))
        return redirect(url_for("organisations.show", key=key), 303)
    status = 422 if form.submitted else 200
    return page("organisations/unit.html", status, form=form, organisation=card, unit=found)


# --- the dictionary of functions ----------------------------------------------------------------


@blueprint.route("/functions", methods=["GET", "POST"])
@access(MANAGE, rate="write")
def functions() -> Response:
    """What people are at work: the whole dictionary, and a new word."""
    actor = current_actor()
    _everywhere(actor)
    form = FunctionForm()
    if form.validate_on_submit() and _done(
        form, lambda: services.add_function(_title(form), actor=actor)
    ):
        tell(gettext("Saved."))
        return redirect(url_for("organisations.functions"), 303)
    return page(
        "organisations/functions.html",
        422 if form.submitted else 200,
        form=form,
        functions=queries.functions(),
    )


@blueprint.route("/functions/<int:function_id>", methods=["GET", "POST"])
@access(MANAGE, rate="write")
def function(function_id: int) -> Response:
    """Other words for a function."""
    actor = current_actor()
    _everywhere(actor)
    found = next((f for f in queries.functions() if f.id == function_id), None)
    if found is None:
        not_found()
    form = FunctionForm(**found.title.as_dict())
    if form.validate_on_submit() and _done(
        form, lambda: services.change_function(function_id, _title(form), actor=actor)
    ):
        tell(gettext("Saved."))
        return redirect(url_for("organisations.functions"), 303)
    status = 422 if form.submitted else 200
    return page("organisations/function.html", status, form=form, function=found)


def _title(form: FunctionForm) -> LocalisedText:
    return LocalisedText(da=form.da.data or "", sv=form.sv.data or "", en=form.en.data or "")
