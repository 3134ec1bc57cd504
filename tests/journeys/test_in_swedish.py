"""The whole way in Swedish, in Exempelstad."""

from __future__ import annotations

from pathlib import Path

from tests.journeys.conftest import PAST_RUNS, Visit
from tests.journeys.whole_way import Cast, go_the_whole_way

EXEMPELSTAD = Cast(
    worker="underskoterska-vaster@exempelstad.example",
    name="Undersköterska, Hemtjänsten Väster, Exempelstad",
    manager="hemtjanstchef@exempelstad.example",
    lead="kursansvarig@exempelstad.example",
    teacher="kursansvarig@exempelstad.example",
    stranger_language="sv",
)


def test_from_the_catalogue_to_a_verified_certificate_in_swedish(
    enter: Visit, past_runs: dict[str, str], tmp_path: Path
) -> None:
    says, text = go_the_whole_way(
        enter, EXEMPELSTAD, run=past_runs["sv"], title=PAST_RUNS["sv"].title, folder=tmp_path
    )
    assert says["issuer_name"] in text
    assert says["issuer_countries"] == ["SE"]
