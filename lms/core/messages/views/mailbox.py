"""The mailbox page: what the site has written to people."""

from __future__ import annotations

from flask import make_response, redirect, url_for
from werkzeug.wrappers import Response

from lms.core.messages import queries, services
from lms.core.messages.views.base import blueprint
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work

PER_PAGE = 50


@blueprint.get("/admin/mails")
@access("site.admin")
def mailbox() -> Response:
    """All mails, newest first."""
    number = asked_page()
    found, total = queries.mails(current_actor(), limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    pages = max(1, -(-total // PER_PAGE))
    return page("messages/mailbox.html", mails=found, total=total, pager=pager(number, pages))


@blueprint.get("/admin/mails/<key>")
@access("site.admin", policy="with_frame")
def mail(key: str) -> Response:
    """One mail: its text, and in a frame that can do nothing its HTML."""
    found = queries.mail_by_key(key, current_actor())
    if found is None:
        not_found()
    return page("messages/mail.html", mail=found)


@blueprint.get("/admin/mails/<key>/body")
@access("site.admin", policy="mail_body")
def body(key: str) -> Response:
    """The HTML part as it was sent."""
    found = queries.mail_by_key(key, current_actor())
    if found is None or not found.html:
        not_found()
    return make_response(found.html)


@blueprint.post("/admin/mails/<key>/send-again")
@access("site.admin", rate="write")
def send_again(key: str) -> Response:
    """Try a mail that has failed once more."""
    actor = current_actor()
    mail_id = queries.mail_id_by_key(key, actor)
    if mail_id is None:
        not_found()
    if Confirm().validate_on_submit():
        with unit_of_work():
            again = services.send_again(mail_id, actor)
        if again:
            tell(gettext("The mail is on its way once more."))
        else:
            tell(gettext("This mail has not failed, so it was not sent again."), "info")
    return redirect(url_for("messages.mail", key=key), 303)
