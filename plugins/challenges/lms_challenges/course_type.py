"""The course type *idea development*: a small group turns a challenge into ideas worth a decision.

What participants get for their ideas is competence: the course is like any other, with outcomes,
attendance and a certificate.
"""

from __future__ import annotations

from typing import Final

from lms.api import CompletionRule, CourseType, LocalisedText, ModulePlan, Phase

KEY: Final = "idea_development"
IDEAS: Final = "challenges.ideas"
SCORED: Final = "challenges.scored"
IDEAS_NEEDED: Final = 1
SCORED_NEEDED: Final = 3
FEWEST, MOST = 6, 15
"""How many take part: fewer have too few ideas, more do not all get heard."""

_PHASES = (
    Phase(
        key="understand",
        title=LocalisedText(da="Forstå", sv="Förstå", en="Understand"),
        purpose=LocalisedText(
            da="Hvad er der galt, for hvem, og hvad ligger under det, man ser?",
            sv="Vad är fel, för vem, och vad ligger under det man ser?",
            en="What is wrong, for whom, and what lies under that which one sees?",
        ),
    ),
    Phase(
        key="ideas",
        title=LocalisedText(da="Få idéer", sv="Få idéer", en="Have ideas"),
        purpose=LocalisedText(
            da="Mange idéer først, alene og sammen. Ingen bliver vurderet endnu.",
            sv="Många idéer först, ensamma och tillsammans. Ingen bedöms än.",
            en="Many ideas first, alone and together. None is judged yet.",
        ),
    ),
    Phase(
        key="choose",
        title=LocalisedText(da="Vælge", sv="Välja", en="Choose"),
        purpose=LocalisedText(
            da="Kriterierne ligger fast, hver giver point for sig selv, og så ser alle resultatet.",
            sv="Kriterierna ligger fast, var och en ger poäng för sig, och sedan ser alla "
            "resultatet.",
            en="The criteria are fixed, each gives points alone, and then all see the result.",
        ),
    ),
    Phase(
        key="sheets",
        title=LocalisedText(da="Skrive idéark", sv="Skriva idéblad", en="Write idea sheets"),
        purpose=LocalisedText(
            da="De valgte idéer får hver et ark: for hvem, hvad de giver, ulemper, næste prøve.",
            sv="De valda idéerna får varsitt blad: för vem, vad de ger, nackdelar, nästa prov.",
            en="Each idea that was chosen gets a sheet: for whom, what it gives, drawbacks, what "
            "to try next.",
        ),
    ),
)

_MODULES = (
    ModulePlan(
        key="understand",
        phase="understand",
        title=LocalisedText(
            da="Hvad handler det om?", sv="Vad handlar det om?", en="What is it about?"
        ),
        content=LocalisedText(
            da="Udfordringen, hvem der er berørt, og det spørgsmål, vi leder efter svar på.",
            sv="Utmaningen, vilka den berör och frågan som vi söker svar på.",
            en="The challenge, whom it touches, and the question we look for answers to.",
        ),
        minutes=120,
        between=LocalisedText(
            da="Se efter på dit arbejde: hvornår sker det, og hvad gør I så? Skriv det, du kommer "
            "i tanker om, som idéer.",
            sv="Titta efter på ditt arbete: när händer det, och vad gör ni då? Skriv det du "
            "kommer att tänka på som idéer.",
            en="Look around at work: when does it happen, and what do you do then? Write what "
            "comes to your mind as ideas.",
        ),
        between_minutes=60,
    ),
    ModulePlan(
        key="ideas",
        phase="ideas",
        title=LocalisedText(da="Idéer", sv="Idéer", en="Ideas"),
        content=LocalisedText(
            da="Øvelser, som giver mange idéer, og grupper af dem, der ligner hinanden.",
            sv="Övningar som ger många idéer, och grupper av dem som liknar varandra.",
            en="Exercises that give many ideas, and clusters of those that are alike.",
        ),
        minutes=180,
    ),
    ModulePlan(
        key="choose",
        phase="choose",
        title=LocalisedText(da="Hvad går videre?", sv="Vad går vidare?", en="What goes on?"),
        content=LocalisedText(
            da="Point hver for sig, resultatet sammen, og idéark til det, vi vælger.",
            sv="Poäng var för sig, resultatet tillsammans och idéblad till det vi väljer.",
            en="Points each alone, the result together, and idea sheets for what we choose.",
        ),
        minutes=180,
    ),
)

COURSE_TYPE: Final = CourseType(
    key=KEY,
    title=LocalisedText(da="Idéudvikling", sv="Idéutveckling", en="Idea development"),
    summary=LocalisedText(
        da="Find idéer til en udfordring fra hverdagen, og vælg sammen dem, der skal prøves.",
        sv="Hitta idéer till en utmaning ur vardagen och välj tillsammans vilka som ska prövas.",
        en="Find ideas for a challenge of everyday work, and choose together which to try.",
    ),
    icon="sprout",
    phases=_PHASES,
    modules=_MODULES,
    rule=CompletionRule(
        version="idea-development-1",
        conditions={
            "attendance": {"percent": 80},
            IDEAS: {"ideas": IDEAS_NEEDED},
            SCORED: {"ideas": SCORED_NEEDED},
        },
    ),
    certificate_kind="course",
    minimum=FEWEST,
    capacity=MOST,
)
