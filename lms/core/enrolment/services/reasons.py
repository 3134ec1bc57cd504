"""Why a seat cannot be asked for, in words; gathered before any lock and asked again under it."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import EnrolmentRequest, LocalisedText, Refusal, RunFacts
from lms.core.catalogue.services import HeldRun
from lms.core.enrolment.queries import Employment, TermsFacts, fits_entry_rules, has_live
from lms.core.refused import Refused
from lms.db import clean_text, now
from lms.host import current_host

ALREADY = "already"
"""Code of the refusal when the person has a live enrolment in the run."""
NOT_OPEN = "not_open"
"""Code of the refusal when the run takes no requests now."""


def refusal(code: str, da: str, sv: str, en: str) -> Refusal:
    """One reason."""
    return Refusal(code=code, message=LocalisedText(da=da, sv=sv, en=en))


CHANGED = refusal(
    "changed",
    "Det er ændret imens. Se siden igen, og vælg på ny.",
    "Det har ändrats under tiden. Läs om sidan och välj på nytt.",
    "This changed in the meantime. Look at the page again and choose anew.",
)
NOT_TOGETHER = refusal(
    "pair_with.not_here",
    "Her kan I to ikke spørge sammen. Kom alene, eller sammen med en anden.",
    "Här kan ni två inte fråga tillsammans. Kom ensam, eller tillsammans med någon annan.",
    "You two cannot ask together here. Come alone, or together with somebody else.",
)
NO_WAY_IN = {
    "key": refusal(
        "entry_key.wrong",
        "Nøglen passer ikke. Skriv den, som den står i invitationen.",
        "Nyckeln stämmer inte. Skriv den som den står i inbjudan.",
        "The key does not fit. Write it as it stands in the invitation.",
    ),
    "link": refusal(
        "by_link",
        "Holdet er kun for dem, der har et link fra den forløbsansvarlige. Bed om et.",
        "Omgången är bara för dem som har en länk från programansvarig. Be om en.",
        "This run is for those with a link from the programme lead only. Ask for one.",
    ),
    "rule": refusal(
        "by_rule",
        "Holdet er for bestemte arbejdspladser eller funktioner. Spørg den forløbsansvarlige.",
        "Omgången är för vissa arbetsplatser eller funktioner. Fråga programansvarig.",
        "This run is for certain workplaces or functions. Ask the programme lead.",
    ),
    "nomination": refusal(
        "by_nomination",
        "Din leder indstiller til det her hold. Tal med din leder.",
        "Din chef nominerar till den här omgången. Prata med din chef.",
        "Your manager nominates for this run. Talk to your manager.",
    ),
}


def insist(still_so: bool) -> None:
    """Raise `Refused` when what was decided on is no longer so."""
    if not still_so:
        raise Refused(CHANGED)


def run_refusals(run: RunFacts | HeldRun) -> list[Refusal]:
    """Why nobody can ask for a seat in this run just now."""
    reasons = []
    if run.course_type not in current_host().course_types():
        reasons.append(
            refusal(
                "type_missing",
                "Den slags forløb er ude af drift lige nu. Prøv igen senere.",
                "Den här typen av kurs är ur drift just nu. Försök igen senare.",
                "This kind of course is out of order just now. Try again later.",
            )
        )
    if run.state != "open" or (run.enrol_until is not None and run.enrol_until < now()):
        reasons.append(
            refusal(
                NOT_OPEN,
                "Holdet tager ikke imod tilmeldinger nu. Find et andet hold i kataloget.",
                "Omgången tar inte emot anmälningar nu. Hitta en annan omgång i katalogen.",
                "This run takes no requests now. Find another run in the catalogue.",
            )
        )
    return reasons


def core_refusals(run: RunFacts | HeldRun, person_id: int, source: str) -> list[Refusal]:
    """The core's own reasons why this request cannot be taken; asked again under the lock."""
    reasons = run_refusals(run)
    if has_live(person_id, run.id):
        reasons.append(already(source))
    return reasons


def already(source: str) -> Refusal:
    """The person has a live enrolment in the run: said to themselves, or to who asks for them."""
    if source not in ("nomination", "import"):
        return refusal(
            ALREADY,
            "Du er allerede tilmeldt eller i kø. Se din plads på holdets side.",
            "Du är redan anmäld eller i kö. Se din plats på omgångens sida.",
            "You have already asked for a seat here. See your seat on the page of the run.",
        )
    return refusal(
        ALREADY,
        "Har allerede en plads eller står i kø her.",
        "Har redan en plats eller står i kö här.",
        "Has a seat here already, or stands in the queue.",
    )


def refusals(requests: Sequence[EnrolmentRequest]) -> list[Refusal]:
    """All reasons, from the core and every plugin, before any lock is taken."""
    found = [
        Refusal(code=reason.code, message=reason.message, index=index)
        for index, request in enumerate(requests)
        for reason in core_refusals(request.run, request.person_id, request.source)
    ]
    return found + current_host().check("lms_check_enrolments", requests=tuple(requests))


def way_in(
    terms: TermsFacts,
    person_id: int,
    job: Employment,
    *,
    entry_key: str | None = None,
    by_link: bool = False,
) -> str:
    """The way by which this person may ask: open, link, key or rule. Raises `Refused` with the
    way that is missing."""
    if "open" in terms.ways:
        return "open"
    if by_link and "link" in terms.ways:
        return "link"
    if "rule" in terms.ways and fits_entry_rules(
        terms.run_id,
        person_id,
        organisation_id=job.organisation_id,
        unit_id=job.unit_id,
        function_id=job.function_id,
    ):
        return "rule"
    if "key" in terms.ways and entry_key and terms.entry_key:
        if same_key(entry_key, terms.entry_key):
            return "key"
        raise Refused(NO_WAY_IN["key"])
    raise Refused(next(NO_WAY_IN[way] for way in (*terms.ways, "link") if way in NO_WAY_IN))


def same_key(typed: str, key: str) -> bool:
    """Keys are compared without regard to case and white space, for they are read aloud."""
    return clean_text(typed).casefold() == clean_text(key).casefold()
