"""A declaration of neutrality ends early: by the company, or by who buys for an authority."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import access, current_actor, done, not_found, page, tell
from lms_fairplay.days import today
from lms_fairplay.forms.companies import EndForm
from lms_fairplay.queries.declarations import all_declared
from lms_fairplay.queries.seeing import companies_of, may_end_declarations
from lms_fairplay.services.declaring import end_declaration
from lms_fairplay.views.base import blueprint
from lms_fairplay.views.companies import company_or_404
from lms_fairplay.words import _


@blueprint.route("/companies/<key>/declaration/end", methods=["GET", "POST"])
@access(rate="write")
def end_declared(key: str) -> Response:
    """Say that what the company declared holds no more, and why."""
    actor = current_actor()
    about = company_or_404(key)
    if not may_end_declarations(actor, about.id):
        not_found()
    own = about.id in companies_of(actor)
    back = url_for("fairplay.mine", company=key) if own else url_for("fairplay.company", key=key)
    form = EndForm()
    if form.validate_on_submit() and done(
        form, lambda: end_declaration(about.id, form.reason.data or "", actor)
    ):
        tell(_("The declaration holds no more."))
        return redirect(back, 303)
    day = today()
    return page(
        "fairplay/end_declared.html",
        422 if form.submitted else 200,
        company=about,
        back=back,
        holds=any(one.holds_on(day) for one in all_declared([about.id])),
        form=form,
    )
