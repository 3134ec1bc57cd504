"""One's own account: language and colours, password, where one is signed in."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.refused import Refused, show_in
from lms.core.users import passwords, queries, services
from lms.core.users.forms import ChangePasswordForm, ChoicesForm, TokenForm
from lms.core.users.views.base import blueprint, device, let_in
from lms.db import db
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.identity import end_sign_in, sign_in_token
from lms.web.limits import count_and_check, give_back
from lms.work import unit_of_work


@blueprint.route("/account")
@access()
def account() -> Response:
    """The whole account on one page."""
    return _account(current_actor())


def _account(
    actor: Actor,
    status: int = 200,
    *,
    choices: ChoicesForm | None = None,
    password: ChangePasswordForm | None = None,
    token_form: TokenForm | None = None,
) -> Response:
    person_id = _person(actor)
    known = queries.credentials_of(person_id)
    return page(
        "users/account.html",
        status,
        email=known.email if known else "",
        assignments=queries.assignments_of(person_id, only_current=True),
        sign_ins=queries.sign_ins_of(person_id, sign_in_token()),
        choices=choices or ChoicesForm(language=actor.language, theme=actor.theme),
        password=password or ChangePasswordForm(),
        tokens=queries.tokens_of(person_id),
        token_form=token_form or TokenForm(prefix="t-", days="90"),
    )


@blueprint.route("/account/choices", methods=["POST"])
@access(rate="write")
def choices() -> Response:
    """Keep language and colours."""
    actor = current_actor()
    form = ChoicesForm()
    if not form.validate_on_submit():
        return _account(actor, 422, choices=form)
    with unit_of_work():
        services.change_choices(
            _person(actor), str(form.language.data), str(form.theme.data), actor=actor
        )
    tell(gettext("Saved."))
    return redirect(url_for("users.account"), 303)


@blueprint.route("/account/password", methods=["POST"])
@access(rate="write")
def password() -> Response:
    """A new password; everywhere else one is signed out."""
    actor = current_actor()
    person_id = _person(actor)
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _account(actor, 422, password=form)
    known = queries.credentials_of(person_id)
    db.session.rollback()
    if known is None:
        not_found()
    counted = ("sign_in:account", known.email.casefold())
    if not count_and_check(*counted):
        form.form_errors.append(gettext("That was many tries. Wait a quarter of an hour."))
        return _account(actor, 429, password=form)
    if not passwords.verify(known.password_hash, form.password.data or ""):
        form.password.errors = [gettext("That is not your password. Write it once more.")]
        return _account(actor, 422, password=form)
    give_back(*counted)
    new = form.new_password.data or ""
    problem = passwords.problem_with(new, names=(known.name, known.email))
    if problem is not None:
        show_in(form, Refused(problem))
        return _account(actor, 422, password=form)
    new_hash = passwords.hash_password(new)
    try:
        with unit_of_work():
            token = services.change_password(
                person_id, new_hash, device(), seen_hash=known.password_hash, actor=actor
            )
    except Refused as error:
        show_in(form, error)
        return _account(actor, 422, password=form)
    let_in(token)
    tell(gettext("Your new password is saved. Other browsers are signed out."))
    return redirect(url_for("users.account"), 303)


@blueprint.route("/account/sign-ins/<key>/end", methods=["POST"])
@access(rate="write")
def end_one(key: str) -> Response:
    """Sign one browser out."""
    actor = current_actor()
    if Confirm().validate_on_submit():
        with unit_of_work():
            ended = services.end_one_sign_in(_person(actor), key, actor=actor)
        if not ended:
            not_found()
        tell(gettext("That browser is signed out."))
    return redirect(url_for("users.account"), 303)


@blueprint.route("/account/sign-out-everywhere", methods=["POST"])
@access(rate="write")
def end_all() -> Response:
    """Sign out everywhere, here too."""
    actor = current_actor()
    if not Confirm().validate_on_submit():
        return redirect(url_for("users.account"), 303)
    with unit_of_work():
        services.end_sign_ins(_person(actor), actor=actor)
    end_sign_in()
    tell(gettext("You are signed out everywhere."))
    return redirect(url_for("users.sign_in"), 303)


@blueprint.route("/account/tokens", methods=["POST"])
@access(rate="write")
def make_token() -> Response:
    """A token for a program that acts for the reader; this answer alone shows it."""
    actor = current_actor()
    form = TokenForm(prefix="t-")
    if not form.validate_on_submit():
        return _account(actor, 422, token_form=form)
    lifetime = timedelta(days=int(form.days.data))
    with unit_of_work():
        token = services.mint_api_token(_person(actor), form.name.data or "", lifetime, actor=actor)
    return page("users/token.html", token=token, name=form.name.data)


@blueprint.route("/account/tokens/<key>/revoke", methods=["POST"])
@access(rate="write")
def revoke_token(key: str) -> Response:
    """Make a token worthless."""
    actor = current_actor()
    if Confirm().validate_on_submit():
        with unit_of_work():
            revoked = services.revoke_api_token(_person(actor), key, actor=actor)
        if not revoked:
            not_found()
        tell(gettext("That program cannot act for you any more."))
    return redirect(url_for("users.account"), 303)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        not_found()
    return actor.person_id
