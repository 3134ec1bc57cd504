"""What authorities and companies have to do with each other, in words."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText

KINDS: Mapping[str, LocalisedText] = {
    key: LocalisedText(da=da, sv=sv, en=en)
    for key, da, sv, en in (
        ("place", "Plads på et hold", "Plats i en omgång", "A place in a run"),
        ("teach", "Underviste", "Undervisade", "Taught"),
        ("present", "Viste frem", "Visade upp", "Presented"),
        ("test", "Fik noget prøvet", "Fick något testat", "Had something tried"),
        ("feedback", "Fik svar", "Fick svar", "Got feedback"),
        ("share", "Fik materiale", "Fick material", "Got material"),
        ("case", "Gav en opgave", "Gav ett fall", "Gave a case"),
        ("meet", "Mødtes", "Möttes", "Met"),
    )
}
"""Kinds of contacts, as the company's side of them."""

PEOPLE: Mapping[str, LocalisedText] = {
    key: LocalisedText(da=da, sv=sv, en=en)
    for key, da, sv, en in (
        ("participant", "deltagere", "deltagare", "participants"),
        ("staff", "medarbejdere", "medarbetare", "staff"),
        ("manager", "ledere", "chefer", "managers"),
        ("teacher", "undervisere", "lärare", "teachers"),
        ("student", "studerende", "studenter", "students"),
        ("citizen", "borgere", "medborgare", "citizens"),
        ("decision_maker", "beslutningstagere", "beslutsfattare", "decision makers"),
        ("host", "værter", "värdar", "hosts"),
        ("panel", "i panelet", "i panelen", "on the panel"),
    )
}
"""Who took part, by the keys of `ContactFacts.people` that are used most."""


def people_in_words(people: Mapping[str, int], language: str) -> str:
    """ "12 participants, 2 managers": numbers by function, in the order of the keys."""
    return ", ".join(
        f"{number} {PEOPLE[key].in_language(language) if key in PEOPLE else key.replace('_', ' ')}"
        for key, number in sorted(people.items())
        if number
    )
