"""From facts to what the templates of the catalogue draw: words, links and lengths, no queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import url_for

from lms.contracts import (
    Actor,
    Badge,
    CourseSessionFacts,
    EvaluationDate,
    LocalisedText,
    RunFacts,
    RunFunction,
    RunNeed,
)
from lms.core.catalogue import words
from lms.core.catalogue.needs import Checklist
from lms.core.catalogue.queries import SlotFacts, TeamFacts, VersionFacts
from lms.db import now
from lms.host import current_host
from lms.web.i18n import gettext as _
from lms.web.i18n import language, local, period, time_span

CHART_WIDTH = 420
CHART_GAP = 2
KIND_COLOURS = {"company": "lyng", "association": "rav"}
"""Of who teaches for companies and for citizens; the rest are the sea."""
SEEN_SLOTS = ("approved", "held")
HALF_DAY = 240


@dataclass(frozen=True, kw_only=True, slots=True)
class RunLine:
    """A run as a row with its big day; `lang` is set when the words are in another language."""

    title: str
    text: str
    lang: str | None
    url: str
    moment: datetime | None
    zone: str
    facts: Sequence[tuple[str, str]]
    badges: Sequence[Badge]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A phase of the course on the thread; `when` is empty when nothing is planned in it."""

    state: str
    title: str
    body: str
    when: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """A teaching slot under its session: what, who, how long, and whether it is agreed."""

    topic: str
    who: str
    minutes: int
    product: str
    agreed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Minutes that one teacher or organisation has; `kind` is the colour of its group."""

    who: str
    minutes: int
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedsShown:
    """What a run needs, by what it needs it for; `unseen`: not everybody could be asked."""

    groups: Sequence[tuple[str, Sequence[RunNeed]]]
    missing: int
    unseen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """Who teaches how much: minutes by group, lengths of the drawing, and a row each."""

    companies: int
    citizens: int
    others: int
    bars: Sequence[tuple[str, float, float]]
    """Colour, where it begins and how wide it is."""
    rows: Sequence[Share]

    @property
    def total(self) -> int:
        """All agreed minutes."""
        return self.companies + self.citizens + self.others


def run_lines(
    runs: Iterable[RunFacts], badges: Mapping[int, Sequence[Badge]] | None = None
) -> list[RunLine]:
    """Rows for a list of runs."""
    return [_run_line(run, (badges or {}).get(run.id, ())) for run in runs]


def _run_line(run: RunFacts, badges: Sequence[Badge]) -> RunLine:
    title, written_in = run.title.pick(language())
    facts = [
        (words.type_icon(run.course_type), words.type_word(run.course_type)),
        ("map-pin", run.town or run.venue),
        ("clock", words.time_words(run)),
    ]
    if run.price:
        facts.append(("info", words.price_words(run)))
    return RunLine(
        title=title,
        text=local(run.lead),
        lang=None if written_in == language() else written_in,
        url=url_for("catalogue.run", key=run.key),
        moment=run.starts_at,
        zone=run.zone,
        facts=facts,
        badges=badges,
    )


def sessions_heading(sessions: Sequence[CourseSessionFacts], zone: str) -> str:
    """ "Five half days, 9:00–12:30" when they are alike; else how many there are."""
    live = [session for session in sessions if session.state != "cancelled"]
    if len(live) == 1:
        return _("One session")
    number = words.number_word(len(live))
    times = {time_span(session.starts_at, session.ends_at, zone) for session in live}
    days = {session.starts_at.astimezone(ZoneInfo(zone)).date() for session in live}
    if len(times) != 1 or len(days) != len(live):
        return _("%(number)s sessions", number=number)
    if live[0].minutes <= HALF_DAY:
        return _("%(number)s half days, %(time)s", number=number, time=times.pop())
    return _("%(number)s days, %(time)s", number=number, time=times.pop())


def steps(
    run: RunFacts, version: VersionFacts, sessions: Sequence[CourseSessionFacts]
) -> list[Step]:
    """The phases on the thread, each with the days of its sessions."""
    phase_of = {module["key"]: module.get("phase") for module in version.modules}
    by_phase: dict[str | None, list[CourseSessionFacts]] = defaultdict(list)
    for session in sessions:
        by_phase[phase_of.get(session.module)].append(session)
    return [
        Step(
            state=_state_of(run, by_phase[phase["key"]]),
            title=local(LocalisedText.from_dict(phase["title"])),
            body=local(LocalisedText.from_dict(phase.get("purpose") or {})),
            when=_days_of(run, by_phase[phase["key"]]),
        )
        for phase in version.phases
    ]


def _state_of(run: RunFacts, sessions: Sequence[CourseSessionFacts]) -> str:
    if run.state == "cancelled":
        return "off"
    if run.state in ("completed", "evaluated", "archived"):
        return "done"
    if run.state not in ("running", "interrupted") or not sessions:
        return "todo"
    if max(session.ends_at for session in sessions) < now():
        return "done"
    return "now" if min(session.starts_at for session in sessions) <= now() else "todo"


def _days_of(run: RunFacts, sessions: Sequence[CourseSessionFacts]) -> str:
    if not sessions:
        return ""
    first = min(session.starts_at for session in sessions)
    return period(first, max(session.ends_at for session in sessions), run.zone)


def becomes(version: VersionFacts) -> dict[str, str]:
    """What the task after a module ends in, by the module's key, where that is said."""
    kinds = current_host().record_types()
    return {
        module["key"]: local(kinds[kind].item.title)
        for module in version.modules
        if (kind := module.get("ends_in")) in kinds
    }


