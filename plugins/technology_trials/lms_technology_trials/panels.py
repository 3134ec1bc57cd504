"""What this plugin adds to the pages of runs and enrolments, to lists and to the front page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from lms.api import (
    Actor,
    Badge,
    EnrolmentFacts,
    LocalisedText,
    Panel,
    RunFacts,
    may_in_run,
    runs_by_id,
    slots_of,
)
from lms_technology_trials.course_type import KEY
from lms_technology_trials.facts import PracticeFacts
from lms_technology_trials.forms import LogForm, SafeUseForm
from lms_technology_trials.queries import practice_of, published_cards, technology_of
from lms_technology_trials.rules import Minutes, minutes_of, needed_by

MANAGE = "catalogue.manage"
TEACH = "learning.teach"
TAKING_PART = frozenset({"seated", "active", "completed", "not_completed"})

METER_WIDTH = 420
METER_GAP = 2

RUN_TITLE = LocalisedText(da="Det, vi prøver", sv="Det vi prövar", en="What we try out")
PRACTICE_TITLE = LocalisedText(
    da="I praksis på dit arbejde", sv="I praktiken på ditt arbete", en="In practice at your work"
)
OTHERS_PRACTICE_TITLE = LocalisedText(da="I praksis", sv="I praktiken", en="In practice")


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A stretch of the meter: whose minutes, and where it is drawn."""

    name: str
    minutes: int
    kind: str
    x: float
    width: float


def meter(minutes: Minutes) -> list[Segment]:
    """The planned minutes as one bar: the companies first, every second hatched, so that the limit
    stands where they would reach it; then the institution."""
    whole = max(minutes.planned, minutes.companies + minutes.others, 1)
    drawn, x = [], 0.0
    ordered = sorted(minutes.shares, key=lambda share: not share.company)
    for number, share in enumerate(ordered):
        width = METER_WIDTH * share.minutes / whole
        pattern = "hatch" if number % 2 else "lyng"
        drawn.append(
            Segment(
                name=share.name,
                minutes=share.minutes,
                kind=pattern if share.company else "sea",
                x=round(x, 1),
                width=round(max(width - METER_GAP, 1), 1),
            )
        )
        x += width
    return drawn


def run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What a run tries, and how its minutes are shared, by run id."""
    own = [run for run in runs if run.course_type == KEY]
    known = technology_of([run.id for run in own])
    found = {}
    for run in own:
        minutes = minutes_of(run, slots_of(run.id), known.get(run.id))
        managed = actor.signed_in and may_in_run(actor, run, MANAGE)
        whole = max(minutes.planned, minutes.companies + minutes.others, 1)
        values = {
            "technology": known.get(run.id),
            "minutes": minutes,
            "meter": meter(minutes),
            "limit_x": round(METER_WIDTH * minutes.limit / whole, 1),
            "edit_url": url_for("technology_trials.technology", key=run.key) if managed else None,
        }
        found[run.id] = [
            Panel(
                template="technology_trials/run_panel.html",
                title=RUN_TITLE,
                values=values,
                order=30,
            )
        ]
    return found


def run_badges(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Badge]]:
    """The category of the technology, by run id. One query."""
    known = technology_of([run.id for run in runs if run.course_type == KEY])
    return {
        id_: (Badge(text=technology.category, icon="glasses", kind="info"),)
        for id_, technology in known.items()
    }


def enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """The log of practice and the safe-use check, by enrolment id: to be filled in by the
    participant and by who teaches, to be read by others who may see the enrolment."""
    own = [e for e in enrolments if e.course_type == KEY and e.state in TAKING_PART]
    known = practice_of([enrolment.id for enrolment in own])
    runs = runs_by_id(sorted({enrolment.run_id for enrolment in own}))
    found = {}
    for enrolment in own:
        run = runs[enrolment.run_id]
        mine = enrolment.person_id == actor.person_id
        teaches = not mine and may_in_run(actor, run, TEACH)
        practice = known.get(enrolment.id, PracticeFacts(enrolment_id=enrolment.id))
        still = enrolment.state == "active"
        values = {
            "practice": practice,
            "needed": needed_by(run),
            "enrolment_key": enrolment.key,
            "mine": mine,
            "log_form": LogForm.of(practice) if still and (mine or teaches) else None,
            "safe_use_form": SafeUseForm.of(practice) if still and teaches else None,
        }
        found[enrolment.id] = [
            Panel(
                template="technology_trials/practice_panel.html",
                title=PRACTICE_TITLE if mine else OTHERS_PRACTICE_TITLE,
                values=values,
                order=40,
            )
        ]
    return found


def front_panels() -> Sequence[Panel]:
    """The latest collaboration with its numbers. One query."""
    cards = published_cards(limit=1)
    return tuple(
        Panel(
            template="technology_trials/story.html",
            title=_story_title(card.former_title, card.title),
            values={
                "card": card,
                "numbers": (
                    (
                        LocalisedText(da="workshops", sv="workshoppar", en="workshops"),
                        card.workshops,
                    ),
                    (
                        LocalisedText(
                            da="afprøvninger og fremlæggelser",
                            sv="tester och visningar",
                            en="tests and presentations",
                        ),
                        card.trials,
                    ),
                    (
                        LocalisedText(da="organisationer", sv="organisationer", en="organisations"),
                        card.parties,
                    ),
                    (LocalisedText(da="materialer", sv="material", en="materials"), card.materials),
                ),
            },
        )
        for card in cards
    )


def _story_title(former: LocalisedText | None, title: LocalisedText) -> LocalisedText:
    if former is None:
        return title
    return LocalisedText(
        da=f"Projektet hed »{former.da}«. Så viste det sig at handle om mere.",
        sv=f"Projektet hette ”{former.sv}”. Sedan visade det sig handla om mer.",
        en=f"The project was called “{former.en}”. Then it turned out to be about more.",
    )
