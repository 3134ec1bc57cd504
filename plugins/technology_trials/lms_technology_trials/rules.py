"""The rules of the course type: its own conditions of completion, and what a run must name before
it opens.

A run names at least two solutions of its category or says why there is only one, and companies
teach at most half of its minutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms.api import (
    Condition,
    ConditionResult,
    ContactFacts,
    EnrolmentFacts,
    LocalisedText,
    Refusal,
    RunFacts,
    RunStateChange,
    SettingField,
    SlotFacts,
    runs_by_id,
    slots_of,
)
from lms_technology_trials.course_type import KEY, PRACTICE_LOG, SAFE_USE, USES_NEEDED
from lms_technology_trials.facts import PracticeFacts, TechnologyFacts
from lms_technology_trials.queries import practice_of, technology_of

SOLUTIONS_NEEDED = 2
WITHDRAWN = "withdrawn"


# --- completion ---------------------------------------------------------------------------------

CONDITIONS = (
    Condition(
        key=PRACTICE_LOG,
        title=LocalisedText(da="Brugt i praksis", sv="Använd i praktiken", en="Used in practice"),
        fields=(
            SettingField(
                key="uses",
                kind="number",
                label=LocalisedText(
                    da="Hvor mange gange", sv="Hur många gånger", en="How many times"
                ),
                default=USES_NEEDED,
                minimum=1,
                maximum=100,
            ),
        ),
    ),
    Condition(
        key=SAFE_USE,
        title=LocalisedText(da="Sikker brug", sv="Säker användning", en="Safe use"),
    ),
)


def conditions(enrolments: Sequence[EnrolmentFacts]) -> Mapping[int, Sequence[ConditionResult]]:
    """How the log and the safe-use check stand, by enrolment id: three queries for all of them.

    A log that is too short is undecided and not "not met": there is still time to write in it.
    """
    own = [enrolment for enrolment in enrolments if enrolment.course_type == KEY]
    known = practice_of([enrolment.id for enrolment in own])
    needed = uses_needed(runs_by_id(sorted({enrolment.run_id for enrolment in own})))
    found: dict[int, Sequence[ConditionResult]] = {}
    for enrolment in own:
        practice = known.get(enrolment.id, PracticeFacts(enrolment_id=enrolment.id))
        found[enrolment.id] = (
            _log(practice, needed.get(enrolment.run_id, USES_NEEDED)),
            _safe_use(practice),
        )
    return found


def uses_needed(runs: Mapping[int, RunFacts]) -> Mapping[int, int]:
    """How many uses the rule of each run asks for, by run id."""
    return {id_: needed_by(run) for id_, run in runs.items()}


def needed_by(run: RunFacts) -> int:
    """How many uses the run's own rule asks for."""
    options = (run.rule.conditions if run.rule else {}).get(PRACTICE_LOG, {})
    return int(options.get("uses", USES_NEEDED))


def _log(practice: PracticeFacts, needed: int) -> ConditionResult:
    uses = practice.uses
    if uses >= needed:
        text = LocalisedText(
            da=f"Brugt {uses} gange i praksis. Der skulle mindst {needed} til.",
            sv=f"Använd {uses} gånger i praktiken. Det krävdes minst {needed}.",
            en=f"Used {uses} times in practice. At least {needed} were needed.",
        )
        return ConditionResult(name=PRACTICE_LOG, met=True, reason=text)
    if practice.non_use_reason:
        text = LocalisedText(
            da="Har skrevet, hvorfor den ikke blev brugt. Det tæller lige så meget.",
            sv="Har skrivit varför den inte användes. Det räknas lika mycket.",
            en="Has written why it was not used. That counts just as much.",
        )
        return ConditionResult(name=PRACTICE_LOG, met=True, reason=text)
    text = LocalisedText(
        da=f"Brugt {uses} af {needed} gange. En grund til at lade være tæller også.",
        sv=f"Använd {uses} av {needed} gånger. Ett skäl att låta bli räknas också.",
        en=f"Used {uses} of {needed} times. A reason not to counts as well.",
    )
    return ConditionResult(name=PRACTICE_LOG, met=None, reason=text)


def _safe_use(practice: PracticeFacts) -> ConditionResult:
    said = {
        True: LocalisedText(
            da="Tjekket af sikker brug er bestået.",
            sv="Kontrollen av säker användning är godkänd.",
            en="The safe-use check is passed.",
        ),
        False: LocalisedText(
            da="Tjekket af sikker brug er ikke bestået. Tag det igen med underviseren.",
            sv="Kontrollen av säker användning är inte godkänd. Gör om den med läraren.",
            en="The safe-use check is not passed. Take it again with the teacher.",
        ),
        None: LocalisedText(
            da="Tjekket af sikker brug er ikke taget endnu.",
            sv="Kontrollen av säker användning är inte gjord än.",
            en="The safe-use check has not been taken yet.",
        ),
    }
    passed = practice.safe_use_passed
    return ConditionResult(name=SAFE_USE, met=passed, reason=said[passed])


