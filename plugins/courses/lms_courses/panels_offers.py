"""Companies that teach along, on the page of a run: offering for companies, answering for who
leads. How the minutes are shared stands there too, drawn by the core from the agreed slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, LocalisedText, Panel, RunFacts
from lms_courses.queries.cases import companies_of
from lms_courses.queries.offers import OPEN_RUNS, answers_by_role

TITLE = LocalisedText(
    da="Virksomheder underviser med",
    sv="Företag undervisar med",
    en="Companies teach along",
)
OFFER = LocalisedText(da="Undervis med", sv="Undervisa med", en="Teach along")


def offer_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Panel]:
    """The way to an offer for people of companies, and the way to what was offered for who answers
    by a role at a host (who is on the team alone finds it among the things to do). No query."""
    if companies_of(actor):
        return {
            run.id: _panel(OFFER, offer_url=url_for("courses.offer_slot", key=run.key))
            for run in runs
            if run.state in OPEN_RUNS
        }
    return {
        run.id: _panel(TITLE, answer_url=url_for("courses.run_offers", key=run.key))
        for run in runs
        if run.state in OPEN_RUNS and answers_by_role(actor, run)
    }


def _panel(title: LocalisedText, *, offer_url: str = "", answer_url: str = "") -> Panel:
    return Panel(
        template="courses/offers_panel.html",
        title=title,
        order=57,
        place="aside",
        values={"offer_url": offer_url, "answer_url": answer_url},
    )
