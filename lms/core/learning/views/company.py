"""The desk of who teaches for a company: own slots, what was agreed to be seen, nothing else."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.contracts import Actor, RunFacts
from lms.core.catalogue.queries import runs_by_id
from lms.core.learning import presenting
from lms.core.learning.queries import functions_in_run
from lms.core.learning.queries.company import (
    LEVELS,
    OwnSlot,
    names_in_class,
    number_in_class,
    own_slots,
    run_for_company,
)
from lms.core.learning.queries.desk import IN_RUN
from lms.core.learning.reading import SLOT
from lms.core.learning.services.company import note_class, note_look
from lms.core.learning.views.base import blueprint
from lms.files import documents_about
from lms.web import Confirm, access, current_actor, gettext, not_found, page
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.work import unit_of_work


@blueprint.route("/teach/<key>/mine", methods=["GET", "POST"])
@access(rate="write")
def company_desk(key: str) -> Response:
    """Own slots, and what was agreed. Names are shown when they are asked for, and each look at
    them is written down."""
    actor = current_actor()
    run, slots = _slots_of(key, actor)
    level = max((slot.level for slot in slots), key=LEVELS.index, default="nothing")
    form = Confirm()
    names = None
    if form.submitted and level != "names":
        not_found()
    if form.validate_on_submit():
        with unit_of_work():
            names = names_in_class(run.id)
            by = [slot.id for slot in slots if slot.level == "names"]
            note_look(run.id, by, len(names), actor)
    number = number_in_class(run.id) if level != "nothing" else None
    if number is not None and not form.submitted:
        with unit_of_work(harmless=True):
            note_class(run.id, level, number, actor)
    functions = None
    if level == "functions":
        functions, _all = presenting.safe_figures(
            [(local(title), count) for title, count in functions_in_run(run.id, IN_RUN)]
        )
    return page(
        "learning/desk_company.html",
        422 if form.submitted and names is None else 200,
        run=run,
        slots=slots,
        seen={slot.id: _seen(slot) for slot in slots},
        level=level,
        number=number,
        functions=None
        if functions is None
        else [(figure.label, presenting.figure_in_words(figure)) for figure in functions],
        names=names,
        form=form,
        materials=documents_about(SLOT, [slot.id for slot in slots]),
    )


def _slots_of(key: str, actor: Actor) -> tuple[RunFacts, list[OwnSlot]]:
    run_id = run_for_company(key, actor)
    if run_id is None:
        not_found()
    return runs_by_id([run_id])[run_id], list(own_slots(run_id, actor))


SEEN_WORDS = {
    "nothing": _("You see nothing about the participants."),
    "number": _("You see how many take part."),
    "functions": _("You see how many take part and what they are at work."),
    "names": _("You see how many take part and their names."),
}


def _seen(slot: OwnSlot) -> str:
    return gettext(SEEN_WORDS[slot.level])
