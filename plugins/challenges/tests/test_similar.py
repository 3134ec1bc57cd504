"""S03: the words of a problem, in Danish and Swedish; how alike two problems are, measured."""

from __future__ import annotations

import importlib.util
import sys
import unicodedata
from itertools import groupby
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_challenges.similar import (
    LONGEST_STEM,
    MOST_STEMS,
    language_of,
    likeness,
    stems_of,
    values_of,
    weighed,
    words_of,
)
from lms_challenges.wordlists import PAIRS

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("da", "borger borgere borgeren borgerens borgernes"),
        ("da", "seng senge sengen sengens sengene plejesengen"),
        ("da", "lade lader ladet opladet opladning laderen"),
        ("da", "kørestol kørestole kørestolen kørestolene"),
        ("da", "hjælpemiddel hjælpemidler hjælpemidlet hjælpemidlerne"),
        ("sv", "brukare brukaren brukarens brukarna brukarnas"),
        ("sv", "säng sängar sängen sängarna vårdsängen"),
        ("sv", "ladda laddar laddat laddning laddaren"),
        ("sv", "rullstol rullstolar rullstolen rullstolarna"),
        ("sv", "läkemedel läkemedlet läkemedlen"),
    ],
)
def test_forms_of_a_word_are_one_stem(language: str, forms: str) -> None:
    found = {tuple(stems_of(form, language)) for form in forms.split()}
    assert len(found) == 1, found


@pytest.mark.parametrize(
    ("danish", "swedish"),
    [
        ("borgerens seng", "brukarens säng"),
        ("liften på badeværelset", "lyften i badrummet"),
        ("medicinlisten efter udskrivelsen", "läkemedelslistan efter utskrivningen"),
        ("nødkaldet", "trygghetslarmet"),
        ("kørestolene på gangen", "rullstolarna i korridoren"),
        ("robotstøvsugeren og dørtrinet", "robotdammsugaren och tröskeln"),
        ("støttestrømper", "stödstrumporna"),
    ],
)
def test_words_of_the_field_find_each_other_across_the_sound(danish: str, swedish: str) -> None:
    assert stems_of(danish, "da") == stems_of(swedish, "sv")


def test_compounds_are_taken_apart_where_their_parts_are_known() -> None:
    assert set(stems_of("vaskemaskine", "da")) == set(stems_of("tvättmaskin", "sv"))
    assert stems_of("elevatoren", "da") == stems_of("hissen", "sv")
    assert "seng" in stems_of("sengebord", "da")
    assert len(stems_of("besked", "da")) == 1  # no part of it is a word here


def test_small_words_and_figures_say_nothing() -> None:
    assert stems_of("Vi er ikke på det, og 12 af os har 3.", "da") == []
    assert stems_of("Vi är inte på det, och 12 av oss har 3.", "sv") == []


def test_letters_written_in_two_ways_are_the_same_word() -> None:
    text = "Sængen på gården, Ångström"
    apart = unicodedata.normalize("NFD", text.upper())
    assert words_of(apart) == words_of(text.lower())


def test_a_text_plainly_in_another_language_is_read_in_that() -> None:
    assert language_of("Sängen går inte att höja och vi får ont i ryggen", "da") == "sv"
    assert language_of("Vi kan ikke få sengen op, og den er også tung", "sv") == "da"
    assert language_of("Lift", "sv") == "sv"
    assert language_of("", "en") == "en"


@given(st.text(max_size=400), st.sampled_from(["da", "sv", "en"]))
def test_any_text_gives_stems_that_fit_the_table(text: str, language: str) -> None:
    found = weighed(text[:80], text, language)
    assert len(found) <= 2 * MOST_STEMS
    assert all(0 < len(stem) <= LONGEST_STEM for stem in found)
    assert stems_of(text, language) == stems_of(text, language)


def test_a_text_of_ten_megabytes_is_read_no_longer_than_it_helps() -> None:
    long = "liften sidder fast på gangen " * 350_000
    assert len(long) > 10_000_000
    assert len(words_of(long)) < 5_000
    assert len(weighed("", long, "da")) < MOST_STEMS


def test_a_text_is_like_itself_and_one_shared_word_is_not_enough() -> None:
    one = weighed("Liften er flad", "Batteriet er ikke ladet om morgenen", "da")
    values = values_of(one, dict.fromkeys(one, 3), 200)
    assert likeness(one, one, values, 200) == pytest.approx(1.0)
    other = weighed("Liften er tung", "Vi har ondt i ryggen af at skubbe", "da")
    assert likeness(one, other, values, 200) == 0.0


def test_every_line_of_the_pairs_has_both_languages() -> None:
    assert all(danish and swedish for danish, swedish in PAIRS)
    assert len(PAIRS) > 200


# --- measured -----------------------------------------------------------------------------------

LEAST = {"da-da": (0.77, 0.84), "da-sv": (0.94, 0.88), "sv-sv": (0.83, 0.60)}
LEAST_OF_ALL = (0.89, 0.85)
LEAST_HELD_OUT = (0.83, 0.90)
"""Precision and recall as measured, rounded down: they may get better, not worse."""


@pytest.fixture(scope="module")
def labelled() -> ModuleType:
    """The labelled set beside this file; tests have no package to import it from."""
    name = "likeness_set"
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)  # dataclasses look there
    spec.loader.exec_module(module)
    return module


def test_precision_and_recall_on_the_labelled_pairs(
    labelled: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    verdicts = labelled.judged(labelled.pairs())
    assert len(verdicts) >= 200
    measured = {}
    for languages, group in groupby(
        sorted(verdicts, key=lambda verdict: verdict.pair.languages),
        key=lambda verdict: verdict.pair.languages,
    ):
        among = list(group)
        measured[languages] = (len(among), *labelled.precision_and_recall(among))
    tuned = labelled.tuned_on()
    held_out = [v for v in verdicts if not {v.pair.one.matter, v.pair.other.matter} <= tuned]
    measured["all"] = (len(verdicts), *labelled.precision_and_recall(verdicts))
    measured["held out"] = (len(held_out), *labelled.precision_and_recall(held_out))
    lines = [
        f"{name}: {number} pairs, precision {precision:.3f}, recall {recall:.3f}"
        for name, (number, precision, recall) in measured.items()
    ]
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
    for name, least in (LEAST | {"all": LEAST_OF_ALL, "held out": LEAST_HELD_OUT}).items():
        _number, precision, recall = measured[name]
        assert precision >= least[0], name
        assert recall >= least[1], name
