"""What staff tracks add to the pages of runs and enrolments: what was born, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, EnrolmentFacts, LocalisedText, Panel, RunFacts, record_kind
from lms_courses.queries.born import KINDS, Stood, counts_of, stood
from lms_courses.queries.staff import AT_WORK, TOOK_PART
from lms_courses.rules_staff import tryout_in_words
from lms_courses.staff_states import OUTCOME, UNSIGNED
from lms_courses.types import STAFF

BORN_TITLE = LocalisedText(da="Født på holdet", sv="Fött i omgången", en="Born in this run")
WAY_TITLE = LocalisedText(
    da="Fra problem til beslutning", sv="Från problem till beslut", en="From problem to decision"
)
Step = tuple[str, LocalisedText, LocalisedText, str | None, LocalisedText]
"""How it stands (done, now, todo), the title, a sentence, where it is done, and the link's word."""


def born_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """How much was born in runs that the actor teaches or takes part in, by run id. One query."""
    own = [run for run in runs if run.course_type == STAFF]
    keys = {run.id: run.key for run in own}
    return {
        run_id: [
            Panel(
                template="courses/born_panel.html",
                title=BORN_TITLE,
                values={
                    "numbers": _numbers(counts),
                    "url": url_for("courses.born", key=keys[run_id]),
                },
                order=35,
            )
        ]
        for run_id, counts in counts_of(own, actor).items()
    }


def _numbers(counts: Mapping[str, int]) -> Sequence[tuple[LocalisedText, int]]:
    order = {kind: place for place, kind in enumerate(KINDS)}
    found = []
    for kind in sorted(counts, key=lambda name: (order.get(name, 99), name)):
        known = record_kind(kind)
        found.append((known.title if known else LocalisedText(en=kind), counts[kind]))
    return found


# --- the way of one participant -------------------------------------------------------------------


def way_panels(enrolments: Sequence[EnrolmentFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """The four steps from a journey to a decision for participants themselves, by enrolment id.
    One query."""
    own = [
        one
        for one in enrolments
        if one.course_type == STAFF and one.state in TOOK_PART and one.person_id == actor.person_id
    ]
    found = stood([one.id for one in own])
    return {
        one.id: [
            Panel(
                template="courses/staff_panel.html",
                title=WAY_TITLE,
                values={"steps": _steps(one, found[one.id])},
                order=35,
            )
        ]
        for one in own
    }


def _steps(enrolment: EnrolmentFacts, one: Stood) -> Sequence[Step]:
    """What is done, what comes next and what comes after it."""
    steps = [
        _journey(enrolment, one),
        _idea(one),
        _tryout(enrolment, one),
        _decision(one),
    ]
    open_ = [number for number, step in enumerate(steps) if step[0] != "done"]
    first = open_[0] if open_ and enrolment.state in AT_WORK else -1
    works = enrolment.state in AT_WORK
    return [
        (
            "done" if state == "done" else "now" if number == first else "todo",
            title,
            said,
            url if works or state == "done" else None,
            label,
        )
        for number, (state, title, said, url, label) in enumerate(steps)
    ]


def _journey(enrolment: EnrolmentFacts, one: Stood) -> Step:
    title = LocalisedText(da="Borgerrejsen", sv="Brukarresan", en="The citizen's journey")
    if one.journey:
        said = LocalisedText(
            da="Skrevet. Vis den til to kolleger.",
            sv="Skriven. Visa den för två kollegor.",
            en="Written. Show it to two colleagues.",
        )
        return "done", title, said, url_for("courses.journey", key=one.journey), _OPEN
    said = LocalisedText(
        da="Skriv, hvordan en borger møder det, skridt for skridt.",
        sv="Skriv hur en brukare möter det, steg för steg.",
        en="Write how a citizen meets it, step by step.",
    )
    return "todo", title, said, url_for("courses.new_journey", key=enrolment.run_key), _WRITE


def _idea(one: Stood) -> Step:
    title = LocalisedText(da="Idéarket", sv="Idébladet", en="The idea sheet")
    if one.idea:
        said = LocalisedText(da="Skrevet og set.", sv="Skrivet och sett.", en="Written and seen.")
        return "done", title, said, url_for("records.thread", kind="idea", key=one.idea), _OPEN
    said = LocalisedText(
        da="I skriver det som opgave mellem to mødegange.",
        sv="Ni skriver det som uppgift mellan två kurstillfällen.",
        en="You write it as an assignment between two sessions.",
    )
    return "todo", title, said, None, _WRITE


def _tryout(enrolment: EnrolmentFacts, one: Stood) -> Step:
    title = LocalisedText(da="Afprøvningen", sv="Provet", en="The try-out")
    if one.tryout:
        state = "done" if one.tryout_state == "confirmed" else "todo"
        there = url_for("courses.tryout", key=one.tryout)
        return state, title, tryout_in_words(one), there, _OPEN
    said = LocalisedText(
        da="Én lille ting i én uge, når din leder har sagt ja.",
        sv="En liten sak i en vecka, när din chef har sagt ja.",
        en="One small thing for a week, once your manager has said yes.",
    )
    return "todo", title, said, url_for("courses.plan_tryout", key=enrolment.run_key), _PLAN


def _decision(one: Stood) -> Step:
    title = LocalisedText(da="Beslutningen", sv="Beslutet", en="The decision")
    if one.decision:
        signed = one.signed_at is not None
        said = OUTCOME[one.outcome] if signed else UNSIGNED
        there = url_for("courses.decision", key=one.decision)
        return "done" if signed else "todo", title, said, there, _OPEN
    said = LocalisedText(
        da="Ja, nej eller senere. Alle tre tæller.",
        sv="Ja, nej eller senare. Alla tre räknas.",
        en="Yes, no or later. All three count.",
    )
    url = url_for("courses.decide_tryout", key=one.tryout) if one.tryout else None
    ready = one.tryout_state in ("tried", "confirmed")
    return "todo", title, said, url if ready else None, _WRITE


_OPEN = LocalisedText(da="Åbn", sv="Öppna", en="Open")
_WRITE = LocalisedText(da="Skriv", sv="Skriv", en="Write")
_PLAN = LocalisedText(da="Planlæg", sv="Planera", en="Plan it")
