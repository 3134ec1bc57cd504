"""Pages about certificates: own ones, those one manages, and the public verify page."""

from __future__ import annotations

import hmac

from flask import Blueprint, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    LANGUAGES,
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
from lms_certificates.documents import DocumentError
from lms_certificates.forms import CodeForm, NameForm, ReplaceForm, RevokeForm
from lms_certificates.words import gettext as _
from lms_certificates.words import ngettext

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")

PER_PAGE = 50


# --- for who holds or manages certificates --------------------------------------------------------


@blueprint.get("")
@access(enduring=True)
def index() -> Response:
    """The reader's own certificates."""
    actor, number = current_actor(), asked_page()
    own = queries.of_person(
        actor.person_id or 0, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE
    )
    return page(
        "certificates/index.html",
        certificates=own[:PER_PAGE],
        pager=pager(number, number + (len(own) > PER_PAGE)),
        manages=actor.may_anywhere(queries.MANAGE),
    )


@blueprint.get("/issued")
@access(queries.MANAGE)
def issued() -> Response:
    """Certificates of the issuers the reader manages."""
    number = asked_page()
    found = queries.managed_by(current_actor(), limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    return page(
        "certificates/issued.html",
        certificates=found[:PER_PAGE],
        pager=pager(number, number + (len(found) > PER_PAGE)),
    )


def _visible(key: str) -> queries.CertificateFacts:
    found = queries.by_key(key, current_actor())
    if found is None:
        not_found()
    return found


def _in_my_hands(key: str) -> queries.CertificateFacts:
    """A certificate in force that the reader may revoke or replace."""
    certificate = _visible(key)
    if not queries.may_end(certificate, current_actor()):
        not_found()
    return certificate


@blueprint.get("/c/<key>")
@access(enduring=True)
def show(key: str) -> Response:
    """One certificate as a page."""
    certificate = _visible(key)
    may_end = queries.may_end(certificate, current_actor())
    return page(
        "certificates/show.html",
        certificate=certificate,
        mine=certificate.person_id == current_actor().person_id,
        may_end=may_end,
        present_name=issuing.present_name(certificate) if may_end else None,
        newer=_newer(certificate),
    )


def _newer(certificate: queries.CertificateFacts) -> queries.CertificateFacts | None:
    newer = certificate.replaced_by_id
    return queries.by_id(newer) if newer is not None else None


@blueprint.get("/c/<key>/certificate.pdf")
@access(policy="file", enduring=True)
def file(key: str) -> Response:
    """The PDF as it was printed once."""
    certificate = _visible(key)
    found = fetch(certificate.file_id) if certificate.file_id is not None else None
    if found is None:
        not_found()
    facts, data = found
    return _attached(data, facts.media_type, facts.file_name)


@blueprint.get("/c/<key>/certificate.json")
@access(policy="file", enduring=True)
def data(key: str) -> Response:
    """What the certificate says as data: the bytes its digest was taken of."""
    document = _visible(key).document
    return _attached(document.to_bytes(), "application/json", f"{document.number}.json")


def _attached(content: bytes, media_type: str, file_name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers.set("Content-Disposition", "attachment", filename=file_name)
    return _unlisted(response)


@blueprint.route("/c/<key>/revoke", methods=["GET", "POST"])
@access(queries.MANAGE)
def revoke(key: str) -> Response:
    """Revoke a certificate, with a reason that everybody may read."""
    certificate = _in_my_hands(key)
    form = RevokeForm()
    fine = form.validate_on_submit()
    if fine and _names_the_holder(form.reason.data or "", certificate):
        form.reason.errors = [_("Leave the name out: everybody who checks can read this.")]
        fine = False
    if not fine:
        status = 422 if form.submitted else 200
        return page("certificates/revoke.html", status, certificate=certificate, form=form)
    actor = current_actor()
    with unit_of_work():
        done = issuing.revoke(certificate.id, form.reason.data or "", actor)
    if done:
        tell(_("The certificate is revoked. Whoever checks it is told so."))
    return redirect(url_for("certificates.show", key=key), 303)


def _names_the_holder(text: str, certificate: queries.CertificateFacts) -> bool:
    return search_key(certificate.document.holder_name) in search_key(text)


@blueprint.route("/c/<key>/replace", methods=["GET", "POST"])
@access(queries.MANAGE)
def replace(key: str) -> Response:
    """Issue a certificate anew, because the holder's name has been corrected."""
    certificate = _in_my_hands(key)
    form = ReplaceForm()
    if form.validate_on_submit():
        actor = current_actor()
        try:
            with unit_of_work():
                new_key = issuing.replace(certificate.id, actor)
        except DocumentError:
            form.form_errors.append(_("The new name cannot be printed. Correct it first."))
        else:
            if new_key:
                tell(_("The new certificate is on its way. The old one now leads to it."))
            return redirect(url_for("certificates.show", key=new_key or key), 303)
    return page(
        "certificates/replace.html",
        422 if form.submitted else 200,
        certificate=certificate,
        present_name=issuing.present_name(certificate),
        form=form,
    )


# --- for everybody --------------------------------------------------------------------------------


@blueprint.get("/verify")
@access(known="public", cache="public", rate="verify", enduring=True)
def verify() -> Response:
    """Type a code by hand. A question and no deed, so it is asked by GET and needs no cookie."""
    if "code" not in request.args:
        return page("certificates/verify.html", code_form=CodeForm())
    form = CodeForm(request.args)
    code = verification_code.parse(form.code.data) if form.validate() else None
    if code is not None:
        return redirect(_address(code), 303)
    if not form.code.errors:
        form.code.errors = [_what_is_wrong_with(form.code.data or "")]
    return _unlisted(page("certificates/verify.html", 422, code_form=form))


def _what_is_wrong_with(text: str) -> str:
    missing = verification_code.LENGTH - verification_code.signs_in(text)
    if missing > 0:
        return ngettext(
            "The code is %(n)d character short. Look at the certificate again.",
            "The code is %(n)d characters short. Look at the certificate again.",
            missing,
        )
    if missing < 0:
        return ngettext(
            "The code has %(n)d character too many. Look at the certificate again.",
            "The code has %(n)d characters too many. Look at the certificate again.",
            -missing,
        )
    return _("This is not a code. Look at the certificate again.")


@blueprint.route("/verify/<code>", methods=["GET", "POST"])
@access(known="public", cache="none", rate="verify", enduring=True)
def verified(code: str) -> Response:
    """Valid, revoked, replaced or unknown; the name only for somebody who types it."""
    parsed = verification_code.parse(code)
    certificate = queries.by_code(parsed) if parsed else None
    form = NameForm()
    fine = form.validate_on_submit()
    if certificate is None:
        typed = "".join(sign for sign in code[:100] if sign.isprintable())
        return _unlisted(page("certificates/unknown.html", 404, code_form=CodeForm(code=typed)))
    if certificate.code != code:
        return redirect(_address(certificate.code), 303)
    same: bool | None = None
    status = 200
    if fine and not count_and_check("verify_name:certificate", code, request.remote_addr or ""):
        form.form_errors.append(_("That was many tries. Wait a quarter of an hour."))
        status = 429
    elif fine:
        same = _same_name(form.name.data or "", certificate.document.holder_name)
    elif form.submitted:
        status = 422
    return _unlisted(
        page(
            "certificates/verified.html",
            status,
            certificate=certificate,
            newer=_newer(certificate),
            form=form,
            code_form=CodeForm(),
            same=same,
        )
    )


def _same_name(typed: str, held: str) -> bool:
    """Upper and lower case and the number of spaces do not matter."""
    return hmac.compare_digest(search_key(typed).encode(), search_key(held).encode())


def _address(code: str) -> str:
    """The page of a code, in the language asked for."""
    asked = request.args.get("lang", "")
    address = url_for("certificates.verified", code=code)
    return f"{address}?lang={asked}" if asked in LANGUAGES else address


def _unlisted(response: Response) -> Response:
    """Nothing about a person's certificate belongs in a search engine."""
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response
