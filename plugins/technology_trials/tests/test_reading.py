"""What is read out of the rows: who was where, the ladder, and the drawing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.api import LocalisedText
from lms_technology_trials import reading, timeline
from lms_technology_trials.facts import CollaborationFacts, WorkshopFacts
from lms_technology_trials.queries import published_collaboration


@pytest.fixture
def found(mit_hjem: Flask) -> CollaborationFacts:
    with mit_hjem.app_context():
        facts = published_collaboration("mit-hjem")
    assert facts is not None
    return facts


def danish(text: LocalisedText) -> str:
    return text.in_language("da")


def test_coverage_marks_what_is_listed_inferred_and_tested(found: CollaborationFacts) -> None:
    rows = {row.party.slug: row for row in reading.coverage(found)}
    assert len(rows) == 18  # the university is named as a place only
    assert "sdu-kolding" not in rows
    haderslev = rows["haderslev-kommune"]
    assert list(haderslev.marks[:6]) == ["listed"] * 5 + ["inferred"]
    assert list(haderslev.marks[6:]) == ["test", "test", "test", "", "test", ""]
    assert haderslev.times == 10
    assert rows["aalborg-kommune"].times == 1


def test_coverage_begins_with_the_municipalities_of_the_collaboration(
    found: CollaborationFacts,
) -> None:
    slugs = [row.party.slug for row in reading.coverage(found)]
    assert slugs[:4] == [
        "haderslev-kommune",
        "kolding-kommune",
        "billund-kommune",
        "aalborg-kommune",
    ]


def test_the_ladder_says_where_each_question_was_asked(found: CollaborationFacts) -> None:
    first, second, third, fourth, fifth = reading.ladder(found)
    assert (first.tried, len(first.contexts), first.outside) == (3, 3, False)
    assert (second.tried, [context.mark for context in second.contexts]) == (
        2,
        ["tried", "tried", "unknown"],
    )
    assert [context.party.slug for context in second.contexts][-1] == "billund-kommune"
    assert third.outside
    assert [(c.party.slug, c.mark) for c in third.contexts] == [("aalborg-kommune", "shown")]
    assert fourth.contexts == fifth.contexts == []


def test_roles_that_carried_it_are_counted_by_workshop(found: CollaborationFacts) -> None:
    carriers = [(one.role.da, one.times, one.of) for one in reading.carriers(found)]
    assert carriers[0][1:] == (5, 6)
    assert ("Hjemmeplejeleder", 5, 6) in carriers
    assert not [role for role, _times, _of in carriers if role.startswith(("Hold", "Repræsentant"))]


def test_materials_stand_where_they_belong(found: CollaborationFacts) -> None:
    counts = [len(own) for _origin, own in reading.materials_by_origin(found)]
    assert counts == [2, 2, 3, 5, 1, 1, 1, 1, 1, 1]


# --- the drawing --------------------------------------------------------------------------------


def box(label: timeline.Label) -> tuple[float, float, float, float]:
    """What a label covers: (left, top, right, bottom)."""
    width = max(len(label.text) * 9, 9 * 7.2)
    left = label.x - {"middle": width / 2, "end": width, "start": 0}[label.anchor]
    return left, label.y - 14, left + width, label.y + 20


def apart(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    return one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


def test_labels_of_mit_hjem_cover_neither_each_other_nor_the_gaps(
    found: CollaborationFacts,
) -> None:
    drawing = timeline.draw(found, danish)
    assert drawing is not None
    boxes = [box(label) for label in drawing.labels]
    boxes += [(gap.middle - 60, 168, gap.middle + 60, 204) for gap in drawing.gaps]
    for number, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[2] <= timeline.WIDTH
        assert all(apart(one, other) for other in boxes[number + 1 :])
    assert len(drawing.labels) == 6 + 3
    assert [gap.days for gap in drawing.gaps] == [175, 257]
    assert [year.number for year in drawing.years] == [2017, 2018, 2019]


WORKSHOP = WorkshopFacts(
    id=1,
    slug="one",
    number=1,
    type="expert",
    phase="first",
    source_order=1,
    held_on=date(2017, 1, 1),
    starts=None,
    ends=None,
    minutes=None,
    zone="Europe/Copenhagen",
    venue=None,
    town=None,
    title="Ekspert",
    title_text=LocalisedText(da="Ekspert"),
    purpose=None,
    outputs=(),
    outputs_stated=False,
    aims_without_output=(),
    decisions=(),
    group_title=None,
    group_raw=None,
)


def held_on(days: list[date]) -> CollaborationFacts:
    nothing = LocalisedText()
    return CollaborationFacts(
        id=1,
        key="k",
        slug="s",
        title=nothing,
        short_title=nothing,
        lead=nothing,
        summary=nothing,
        country="DK",
        language="da",
        source_title="",
        programme=None,
        programme_name=None,
        notes=(),
        published_at=None,
        former_names=(),
        specification=None,
        phases=(),
        parties=(),
        workshops=[
            replace(WORKSHOP, id=number, number=number, held_on=day)
            for number, day in enumerate(sorted(days), start=1)
        ],
        participations=(),
        series=(),
        materials=(),
        rungs=(),
    )


@settings(deadline=None)
@given(
    st.lists(
        st.integers(0, 1500).map(lambda days: date(2017, 1, 1) + timedelta(days=days)),
        min_size=1,
        max_size=9,
        unique=True,
    )
)
def test_any_days_can_be_drawn(days: list[date]) -> None:
    drawing = timeline.draw(held_on(days), danish)
    assert drawing is not None
    assert [knot.number for knot in drawing.knots] == list(range(1, len(days) + 1))
    xs = [knot.x for knot in drawing.knots]
    assert xs == sorted(xs)
    assert all(0 <= x <= timeline.WIDTH for x in xs)
    assert drawing.labels
    assert drawing.top <= min(label.y for label in drawing.labels) - 14
    boxes = [box(label) for label in drawing.labels]
    assert all(apart(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])


def test_without_dates_nothing_is_drawn() -> None:
    assert timeline.draw(held_on([]), danish) is None
