"""What a certificate of idea development says, and what it does not say."""

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
from lms_challenges.course_type import KEY
from lms_challenges.queries.workroom import ChallengeRef, challenges_of

NOT_LINE = LocalisedText(
    da="Beviset siger, at deltageren har været med hele vejen. Det siger ikke, om idéerne er gode "
    "eller bliver til noget. Det giver ingen ret til dem og tæller ikke i et udbud.",
    sv="Intyget säger att deltagaren har varit med hela vägen. Det säger inte om idéerna är bra "
    "eller blir något. Det ger ingen rätt till dem och räknas inte i en upphandling.",
    en="This certificate says that the participant took part all the way. It does not say whether "
    "the ideas are good or will be carried out. It gives no right to them and counts for nothing "
    "in a tender.",
)
ATTENDED_NOT = LocalisedText(
    da="Beviset siger, hvor længe deltageren var med. Det siger intet om idéer eller om, hvad "
    "deltageren kan.",
    sv="Intyget säger hur länge deltagaren var med. Det säger inget om idéer eller om vad "
    "deltagaren kan.",
    en="This certificate says how long the participant was there. It says nothing about ideas, or "
    "about what the participant can do.",
)
METHOD = LocalisedText(
    da="Egne idéer, point efter fælles kriterier og fremmøde",
    sv="Egna idéer, poäng efter gemensamma kriterier och närvaro",
    en="Ideas of one's own, points by shared criteria, and attendance",
)
SOME = LocalisedText(
    da="en udfordring fra hverdagen",
    sv="en utmaning ur vardagen",
    en="a challenge of everyday work",
)


def details(completions: Sequence[CompletionFacts]) -> Mapping[int, CertificateDetails]:
    """The words for each completion, by enrolment id. One that is not met says only how long
    somebody attended. The number of queries follows the courses, not the completions."""
    own = [completion for completion in completions if completion.course_type == KEY]
    runs = runs_by_id(sorted({completion.run_id for completion in own}))
    challenges = challenges_of(list(runs)) if runs else {}
    versions = {
        id_: version_by_id(id_) for id_ in sorted({run.course_version_id for run in runs.values()})
    }
    found = {}
    for completion in own:
        run = runs[completion.run_id]
        worked_on = challenges.get(run.id, ())
        if completion.result != "met":
            found[completion.enrolment_id] = _attended(completion, worked_on)
        else:
            version = versions[run.course_version_id]
            found[completion.enrolment_id] = _course(version, worked_on, ", ".join(run.host_names))
    return found


def _course(
    version: VersionFacts, challenges: Sequence[ChallengeRef], hosts: str
) -> CertificateDetails:
    about = _about(challenges)
    return CertificateDetails(
        kind="course",
        statement=LocalisedText(
            da=f"har udviklet idéer sammen med andre til {about.da} og valgt mellem dem efter "
            "kriterier, der lå fast i forvejen.",
            sv=f"har utvecklat idéer tillsammans med andra till {about.sv} och valt bland dem "
            "efter kriterier som låg fast i förväg.",
            en=f"has developed ideas together with others for {about.en}, and chosen among them "
            "by criteria that were fixed before.",
        ),
        outcomes=version.outcomes,
        assessment_method=METHOD,
        assessed_by=LocalisedText(
            da=f"Forløbets underviser, {hosts}",
            sv=f"Kursens lärare, {hosts}",
            en=f"The teacher, {hosts}",
        ),
        not_line=NOT_LINE,
    )


def _attended(
    completion: CompletionFacts, challenges: Sequence[ChallengeRef]
) -> CertificateDetails:
    about = _about(challenges)
    attended, held = completion.minutes_attended, completion.minutes_held
    return CertificateDetails(
        kind="attendance",
        statement=LocalisedText(
            da=f"har været med i {attended} af {held} minutter om {about.da}.",
            sv=f"har varit med i {attended} av {held} minuter om {about.sv}.",
            en=f"has attended {attended} of {held} minutes on {about.en}.",
        ),
        not_line=ATTENDED_NOT,
    )


def _about(challenges: Sequence[ChallengeRef]) -> LocalisedText:
    """The challenges by their names of today; the certificate keeps them as they are now."""
    if not challenges:
        return SOME
    return LocalisedText(
        da=" og ".join(f"»{one.title.in_language('da')}«" for one in challenges),
        sv=" och ".join(f"”{one.title.in_language('sv')}”" for one in challenges),
        en=" and ".join(f"“{one.title.in_language('en')}”" for one in challenges),
    )
