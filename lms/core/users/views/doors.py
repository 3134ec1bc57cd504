"""Signing in and out, forgotten passwords, invitations."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import GUEST
from lms.core.refused import Refused, show_in
from lms.core.users import passwords, queries, services
from lms.core.users.addresses import email_key
from lms.core.users.forms import ForgottenForm, NewPasswordForm, SignInForm
from lms.core.users.views.base import address, blueprint, device, let_in, safe_next
from lms.db import db
from lms.web import Confirm, access, current_actor, gettext, page, tell
from lms.web.identity import end_sign_in, sign_in_token
from lms.web.kept import kept_post
from lms.web.limits import count_and_check, give_back
from lms.work import unit_of_work


@blueprint.route("/sign-in", methods=["GET", "POST"])
@access(known="public", rate="sign_in", cache="none")
def sign_in() -> Response:
    """Mail and password; the same answer whether the mail or the password is wrong."""
    target = safe_next(request.args.get("next", ""))
    if request.method == "GET" and current_actor().signed_in:
        return redirect(target or url_for("home.mine"), 303)
    form = SignInForm(next=target)
    if not form.validate_on_submit():
        return page("users/sign_in.html", 422 if form.submitted else 200, form=form)
    key = email_key(form.mail.data or "") or (form.mail.data or "").casefold()
    limits = (("sign_in:address", address()), ("sign_in:account", key))
    # Both are counted, whatever the first one says.
    within = [count_and_check(limit, counted) for limit, counted in limits]
    if not all(within):
        form.form_errors.append(
            gettext("That was many tries. Wait a quarter of an hour, or choose a new password.")
        )
        return page("users/sign_in.html", 429, form=form)
    token = _token_for(key, form.password.data or "")
    if token is None:
        form.form_errors.append(
            gettext("Mail and password do not fit together. Try again, or choose a new password.")
        )
        return page("users/sign_in.html", 422, form=form)
    for limit, counted in limits:
        give_back(limit, counted)
    let_in(token)
    kept = kept_post(form.kept.data or "")
    if kept is not None and safe_next(kept.url):
        return page("users/send_again.html", kept=kept)
    return redirect(safe_next(form.next.data or "") or url_for("home.mine"), 303)


def _token_for(key: str, password: str) -> str | None:
    """Check the password outside any transaction, then write the sign-in in one."""
    known = queries.credentials(key)
    db.session.rollback()  # no connection is held while the hash is worked on
    may = known is not None and known.state == "active"
    fits = passwords.verify(known.password_hash if known and may else None, password)
    if known is None or not fits:
        return None
    new_hash = ""
    if known.password_hash and passwords.needs_new_hash(known.password_hash):
        new_hash = passwords.hash_password(password)
    with unit_of_work():
        return services.begin_sign_in(
            known.person_id,
            device(),
            seen_hash=known.password_hash,
            new_hash=new_hash,
            old_token=sign_in_token(),
        )


@blueprint.route("/sign-out", methods=["POST"])
@access(known="public", cache="none")
def sign_out() -> Response:
    """End this browser's sign-in, in the database and in the cookie."""
    if Confirm().validate_on_submit():
        token = sign_in_token()
        if token:
            actor = current_actor()
            with unit_of_work():
                services.end_sign_in(token, actor=actor)
        end_sign_in()
        tell(gettext("You are signed out."))
    response = redirect(url_for("home.front"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@access(known="public", rate="reset", cache="none")
def reset() -> Response:
    """Ask for a link; the answer is the same whether anybody has the mail."""
    form = ForgottenForm()
    if not form.validate_on_submit():
        return page("users/reset.html", 422 if form.submitted else 200, form=form, asked=False)
    if not count_and_check("reset:address", address()):
        form.form_errors.append(gettext("That was many tries. Wait a quarter of an hour."))
        return page("users/reset.html", 429, form=form, asked=False)
    key = email_key(form.mail.data or "")
    within = count_and_check("reset:account", key)
    known = queries.credentials(key)
    with unit_of_work():
        if known is not None and within and known.state == "invited":
            services.invite_again(known.person_id, actor=GUEST)
        else:
            active = known is not None and within and known.state == "active"
            services.ask_for_reset(known.person_id if known and active else None, actor=GUEST)
    return page("users/reset.html", form=form, asked=True)


@blueprint.route("/new-password/<token>", methods=["GET", "POST"])
@access(known="link", rate="reset", cache="none")
def reset_link(token: str) -> Response:
    """Choose a new password by the link in the mail."""
    return _choose_password(token, "reset")


@blueprint.route("/welcome/<token>", methods=["GET", "POST"])
@access(known="link", rate="reset", cache="none")
def invitation(token: str) -> Response:
    """Choose the first password by the link in the invitation."""
    return _choose_password(token, "invitation")


def _choose_password(token: str, purpose: str) -> Response:
    link = services.peek(token, purpose)
    known = queries.credentials_of(link.person_id) if link else None
    if known is None or known.state not in ("active", "invited"):
        return page("users/link_over.html", 404, purpose=purpose)
    form = NewPasswordForm()
    good = form.validate_on_submit()
    if good:
        problem = passwords.problem_with(
            form.new_password.data or "", names=(known.name, known.email)
        )
        if problem is not None:
            show_in(form, Refused(problem))
            good = False
    if not good:
        return page(
            "users/new_password.html",
            422 if form.submitted else 200,
            form=form,
            purpose=purpose,
            name=known.name,
            email=known.email,
        )
    db.session.rollback()
    new_hash = passwords.hash_password(form.new_password.data or "")
    with unit_of_work():
        secret = services.set_password_by_link(token, purpose, new_hash, device())
    if secret is None:
        return page("users/link_over.html", 404, purpose=purpose)
    let_in(secret)
    tell(gettext("Your password is saved, and you are signed in."))
    return redirect(url_for("home.mine"), 303)
