"""What the plugin adds to the page of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lms.api import GUEST, Panel, now, runs_by_id
from lms.host import current_host
from lms.testing.rows import Maker
from lms_courses.types import COMPANY, KEYS, STUDENT, type_data


def panels_of(app: Flask, run_id: int) -> list[Panel]:
    with app.app_context():
        run = runs_by_id([run_id])[run_id]
        found = [
            panel
            for answer in current_host().draw("lms_run_panels", runs=(run,), actor=GUEST)
            for panel in (answer.value or {}).get(run_id, ())
        ]
    return [panel for panel in found if panel.template.startswith("courses/")]


def drawn(app: Flask, panel: Panel, language: str) -> str:
    with app.test_request_context(f"/?lang={language}"):
        app.preprocess_request()
        return app.jinja_env.get_template(panel.template).render(
            **dict(panel.values), **app_frame(app)
        )


def app_frame(app: Flask) -> dict[str, Any]:
    frame: dict[str, Any] = {}
    app.update_template_context(frame)
    return frame


@pytest.mark.parametrize("key", KEYS)
def test_run_panels_tell_what_is_asked_before_during_and_after(
    lms_app: Flask, maker: Maker, key: str
) -> None:
    run = maker.run(course_type=type_data(key).plan)
    (panel,) = [one for one in panels_of(lms_app, run.id) if one.order == 60]
    assert panel.template == "courses/phases.html"
    assert panel.values["at"] == "before"
    for language in ("da", "sv", "en"):
        page = drawn(lms_app, panel, language)
        assert getattr(type_data(key).before.text, language) in page
        assert "80" in page


def test_run_panels_tell_all_that_it_takes_to_complete(lms_app: Flask, maker: Maker) -> None:
    plan = type_data(STUDENT).plan
    asked = {"attendance": {"percent": 75}, "activities": {"per_module": 1}, "agreement": {}}
    rule = replace(plan.rule, conditions=asked)
    run = maker.run(course_type=replace(plan, rule=rule))
    (panel,) = panels_of(lms_app, run.id)
    page = " ".join(drawn(lms_app, panel, "en").split())
    for sentence in (
        "You are there for at least 75% of the time.",
        "Done the activities that are required.",
        "At least so many in each module: 1.",
        "The learning agreement is signed.",
    ):
        assert sentence in page


def test_run_panels_know_where_the_run_is(lms_app: Flask, maker: Maker) -> None:
    plan = type_data(COMPANY).plan
    moments = {
        "during": [now() - timedelta(days=7), now() + timedelta(days=7)],
        "after": [now() - timedelta(days=9), now() - timedelta(days=7)],
    }
    for place, sessions in moments.items():
        run = maker.run(course_type=plan, state="running", sessions=sessions)
        (panel,) = panels_of(lms_app, run.id)
        assert panel.values["at"] == place


def test_run_panels_leave_other_types_alone(lms_app_factory: Any) -> None:
    from lms.testing.specimen import SPECIMEN, Specimen

    app = lms_app_factory(plugins=["courses", (SPECIMEN, Specimen())])
    run = Maker(app).run()
    assert panels_of(app, run.id) == []
