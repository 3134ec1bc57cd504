"""The mailbox page: what the site has written to people."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from lms.core.messages import queries
from lms.web import access, current_actor, not_found, page
from lms.web.paging import asked_page, pager

blueprint = Blueprint("messages", __name__)
blueprints = (blueprint,)

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
