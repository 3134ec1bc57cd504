"""Where problems end: a funnel for each channel, for sites side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from lms.api import (
    OrganisationFacts,
    access,
    current_actor,
    local,
    not_found,
    now,
    organisations_by_id,
    page,
)
from lms_challenges.funnel import ENDS, STEPS, Counts, Told, Way, shown, shown_total, tally
from lms_challenges.queries.challenges import challenges_by_id
from lms_challenges.queries.funnel import told_since, ways_of
from lms_challenges.queries.ideas import challenges_developed
from lms_challenges.queries.seeing import TRIAGE, reader_of
from lms_challenges.scales import CHANNELS
from lms_challenges.views.acting import zone
from lms_challenges.views.base import blueprint
from lms_challenges.views.tabs import problem_tabs
from lms_challenges.words import _

YEAR = timedelta(days=365)
COUNTRIES = ("DK", "SE")
BAR = 350
"""The longest bar of the drawing, in its own units."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What can be looked at by itself: everything, a country, or an organisation of one's own."""

    key: str
    name: str
    organisation_ids: frozenset[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One step of a funnel; `number` and `width` are None where it is not shown."""

    title: str
    number: int | None
    width: float | None
    y: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One channel: numbers by step and by end, None where they are not shown."""

    title: str
    steps: Mapping[str, int | None]
    ends: Mapping[str, int | None]
    in_time: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """A site's funnel: its bars, its channels, and a sentence that says what the bars say."""

    site: Site
    bars: Sequence[Bar]
    rows: Sequence[Row]
    whole: Row
    sentence: str


@blueprint.get("/funnel")
@access(TRIAGE)
def funnel() -> Response:
    """How far problems came, by the way they were told; no problem, and no group under five."""
    actor = current_actor()
    if reader_of(actor).reads_own_only:
        not_found()
    period = "all" if request.args.get("period") == "all" else "year"
    since = None if period == "all" else now() - YEAR
    told = told_since(since)
    ways = ways_of([one.challenge_id for one in told if one.challenge_id is not None])
    developed = challenges_developed(since)
    seen = challenges_by_id([one.challenge_id for one in developed], actor)
    told_at = {one.organisation_id for one in told}
    known = organisations_by_id(told_at | {one.organisation_id for one in developed})
    places = {id_: one for id_, one in known.items() if id_ in told_at}
    own = actor.organisations_with(TRIAGE)
    sites = _sites(places, own)
    chosen = [
        next((site for site in sites if site.key == request.args.get(name)), default)
        for name, default in (("first", sites[0]), ("second", None))
    ]
    mine = frozenset(places) if own is None else own
    drawn = [_drawn(site, told, ways, mine, own is None) for site in chosen if site is not None]
    return page(
        "challenges/funnel.html",
        drawn=drawn,
        sites=sites,
        first=chosen[0].key if chosen[0] else "",
        second=chosen[1].key if chosen[1] else "",
        period=period,
        steps=STEPS,
        ends=ENDS,
        tabs=problem_tabs(actor, "desk"),
        beside=_beside(sites, told, ways, mine, own is None),
        developed=developed,
        seen=seen,
        organisations=known,
        zone=zone(),
    )


def _sites(places: Mapping[int, OrganisationFacts], own: frozenset[int] | None) -> Sequence[Site]:
    """Everything, the countries, and the organisations whose desk the reader sits at, by name."""
    names = {"DK": _("Denmark"), "SE": _("Sweden")}
    sites = [Site(key="all", name=_("All together"), organisation_ids=frozenset(places))]
    for country in COUNTRIES:
        there = frozenset(id_ for id_, one in places.items() if one.country == country)
        if there:
            sites.append(Site(key=country, name=names[country], organisation_ids=there))
    theirs = [one for one in places.values() if own is None or one.id in own]
    return [
        *sites,
        *(
            Site(key=one.key, name=one.name, organisation_ids=frozenset({one.id}))
            for one in sorted(theirs, key=lambda place: place.name.casefold())
        ),
    ]


def _drawn(
    site: Site, told: Sequence[Told], ways: Mapping[int, Way], mine: frozenset[int], alone: bool
) -> Drawn:
    here = [one for one in told if one.organisation_id in site.organisation_ids]
    known = [one for one in here if one.organisation_id in mine and not alone]
    whole = _row(site.name, _sum(here, ways), _sum(known, ways))
    by_channel = tally(here, ways, "channel")
    channels = [channel for channel in CHANNELS if channel in by_channel]
    return Drawn(
        site=site,
        bars=_bars(whole),
        rows=_rows({c: by_channel[c] for c in channels}),
        whole=whole,
        sentence=_sentence(whole),
    )


def _sum(told: Sequence[Told], ways: Mapping[int, Way]) -> Counts:
    counts = Counts()
    for one in told:
        counts.add(one, ways.get(one.challenge_id) if one.challenge_id is not None else None)
    return counts


def _row(title: str, counts: Counts, known: Counts) -> Row:
    """A sum, of which the reader may know a part from elsewhere."""
    ends = shown([counts.ends[end] for end in ENDS])
    return Row(
        title=title,
        steps={step: shown_total(counts.steps[step], known.steps[step]) for step in STEPS},
        ends=dict(zip(ENDS, ends, strict=True)),
        in_time=shown_total(counts.in_time, known.in_time),
    )


def _rows(by_channel: Mapping[str, Counts]) -> Sequence[Row]:
    """The channels of one site, with small numbers left out down each column, and along each row
    of ends, so that none can be reckoned from the others."""
    counts = list(by_channel.values())
    steps = {step: shown([one.steps[step] for one in counts]) for step in STEPS}
    down = {end: shown([one.ends[end] for one in counts]) for end in ENDS}
    in_time = shown([one.in_time for one in counts])
    rows = []
    for n, (channel, one) in enumerate(by_channel.items()):
        along = dict(zip(ENDS, shown([one.ends[end] for end in ENDS]), strict=True))
        ends = {end: None if along[end] is None else down[end][n] for end in ENDS}
        rows.append(
            Row(
                title=local(CHANNELS[channel]),
                steps={step: steps[step][n] for step in STEPS},
                ends=ends,
                in_time=in_time[n],
            )
        )
    return rows


def _beside(
    sites: Sequence[Site],
    told: Sequence[Told],
    ways: Mapping[int, Way],
    mine: frozenset[int],
    alone: bool,
) -> Sequence[Row]:
    """Every site in one table, to be compared."""
    by_place = tally(told, ways, "organisation_id")
    rows = []
    for site in sites:
        counts = [by_place[id_] for id_ in site.organisation_ids]
        known = [by_place[id_] for id_ in site.organisation_ids & mine] if not alone else []
        known = known if len(known) < len(counts) else []
        rows.append(_row(site.name, _together(counts), _together(known)))
    return rows


def _together(counts: Sequence[Counts]) -> Counts:
    found = Counts()
    for one in counts:
        found.steps.update(one.steps)
        found.ends.update(one.ends)
        found.in_time += one.in_time
    return found


def _bars(whole: Row) -> Sequence[Bar]:
    longest = whole.steps["received"] or 0
    bars = []
    for n, (step, words) in enumerate(STEPS.items()):
        number = whole.steps[step]
        width = None if number is None or not longest else round(BAR * number / longest, 1)
        bars.append(Bar(title=local(words), number=number, width=width, y=n * 48))
    return bars


def _sentence(whole: Row) -> str:
    parts = []
    for step, words in STEPS.items():
        number = whole.steps[step]
        said = _("not shown") if number is None else str(number)
        parts.append(f"{local(words)}: {said}")
    return ". ".join(parts)