# --- opening a run ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Minutes taught by one company, or (`company` False) by all others together."""

    name: str
    minutes: int
    company: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Minutes:
    """Who teaches how long. `planned` is the length of all sessions, `limit` the companies'."""

    planned: int
    shares: Sequence[Share]

    @property
    def companies(self) -> int:
        """The companies' minutes together."""
        return sum(share.minutes for share in self.shares if share.company)

    @property
    def others(self) -> int:
        """The minutes of the institution and everybody else who is no company."""
        return sum(share.minutes for share in self.shares if not share.company)

    @property
    def limit(self) -> int:
        """At most half."""
        return self.planned // 2

    @property
    def within(self) -> bool:
        """Do the companies keep to their half?"""
        return self.companies <= self.limit


def minutes_of(
    run: RunFacts, slots: Iterable[SlotFacts], technology: TechnologyFacts | None = None
) -> Minutes:
    """Teaching minutes by company; a slot that names a product is a company's, whoever holds it.
    Withdrawn slots do not count, offered ones do: they are what would happen. Companies are named
    by themselves or by what they make, never by who teaches for them."""
    makers = {one.name: one.organisation for one in technology.solutions} if technology else {}
    companies: dict[str, int] = defaultdict(int)
    others = 0
    for slot in slots:
        if slot.state == WITHDRAWN:
            continue
        if slot.organisation_kind == "company" or slot.product:
            name = slot.organisation_name or makers.get(slot.product) or slot.product
            companies[name] += slot.minutes
        else:
            others += slot.minutes
    shares = [Share(name="", minutes=others, company=False)] if others else []
    shares += [
        Share(name=name, minutes=minutes, company=True)
        for name, minutes in sorted(companies.items(), key=lambda one: (-one[1], one[0]))
    ]
    return Minutes(planned=run.minutes, shares=shares)


def refusals(changes: Sequence[RunStateChange]) -> list[Refusal]:
    """What is missing before runs of this type may open; the exact thing is said."""
    opening = [
        (index, change.run)
        for index, change in enumerate(changes)
        if change.new == "open" and change.run.course_type == KEY
    ]
    known = technology_of([run.id for _index, run in opening])
    found = []
    for index, run in opening:
        found += _solutions_missing(index, known.get(run.id))
        found += _too_many_minutes(index, minutes_of(run, slots_of(run.id)))
    return found


def teaching_refusals(contacts: Sequence[ContactFacts]) -> list[Refusal]:
    """Companies that are let to teach in a run of this type keep to their half, also after it has
    opened: asked when their slot stands already. One query and one for each run of this type, none
    where nobody teaches."""
    teaching = [(i, one.run_id) for i, one in enumerate(contacts) if one.kind == "teach"]
    if not teaching:
        return []
    runs = runs_by_id(sorted({run_id for _index, run_id in teaching if run_id}), hosts=False)
    found = []
    for index, run_id in teaching:
        run = runs.get(run_id or 0)
        if run is not None and run.course_type == KEY:
            found += _too_many_minutes(index, minutes_of(run, slots_of(run.id)))
    return found


def _solutions_missing(index: int, technology: TechnologyFacts | None) -> list[Refusal]:
    count = len(technology.solutions) if technology else 0
    if count >= SOLUTIONS_NEEDED:
        return []
    if count == 0:
        message = LocalisedText(
            da="Holdet nævner ingen løsninger. Skriv mindst to af samme slags på holdets side, "
            "eller skriv én og hvorfor der kun er den.",
            sv="Omgången nämner inga lösningar. Skriv minst två av samma slag på omgångens sida, "
            "eller skriv en och varför det bara finns den.",
            en="The run names no solutions. Write at least two of one kind on the run's page, or "
            "write one and why there is only that one.",
        )
        return [Refusal(code="technology_trials.no_solution", message=message, index=index)]
    if technology and technology.only_one_reason:
        return []
    message = LocalisedText(
        da="Holdet nævner kun én løsning. Skriv en til af samme slags på holdets side, eller "
        "skriv, hvorfor der kun er én.",
        sv="Omgången nämner bara en lösning. Skriv en till av samma slag på omgångens sida, eller "
        "skriv varför det bara finns en.",
        en="The run names one solution only. Write another of the same kind on the run's page, or "
        "write why there is only one.",
    )
    return [Refusal(code="technology_trials.one_solution", message=message, index=index)]


def _too_many_minutes(index: int, minutes: Minutes) -> list[Refusal]:
    if minutes.within:
        return []
    has, limit, over = minutes.companies, minutes.limit, minutes.companies - minutes.limit
    message = LocalisedText(
        da=f"Virksomheder har {has} af {minutes.planned} minutter, og de må højst have {limit}. "
        f"Giv {over} minutter til egne undervisere.",
        sv=f"Företag har {has} av {minutes.planned} minuter, och de får högst ha {limit}. "
        f"Ge {over} minuter till egna lärare.",
        en=f"Companies have {has} of {minutes.planned} minutes, and may have {limit} at most. "
        f"Give {over} minutes to your own teachers.",
    )
    return [Refusal(code="technology_trials.company_minutes", message=message, index=index)]
