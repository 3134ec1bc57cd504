"""Figures of a run without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.wrappers import Response

from lms.core.catalogue.queries import (
    may_with_roles,
    run_by_key,
)
from lms.core.enrolment.presenting import STATE_WORDS
from lms.core.enrolment.queries import counts_in_run
from lms.core.enrolment.states import STATES
from lms.core.learning import presenting
from lms.core.learning.presenting_standing import USED_WORDS
from lms.core.learning.queries import (
    attendance_in_run,
    functions_in_run,
    roles_on_teams,
)
from lms.core.learning.queries.agreeing import Mirror, mirror_of, words_of_mirror
from lms.core.learning.views.base import IN_CLASS, READ_SUMS, TEACH, blueprint
from lms.db import now
from lms.web import access, current_actor, gettext, not_found, page
from lms.web.i18n import local
from lms.web.i18n import marked as _

EVALUATOR = "evaluator"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What one side said twelve weeks later: who, how many of those asked, and (words, number)
    pairs, empty where they are too few to be shown."""

    who: str
    answered: str
    asked: int
    levels: Sequence[tuple[str, str]]


@blueprint.get("/teach/<key>/sums")
@access()
def sums(key: str) -> Response:
    """Figures without names; groups under five people are not shown."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None:
        not_found()
    roles = roles_on_teams(actor).get(run.id, frozenset())
    teaches = may_with_roles(actor, run, TEACH, roles)
    if not teaches and not may_with_roles(actor, run, READ_SUMS, roles):
        not_found()
    counts = counts_in_run(run.id)
    states, total = presenting.safe_figures(
        [(gettext(STATE_WORDS[state][0]), counts.get(state, 0)) for state in STATES]
    )
    functions, _all = presenting.safe_figures(
        [(local(title), number) for title, number in functions_in_run(run.id, IN_CLASS)]
    )
    share = attendance_in_run(run.id)
    mirror = mirror_of(run.id, now())
    return page(
        "learning/sums.html",
        run=run,
        teaches=teaches,
        total=total,
        nobody=not counts,
        states=[(figure.label, presenting.figure_in_words(figure)) for figure in states],
        functions=[(figure.label, presenting.figure_in_words(figure)) for figure in functions],
        percent=share.attended * 100 // share.possible
        if share.possible and share.people >= presenting.FEWEST
        else None,
        fewest=presenting.FEWEST,
        mirror=_answers(mirror),
        # What people wrote goes to the evaluator first, and to nobody who teaches or leads.
        said=[
            (gettext(_("Manager") if part == "manager" else _("Participant")), local_used, words)
            for part, used, words in words_of_mirror(run.id)
            for local_used in (gettext(USED_WORDS[used]),)
        ]
        if EVALUATOR in roles and mirror.asked
        else [],
    )


def _answers(mirror: Mirror) -> Sequence[Answers]:
    if not mirror.asked:
        return ()
    sides: Sequence[tuple[str, Mapping[int, int]]] = (
        (gettext(_("Participants")), mirror.employees),
        (gettext(_("Managers")), mirror.managers),
    )
    found = []
    for who, counts in sides:
        figures, total = presenting.safe_figures(
            [(gettext(words), counts.get(used, 0)) for used, words in enumerate(USED_WORDS)]
        )
        found.append(
            Answers(
                who=who,
                answered=gettext(_("not shown")) if total is None else str(total),
                asked=mirror.asked,
                levels=[(figure.label, presenting.figure_in_words(figure)) for figure in figures]
                if total
                else [],
            )
        )
    return found
