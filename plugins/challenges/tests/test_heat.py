"""S03: what weighs most, by how often, how bad and in how many places."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from lms.api import SYSTEM, db
from lms_challenges.queries.heat import HeatFilter, heat_list
from lms_challenges.scales import FREQUENCY_WEIGHTS
from lms_challenges.services.heat import Counts, Heard, counts_of
from lms_challenges.services.merging import merge
from lms_challenges.services.reporting import withdraw

COUNTRY = {1: "DK", 2: "DK", 3: "SE"}
VOICES = st.lists(
    st.builds(
        Heard,
        st.sampled_from([1, 2, 3]),
        st.sampled_from([None, 1, 2]),
        st.sampled_from(list(FREQUENCY_WEIGHTS)),
        st.integers(1, 4),
    ),
    max_size=12,
)


@pytest.mark.once
def test_the_formula_as_it_is_told() -> None:
    heard = [
        Heard(1, 1, "daily", 3),  # 60, the heaviest of its unit
        Heard(1, 1, "weekly", 4),  # 32 of the same unit is not added
        Heard(1, 2, "monthly", 2),  # 6
        Heard(3, None, "rarely", 1),  # 1, a unit that is not stated
    ]
    assert counts_of(heard, COUNTRY) == Counts(
        heat=(60 + 6 + 1) * (2 + 2), voices=4, units=3, organisations=2, countries=2
    )
    assert counts_of([], COUNTRY) == Counts()


@pytest.mark.once
@given(VOICES, VOICES)
def test_another_voice_never_cools(some: list[Heard], more: list[Heard]) -> None:
    before, after = counts_of(some, COUNTRY), counts_of(some + more, COUNTRY)
    assert after.heat >= before.heat
    assert after.voices == before.voices + len(more)
    assert after.units >= after.organisations >= after.countries


@pytest.mark.once
@given(VOICES)
def test_the_order_of_voices_does_not_matter(heard: list[Heard]) -> None:
    assert counts_of(heard, COUNTRY) == counts_of(heard[::-1], COUNTRY)


def titles(care: Any, person: Any = None, **asked: str) -> list[str]:
    actor = care.actor(person) if person is not None else SYSTEM
    found = care.ask(heat_list, actor, HeatFilter(**asked), language="da")
    return [row.title for row in found.rows]


@pytest.fixture
def told(care: Any) -> Any:
    """Three problems: one hot in both countries, one in a Danish home, one in a Swedish ward."""
    hot = care.problem(checked=True, title="Liften mangler strøm", what="Batteriet er fladt.")
    care.say(hot, care.worker("Ulla", unit=care.ward))
    care.problem(
        checked=True, title="Glat gulv", what="Vand på fliserne.", frequency="rarely", severity=1
    )
    care.problem(
        care.worker("Stina", unit=care.ward),
        checked=True,
        title="Hissen står still",
        what="Vi bär varor i trappan.",
        language="sv",
        organisation_id=care.south.id,
        unit_id=care.ward.id,
        place_kind="ward",
        frequency="weekly",
    )
    return hot


def test_the_hottest_comes_first(care: Any, told: Any) -> None:
    assert titles(care) == ["Liften mangler strøm", "Hissen står still", "Glat gulv"]
    assert told.id


@pytest.mark.usefixtures("told")
def test_the_list_is_filtered_by_place_country_and_theme(care: Any) -> None:
    assert titles(care, place_kind="ward") == ["Hissen står still"]
    assert titles(care, country="DK") == ["Liften mangler strøm", "Glat gulv"]
    assert titles(care, country="SE") == ["Liften mangler strøm", "Hissen står still"]
    assert titles(care, country="SE", place_kind="home_care") == ["Liften mangler strøm"]
    assert titles(care, theme="elevator") == ["Hissen står still"]
    assert titles(care, theme="lift batteri") == ["Liften mangler strøm"]
    assert titles(care, theme="lift gulv") == []
    assert titles(care, country="NO") == []


def test_what_was_gathered_is_found_by_its_own_words_where_it_may_be_read(
    care: Any, told: Any
) -> None:
    part = care.problem(title="Sejlet er i vask", what="Der er for få sejl.")
    care.do(merge, part.id, told.id, SYSTEM, "Samme lift")
    assert titles(care, theme="sejl") == ["Liften mangler strøm"]
    reader = care.worker("Bo", organisation=care.south)
    assert titles(care, reader, theme="sejl") == []  # nobody has looked through it yet
    care.check(part)
    assert titles(care, reader, theme="sejl") == ["Liften mangler strøm"]


def test_what_is_over_is_not_weighed(care: Any, told: Any) -> None:
    sender = care.worker("Sif")
    gone = care.problem(sender, checked=True, title="Taget tilbage")
    care.do(withdraw, gone, care.actor(sender))
    assert "Taget tilbage" not in titles(care)
    assert told.title in titles(care)


@pytest.mark.usefixtures("told")
def test_those_who_read_no_raw_problems_get_none(care: Any) -> None:
    for person in (care.seller(), care.student()):
        care.maker.access_role(person=person, role="learner", organisation=care.north)
        assert titles(care, person) == []
        answer = care.page(person, "/challenges/heat")
        assert answer.status_code == 200
        assert "Liften" not in answer.text
    assert len(titles(care, care.worker("Bo"))) == 3


@pytest.mark.usefixtures("told")
def test_the_page_draws_a_bar_beside_each_figure(care: Any) -> None:
    reader = care.worker("Bo")
    answer = care.page(reader, "/challenges/heat")
    assert answer.status_code == 200
    assert answer.text.count('<svg class="bar') == 3
    assert re.search(r"<td[^>]*data-l=\"Weight\">304 ", answer.text)
    for bad in ("place=x", "country=xx", "country=%F0", "page=0", "q=" + "a" * 500):
        assert care.page(reader, f"/challenges/heat?{bad}").status_code == 200


def test_the_list_is_read_along_the_index_of_heat(care: Any) -> None:
    for _ in range(3):
        care.problem(checked=True)
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        statements.append((statement, values))

    actor = care.actor(care.worker("Bo"))
    with care.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            heat_list(actor, HeatFilter(), language="da")
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert len(statements) <= 5
        (listing,) = (pair for pair in statements if "heat DESC" in pair[0])
        connection = db.session.connection()
        if db.engine.dialect.name == "postgresql":
            # Over few rows it would rather sort; what is asked is whether it could do without.
            for other_way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                connection.execute(text(f"SET LOCAL enable_{other_way} = off"))
            rows = connection.exec_driver_sql(f"EXPLAIN {listing[0]}", listing[1]).all()
        else:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {listing[0]}", listing[1]).all()
        plan = "\n".join(str(row) for row in rows)
    assert "ix_challenges_problem_heat" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_a_long_list_comes_in_pages(care: Any) -> None:
    anna = care.worker()
    for number in range(23):
        care.problem(anna, checked=True, title=f"Nummer {number}")
    found = care.ask(heat_list, SYSTEM, HeatFilter(), language="da")
    assert (len(found.rows), found.has_more) == (20, True)
    rest = care.ask(heat_list, SYSTEM, HeatFilter(), language="da", page=2)
    assert (len(rest.rows), rest.has_more, rest.hottest) == (3, False, found.hottest)
    assert not {row.id for row in rest.rows} & {row.id for row in found.rows}
    answer = care.page(care.worker("Bo"), "/challenges/heat?page=2")
    assert 'rel="prev"' in answer.text
    assert 'rel="next"' not in answer.text
