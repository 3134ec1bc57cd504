"""The learning agreement of one enrolment, signed in or by a link from a mail.

A link is bound to one person, one enrolment and one purpose: to sign, or to say what came of it.
Looking at it changes nothing; it is spent in the transaction of the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.catalogue.queries import runs_by_id
from lms.core.enrolment.answering import LINK_OVER
from lms.core.enrolment.presenting import person_in_words
from lms.core.enrolment.queries import Row, row_by_id, row_by_key
from lms.core.learning import presenting_standing, services
from lms.core.learning.forms_agreement import (
    AgreementForm,
    MirrorForm,
    SignForm,
    agreement_form,
)
from lms.core.learning.presenting_standing import USED_WORDS
from lms.core.learning.queries.agreeing import (
    SIGNABLE,
    AgreementFacts,
    Part,
    agreement_of,
    part_of,
)
from lms.core.learning.views.base import blueprint
from lms.core.refused import Refused
from lms.core.users.queries import actor_for_person
from lms.core.users.services.links import FoundLink, look, spend
from lms.db import now
from lms.web import Form, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.work import unit_of_work

AGREEMENT = "learning.agreement"
FOLLOW_UP = "learning.follow_up"
WRITABLE = ("seated", "active")


class _Spent(Exception):
    """Somebody was faster: the link was used between looking and pressing."""


@dataclass(slots=True)
class _Desk:
    """What the page is about: the enrolment, the reader's part in it, and the three forms."""

    row: Row
    actor: Actor
    part: Part | None
    agreement: AgreementFacts | None
    words: AgreementForm
    sign: SignForm
    mirror: MirrorForm
    token: str = ""

    @property
    def may_write(self) -> bool:
        return self.part is not None and self.row.enrolment.state in WRITABLE

    @property
    def may_sign(self) -> bool:
        return (
            self.part is not None
            and self.agreement is not None
            and not self.agreement.signed_by(self.part)
            and self.row.enrolment.state in SIGNABLE
        )

    @property
    def mirror_due(self) -> bool:
        due = self.agreement.follow_up_at if self.agreement else None
        return (
            self.part is not None
            and due is not None
            and due <= now()
            and self.row.enrolment.state == "completed"
        )

    def form(self, act: str) -> Form | None:
        """The form behind one of the buttons, if the reader may press it."""
        if act == "sign":
            return self.sign if self.may_sign else None
        if act == "mirror":
            return self.mirror if self.mirror_due else None
        return self.words if self.may_write else None


@blueprint.route("/enrolments/<key>/agreement", methods=["GET", "POST"])
@access(rate="write")
def agreement(key: str) -> Response:
    """The agreement, for everybody who may see the enrolment; employee and manager write it."""
    actor = current_actor()
    row = row_by_key(key, actor)
    if row is None:
        not_found()
    desk = _desk(row, actor)
    act = request.form.get("act", "")
    form = desk.form(act)
    if request.method == "POST":
        if form is None:
            not_found()
        if form.validate_on_submit() and _done(desk, form, act, lambda: _act(desk, act)):
            return redirect(url_for("learning.agreement", key=key), 303)
    return _page(desk)


@blueprint.route("/agreement/<token>", methods=["GET", "POST"])
@access(known="link", rate="write")
def agreement_link(token: str) -> Response:
    """The same page by the link from a mail, for one deed."""
    link = look(token)
    if link is None or link.purpose not in (AGREEMENT, FOLLOW_UP):
        return _link_over("unknown")
    if not link.good:
        return _no_link(link)
    row = row_by_id(link.subject_id) if link.subject_id is not None else None
    try:
        actor = actor_for_person(link.person_id)
    except LookupError:
        return _link_over("left")
    if row is None:
        return _link_over("unknown")
    desk = _desk(row, actor, token=token)
    if desk.part is None:
        return _link_over("other")
    act = "mirror" if link.purpose == FOLLOW_UP else request.form.get("act", "")
    form = desk.form(act)
    if request.method == "POST" and form is None:
        return _meanwhile(token) or _link_over("unknown")
    if form is not None and form.validate_on_submit():

        def answer() -> None:
            if spend(token, link.purpose) is None:
                raise _Spent
            _act(desk, act)

        try:
            if _done(desk, form, act, answer):
                return redirect(url_for("enrolment.answered"), 303)
        except _Spent:
            return _meanwhile(token) or _link_over("unknown")
    over = _meanwhile(token) if request.method == "POST" else None
    return over or _page(desk)


