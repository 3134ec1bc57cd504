"""Counting how hot a problem is, over all problems gathered with it.

    heat = sum over places (frequency x consequence) x (organisations + countries)

A place is a unit, or an organisation where the unit is not stated. It counts once, by the voice
that weighs most there: how often in a month (`scales.FREQUENCY_WEIGHTS`, 1 to 20) times how bad
(`scales.SEVERITIES`, 1 to 4). So ten colleagues of one ward do not drown ten wards, and the same
need in two municipalities or in both countries weighs more than in one. Only active voices count.
`voices` counts them one by one. Something that nobody stands by any more has no heat.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from lms.api import db, organisations_by_id
from lms_challenges.models import Problem, Voice
from lms_challenges.scales import FREQUENCY_WEIGHTS


@dataclass(frozen=True, slots=True)
class Heard:
    """What one active voice says: where, how often (a code), how bad (1 to 4)."""

    organisation_id: int
    unit_id: int | None
    frequency: str
    severity: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted of a problem and those gathered with it."""

    heat: int = 0
    voices: int = 0
    units: int = 0
    organisations: int = 0
    countries: int = 0


def counts_of(heard: Sequence[Heard], country_of: Mapping[int, str]) -> Counts:
    """The counts of some voices; `country_of` maps an organisation to its country."""
    places: dict[tuple[int, int | None], int] = {}
    for voice in heard:
        place = (voice.organisation_id, voice.unit_id)
        weight = FREQUENCY_WEIGHTS[voice.frequency] * voice.severity
        places[place] = max(places.get(place, 0), weight)
    organisations = {voice.organisation_id for voice in heard}
    countries = {country_of[organisation] for organisation in organisations}
    return Counts(
        heat=sum(places.values()) * (len(organisations) + len(countries)),
        voices=len(heard),
        units=len(places),
        organisations=len(organisations),
        countries=len(countries),
    )


def count_anew(root_ids: Iterable[int]) -> None:
    """Count the voices of these problems, each over itself and all that is gathered under it, and
    keep the sums on it. Call it when a voice comes or goes, with the root of its problem."""
    wanted = sorted(set(root_ids))
    if not wanted:
        return
    root = func.coalesce(Problem.root_id, Problem.id)
    heard: dict[int, list[Heard]] = defaultdict(list)
    db.session.flush()
    for root_id, organisation_id, unit_id, frequency, severity in db.session.execute(
        select(
            root.label("root"),
            Voice.organisation_id,
            Voice.unit_id,
            Voice.frequency,
            Voice.severity,
        )
        .join(Problem, Problem.id == Voice.problem_id)
        .where(
            Problem.root_id.in_(wanted) | Problem.id.in_(wanted),
            root.in_(wanted),
            Voice.state == "active",
        )
    ):
        heard[root_id].append(Heard(organisation_id, unit_id, frequency, severity))
    organisations = {voice.organisation_id for voices in heard.values() for voice in voices}
    country_of = {key: facts.country for key, facts in organisations_by_id(organisations).items()}
    for root_id in wanted:
        _keep([root_id], counts_of(heard[root_id], country_of))


def count_nothing(problem_ids: Iterable[int]) -> None:
    """These problems are gathered with another, which counts for them now."""
    _keep(sorted(set(problem_ids)), Counts())


def _keep(problem_ids: Sequence[int], counts: Counts) -> None:
    db.session.execute(
        update(Problem)
        .where(Problem.id.in_(problem_ids))
        .values(
            heat=counts.heat,
            voices=counts.voices,
            units=counts.units,
            organisations=counts.organisations,
            countries=counts.countries,
        )
    )
