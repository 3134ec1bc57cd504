"""What companies and authorities owe each other in the runs of the demo, in the order of days.

The runs to which companies apply are open to all on equal terms; the companies sign that they stay
neutral before they are told anything for themselves; what one got besides is written down, and a
company says that a line is not right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from lms.api import SYSTEM, actor_for_person, now, organisations_by_id, runs_by_id
from lms_fairplay.aid_words import DE_MINIMIS
from lms_fairplay.days import today
from lms_fairplay.neutrality import newest
from lms_fairplay.queries.lines import LineFacts, lines_with
from lms_fairplay.queries.seeing import authorities_of, companies_of
from lms_fairplay.rules import PUBLIC_KINDS
from lms_fairplay.services import correcting
from lms_fairplay.services.aiding import AidValues, open_to_all, write_aid
from lms_fairplay.services.declaring import sign

Step = tuple[datetime, Callable[[], None]]
RUNS = ("klar-til-kommunen-foerste", "klar-til-kommunen-naeste", "byg-det-plejen-bruger-foerste")
"""Runs of the demo, by their names in its file, in which companies get a place."""
FIRST = RUNS[0]
SIGNERS = ("proeveklinik-direktoer", "eksempel-vr-direktoer", "exempelteknik-vd")
MONTHS = 12
LEAD, ANSWERS = "region-eksempel-innovationskonsulent", "eksempelby-forloebsansvarlig"
HELPED, SAYS = "proeveklinik-produktudvikler", "eksempel-vr-direktoer"
REASON = (
    "Forløbet er åbent for alle virksomheder på lige vilkår. Kriterier og frist er offentlige, og "
    "det, værterne deler, får alle."
)
NOT_RIGHT = "Der står tre i panelet. Vi husker fire: en elev lyttede med."
ANSWER = (
    "Tak. Eleven lyttede med og gav ingen feedback, så vi tæller tre. Din rettelse bliver stående."
)


def days(
    run: str, run_id: int, people: Mapping[str, int], at: Callable[[int, str], datetime]
) -> Sequence[Step]:
    """What happens in such a run, once it was just made."""
    if run not in RUNS:
        return []
    found: list[Step] = [(now(), partial(_open, run_id))]
    if run == FIRST:
        found += [
            (at(-121, f"1{number}:15"), partial(_sign, people[who]))
            for number, who in enumerate(SIGNERS)
        ]
        found.append((at(-97, "11:30"), partial(_help, run_id, people)))
        found.append((at(-58, "14:10"), partial(_correct, people)))
        found.append((at(-56, "09:40"), partial(_answer, people)))
    return found


def _open(run_id: int) -> None:
    """Its first public host writes that it is open to all."""
    run = runs_by_id([run_id])[run_id]
    hosts = organisations_by_id(run.host_ids)
    public = next(id_ for id_ in run.host_ids if hosts[id_].kind in PUBLIC_KINDS)
    open_to_all(run, public, REASON, SYSTEM)


def _company(person_id: int) -> int:
    return min(companies_of(actor_for_person(person_id)))


def _sign(person_id: int) -> None:
    sign(_company(person_id), newest(), MONTHS, actor_for_person(person_id))


def _help(run_id: int, people: Mapping[str, int]) -> None:
    """A day with the host's own people, which no other company got, is aid."""
    run = runs_by_id([run_id])[run_id]
    values = AidValues(
        authority_id=run.host_ids[0],
        measure="Sparring om afprøvning, to dage",
        ground=DE_MINIMIS,
        value=18_000,
        day=today(),
    )
    write_aid(_company(people[HELPED]), values, actor_for_person(people[LEAD]))


def _last_told(people: Mapping[str, int]) -> LineFacts:
    """The newest line about the company, of the municipality."""
    authorities = authorities_of(actor_for_person(people[ANSWERS]))
    return lines_with([_company(people[SAYS])], authorities).items[0]


def _correct(people: Mapping[str, int]) -> None:
    """A company says what is not right in a line about it."""
    correcting.correct(_last_told(people), NOT_RIGHT, actor_for_person(people[SAYS]))


def _answer(people: Mapping[str, int]) -> None:
    """The municipality answers, beside the line."""
    line = _last_told(people)
    correcting.answer(line, line.corrections[-1], ANSWER, actor_for_person(people[ANSWERS]))
