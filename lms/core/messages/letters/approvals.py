"""Letters to those who say yes or no, and to those who nominated or lead somebody."""

from __future__ import annotations

from collections.abc import Mapping

from lms.core.enrolment.queries import Row, row_by_id
from lms.core.messages.letters.seats import OVER, facts, lifetime, reason
from lms.core.messages.letters.shapes import About, Letter, address
from lms.core.messages.queries import Asked, asked_by_id
from lms.core.users.services.links import mint
from lms.web.i18n import gettext as _
from lms.web.i18n import local, marked

LEADS = marked("You get this mail because you are responsible for the run.")
MANAGES = marked("You get this mail because you are the line manager.")
WHY: Mapping[str, str] = {
    "line_manager": MANAGES,
    "cost_centre": marked("You get this mail because you answer for the money."),
    "programme_lead": LEADS,
}
STANDS_IN = marked("You get this mail because you answer for somebody who is away.")

NEWS: Mapping[str, str] = {
    "seated": marked("%(name)s has a seat: %(title)s"),
    "waitlisted": marked("%(name)s stands on the waiting list: %(title)s"),
    "declined": marked("%(name)s got a no: %(title)s"),
    "lapsed": marked("The request of %(name)s has lapsed: %(title)s"),
    "withdrawn": marked("%(name)s has withdrawn: %(title)s"),
    "late_withdrawal": marked("%(name)s has withdrawn after the last day for it: %(title)s"),
    "offer_declined": marked("%(name)s said no to a seat: %(title)s"),
    "handed_over": marked("%(name)s has handed their seat to a colleague: %(title)s"),
    "cancelled": marked("The course of %(name)s is cancelled: %(title)s"),
    "completed": marked("%(name)s has completed %(title)s"),
    "not_completed": marked("%(name)s lacks something to complete %(title)s"),
    "no_show": marked("%(name)s did not come: %(title)s"),
}
"""What those hear who lead or have nominated somebody, by what happened."""


def question(row: Row, person_id: int) -> str:
    """The address of a page that asks this person for a yes, without signing in."""
    token = mint("enrolment.decide", person_id, row.enrolment.id, lifetime(row))
    return address("enrolment.answer", token=token)


def asked(about: About) -> Letter | None:
    """Somebody asks for a yes."""
    return _question(about, again=False)


def reminder(about: About) -> Letter | None:
    """The yes is still missing."""
    return _question(about, again=True)


def _question(about: About, *, again: bool) -> Letter | None:
    row = row_by_id(about.subject_id or 0)
    if row is None or row.enrolment.state != "awaiting_approval":
        return None
    approval = _approval(about)
    if approval is not None and approval.state != "open":
        return None
    return Letter(
        subject=_("%(name)s still waits for your yes", name=row.person_name)
        if again
        else _("%(name)s asks for your yes", name=row.person_name),
        paragraphs=(
            _("Without an answer in time the request runs out.")
            if again
            else _("One of your people would like to take part in a course.")
            if approval is None or approval.kind == "line_manager"
            else _("Somebody would like to take part in a course, and your yes is needed."),
        ),
        warm=row.enrolment.goal,
        facts=facts(row),
        press=(_("Read and answer"), question(row, about.person_id)),
        small=_("You need not sign in. The link opens a page that asks before anything happens."),
        why=_(_why(approval, about.person_id)),
    )


def _approval(about: About) -> Asked | None:
    approval_id = about.values.get("approval")
    return None if approval_id is None else asked_by_id(int(approval_id))


def _why(approval: Asked | None, person_id: int) -> str:
    if approval is None:
        return MANAGES
    if approval.approver_id not in (None, person_id):
        return STANDS_IN
    return WHY.get(approval.kind, STANDS_IN)


def answered(about: About) -> Letter | None:
    """Somebody else who was asked has answered: nothing is left to do."""
    row = row_by_id(about.subject_id or 0)
    if row is None:
        return None
    return Letter(
        subject=_("%(name)s has got an answer", name=row.person_name),
        paragraphs=(_("Somebody else who was asked has answered. You need do nothing."),),
        facts=facts(row)[:3],
        why=_(_why(_approval(about), about.person_id)),
    )


def lapsed_for_manager(about: About) -> Letter | None:
    """A request has run out without this reader's answer."""
    row = row_by_id(about.subject_id or 0)
    if row is None:
        return None
    begun = row.run_state in OVER
    return Letter(
        subject=_("A request has lapsed: %(title)s", title=local(row.run_title)),
        paragraphs=(
            _(
                "%(name)s asked for your yes, and the run has begun without an answer.",
                name=row.person_name,
            )
            if begun
            else _(
                "%(name)s asked for your yes, and the time for an answer is over. "
                "They can ask again.",
                name=row.person_name,
            ),
        ),
        facts=facts(row)[:3],
        why=_("You get this mail because you were asked for a yes."),
    )


def news(about: About) -> Letter | None:
    """What became of somebody one leads or has nominated."""
    row = row_by_id(about.subject_id or 0)
    said = NEWS.get(str(about.values.get("state")))
    if row is None or said is None:
        return None
    return Letter(
        subject=_(said, name=row.person_name, title=local(row.run_title)),
        facts=facts(row)[:3],
        press=(_("See how it stands"), address("enrolment.show", key=row.enrolment.key)),
        why=_("You get this mail because you lead or have nominated this person."),
    )


def late_withdrawal(about: About) -> Letter | None:
    """Somebody has withdrawn when it was late; to those responsible for the run."""
    row = row_by_id(about.subject_id or 0)
    if row is None:
        return None
    return Letter(
        subject=_("A late withdrawal: %(title)s", title=local(row.run_title)),
        paragraphs=(_("%(name)s has withdrawn after the last day for it.", name=row.person_name),),
        warm=reason(row) if row.enrolment.state == "withdrawn" else "",
        facts=facts(row)[:3],
        press=(
            _("See the participants"),
            address("enrolment.participants", key=row.enrolment.run_key),
        ),
        why=_(LEADS),
    )
