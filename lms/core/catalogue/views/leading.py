"""The state of a run, for who manages it."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.core.catalogue import words
from lms.core.catalogue.forms import RunStateForm
from lms.core.catalogue.services import change_run_state, run_state_refusals
from lms.core.catalogue.views.base import blueprint, managed
from lms.core.refused import Refused
from lms.web import access, current_actor, page, tell
from lms.web import gettext as _
from lms.web.i18n import local
from lms.work import unit_of_work


@blueprint.route("/catalogue/<key>/state", methods=["GET", "POST"])
@access(rate="write")
def state(key: str) -> Response:
    """Move a run to another state; refusals stand on the form."""
    actor = current_actor()
    shown = managed(key, actor)
    form = RunStateForm()
    following = form.offer(shown.state)
    if following and form.validate_on_submit():
        new, reason = form.state.data, form.reason.data or ""
        refusals = run_state_refusals(shown, new, reason)
        if not refusals:
            try:
                with unit_of_work():
                    run_id = managed(key, actor).id
                    change_run_state(run_id, new, actor, reason, ask_again=True)
            except Refused as refused:
                refusals = list(refused.refusals)
            else:
                tell(_("Done. The run is now: %(state)s.", state=_(words.STATE_WORDS[new][0])))
                return redirect(url_for("catalogue.run", key=key), 303)
        for refusal in refusals:
            _put_in(form, refusal.code, local(refusal.message))
    return page(
        "catalogue/state.html",
        status=422 if form.submitted else 200,
        run=shown,
        form=form,
        state=words.STATE_WORDS[shown.state],
        following=following,
    )


def _put_in(form: RunStateForm, code: str, sentence: str) -> None:
    if code == "reason_needed":
        form.reason.errors = [*form.reason.errors, sentence]
    else:
        form.form_errors.append(sentence)
