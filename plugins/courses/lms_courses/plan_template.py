"""The template of a test plan, and of what a solution is worth: questions in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms.api import LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanField:
    """One question of the template; `key` names the answer in `TestPlan.content`."""

    key: str
    label: LocalisedText
    hint: LocalisedText


FIELDS = (
    PlanField(
        key="tried",
        label=LocalisedText(
            da="Hvad prøver I af?", sv="Vad prövar ni?", en="What do you want to try?"
        ),
        hint=LocalisedText(
            da="Løsningen og den opgave, den skal hjælpe med. Én ting ad gangen.",
            sv="Lösningen och uppgiften den ska hjälpa till med. En sak i taget.",
            en="The solution, and the task it shall help with. One thing at a time.",
        ),
    ),
    PlanField(
        key="with_whom",
        label=LocalisedText(da="Hvem er med?", sv="Vilka är med?", en="Who takes part?"),
        hint=LocalisedText(
            da="Hvor mange borgere og medarbejdere, og hvordan de siger ja. Ingen navne.",
            sv="Hur många brukare och medarbetare, och hur de säger ja. Inga namn.",
            en="How many citizens and staff, and how they say yes. No names.",
        ),
    ),
    PlanField(
        key="where",
        label=LocalisedText(da="Hvor sker det?", sv="Var sker det?", en="Where does it happen?"),
        hint=LocalisedText(
            da="Hvilken slags sted, og hos hvilken vært.",
            sv="Vilken sorts plats, och hos vilken värd.",
            en="What kind of place, and at which host.",
        ),
    ),
    PlanField(
        key="before",
        label=LocalisedText(
            da="Hvad måler I før?", sv="Vad mäter ni före?", en="What is measured before?"
        ),
        hint=LocalisedText(
            da="Det, som det er i dag: tid, tryghed, fejl, eller hvad I vil ændre.",
            sv="Hur det är i dag: tid, trygghet, fel, eller det ni vill ändra.",
            en="How it is today: time, safety, mistakes, or what you want to change.",
        ),
    ),
    PlanField(
        key="after",
        label=LocalisedText(
            da="Hvad måler I efter?", sv="Vad mäter ni efter?", en="What is measured after?"
        ),
        hint=LocalisedText(
            da="Det samme, på samme måde. Skriv også, hvornår.",
            sv="Samma sak, på samma sätt. Skriv också när.",
            en="The same, in the same way. Write when, too.",
        ),
    ),
    PlanField(
        key="data",
        label=LocalisedText(
            da="Hvilke data, og hvem har ansvaret?",
            sv="Vilka data, och vem har ansvaret?",
            en="Which data, and who answers for it?",
        ),
        hint=LocalisedText(
            da="Hvad I samler, hvor længe, hvor det ligger, og hvem der er dataansvarlig.",
            sv="Vad ni samlar in, hur länge, var det finns och vem som är personuppgiftsansvarig.",
            en="What you collect, how long, where it is kept, and who is the controller.",
        ),
    ),
    PlanField(
        key="device",
        label=LocalisedText(
            da="Er det medicinsk udstyr?",
            sv="Är det en medicinteknisk produkt?",
            en="Is it a medical device?",
        ),
        hint=LocalisedText(
            da="CE-mærket til det her formål? Ellers: hvad myndigheden har svaret.",
            sv="CE-märkt för det här ändamålet? Annars: vad myndigheten har svarat.",
            en="CE-marked for this purpose? If not: what the authority has answered.",
        ),
    ),
    PlanField(
        key="working_environment",
        label=LocalisedText(
            da="Hvad betyder det for arbejdsmiljøet?",
            sv="Vad betyder det för arbetsmiljön?",
            en="What does it mean for the working environment?",
        ),
        hint=LocalisedText(
            da="Løft, tid, støj og uro. Tal med en arbejdsmiljørepræsentant.",
            sv="Lyft, tid, buller och oro. Prata med ett skyddsombud.",
            en="Lifting, time, noise and worry. Talk with a safety representative.",
        ),
    ),
    PlanField(
        key="stopped_by",
        label=LocalisedText(
            da="Hvem kan stoppe det, og hvornår?",
            sv="Vem kan stoppa det, och när?",
            en="Who can stop it, and when?",
        ),
        hint=LocalisedText(
            da="En funktion, ikke et navn, og hvad der skal til.",
            sv="En funktion, inget namn, och vad som krävs.",
            en="A function, not a name, and what it takes.",
        ),
    ),
)

START = LocalisedText(da="Hvornår begynder det?", sv="När börjar det?", en="When does it begin?")

ROLES: Mapping[str, LocalisedText] = {
    "citizen": LocalisedText(da="For borgeren", sv="För brukaren", en="For the citizen"),
    "staff": LocalisedText(da="For medarbejderen", sv="För medarbetaren", en="For the employee"),
    "manager": LocalisedText(da="For lederen", sv="För chefen", en="For the manager"),
}
"""For whom a company says what its solution is worth."""
