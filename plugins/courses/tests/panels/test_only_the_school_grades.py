"""I-34: practice and companies give feedback; only the institution grades."""

from __future__ import annotations

import inspect

import pytest

from lms.api import Finding, Refused, assess
from lms.core.learning.models import Assessment
from lms.db import db
from lms_courses.models import PanelForm
from lms_courses.services.panels import FormValues

JUDGING = ("assess", "decide", "complete", "waive", "declare", "mark")


def test_i34_a_form_carries_no_grade():
    names = {column.name for column in PanelForm.__table__.columns}
    assert names == {
        "id",
        "subject_id",
        "person_id",
        "role",
        "understood",
        "useful",
        "safe",
        "good",
        "better",
        "ask",
        "written_at",
    }
    assert set(inspect.signature(FormValues).parameters) <= names


def test_i34_no_page_lets_practice_or_a_company_on_the_panel_assess(stage, module):
    module.set_up()
    student = module.students["Gruppe A"][0]
    adapter = stage.app.url_map.bind("localhost")
    seat = _key(stage, module.seats[student.id])
    values = {
        "key": module.run.key,
        "enrolment_key": seat,
        "enrolment": seat,
        "session_key": stage.maker.sessions_of(module.run)[0].key,
    }
    tried = []
    for rule in stage.app.url_map.iter_rules():
        judges = any(word in rule.endpoint for word in JUDGING) or rule.rule.startswith("/teach/")
        if not judges or rule.endpoint.startswith(("courses.", "enrolment.")):
            continue
        arguments = {name: values.get(name, module.run.key) for name in rule.arguments}
        address = adapter.build(rule.endpoint, arguments)
        for person in (stage.chief, module.seller):
            if "GET" in (rule.methods or ()):
                assert stage.page(person, address).status_code == 404, (person.name, address)
            if "POST" in (rule.methods or ()):
                assert stage.post(person, address).status_code == 404, (person.name, address)
                tried.append(address)
    assert any(f"/assess/{seat}" in address for address in tried)
    with stage.app.app_context():
        assert db.session.query(Assessment).count() == 0


def test_i34_i13_the_service_refuses_a_company_whatever_its_role_on_the_team(stage, module):
    stage.maker.team_member(run=module.run, person=module.seller, role="teacher")
    student = module.students["Gruppe A"][0]
    finding = Finding(outcome=0, level=2, method="work")
    with pytest.raises(Refused) as no:
        stage.do(assess, module.seats[student.id], [finding], stage.actor(module.seller))
    assert no.value.refusals[0].code == "company"


def _key(stage, enrolment_id: int) -> str:
    from lms.core.enrolment.models import Enrolment

    with stage.app.app_context():
        return str(db.session.get_one(Enrolment, enrolment_id).key)
