"""Agreements to keep something of a case to oneself: added, signed, ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    RunFacts,
    access,
    current_actor,
    done,
    is_key,
    language,
    local,
    not_found,
    pressed,
    tell,
)
from lms_courses.forms.cases import code_of
from lms_courses.forms.ndas import NdaForm
from lms_courses.permissions import CASES
from lms_courses.queries.cases import CaseFacts, cases_by_id
from lms_courses.queries.ndas import NdaFacts, nda_by_key
from lms_courses.services import ndas
from lms_courses.views.base import blueprint
from lms_courses.views.case_acting import Group, back_to, case_of_sides, write_page
from lms_courses.words import _


@blueprint.route("/cases/<key>/nda", methods=["GET", "POST"])
@access(CASES, rate="write", uploads=True)
def add_nda(key: str) -> Response:
    """Add an agreement; never without the institution as a party (I-33)."""
    actor = current_actor()
    found = case_of_sides(key, actor, "teacher", "company")
    form = NdaForm()
    late: list[Sequence[RunFacts]] = []

    def act() -> None:
        current = case_of_sides(key, actor, "teacher", "company")
        code = code_of(language())
        files = form.document.data
        late.append(ndas.add_nda(current, form.values(), files, actor, language=code))

    if form.validate_on_submit() and done(form, act):
        tell(_("The agreement is added. It holds once both sides have signed it."))
        for run in late[-1]:
            tell(
                _(
                    "It does not hold for “%(run)s”: students handed in work there without it.",
                    run=local(run.title),
                ),
                "wait",
            )
        return redirect(url_for("courses.case", key=key), 303)
    return write_page(
        form,
        _("Add an agreement on secrecy"),
        [
            Group(fields=[form.secret, form.from_day, form.to_day]),
            Group(
                legend=_("Who is a party to it?"),
                hint=_(
                    "The company, the students, and always the institution: supervisor and "
                    "examiner must be able to see the work."
                ),
                fields=[form.with_institution],
            ),
            Group(fields=[form.document]),
        ],
        _("Add it"),
        action=url_for("courses.add_nda", key=key),
        back=back_to(found),
        lead=_("A student may always choose a group without such an agreement."),
    )


@blueprint.post("/cases/ndas/<key>/sign")
@access(CASES, rate="write")
def sign_nda(key: str) -> Response:
    """The institution says that it is signed."""
    return _press(key, ndas.sign_nda, _("The agreement is signed."))


@blueprint.post("/cases/ndas/<key>/end")
@access(CASES, rate="write")
def end_nda(key: str) -> Response:
    """The agreement holds for nobody new."""
    return _press(key, ndas.end_nda, _("The agreement has ended."))


def _press(key: str, verb: Callable[[NdaFacts, Actor], None], said: str) -> Response:
    actor = current_actor()
    _nda, case = _signed_by(key, actor)
    if pressed(lambda: verb(_signed_by(key, actor)[0], actor)):
        tell(said)
    return redirect(url_for("courses.case", key=case.key), 303)


def _signed_by(key: str, actor: Actor) -> tuple[NdaFacts, CaseFacts]:
    """An agreement of a case for whose institution the actor speaks; else 404."""
    nda = nda_by_key(key) if is_key(key) else None
    case = cases_by_id([nda.case_id], actor).get(nda.case_id) if nda is not None else None
    if nda is None or case is None or "teacher" not in case.sides:
        not_found()
    return nda, case
