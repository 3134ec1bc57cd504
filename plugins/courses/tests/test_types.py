"""The course types and the words around them: complete, in three languages, fit together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask import Flask

from lms.contracts import LANGUAGES, LocalisedText
from lms.host import current_host
from lms_courses import settings, types, vocabulary

PACKAGE = Path(types.__file__).parents[1]
ICONS = (PACKAGE.parents[2] / "lms" / "templates" / "icons.html").read_text()


def texts_in(value: Any) -> Iterator[LocalisedText]:
    """Every text in facts, however deep."""
    if isinstance(value, LocalisedText):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_in(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts_in(item)


def missing(value: Any) -> list[LocalisedText]:
    """Texts that are written in some language but not in all."""
    return [
        text
        for text in texts_in(value)
        if text.everything() and not all(getattr(text, code) for code in LANGUAGES)
    ]


@pytest.mark.once
@pytest.mark.parametrize("key", types.KEYS)
def test_course_types_are_complete_in_three_languages(key: str) -> None:
    data = types.type_data(key)
    assert not missing(data)
    plan = data.plan
    assert plan.key == key
    assert all(plan.title.as_dict().values())
    assert all(plan.summary.as_dict().values())
    for part in (*plan.phases, *plan.modules):
        assert all(part.title.as_dict().values()), part.key
    for module in plan.modules:
        assert all(module.content.as_dict().values()), module.key
        assert bool(module.between) == bool(module.between_minutes), module.key


@pytest.mark.once
@pytest.mark.parametrize("key", types.KEYS)
def test_course_types_fit_together(key: str) -> None:
    plan = types.type_data(key).plan
    phases = [phase.key for phase in plan.phases]
    modules = [module.key for module in plan.modules]
    assert len(set(phases)) == len(phases)
    assert len(set(modules)) == len(modules)
    # Modules come in the order of their phases, and no phase is without one.
    assert list(dict.fromkeys(module.phase for module in plan.modules)) == phases
    known = {activity.key for activity in vocabulary.ACTIVITY_TYPES}
    assert {module.activity_type for module in plan.modules} <= known
    assert plan.rule.conditions["attendance"] == {"percent": 80}
    assert {"activities", "declared"} <= set(plan.rule.conditions)
    assert len(plan.rule.version) <= 80


@pytest.mark.once
def test_course_types_say_who_decides_and_what_they_certify() -> None:
    plans = {plan.key: plan for plan in types.course_types()}
    assert {key: plan.manager_decides for key, plan in plans.items()} == {
        types.COMPANY: False,
        types.STAFF: True,
        types.STUDENT: False,
    }
    assert not any(plan.collects_requests for plan in plans.values())
    assert plans[types.COMPANY].entry_page == "courses.call"
    assert {key: plan.certificate_kind for key, plan in plans.items()} == {
        types.COMPANY: "course",
        types.STAFF: "competence",
        types.STUDENT: "course",
    }
    # Five meetings of three hours for companies, five of three and a half for staff.
    assert [module.minutes for module in plans[types.COMPANY].modules] == [180] * 5
    assert [module.minutes for module in plans[types.STAFF].modules] == [210] * 5


@pytest.mark.once
@pytest.mark.parametrize("key", types.KEYS)
def test_ct1_1_a_course_type_plans_who_it_needs_when_it_asks_and_what_it_takes(key: str) -> None:
    plan = types.type_data(key).plan
    assert any(function.required for function in plan.functions)
    assert len({function.key for function in plan.functions}) == len(plan.functions)
    assert all(function.task.everything() for function in plan.functions)
    moments = {moment.key: moment for moment in plan.moments}
    assert {"E0", "E1", "E2", "E3"} <= set(moments)
    assert [moments[k].anchor for k in ("E0", "E1", "E2", "E3")] == [
        "begins",
        "session",
        "ends",
        "ends",
    ]
    assert moments["E0"].days < 0 <= moments["E1"].days <= 1
    # Three months after, which Danish advice puts between two and four.
    assert 8 * 7 <= moments["E3"].days <= 17 * 7
    assert all(moment.asked for moment in plan.moments)
    assert plan.shares == {"before": 30, "during": 30, "after": 40}
    assert plan.capacity >= plan.minimum > 0
    asked = {(one.role, one.stretch) for one in plan.asks}
    assert {("participant", "before"), ("participant", "after")} <= asked
    # What is to be handed in stands in a module that has a task in between.
    planned = [(module, one) for module in plan.modules for one in module.activities]
    assert planned
    assert all(module.between and one.content["text"]["da"] for module, one in planned)
    assert all(one.minutes == module.between_minutes for module, one in planned)


@pytest.mark.once
def test_ct1_the_track_of_companies_and_ct2_that_of_staff_fill_their_weeks() -> None:
    plans = {plan.key: plan for plan in types.course_types()}
    company, staff, student = (plans[key] for key in types.KEYS)
    weeks = {plan.key: (len(plan.modules) - 1) * plan.days_between / 7 for plan in (company, staff)}
    assert weeks == {types.COMPANY: 8, types.STAFF: 12}
    assert student.weekdays == (0, 2, 4)
    assert company.ways == ("nomination",), "seats follow the application of the company"
    assert {moment.key for moment in company.moments} >= {"E3b", "E4"}
    ends = {module.key: module.ends_in for module in staff.modules}
    assert list(ends.values()) == ["problem", "journey", "idea", "tryout", "decision"]


@pytest.mark.once
def test_a_course_type_that_is_not_ours_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        types.type_data("../organisations")


@pytest.mark.once
def test_record_types_are_what_other_plugins_will_keep() -> None:
    assert [record.key for record in vocabulary.RECORD_TYPES] == [
        "requirement",
        "finding",
    ]
    assert not missing(vocabulary.RECORD_TYPES)


@pytest.mark.once
def test_activity_types_have_words_and_icons() -> None:
    assert not missing(vocabulary.ACTIVITY_TYPES)
    plans = types.course_types()
    for part in (*vocabulary.ACTIVITY_TYPES, *vocabulary.RECORD_TYPES, *plans):
        assert f'"{part.icon}"' in ICONS, part.icon


def test_settings_are_declared_and_have_their_defaults(lms_app: Flask) -> None:
    assert not missing(settings.SECTION)
    with lms_app.app_context():
        assert current_host().settings_sections()["courses"].item == settings.SECTION
        assert settings.current() == settings.Settings(group_size=4, companies_baseline=0)


def test_the_host_takes_everything_in_without_a_remark(lms_app: Flask) -> None:
    with lms_app.app_context():
        host = current_host()
        assert set(types.KEYS) <= set(host.course_types())
        assert {"session", "group_work", "feedback_day"} <= set(host.activity_types())
        assert {kind.key for kind in vocabulary.RECORD_TYPES} <= set(host.record_types())
        assert "contact_id" in host.data_policies()["courses_company_case"].item.person_columns
        (report,) = [report for report in host.report() if report.name == "courses"]
        assert (report.state, report.remarks) == ("active", ())


@pytest.mark.once
@pytest.mark.parametrize("language", ["da", "sv"])
def test_every_message_of_the_templates_is_translated(language: str) -> None:
    used = {
        message
        for path in (PACKAGE / "templates").rglob("*.html")
        for _line, message, _comments, _context in extract_from_file("jinja2", path)
    }
    with (PACKAGE / "translations" / language / "LC_MESSAGES" / "courses.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    translated = {message.id for message in catalogue if message.id and message.string}
    assert used <= translated
    for message in catalogue:
        if message.id:
            assert not list(message.check()), message.id
