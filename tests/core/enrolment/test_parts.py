"""Who is on a run's team and who works for whom, as parts of other questions."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select

from lms.api import db, employed_by, on_team
from lms.core.catalogue.models import Run
from lms.testing.rows import Maker


def test_who_is_on_the_team_is_asked_by_role_along_with_another_question(
    lms_app: Flask, maker: Maker
) -> None:
    person, run, other = maker.person(), maker.run(), maker.run()
    maker.team_member(run=run, person=person, role="panel_member")
    maker.team_member(run=other, person=person, role="teacher")

    def runs(person_id: int | None, *roles: str) -> Sequence[int]:
        asked = select(Run.id).where(on_team(person_id, Run.id, roles))
        return db.session.scalars(asked.order_by(Run.id)).all()

    with lms_app.app_context():
        assert runs(person.id, "panel_member") == [run.id]
        assert runs(person.id, "panel_member", "teacher") == [run.id, other.id]
        assert runs(maker.person().id, "panel_member") == []
        assert runs(None, "panel_member") == []


def test_enrolments_of_an_employer_are_those_at_the_time(lms_app: Flask, maker: Maker) -> None:
    employer = maker.organisation()
    own = maker.enrolment(employer=employer)
    maker.enrolment(employer=maker.organisation())
    with lms_app.app_context():
        assert db.session.scalars(employed_by([employer.id])).all() == [own.id]
        assert db.session.scalars(employed_by([])).all() == []