def _desk(row: Row, actor: Actor, token: str = "") -> _Desk:
    found = agreement_of(row.enrolment.id)
    practice = runs_by_id([row.enrolment.run_id])[row.enrolment.run_id].practice_minutes
    part = part_of(row.enrolment, actor)
    said = found is not None and part is not None and found.answered_by(part)
    return _Desk(
        row=row,
        actor=actor,
        part=part,
        agreement=found,
        words=agreement_form(found, row.enrolment.goal, practice),
        sign=SignForm(revision=str(found.revision) if found else "0"),
        mirror=MirrorForm(**_said(found, part) if said and found and part else {}),
        token=token,
    )


def _said(agreement: AgreementFacts, part: Part) -> dict[str, str]:
    mine = part == "employee"
    used = agreement.employee_used if mine else agreement.manager_used
    return {
        "used": str(used),
        "words": agreement.employee_words if mine else agreement.manager_words,
    }


def _act(desk: _Desk, act: str) -> None:
    id_, actor = desk.row.enrolment.id, desk.actor
    if act == "sign":
        services.sign_agreement(id_, actor, revision=desk.sign.seen())
    elif act == "mirror":
        used = int(desk.mirror.used.data)
        services.answer_follow_up(id_, used, desk.mirror.words.data or "", actor)
    else:
        words = desk.words
        services.write_agreement(id_, words.words(), actor, revision=words.seen())


def _done(desk: _Desk, form: Form, act: str, do: Callable[[], None]) -> bool:
    """Act in a unit of work, and say so; False with the reasons on the form."""
    try:
        with unit_of_work():
            do()
    except Refused as refused:
        form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        return False
    except services.EditedMeanwhile:
        desk.agreement = agreement_of(desk.row.enrolment.id)
        if desk.agreement is not None:
            # What was typed stays in the form; sent again it replaces what is shown beside it.
            desk.words.revision.data = str(desk.agreement.revision)
            desk.sign.revision.data = str(desk.agreement.revision)
        form.form_errors.append(
            gettext(
                _(
                    "The words were changed in the meantime. Read them as they are now; "
                    "what you wrote is kept below."
                )
            )
        )
        return False
    tell(
        gettext(_("Thank you. Your answer is kept."))
        if act == "mirror"
        else gettext(_("Signed. The other one is asked if they have not signed yet."))
    )
    return True


def _page(desk: _Desk) -> Response:
    row, found = desk.row, desk.agreement
    own = desk.part == "employee"
    here = (
        url_for("learning.agreement_link", token=desk.token)
        if desk.token
        else url_for("learning.agreement", key=row.enrolment.key)
    )
    submitted = desk.words.submitted
    return page(
        "learning/agreement.html",
        422 if submitted else 200,
        row=row,
        who=person_in_words(row),
        part=desk.part,
        own=own,
        by_link=bool(desk.token),
        here=here,
        agreement=found,
        badge=presenting_standing.agreement_badge(found.state) if found else None,
        words=desk.words,
        sign=desk.sign,
        mirror=desk.mirror,
        may_write=desk.may_write,
        may_sign=desk.may_sign,
        mirror_due=desk.mirror_due,
        writing=submitted and request.form.get("act", "") not in ("sign", "mirror"),
        mirrors=_mirrors(found, desk.part) if found else (),
    )


def _mirrors(agreement: AgreementFacts, part: Part | None) -> list[tuple[str, str, str]]:
    """(who, how much is used, their sentence) of the answers that this reader may see: the
    employee sees both, the manager their own."""
    if part is None:
        return []
    said = []
    if part == "employee" and agreement.employee_used is not None:
        used = gettext(USED_WORDS[agreement.employee_used])
        said.append((gettext(_("You")), used, agreement.employee_words))
    if agreement.manager_used is not None:
        who = gettext(_("Your manager") if part == "employee" else _("You"))
        said.append((who, gettext(USED_WORDS[agreement.manager_used]), agreement.manager_words))
    return said


def _meanwhile(token: str) -> Response | None:
    """The page of a link that was used since it was read; None while it still works. What was read
    after the link may be newer than it (READ COMMITTED), so it is read again."""
    found = look(token)
    return None if found is not None and found.good else _no_link(found)


def _no_link(link: FoundLink | None) -> Response:
    if link is None:
        return _link_over("unknown")
    return _link_over("used" if link.used_at is not None else "late")


def _link_over(why: str) -> Response:
    heading, sentence = LINK_OVER[why]
    return page("enrolment/link_over.html", 410, heading=gettext(heading), text=gettext(sentence))
