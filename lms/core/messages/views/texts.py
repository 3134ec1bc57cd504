"""An organisation's own words for mails: the list, one mail in one language, and a look at it."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import LANGUAGES, Actor
from lms.core.messages import queries, samples, services
from lms.core.messages.forms import TextForm
from lms.core.messages.letters.kinds import EDITABLE, KINDS, PLACEHOLDERS
from lms.core.messages.views.base import blueprint
from lms.core.organisations.queries import MANAGE, OrganisationCard, card
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import LANGUAGE_NAMES
from lms.work import unit_of_work


def _card_or_404(key: str, actor: Actor) -> OrganisationCard:
    return card(actor, key) or not_found()


def _known_or_404(kind: str, code: str) -> None:
    if kind not in EDITABLE or code not in LANGUAGES:
        not_found()


@blueprint.get("/admin/organisations/<key>/texts")
@access(MANAGE)
def texts(key: str) -> Response:
    """The mails whose words an organisation may write, and which it has written."""
    organisation = _card_or_404(key, current_actor()).facts
    return page(
        "messages/texts.html",
        organisation=organisation,
        kinds=[(kind, KINDS[kind]) for kind in EDITABLE],
        languages_of_mails=LANGUAGE_NAMES,
        own=queries.texts_of(organisation.id),
    )


@blueprint.route("/admin/organisations/<key>/texts/<kind>/<code>", methods=["GET", "POST"])
@access(MANAGE, rate="write")
def text(key: str, kind: str, code: str) -> Response:
    """Write the subject and the text of one mail in one language; look at it before saving."""
    actor = current_actor()
    organisation = _card_or_404(key, actor).facts
    _known_or_404(kind, code)
    own = queries.text_of(organisation.id, kind, code)
    usual_subject, usual_body = samples.usual_words(kind, code)
    form = TextForm(
        subject=own.subject if own else usual_subject,
        body=own.body if own else usual_body,
        words=KINDS[kind].words,
    )
    preview = None
    if form.validate_on_submit():
        subject, body = str(form.subject.data), str(form.body.data)
        if request.form.get("act") != "preview":
            with unit_of_work():
                services.write_text(
                    organisation.id, kind, code, subject=subject, body=body, actor=actor
                )
            tell(gettext("Saved."))
            return redirect(url_for("messages.texts", key=key), 303)
        preview = samples.sample(kind, code, subject, body)
    return page(
        "messages/text.html",
        422 if form.submitted and preview is None else 200,
        organisation=organisation,
        kind=kind,
        spec=KINDS[kind],
        code=code,
        language_name=LANGUAGE_NAMES[code],
        form=form,
        own=own,
        usual=(usual_subject, usual_body),
        words=[(word, PLACEHOLDERS[word]) for word in KINDS[kind].words],
        preview=preview,
    )


@blueprint.post("/admin/organisations/<key>/texts/<kind>/<code>/reset")
@access(MANAGE, rate="write")
def reset_text(key: str, kind: str, code: str) -> Response:
    """Go back to our words."""
    actor = current_actor()
    organisation = _card_or_404(key, actor).facts
    _known_or_404(kind, code)
    if Confirm().validate_on_submit():
        with unit_of_work():
            services.reset_text(organisation.id, kind, code, actor)
        tell(gettext("The mail uses our words again."))
    return redirect(url_for("messages.text", key=key, kind=kind, code=code), 303)
