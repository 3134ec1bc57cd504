"""The stages of a workroom, the criteria and the exercises that are proposed: data and words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.api import LocalisedText

STAGES: Mapping[str, LocalisedText] = {
    "collecting": LocalisedText(da="Idéer", sv="Idéer", en="Ideas"),
    "clustering": LocalisedText(da="Grupper", sv="Grupper", en="Clusters"),
    "scoring": LocalisedText(da="Point", sv="Poäng", en="Points"),
    "choosing": LocalisedText(da="Valg", sv="Val", en="Choice"),
    "closed": LocalisedText(da="Slut", sv="Klart", en="Done"),
}

STAGE_MOVES: Mapping[str, frozenset[str]] = {
    "collecting": frozenset({"clustering"}),
    "clustering": frozenset({"collecting", "scoring"}),
    "scoring": frozenset({"clustering", "choosing"}),
    "choosing": frozenset({"closed"}),
    "closed": frozenset({"choosing"}),
}
"""Back from `scoring` only while nobody has scored; never back once scores were shown."""

WRITING = frozenset({"collecting", "clustering"})
"""Stages in which ideas are written."""

SCORED_STATES = frozenset({"raw", "clustered"})
"""Ideas that are scored; others have been chosen, put away or sent on already."""

LEAST_POINTS, MOST_POINTS = 0, 5
MOST_CRITERIA = 15
MOST_EXERCISES = 10

STAKEHOLDERS: Mapping[str, LocalisedText] = {
    "citizen": LocalisedText(da="Borgeren", sv="Brukaren", en="The citizen"),
    "relative": LocalisedText(da="Pårørende", sv="Anhöriga", en="Relatives"),
    "staff": LocalisedText(da="Medarbejderne", sv="Medarbetarna", en="Staff"),
    "organisation": LocalisedText(da="Organisationen", sv="Organisationen", en="The organisation"),
    "company": LocalisedText(
        da="En mulig virksomhed", sv="Ett möjligt företag", en="A possible company"
    ),
}
"""For whom an idea sheet says what the idea is worth."""

CRITERIA: Mapping[str, LocalisedText] = {
    "solves": LocalisedText(
        da="Løser den det, udfordringen handler om?",
        sv="Löser den det som utmaningen handlar om?",
        en="Does it solve what the challenge is about?",
    ),
    "worth": LocalisedText(
        da="Gør den en tydelig forskel for dem, det handler om?",
        sv="Gör den en tydlig skillnad för dem det handlar om?",
        en="Does it make a clear difference to those concerned?",
    ),
    "fits": LocalisedText(
        da="Passer den ind i måden, vi arbejder på?",
        sv="Passar den in i hur vi arbetar?",
        en="Does it fit the way we work?",
    ),
    "new": LocalisedText(
        da="Er den anderledes end det, der allerede findes?",
        sv="Är den annorlunda än det som redan finns?",
        en="Is it different from what exists already?",
    ),
    "reach": LocalisedText(
        da="Kan mange få glæde af den, også andre steder?",
        sv="Kan många ha glädje av den, också på andra ställen?",
        en="Can many have use of it, in other places too?",
    ),
    "cost": LocalisedText(
        da="Er den til at betale, også når den skal drives?",
        sv="Går den att betala, även när den ska drivas?",
        en="Can we afford it, also when it is in use?",
    ),
    "appeal": LocalisedText(
        da="Vil de, der skal bruge den, have lyst til det?",
        sv="Kommer de som ska använda den att vilja det?",
        en="Will those who are to use it want to?",
    ),
    "ethics": LocalisedText(
        da="Kan vi stå inde for den over for borgeren?",
        sv="Kan vi stå för den inför brukaren?",
        en="Can we answer for it to the citizen?",
    ),
    "people": LocalisedText(
        da="Er der nogen, som vil arbejde videre med den?",
        sv="Finns det någon som vill arbeta vidare med den?",
        en="Is there somebody who will work on it?",
    ),
    "partners": LocalisedText(
        da="Kan vi selv, eller kan vi finde dem, vi mangler?",
        sv="Kan vi själva, eller kan vi hitta dem vi saknar?",
        en="Can we do it ourselves, or find those we lack?",
    ),
    "timing": LocalisedText(
        da="Er det nu, den kan lykkes?",
        sv="Är det nu den kan lyckas?",
        en="Is now the time when it can work?",
    ),
}
"""The criteria that a workroom begins with: always so that more points are better."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise:
    """Something the facilitator does with the group; `minutes` about how long."""

    key: str
    title: LocalisedText
    text: LocalisedText
    minutes: int


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        key="below",
        title=LocalisedText(da="Under overfladen", sv="Under ytan", en="Below the surface"),
        text=LocalisedText(
            da="Skriv det, man ser. Spørg så, hvad der ligger under: vaner, regler, det vi tror.",
            sv="Skriv det man ser. Fråga sedan vad som ligger under: vanor, regler, det vi tror.",
            en="Write what one sees. Then ask what lies below: habits, rules, what we believe.",
        ),
        minutes=25,
    ),
    Exercise(
        key="whom",
        title=LocalisedText(da="Hvem er berørt?", sv="Vilka berörs?", en="Who is concerned?"),
        text=LocalisedText(
            da="Sæt alle på et ark. Hvem mærker det mest, og hvem bestemmer?",
            sv="Sätt alla på ett ark. Vem märker det mest, och vem bestämmer?",
            en="Put everybody on a sheet. Who feels it most, and who decides?",
        ),
        minutes=15,
    ),
    Exercise(
        key="silence",
        title=LocalisedText(da="Idéer i stilhed", sv="Idéer i tysthet", en="Ideas in silence"),
        text=LocalisedText(
            da="Hver skriver på sin telefon. Bagefter læser I og skriver videre på andres.",
            sv="Var och en skriver på sin telefon. Sedan läser ni och bygger vidare på andras.",
            en="Each writes on a phone. Then read, and build on what others wrote.",
        ),
        minutes=15,
    ),
    Exercise(
        key="worth",
        title=LocalisedText(da="Hvad giver det hvem?", sv="Vad ger det vem?", en="Worth for whom?"),
        text=LocalisedText(
            da="Tag en idé ad gangen: hvad får hver af dem, der er berørt, og hvad mister de?",
            sv="Ta en idé i taget: vad får var och en som berörs, och vad förlorar de?",
            en="Take one idea at a time: what does each one concerned gain, and what do they lose?",
        ),
        minutes=25,
    ),
)
"""The exercises that a workroom begins with, in their order."""