def needs(found: Checklist) -> NeedsShown:
    """What must be there before the run goes on, by what it must be there for."""
    by_state: dict[str, list[RunNeed]] = defaultdict(list)
    for need in found.needs:
        by_state[need.state].append(need)
    return NeedsShown(
        groups=[(_(words.BY_WORDS.get(state, "")), there) for state, there in by_state.items()],
        missing=sum(not need.met for need in found.needs),
        unseen=found.unseen,
    )


def kept_dates(
    dates: Sequence[EvaluationDate], zone: str
) -> list[tuple[str, Sequence[datetime], str]]:
    """The days kept for asking what came of it: (when that is, the days, who is asked)."""
    found: dict[str, tuple[str, list[datetime], str]] = {}
    for one in dates:
        asked = ", ".join(
            _(words.ASKED_WORDS[who]) for who in one.asked if who in words.ASKED_WORDS
        )
        _title, days, _asked = found.setdefault(one.key, (local(one.title), [], asked))
        days.append(datetime.combine(one.day, time(12), tzinfo=ZoneInfo(zone)))
    return list(found.values())


def talks(slots: Iterable[SlotFacts], actor: Actor, *, insider: bool) -> dict[int, list[Talk]]:
    """Teaching slots by course session; what is only offered is for those who run the course."""
    found: dict[int, list[Talk]] = defaultdict(list)
    for slot in slots:
        agreed = slot.state in SEEN_SLOTS
        if agreed or (insider and slot.state == "offered"):
            found[slot.course_session_id].append(
                Talk(
                    topic=local(slot.topic),
                    who=_who(slot, actor),
                    minutes=slot.minutes,
                    product=slot.product,
                    agreed=agreed,
                )
            )
    return found


def _who(slot: SlotFacts, actor: Actor) -> str:
    """An organisation is public; a person's name is for those who are signed in."""
    person = slot.person_name if actor.signed_in else None
    known = [name for name in (person, slot.organisation_name) if name]
    return ", ".join(known) or _("a teacher of this run")


def shares(slots: Iterable[SlotFacts], actor: Actor) -> Shares | None:
    """Agreed minutes of companies, of citizens (their associations) and of others; None when
    nothing is agreed."""
    minutes: dict[tuple[str, str], int] = defaultdict(int)
    for slot in slots:
        if slot.state in SEEN_SLOTS:
            kind = KIND_COLOURS.get(slot.organisation_kind or "", "sea")
            minutes[slot.organisation_name or _who(slot, actor), kind] += slot.minutes
    sums = {
        colour: sum(n for (_name, kind), n in minutes.items() if kind == colour)
        for colour in ("lyng", "rav", "sea")
    }
    total = sum(sums.values())
    if not total:
        return None
    there = {colour: n for colour, n in sums.items() if n}
    room = CHART_WIDTH - CHART_GAP * (len(there) - 1)
    bars, x = [], 0.0
    for colour, n in there.items():
        bars.append((colour, round(x, 1), round(room * n / total, 1)))
        x += room * n / total + CHART_GAP
    return Shares(
        companies=sums["lyng"],
        citizens=sums["rav"],
        others=sums["sea"],
        bars=bars,
        rows=[
            Share(who=who, minutes=n, kind=kind)
            for (who, kind), n in sorted(minutes.items(), key=lambda pair: -pair[1])
        ],
    )


def team_lines(
    team: Iterable[TeamFacts], functions: Iterable[RunFunction], actor: Actor
) -> list[tuple[str, str]]:
    """The team as (role or function, who). The public reads what people are at work, those signed
    in read names."""
    by_role: dict[str, list[str]] = defaultdict(list)
    for member in team:
        if actor.signed_in:
            words_for = member.name
        elif member.function:
            words_for = ", ".join(filter(None, (local(member.function), member.organisation)))
        else:
            continue
        if words_for not in by_role[member.role]:
            by_role[member.role].append(words_for)
    titles = {role: _(word) for role, word in words.ROLE_WORDS.items()}
    titles |= {function.key: local(function.title) for function in functions}
    return [(title, "; ".join(by_role[role])) for role, title in titles.items() if by_role[role]]
