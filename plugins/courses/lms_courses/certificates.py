"""What a certificate of these course types says, and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date

from lms.api import (
    LANGUAGES,
    CertificateDetails,
    CompletionFacts,
    LocalisedText,
    OrganisationFacts,
    RunFacts,
    VersionFacts,
    enrolments_by_id,
    organisations_by_id,
    runs_by_id,
    version_by_id,
)
from lms_courses.queries import CaseFacts, case_of_run
from lms_courses.queries.plans import plans_in
from lms_courses.types import COMPANY, STAFF, STUDENT

LOCALES = {"da": "da_DK", "sv": "sv_SE", "en": "en_GB"}
_FRACTIONS = {15: "¼", 30: "½", 45: "¾"}

COMPANY_SAYS = LocalisedText(
    da="har deltaget for {company}, gennemført {title} ({hours}) og {plan}.",
    sv="har deltagit för {company}, genomfört {title} ({hours}) och {plan}.",
    en="has taken part for {company}, completed {title} ({hours}) and {plan}.",
)
PLAN_WITH_COMMENT = LocalisedText(
    da="skrevet en testplan, som {host} har givet sine kommentarer til",
    sv="skrivit en testplan som {host} har gett sina kommentarer till",
    en="written a test plan on which {host} has commented",
)
PLAN_REVISED = LocalisedText(
    da="rettet en plan for en afprøvning til efter svar fra praksis",
    sv="justerat en plan för en utprovning efter svar från praktiken",
    en="revised the plan for a trial after answers from practice",
)
COMPANY_NOT = LocalisedText(
    da="Beviset handler om det, deltageren har lært. Hverken virksomheden eller dens produkter "
    "er godkendt med det, og det giver ingen fordel i et udbud.",
    sv="Intyget handlar om vad deltagaren har lärt sig. Varken företaget eller dess produkter "
    "är godkända genom det, och det ger ingen fördel i en upphandling.",
    en="This certificate is about what the participant has learned. It approves neither the "
    "company nor its products, and it gives no advantage in a tender.",
)
"""I-25: every certificate of a company track says so."""
STAFF_SAYS = LocalisedText(
    da="har gennemført {title} med {hours} på hold{practice} og vist de mål, der står her.",
    sv="har genomfört {title} med {hours} i kurs{practice} och visat de mål som står här.",
    en="has completed {title} with {hours} in class{practice}, and has shown the aims named here.",
)
STAFF_PRACTICE = LocalisedText(
    da=" og {practice} i egen praksis",
    sv=" och {practice} i egen verksamhet",
    en=" and {practice} in own practice",
)
METHODS: Mapping[str, LocalisedText] = {
    "work": LocalisedText(da="afleverede opgaver", sv="inlämnade uppgifter", en="assignments"),
    "observation": LocalisedText(
        da="observation på arbejdet", sv="observation på jobbet", en="observation at work"
    ),
    "conversation": LocalisedText(da="en samtale", sv="ett samtal", en="a conversation"),
    "test": LocalisedText(da="en prøve", sv="ett prov", en="a test"),
}
"""How an outcome may have been assessed; see `OutcomeResult.method`."""
METHOD = LocalisedText(da="Bedømt ud fra {how}", sv="Bedömt utifrån {how}", en="Assessed by {how}")
AND = LocalisedText(da="og", sv="och", en="and")
STAFF_METHOD = LocalisedText(
    da="Idéark, note fra en afprøvning og en beslutning fra lederen",
    sv="Idéblad, anteckning från en utprovning och ett beslut från chefen",
    en="Idea sheet, note from a try-out and a decision by the manager",
)
BY = LocalisedText(
    da="Forløbets underviser, {hosts}", sv="Kursens lärare, {hosts}", en="The teacher, {hosts}"
)
BY_ON = LocalisedText(
    da="Forløbets underviser, {hosts}, den {day}",
    sv="Kursens lärare, {hosts}, den {day}",
    en="The teacher, {hosts}, on {day}",
)
STAFF_NOT = LocalisedText(
    da="Beviset gælder deltageren og målene her. Det siger ikke, om idéen er god, eller om "
    "arbejdspladsen tager den i brug, og det giver ikke ECTS-point.",
    sv="Intyget gäller deltagaren och målen här. Det säger inte om idén är bra eller om "
    "arbetsplatsen börjar använda den, och det ger inga högskolepoäng.",
    en="This certificate is about the participant and the aims named here. It does not say "
    "whether the idea is good or the workplace will use it, and it gives no ECTS credits.",
)
STUDENT_SAYS = LocalisedText(
    da="har gennemført {title} med {hours} undervisning{practice}{case}.{assessed}",
    sv="har genomfört {title} med {hours} undervisning{practice}{case}.{assessed}",
    en="has completed {title} with {hours} of teaching{practice}{case}.{assessed}",
)
STUDENT_PRACTICE = LocalisedText(
    da=" og {practice} arbejde i en gruppe",
    sv=" och {practice} arbete i en grupp",
    en=" and {practice} of work in a group",
)
STUDENT_ASSESSED = LocalisedText(
    da=" {hosts} har bedømt målene.",
    sv=" {hosts} har bedömt målen.",
    en=" {hosts} has assessed the aims.",
)
STUDENT_CASE = LocalisedText(
    da=" om en case fra {company} og {host}",
    sv=" om ett fall från {company} och {host}",
    en=" on a case from {company} and {host}",
)
STUDENT_NOT = LocalisedText(
    da="Beviset står ved siden af skolens egne papirer. Karakterer og point står kun i dem, og "
    "virksomheden har ikke bedømt nogen.",
    sv="Intyget står bredvid skolans egna handlingar. Betyg och poäng står bara i dem, och "
    "företaget har inte bedömt någon.",
    en="This certificate stands beside the school's own papers. Grades and credits are found "
    "only there, and the company has assessed nobody.",
)
ATTENDED = LocalisedText(
    da="har været med i {attended} af {held} i {title}.",
    sv="har varit med i {attended} av {held} i {title}.",
    en="has attended {attended} out of {held} of {title}.",
)
ATTENDED_NOT = LocalisedText(
    da="Beviset siger, hvor længe deltageren var med. Ingen har set på, hvad deltageren kan.",
    sv="Intyget säger hur länge deltagaren var med. Ingen har sett på vad deltagaren kan.",
    en="This certificate says how long the participant was there. Nobody has looked at what the "
    "participant can do.",
)
SOME_COMPANY = LocalisedText(da="en virksomhed", sv="ett företag", en="a company")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Background:
    """What the certificates of one question draw on, by id."""

    runs: Mapping[int, RunFacts]
    versions: Mapping[int, VersionFacts]
    employers: Mapping[int, int | None]
    cases: Mapping[int, CaseFacts]
    commented: Mapping[tuple[int, int | None], int | None]
    organisations: Mapping[int, OrganisationFacts]

    def name_of(self, organisation_id: int | None) -> str:
        found = self.organisations.get(organisation_id) if organisation_id else None
        return found.name if found else ""


def details(completions: Sequence[CompletionFacts]) -> Mapping[int, CertificateDetails]:
    """The words for each completion, by enrolment id. One that is not met says only how long
    somebody attended. The number of queries follows the courses, not the completions."""
    background = _background(completions)
    return {completion.enrolment_id: _details(completion, background) for completion in completions}


def hours_in_words(minutes: int) -> LocalisedText:
    """ "17½ timer", "1 time", "50 minutter", in each language."""
    whole, rest = divmod(minutes, 60)
    if rest and rest not in _FRACTIONS:
        return LocalisedText(
            da=f"{minutes} minutter", sv=f"{minutes} minuter", en=f"{minutes} minutes"
        )
    number = f"{whole or ''}{_FRACTIONS.get(rest, '')}" or "0"
    if 0 < minutes <= 60:
        return LocalisedText(da=f"{number} time", sv=f"{number} timme", en=f"{number} hour")
    return LocalisedText(da=f"{number} timer", sv=f"{number} timmar", en=f"{number} hours")


def _background(completions: Sequence[CompletionFacts]) -> _Background:
    enrolments = enrolments_by_id([completion.enrolment_id for completion in completions])
    runs = runs_by_id(sorted({completion.run_id for completion in completions}))
    employers = {id_: enrolment.employer_id for id_, enrolment in enrolments.items()}
    cases = case_of_run([run.id for run in runs.values() if run.course_type == STUDENT])
    plans = plans_in([run.id for run in runs.values() if run.course_type == COMPANY])
    commented: dict[tuple[int, int | None], int | None] = {
        (plan.run_id, plan.organisation_id): plan.host_id
        for plan in plans
        if plan.state == "commented" and plan.organisation_id is not None
    }
    named = set(employers.values()) | set(commented.values())
    named |= {id_ for case in cases.values() for id_ in (case.company_id, case.practice_host_id)}
    return _Background(
        runs=runs,
        versions={
            id_: version_by_id(id_)
            for id_ in sorted({run.course_version_id for run in runs.values()})
        },
        employers=employers,
        cases=cases,
        commented=commented,
        organisations=organisations_by_id([id_ for id_ in named if id_ is not None]),
    )


def _details(completion: CompletionFacts, background: _Background) -> CertificateDetails:
    run = background.runs[completion.run_id]
    if completion.result != "met":
        return CertificateDetails(
            kind="attendance",
            statement=_filled(
                ATTENDED,
                title=run.title,
                attended=hours_in_words(completion.minutes_attended),
                held=hours_in_words(completion.minutes_held),
            ),
            not_line=ATTENDED_NOT,
        )
    words = {
        "title": run.title,
        "hours": hours_in_words(completion.minutes_held),
        "practice": _practice_words(run),
    }
    outcomes = background.versions[run.course_version_id].outcomes
    hosts = ", ".join(run.host_names[:2])
    if run.course_type == STAFF:
        return CertificateDetails(
            kind="competence",
            statement=_filled(STAFF_SAYS, **words),
            outcomes=outcomes,
            assessment_method=_method(completion) or STAFF_METHOD,
            assessed_by=_assessed_by(completion, run, hosts),
            not_line=STAFF_NOT,
        )
    if run.course_type == COMPANY:
        employer_id = background.employers.get(completion.enrolment_id)
        host = background.name_of(background.commented.get((run.id, employer_id)))
        return CertificateDetails(
            kind="course",
            statement=_filled(
                COMPANY_SAYS,
                **words,
                company=background.name_of(employer_id) or SOME_COMPANY,
                plan=_filled(PLAN_WITH_COMMENT, host=host) if host else PLAN_REVISED,
            ),
            outcomes=outcomes,
            not_line=COMPANY_NOT,
        )
    return CertificateDetails(
        kind="course",
        statement=_filled(
            STUDENT_SAYS,
            **words,
            case=_case_words(run, background),
            assessed=_filled(STUDENT_ASSESSED, hosts=hosts) if completion.outcomes else "",
        ),
        outcomes=outcomes,
        not_line=STUDENT_NOT,
    )


def _method(completion: CompletionFacts) -> LocalisedText | None:
    """How the outcomes were assessed in fact; None when nobody wrote an assessment of one."""
    used = {outcome.method for outcome in completion.outcomes}
    ways = [words for method, words in METHODS.items() if method in used]
    if not ways:
        return None
    said = {}
    for language in LANGUAGES:
        *first, last = (way.in_language(language) for way in ways)
        told = f"{', '.join(first)} {AND.in_language(language)} {last}" if first else last
        said[language] = told
    return _filled(METHOD, how=LocalisedText(**said))


def _assessed_by(completion: CompletionFacts, run: RunFacts, hosts: str) -> LocalisedText:
    if completion.decided_at is None:
        return _filled(BY, hosts=hosts)
    there = completion.decided_at.astimezone(ZoneInfo(run.zone)).date()
    day = {language: format_date(there, "long", locale=LOCALES[language]) for language in LANGUAGES}
    return _filled(BY_ON, hosts=hosts, day=LocalisedText(**day))


def _practice_words(run: RunFacts) -> LocalisedText | str:
    """What is said of the work beside the teaching; nothing where none was asked for."""
    pattern = {STAFF: STAFF_PRACTICE, STUDENT: STUDENT_PRACTICE}.get(run.course_type)
    if pattern is None or not run.practice_minutes:
        return ""
    return _filled(pattern, practice=hours_in_words(run.practice_minutes))


def _case_words(run: RunFacts, background: _Background) -> LocalisedText | str:
    case = background.cases.get(run.id)
    if case is None:
        return ""
    company = background.name_of(case.company_id)
    host = background.name_of(case.practice_host_id)
    return _filled(STUDENT_CASE, company=company, host=host) if company and host else ""


def _filled(pattern: LocalisedText, **values: LocalisedText | str) -> LocalisedText:
    """The pattern with its places filled, each language from texts in that language."""
    texts = {
        language: getattr(pattern, language).format(
            **{
                name: value if isinstance(value, str) else value.in_language(language)
                for name, value in values.items()
            }
        )
        for language in LANGUAGES
    }
    return LocalisedText(**texts)
