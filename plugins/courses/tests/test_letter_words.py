"""Sentences of letters, in every language and with the day it is where the run is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lms.api import LocalisedText
from lms_courses.letter_words import day_in, filled


@pytest.mark.once
def test_a_day_is_the_one_it_is_where_the_run_is() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert day_in(late, "Europe/Copenhagen") == "1.7.2026"
    assert day_in(late, "UTC") == "30.6.2026"


@pytest.mark.once
def test_what_is_told_stands_in_its_own_language_or_is_the_same_in_all() -> None:
    title = LocalisedText(da="Et hold", sv="En omgång", en="A run")
    said = filled("%(run)s: %(day)s", {"run": title, "day": "1.7.2026"})
    assert said.as_dict() == {
        "da": "Et hold: 1.7.2026",
        "sv": "En omgång: 1.7.2026",
        "en": "A run: 1.7.2026",
    }
