"""I-28: what may tell who somebody is, is pointed at; what is taken out is gone everywhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.api import passages, without

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Om morgenen er fru Hansen faldet. Ring til Kirsten.", ["Hansen", "Kirsten"]),
        ("Hr. P. Sørensen sover, og beboeren Aase ringer.", ["P. Sørensen", "Aase"]),
        ("Hissen stannar. Sven Eriksson i rum 14 får vänta.", ["Sven Eriksson", "rum 14"]),
        ("Kirstens kørestol er væk, og borger K.J. faldt.", ["Kirstens", "K.J"]),
        ("Bor på Søndergade 12, 2. tv, 6000 Kolding.", ["Søndergade 12, 2. tv", "6000 Kolding"]),
        ("Hon bor på Storgatan 3B, 211 22 Malmö.", ["Storgatan 3B", "211 22 Malmö"]),
        ("Ring 23 45 67 89 eller 070-123 45 67.", ["23 45 67 89", "070-123 45 67"]),
        ("Skriv til anna.berg@kommun.example.", ["anna.berg@kommun.example"]),
        ("Hun er født 12.3.1940.", ["født 12.3.1940"]),
        ("Værelse 7 er for smalt til liften.", ["Værelse 7"]),
    ],
)
def test_passages_are_pointed_at(text: str, found: list[str]) -> None:
    assert [passage.text for passage in passages(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Liften på badeværelset når ikke toilettet. Vi løfter med ryggen.",
        "Vi mangler en lift. APV viser, at ryggen tager skade. Døren er for smal.",
        "Telefonen ringer 12 gange i timen, 4 ud af 5 dage, fra kl. 07.00 til 15.30 i 2026.",
        "Per dag går 20 minutter. Maj er værst. Det koster 10000 kr. om året i Danmark.",
        "Det tar lång tid. Vi hinner inte med. Jag och min kollega bär allt. I Sverige är det så.",
        "- Hissen stannar\n- Vi väntar\n- Ingen kommer",
    ],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert not passages(text)


def test_names_of_the_workplace_may_stand() -> None:
    text = "Alle i Nordby Kommune kender det, også Hjemmepleje Øst."
    assert passages(text)
    assert not passages(text, ["Nordby Kommune", "Hjemmepleje Øst"])


def test_what_is_taken_out_is_gone_in_every_form() -> None:
    text = "Kirsten Hansen ringer. KIRSTENs stol og kirsten  hansen, men ikke kirstenagtig."
    assert without(text, ["Kirsten", "Kirsten Hansen"], "[…]") == (
        "[…] ringer. […] stol og […], men ikke kirstenagtig."
    )


@given(st.text(max_size=300))
def test_passages_never_overlap_and_hold_what_they_say(text: str) -> None:
    found = passages(text)
    for one, following in pairwise(found):
        assert one.end <= following.start
    for one in found:
        assert text[one.start : one.end] == one.text != ""


@given(st.text(max_size=200), st.text(min_size=1, max_size=20))
def test_taking_out_twice_changes_nothing_more(text: str, words: str) -> None:
    once = without(text, [words], "☐")
    assert without(once, [words], "☐") == once or "☐" in words
