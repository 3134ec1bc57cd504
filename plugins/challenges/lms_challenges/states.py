"""The states of problems, challenges, gates and ideas: one table each, and words for them.

`MOVES` of each say what may follow what; nothing else can be said by a form or a service.
`REASONED` need a reason in plain words.
"""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText

# --- problems -----------------------------------------------------------------------------------

PROBLEM: Mapping[str, LocalisedText] = {
    "received": LocalisedText(da="Modtaget", sv="Mottaget", en="Received"),
    "clarifying": LocalisedText(da="Vi har spurgt dig", sv="Vi har frågat dig", en="We have asked"),
    "accepted": LocalisedText(da="Del af en udfordring", sv="Del av en utmaning", en="Taken up"),
    "clustered": LocalisedText(
        da="Samlet med et andet", sv="Samlat med ett annat", en="Gathered with another"
    ),
    "answered_locally": LocalisedText(
        da="Løst på stedet", sv="Löst på plats", en="Solved where it is"
    ),
    "known_solution": LocalisedText(
        da="Der findes en løsning", sv="Det finns en lösning", en="A solution exists"
    ),
    "parked": LocalisedText(da="Venter til senere", sv="Väntar till senare", en="Put off"),
    "declined": LocalisedText(da="Går ikke videre", sv="Går inte vidare", en="Goes no further"),
    "withdrawn": LocalisedText(da="Trukket tilbage", sv="Återtaget", en="Withdrawn"),
}

PROBLEM_MOVES: Mapping[str, frozenset[str]] = {
    "received": frozenset(
        {
            "clarifying",
            "accepted",
            "clustered",
            "answered_locally",
            "known_solution",
            "parked",
            "declined",
            "withdrawn",
        }
    ),
    "clarifying": frozenset({"received", "withdrawn"}),
    "clustered": frozenset({"received", "parked", "answered_locally", "known_solution"}),
    "parked": frozenset({"received", "withdrawn"}),
    "answered_locally": frozenset(),
    "known_solution": frozenset(),
    "declined": frozenset(),
    "accepted": frozenset(),
    "withdrawn": frozenset(),
}
"""Undoing a merge gives back the state from before; the other ends are ends."""

PROBLEM_REASONED = frozenset({"answered_locally", "known_solution", "parked", "declined"})

# --- challenges ---------------------------------------------------------------------------------

CHALLENGE: Mapping[str, LocalisedText] = {
    "framed": LocalisedText(da="Beskrevet", sv="Beskriven", en="Framed"),
    "prioritised": LocalisedText(da="Prioriteret", sv="Prioriterad", en="Prioritised"),
    "in_idea_development": LocalisedText(
        da="I idéudvikling", sv="I idéutveckling", en="Ideas being developed"
    ),
    "concept": LocalisedText(da="Koncept", sv="Koncept", en="Concept"),
    "partnering": LocalisedText(da="Finder partnere", sv="Söker partner", en="Finding partners"),
    "prototype": LocalisedText(da="Prototype", sv="Prototyp", en="Prototype"),
    "in_test": LocalisedText(da="Bliver afprøvet", sv="Testas", en="Being tested"),
    "decided": LocalisedText(da="Afgjort", sv="Avgjord", en="Decided"),
    "in_operation": LocalisedText(da="I drift", sv="I drift", en="In operation"),
    "still_in_use": LocalisedText(da="Bruges stadig", sv="Används fortfarande", en="Still in use"),
    "no_longer_used": LocalisedText(
        da="Bruges ikke mere", sv="Används inte längre", en="No longer used"
    ),
    "paused": LocalisedText(da="På pause", sv="Pausad", en="Paused"),
    "stopped": LocalisedText(da="Stoppet", sv="Stoppad", en="Stopped"),
}

_WAY = (
    "framed",
    "prioritised",
    "in_idea_development",
    "concept",
    "partnering",
    "prototype",
    "in_test",
    "decided",
)

CHALLENGE_ACTIVE = frozenset((*_WAY, "in_operation"))
"""May be reframed, paused and stopped."""

CHALLENGE_MOVES: Mapping[str, frozenset[str]] = {
    **{
        state: frozenset({following, "paused", "stopped"})
        for state, following in zip(_WAY, (*_WAY[1:], "in_operation"), strict=True)
    },
    "in_operation": frozenset({"still_in_use", "no_longer_used", "paused", "stopped"}),
    "still_in_use": frozenset({"no_longer_used"}),
    "no_longer_used": frozenset(),
    "paused": frozenset({*CHALLENGE_ACTIVE, "stopped"}),  # back to where it was, by services
    "stopped": frozenset(),
}

CHALLENGE_REASONED = frozenset({"paused", "stopped"})

LEVEL_OF_STATE: Mapping[str, int] = {
    "concept": 3,
    "partnering": 3,
    "prototype": 4,
    "in_test": 5,
    "decided": 8,
    "in_operation": 8,
    "still_in_use": 9,
}
"""The maturation level that a gate must have given before a challenge may enter a state."""

# --- gates --------------------------------------------------------------------------------------

DECISIONS: Mapping[str, LocalisedText] = {
    "go": LocalisedText(da="Videre", sv="Vidare", en="Go on"),
    "recycle": LocalisedText(da="En runde til", sv="Ett varv till", en="Another round"),
    "hold": LocalisedText(da="Vent", sv="Vänta", en="Wait"),
    "stop": LocalisedText(da="Stop", sv="Stopp", en="Stop"),
}

# --- ideas --------------------------------------------------------------------------------------

IDEA: Mapping[str, LocalisedText] = {
    "raw": LocalisedText(da="Skrevet ned", sv="Nedskriven", en="Written down"),
    "clustered": LocalisedText(da="I en gruppe", sv="I en grupp", en="In a cluster"),
    "shortlisted": LocalisedText(da="Valgt ud", sv="Utvald", en="Shortlisted"),
    "sheet": LocalisedText(da="Har et idéark", sv="Har ett idéblad", en="Has an idea sheet"),
    "at_gate": LocalisedText(da="Til beslutning", sv="För beslut", en="At a gate"),
    "continued": LocalisedText(da="Går videre", sv="Går vidare", en="Goes on"),
    "stored": LocalisedText(da="Gemt til senere", sv="Sparad till senare", en="Kept for later"),
    "declined": LocalisedText(da="Valgt fra", sv="Bortvald", en="Not chosen"),
}

IDEA_MOVES: Mapping[str, frozenset[str]] = {
    "raw": frozenset({"clustered", "shortlisted", "stored", "declined"}),
    "clustered": frozenset({"raw", "shortlisted", "stored", "declined"}),
    "shortlisted": frozenset({"clustered", "sheet", "stored", "declined"}),
    "sheet": frozenset({"at_gate", "stored", "declined"}),
    "at_gate": frozenset({"continued", "stored", "declined"}),
    "continued": frozenset(),
    "stored": frozenset({"raw", "shortlisted"}),
    "declined": frozenset(),
}

IDEA_REASONED = frozenset({"stored", "declined"})
