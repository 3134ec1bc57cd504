"""What a certificate of a new-technology trial says: the category, never the brand, as its subject.

The solutions stand beside it as what was practised with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    CertificateDetails,
    CompletionFacts,
    LocalisedText,
    VersionFacts,
    runs_by_id,
    version_by_id,
)
from lms_technology_trials.course_type import KEY
from lms_technology_trials.facts import TechnologyFacts
from lms_technology_trials.queries import technology_of

SOME_TECHNOLOGY = LocalisedText(da="en ny teknologi", sv="en ny teknik", en="a new technology")
METHOD = LocalisedText(
    da="Log fra brug på eget arbejde, tjek af sikker brug og underviserens vurdering",
    sv="Logg från användning på eget arbete, kontroll av säker användning och lärarens bedömning",
    en="Log of use at own work, safe-use check and the teacher's judgement",
)
NOT_LINE = LocalisedText(
    da="Beviset gælder deltageren og teknologien som slags. Det anbefaler ingen løsning og tæller "
    "ikke i et udbud.",
    sv="Intyget gäller deltagaren och tekniken som slag. Det rekommenderar ingen lösning och "
    "räknas inte i en upphandling.",
    en="This certificate is about the participant and a kind of technology. It recommends no "
    "solution and counts for nothing in a tender.",
)
ATTENDED_NOT = LocalisedText(
    da="Beviset siger, hvor længe deltageren var med. Ingen har set på, hvad deltageren kan.",
    sv="Intyget säger hur länge deltagaren var med. Ingen har sett på vad deltagaren kan.",
    en="This certificate says how long the participant was there. Nobody has looked at what the "
    "participant can do.",
)


def details(completions: Sequence[CompletionFacts]) -> Mapping[int, CertificateDetails]:
    """The words for each completion, by enrolment id. One that is not met says only how long
    somebody attended. The number of queries follows the courses, not the completions."""
    own = [completion for completion in completions if completion.course_type == KEY]
    runs = runs_by_id(sorted({completion.run_id for completion in own}))
    technology = technology_of(list(runs))
    versions = {
        id_: version_by_id(id_) for id_ in sorted({run.course_version_id for run in runs.values()})
    }
    found = {}
    for completion in own:
        run = runs[completion.run_id]
        if completion.result != "met":
            found[completion.enrolment_id] = _attended(completion, technology.get(run.id))
            continue
        hosts = ", ".join(run.host_names)
        found[completion.enrolment_id] = _competence(
            technology.get(run.id), versions[run.course_version_id], hosts
        )
    return found


def _category(technology: TechnologyFacts | None) -> LocalisedText:
    return technology.category if technology else SOME_TECHNOLOGY


def _competence(
    technology: TechnologyFacts | None, version: VersionFacts, hosts: str
) -> CertificateDetails:
    category = _category(technology)
    return CertificateDetails(
        kind="competence",
        statement=LocalisedText(
            da=f"har prøvet {_inside(category, 'da')}, vist sikker brug og været med til at "
            "afgøre, om teknologien skal blive.",
            sv=f"har prövat {_inside(category, 'sv')}, visat säker användning och varit med och "
            "avgjort om tekniken ska stanna.",
            en=f"has tried {_inside(category, 'en')}, shown safe use and helped decide whether the "
            "technology stays.",
        ),
        outcomes=version.outcomes,
        assessment_method=METHOD,
        assessed_by=LocalisedText(
            da=f"Forløbets underviser, {hosts}",
            sv=f"Kursens lärare, {hosts}",
            en=f"The teacher, {hosts}",
        ),
        not_line=NOT_LINE,
        practised_with=tuple(solution.name for solution in technology.solutions)
        if technology
        else (),
    )


def _attended(
    completion: CompletionFacts, technology: TechnologyFacts | None
) -> CertificateDetails:
    category = _category(technology)
    attended, held = completion.minutes_attended, completion.minutes_held
    return CertificateDetails(
        kind="attendance",
        statement=LocalisedText(
            da=f"har været med i {attended} af {held} minutter om {_inside(category, 'da')}.",
            sv=f"har varit med i {attended} av {held} minuter om {_inside(category, 'sv')}.",
            en=f"has attended {attended} of {held} minutes on {_inside(category, 'en')}.",
        ),
        not_line=ATTENDED_NOT,
    )


def _inside(category: LocalisedText, language: str) -> str:
    """The category inside a sentence: with a small first letter, unless it is an abbreviation."""
    text = category.in_language(language)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
