"""What certificates say of each type: the plan and its reader, the way of assessment, no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from lms.api import (
    LANGUAGES,
    CertificateDetails,
    CompletionFacts,
    LocalisedText,
    OutcomeResult,
    now,
)
from lms.testing.rows import Maker
from lms_courses import certificates
from lms_courses.models import Application, TestPlan
from lms_courses.types import COMPANY, STAFF, STUDENT, type_data


def done(maker: Maker, key: str, **made: Any) -> CompletionFacts:
    """A completion in a run of this type with a host, without a row of its own."""
    version = maker.version(
        course=maker.course(course_type=key),
        course_type=type_data(key).plan,
        minutes=900,
        practice_minutes=300,
    )
    run = maker.run(version=version, hosts=[maker.organisation(name="Prøvelev Skole")])
    enrolment = maker.enrolment(run=run, state="active", **made)
    return CompletionFacts(
        enrolment_id=enrolment.id,
        enrolment_key=enrolment.key,
        run_id=run.id,
        person_id=enrolment.person_id,
        course_type=key,
        result="met",
        rule_version="x-1",
        minutes_attended=900,
        minutes_held=900,
        reasons=(),
        decided_at=datetime(2026, 12, 4, 23, 30, tzinfo=UTC),
    )


def said(app: Flask, completion: CompletionFacts) -> CertificateDetails:
    with app.app_context():
        return certificates.details([completion])[completion.enrolment_id]


def found(method: str, place: int = 0) -> OutcomeResult:
    return OutcomeResult(outcome=place, title=LocalisedText(da="Et mål"), level=2, method=method)


@pytest.fixture
def firm(maker: Maker) -> Any:
    return maker.organisation(name="Prøvefirma ApS", kind="company")


def test_i25_a_company_certificate_names_who_commented_on_the_plan_and_approves_nothing(
    lms_app: Flask, maker: Maker, firm: Any
) -> None:
    """3.7 CT1, I-25."""
    one = done(maker, COMPANY, employer=firm)
    before = said(lms_app, one)
    host = maker.organisation(name="Prøvelev Kommune")
    application = Application(
        run_id=one.run_id,
        organisation_id=firm.id,
        name="Prøvefirma",
        name_key="prøvefirma",
        country="DK",
        registration_number="12345674",
        size="micro",
        contact_name="Ida",
        contact_email="ida@proevefirma.example",
        people=[],
        why="For at lære",
        language="da",
        declared_at=now(),
        created_at=now(),
        state="confirmed",
    )
    maker.write(application)
    maker.write(
        TestPlan(
            application_id=application.id,
            content={},
            state="commented",
            comment="God plan",
            host_id=host.id,
        )
    )
    after = said(lms_app, one)
    assert "Prøvelev Kommune" not in before.statement.da
    for language, advantage in (("da", "fordel"), ("sv", "fördel"), ("en", "advantage")):
        sentence = after.statement.in_language(language)
        assert "Prøvefirma ApS" in sentence
        assert "Prøvelev Kommune" in sentence
        assert "15 " in sentence
        assert advantage in after.not_line.in_language(language)
        assert advantage in before.not_line.in_language(language)


def test_ct2_a_staff_certificate_names_the_way_it_was_assessed_and_the_hours_in_practice(
    lms_app: Flask, maker: Maker
) -> None:
    """3.7 CT2: the real way, by whom, and on which day where the run is."""
    one = done(maker, STAFF)
    assessed = said(
        lms_app, replace(one, outcomes=(found("work"), found("conversation"), found("work", 2)))
    )
    assert assessed.assessment_method.da == ("Bedømt ud fra afleverede opgaver og en samtale")
    assert assessed.assessment_method.en == "Assessed by assignments and a conversation"
    assert assessed.assessed_by.da == "Forløbets underviser, Prøvelev Skole, den 5. december 2026"
    assert assessed.assessed_by.en == "The teacher, Prøvelev Skole, on 5 December 2026"
    assert "5 timer i egen praksis" in assessed.statement.da
    assert "5 timmar i egen verksamhet" in assessed.statement.sv
    # Without an assessment of outcomes it says what the teacher has seen.
    assert said(lms_app, one).assessment_method.en.startswith("Idea sheet")
    three = said(lms_app, replace(one, outcomes=tuple(map(found, ("test", "work", "observation")))))
    assert three.assessment_method.sv == (
        "Bedömt utifrån inlämnade uppgifter, observation på jobbet och ett prov"
    )


def test_i34_a_student_certificate_says_that_the_school_assessed_only_where_it_did(
    lms_app: Flask, maker: Maker
) -> None:
    one = done(maker, STUDENT)
    plain = said(lms_app, one)
    graded = said(lms_app, replace(one, outcomes=(found("test"),)))
    for language in LANGUAGES:
        assert "Prøvelev Skole" not in plain.statement.in_language(language)
        assert "Prøvelev Skole" in graded.statement.in_language(language)
        assert "  " not in plain.statement.in_language(language)
        assert plain.not_line.in_language(language)
