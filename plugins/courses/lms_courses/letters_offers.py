"""Letters about offers to teach: those who answer hear of them and are reminded; everybody of the
company who has an account hears the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lms.api import (
    Finish,
    JobContext,
    JobType,
    JournalEntryFacts,
    RunFacts,
    active_among,
    marked,
    people_at,
    people_who_may,
    queue_note,
    runs_by_id,
    site_address,
    team_of,
)
from lms_courses.letter_words import Told, day_in, filled
from lms_courses.permissions import DECIDE
from lms_courses.queries.offers import TEAM, OfferFacts, offers_by_id
from lms_courses.services.offers import REMIND
from lms_courses.words import domain

Words = tuple[str, str]
"""Subject and text; `%(topic)s` is the offer's, `%(run)s` the run's, `%(day)s` the last day."""

OFFERED: Words = (
    marked("A company offers to teach: %(topic)s"),
    marked("It is for “%(run)s”. Answer by %(day)s, with a reason."),
)
SOON: Words = (
    marked("Three working days left to answer: %(topic)s"),
    marked("A company offers to teach in “%(run)s”. Answer by %(day)s, with a reason."),
)
LATE: Words = (
    marked("A company still waits for your answer: %(topic)s"),
    marked("It offers to teach in “%(run)s”. The answer was due %(day)s. Give it today."),
)
TAKEN_BACK: Words = (
    marked("A company took its offer back: %(topic)s"),
    marked("It does not teach this in “%(run)s”. See whether the day needs somebody else."),
)
APPROVED: Words = (
    marked("Yes, you teach: %(topic)s"),
    marked("It is agreed for “%(run)s”. The page says why, and what you see of the class."),
)
REFUSED: Words = (
    marked("Not this time: %(topic)s"),
    marked("“%(run)s” has answered your offer to teach. The page says why."),
)
SEE = marked("See the offer")
WHY_TEAM = marked("You get this because you answer for the run.")
WHY_COMPANY = marked("You get this because your company offers to teach.")
TOLD = ("courses.slot_offered", "courses.slot_answered", "courses.slot_withdrawn")


def tell_offers(entries: Sequence[JournalEntryFacts]) -> None:
    """What happened to offers becomes letters to the other side. Nothing is asked when nothing
    happened."""
    told = [entry for entry in entries if entry.verb in TOLD]
    offers = offers_by_id([entry.subject_id for entry in told])
    runs = runs_by_id([one.run_id for one in offers.values()]) if offers else {}
    for entry in told:
        offer = offers.get(entry.subject_id)
        if offer is None:
            continue
        run, effect = runs[offer.run_id], f"courses:{entry.id}:{offer.id}"
        if entry.verb == "courses.slot_answered":
            words = APPROVED if entry.data.get("to") == "approved" else REFUSED
            _send(effect, _company(offer), words, WHY_COMPANY, offer, run)
        else:
            words = OFFERED if entry.verb == "courses.slot_offered" else TAKEN_BACK
            _send(effect, answerers(run), words, WHY_TEAM, offer, run)


def remind(context: JobContext) -> Finish | None:
    """The job: an offer that still waits is told of again."""
    offer = offers_by_id([int(context.args["offer"])]).get(int(context.args["offer"]))
    if offer is None or offer.state != "offered":
        context.log("answered or taken back: nobody is reminded")
        return None
    run = runs_by_id([offer.run_id])[offer.run_id]
    words = LATE if context.args["when"] == "late" else SOON

    def finish() -> None:
        effect = f"{REMIND}:{offer.id}:{context.args['when']}"
        context.log(f"{_send(effect, answerers(run), words, WHY_TEAM, offer, run)} letters")

    return finish


JOBS: Sequence[JobType] = (JobType(name=REMIND, run=remind),)


def answerers(run: RunFacts) -> frozenset[int]:
    """Who is to answer: who leads or teaches the run, else who decides on companies at a host."""
    team = [one.person_id for one in team_of(run.id) if one.role in TEAM and not one.of_company]
    if found := active_among(team):
        return found
    may = people_who_may(DECIDE)
    there = {id_ for host in run.host_ids for id_ in may.get(host, ())}
    return frozenset(there or may.get(None, ()))


def _company(offer: OfferFacts) -> Sequence[int]:
    return people_at([offer.company_id]).get(offer.company_id, ())


def _send(
    effect: str,
    to: Iterable[int],
    words: Words,
    why: str,
    offer: OfferFacts,
    run: RunFacts,
) -> int:
    subject, text = (filled(one, _told(offer, run)) for one in words)
    return sum(
        queue_note(
            f"{effect}:{person_id}",
            person_id,
            subject=subject,
            text=text,
            label=domain.localised(SEE),
            url=site_address("courses.offer", key=offer.key),
            why=domain.localised(why),
        )
        for person_id in sorted(to)
    )


def _told(offer: OfferFacts, run: RunFacts) -> Told:
    return {
        "topic": offer.topic,
        "day": day_in(offer.answer_by, run.zone),
        "run": run.title,
    }
