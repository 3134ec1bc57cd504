"""Pages about certificates: own ones, those one manages, and the public verify page."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    access,
    asked_page,
    count_and_check,
    current_actor,
    fetch,
    not_found,
    page,
    pager,
    search_key,
    tell,
    unit_of_work,
)
from lms_certificates import issuing, queries, verification_code
from lms_certificates.forms import CodeForm, NameForm, RevokeForm
from lms_certificates.words import gettext as _

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")

PER_PAGE = 50


@blueprint.get("")
@access()
def index() -> Response:
    """The reader's own certificates."""
    actor = current_actor()
    own = queries.of_person(actor.person_id or 0)
    return page(
        "certificates/index.html", certificates=own, manages=actor.may_anywhere(queries.MANAGE)
    )


@blueprint.get("/issued")
@access(queries.MANAGE)
def issued() -> Response:
    """Certificates of the issuers the reader manages."""
    number = asked_page()
    found = queries.managed_by(current_actor(), limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    pages = number + (len(found) > PER_PAGE)
    return page(
        "certificates/issued.html", certificates=found[:PER_PAGE], pager=pager(number, pages)
    )


def _visible(key: str) -> queries.CertificateFacts:
    found = queries.by_key(key, current_actor())
    if found is None:
        not_found()
    return found


@blueprint.get("/c/<key>")
@access(enduring=True)
def show(key: str) -> Response:
    """One certificate as a page."""
    certificate = _visible(key)
    return page(
        "certificates/show.html",
        certificate=certificate,
        may_revoke=_may_revoke(certificate),
    )


def _may_revoke(certificate: queries.CertificateFacts) -> bool:
    actor = current_actor()
    return certificate.state == "issued" and actor.may(queries.MANAGE, certificate.issuer_id)


@blueprint.get("/c/<key>/certificate.pdf")
@access(policy="file", enduring=True)
def file(key: str) -> Response:
    """The PDF as it was printed once."""
    certificate = _visible(key)
    found = fetch(certificate.file_id) if certificate.file_id is not None else None
    if found is None:
        not_found()
    facts, data = found
    response = make_response(data)
    response.headers["Content-Type"] = facts.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{facts.file_name}"'
    return response


@blueprint.route("/c/<key>/revoke", methods=["GET", "POST"])
@access(queries.MANAGE)
def revoke(key: str) -> Response:
    """Revoke a certificate, with a reason that everybody may read."""
    certificate = _visible(key)
    if not _may_revoke(certificate):
        not_found()
    form = RevokeForm()
    if not form.validate_on_submit():
        status = 422 if form.submitted else 200
        return page("certificates/revoke.html", status, certificate=certificate, form=form)
    actor = current_actor()
    with unit_of_work():
        done = issuing.revoke(certificate.id, form.reason.data or "", actor)
    if done:
        tell(_("The certificate is revoked. Whoever checks it is told so."))
    return redirect(url_for("certificates.show", key=key), 303)


@blueprint.route("/verify", methods=["GET", "POST"])
@access(known="public", cache="public", rate="verify", enduring=True)
def verify() -> Response:
    """Type a code by hand."""
    form = CodeForm()
    if not form.validate_on_submit():
        return page("certificates/verify.html", 422 if form.submitted else 200, form=form)
    code = verification_code.parse(form.code.data)
    if code is None:
        form.code.errors = [
            *form.code.errors,
            _("A code has 26 letters and digits. Look at the certificate again."),
        ]
        return page("certificates/verify.html", 422, form=form)
    return redirect(url_for("certificates.verified", code=code), 303)


@blueprint.route("/verify/<code>", methods=["GET", "POST"])
@access(known="public", cache="none", rate="verify", enduring=True)
def verified(code: str) -> Response:
    """Valid, revoked or unknown; the name only for somebody who types it."""
    parsed = verification_code.parse(code)
    if parsed is None:
        return page("certificates/unknown.html", 404)
    if parsed != code:
        return redirect(url_for("certificates.verified", code=parsed), 303)
    certificate = queries.by_code(parsed)
    if certificate is None:
        return page("certificates/unknown.html", 404)
    form = NameForm()
    same: bool | None = None
    if form.validate_on_submit():
        if not count_and_check("verify_name:certificate", parsed, request.remote_addr or ""):
            form.form_errors.append(_("That was many tries. Wait a quarter of an hour."))
            return page(
                "certificates/verified.html", 429, certificate=certificate, form=form, same=None
            )
        same = search_key(form.name.data or "") == search_key(certificate.document.holder_name)
    return page(
        "certificates/verified.html",
        422 if form.submitted and same is None else 200,
        certificate=certificate,
        form=form,
        same=same,
    )
