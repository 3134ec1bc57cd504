"""Letters about learning agreements: to sign, and to say twelve weeks later what came of it."""

from __future__ import annotations

from datetime import timedelta

from lms.core.enrolment.queries import Row, row_by_id
from lms.core.learning.queries import AgreementFacts, agreement_of
from lms.core.messages.letters.seats import facts
from lms.core.messages.letters.shapes import About, Letter, address
from lms.core.users.services.links import mint
from lms.web.i18n import gettext as _
from lms.web.i18n import hours, local

LIFETIME = timedelta(days=21)


def agreement(about: About) -> Letter | None:
    """The other one has signed: this reader's signature is missing. Nothing once it is there, or
    when the enrolment is over."""
    row, words = _found(about)
    if row is None or words is None or words.state != "proposed":
        return None
    own = row.enrolment.person_id == about.person_id
    if words.signed_by("employee" if own else "manager"):
        return None
    return Letter(
        subject=_("Sign the learning agreement: %(title)s", title=local(row.run_title))
        if own
        else _("%(name)s asks you to sign a learning agreement", name=row.person_name),
        paragraphs=(
            _("Your manager has signed. Read the words and sign, or change them.")
            if own
            else _("It says what they will try at work. Read it and sign, or change it."),
        ),
        warm=words.goal,
        facts=(
            *facts(row)[:2],
            (_("The task at work"), words.task),
            (_("Working time promised"), hours(words.minutes_promised)),
        ),
        press=(_("Read and sign"), _link("learning.agreement", about)),
        small=_("You need not sign in. The link opens a page that asks before anything happens."),
        why=_("You get this mail because the agreement is between you and a participant.")
        if not own
        else _("You get this mail because you have a seat."),
    )


def follow_up(about: About) -> Letter | None:
    """Two questions about use at work; a reminder says so. Nothing once they are answered."""
    row, words = _found(about)
    if row is None or words is None or words.state != "agreed":
        return None
    own = row.enrolment.person_id == about.person_id
    if words.answered_by("employee" if own else "manager"):
        return None
    again = int(about.values.get("turn", 0)) > 0
    return Letter(
        subject=_("Still two questions: %(title)s", title=local(row.run_title))
        if again
        else _("What came of it? %(title)s", title=local(row.run_title)),
        paragraphs=(
            _("Twelve weeks ago you completed the course. Two questions, two minutes.")
            if own
            else _(
                "Twelve weeks ago %(name)s completed the course. Two questions, two minutes.",
                name=row.person_name,
            ),
        ),
        warm=words.goal,
        press=(_("Answer the two questions"), _link("learning.follow_up", about)),
        small=_("You need not sign in. The link opens a page that asks before anything happens."),
        why=_("You get this mail because you signed a learning agreement."),
    )


def _found(about: About) -> tuple[Row | None, AgreementFacts | None]:
    row = row_by_id(about.subject_id or 0)
    return row, agreement_of(about.subject_id or 0) if row else None


def _link(purpose: str, about: About) -> str:
    token = mint(purpose, about.person_id, about.subject_id, LIFETIME)
    return address("learning.agreement_link", token=token)
