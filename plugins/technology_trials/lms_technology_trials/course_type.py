"""The course type *new-technology trial*: staff learn a technology and help decide on it.

Companies teach how a solution works; the institution teaches why, for whom and whether.
"""

from __future__ import annotations

from typing import Final

from lms.api import CompletionRule, CourseType, LocalisedText, ModulePlan, Phase

KEY: Final = "new_technology_trial"
PRACTICE_LOG: Final = "technology_trials.practice_log"
SAFE_USE: Final = "technology_trials.safe_use"
USES_NEEDED: Final = 3

_PHASES = (
    Phase(
        key="choose",
        title=LocalisedText(da="Vælge", sv="Välja", en="Choose"),
        purpose=LocalisedText(
            da="Mindst to løsninger af samme slags findes frem og sammenlignes med mål, der er "
            "skrevet ned først.",
            sv="Minst två lösningar av samma slag letas fram och jämförs med mål som är "
            "nedskrivna i förväg.",
            en="At least two solutions of one kind are found and compared by aims that were "
            "written down first.",
        ),
    ),
    Phase(
        key="prepare",
        title=LocalisedText(da="Forberede", sv="Förbereda", en="Prepare"),
        purpose=LocalisedText(
            da="Arbejdsmiljø, hjælp undervejs, ansvar og en regel for at stoppe er på plads.",
            sv="Arbetsmiljö, stöd på vägen, ansvar och en regel för att sluta är på plats.",
            en="Working environment, help along the way, responsibility and a rule for stopping "
            "are in place.",
        ),
    ),
    Phase(
        key="hands-on",
        title=LocalisedText(da="Prøve", sv="Pröva", en="Try"),
        purpose=LocalisedText(
            da="Teknologien i hænderne, og hvad den ikke kan.",
            sv="Tekniken i händerna, och vad den inte kan.",
            en="The technology in your hands, and what it cannot do.",
        ),
    ),
    Phase(
        key="practice-1",
        title=LocalisedText(
            da="Bruge, første gang", sv="Använda, första tiden", en="Use, at first"
        ),
        purpose=LocalisedText(
            da="Tre gange på eget arbejde, to linjer om hver – eller en grund til at lade være.",
            sv="Tre gånger på eget arbete, två rader om varje – eller ett skäl att låta bli.",
            en="Three times at your own work with two lines on each – or a good reason not to.",
        ),
    ),
    Phase(
        key="midway",
        title=LocalisedText(da="Midtvejs", sv="Halvvägs", en="Midway"),
        purpose=LocalisedText(
            da="Det, der overraskede, og det, vi gør anderledes nu.",
            sv="Det som överraskade, och det vi gör annorlunda nu.",
            en="What was a surprise, and what we do differently now.",
        ),
    ),
    Phase(
        key="practice-2",
        title=LocalisedText(da="Bruge og måle", sv="Använda och mäta", en="Use and measure"),
        purpose=LocalisedText(
            da="Videre på eget arbejde, mens det aftalte bliver målt.",
            sv="Vidare på eget arbete medan det överenskomna mäts.",
            en="Further at your own work, while what was agreed is measured.",
        ),
    ),
    Phase(
        key="decide",
        title=LocalisedText(da="Afgøre", sv="Avgöra", en="Decide"),
        purpose=LocalisedText(
            da="Enheden siger ja, ja med ændringer, vent eller nej, og skriver hvorfor.",
            sv="Enheten säger ja, ja med ändringar, vänta eller nej, och skriver varför.",
            en="The unit says yes, yes with changes, wait or no, and writes why.",
        ),
    ),
)

_MODULES = (
    ModulePlan(
        key="hands-on",
        phase="hands-on",
        title=LocalisedText(da="Prøv den selv", sv="Pröva själv", en="Try it yourself"),
        content=LocalisedText(
            da="Hvorfor og for hvem, hvordan den virker, dens grænser og din plan.",
            sv="Varför och för vem, hur den fungerar, dess gränser och din plan.",
            en="Why and for whom, how it works, its limits, and your plan.",
        ),
        minutes=180,
        between=LocalisedText(
            da="Brug den tre gange, og skriv to linjer om hver. Har du en grund til at lade være, "
            "så skriv den: det tæller lige så meget.",
            sv="Använd den tre gånger och skriv två rader om varje. Har du ett skäl att låta bli, "
            "skriv det: det räknas lika mycket.",
            en="Use it three times and write two lines on each. If you have a reason not to, write "
            "that: it counts just as much.",
        ),
        between_minutes=120,
    ),
    ModulePlan(
        key="midway",
        phase="midway",
        title=LocalisedText(da="Halvvejen", sv="Halva vägen", en="Halfway"),
        content=LocalisedText(
            da="Hvad kom bag på os for borgeren, for os selv og for arbejdsgangen?",
            sv="Vad överraskade oss för brukaren, för oss själva och för arbetssättet?",
            en="What surprised us, for the citizen, for ourselves and for the way we work?",
        ),
        minutes=120,
        between=LocalisedText(
            da="Bliv ved, og skriv de aftalte tal ned.",
            sv="Fortsätt och skriv ner de överenskomna siffrorna.",
            en="Go on, and write down the figures that were agreed.",
        ),
        between_minutes=120,
    ),
    ModulePlan(
        key="decision",
        phase="decide",
        title=LocalisedText(da="Skal den blive?", sv="Ska den stanna?", en="Should it stay?"),
        content=LocalisedText(
            da="Krav for krav: hvad viste det sig, hvad kostede det i tid, og hvad siger vi?",
            sv="Krav för krav: vad visade det sig, vad kostade det i tid, och vad säger vi?",
            en="Requirement by requirement: what came out, what time did it take, what do we say?",
        ),
        minutes=120,
    ),
)

COURSE_TYPE: Final = CourseType(
    key=KEY,
    title=LocalisedText(
        da="Afprøvning af ny teknologi", sv="Utprovning av ny teknik", en="New-technology trial"
    ),
    summary=LocalisedText(
        da="Prøv en ny teknologi på dit eget arbejde, og vær med til at afgøre, om den skal blive.",
        sv="Pröva en ny teknik på ditt eget arbete och var med och avgör om den ska stanna.",
        en="Try a new technology at your own work, and help decide whether it stays.",
    ),
    icon="glasses",
    phases=_PHASES,
    modules=_MODULES,
    rule=CompletionRule(
        version="new-technology-trial-1",
        conditions={
            "attendance": {"percent": 80},
            "declared": {},
            PRACTICE_LOG: {"uses": USES_NEEDED},
            SAFE_USE: {},
        },
    ),
    certificate_kind="competence",
)
