"""What certificates of these course types say, and what they say they are not."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from lms.api import CertificateDetails, CompletionFacts, LocalisedText
from lms.contracts import LANGUAGES
from lms.host import current_host
from lms.testing.rows import Maker
from lms_courses import certificates
from lms_courses.types import COMPANY, STAFF, STUDENT, type_data

TITLE = LocalisedText(da="Små {skridt}", sv="Små steg", en="Small steps")


def completion(maker: Maker, key: str, result: str = "met", **made: Any) -> CompletionFacts:
    """A completion in a run of this type, without a row of its own."""
    course = made.pop("course", None) or maker.course(course_type=key)
    version = maker.version(
        course=course,
        course_type=type_data(key).plan,
        title=TITLE,
        minutes=1050,
        practice_minutes=made.pop("practice", 320),
    )
    host = maker.organisation(name="Prøvelev Skole")
    run = maker.run(version=version, hosts=[host])
    enrolment = maker.enrolment(run=run, state="active", **made)
    return CompletionFacts(
        enrolment_id=enrolment.id,
        enrolment_key=enrolment.key,
        run_id=run.id,
        person_id=enrolment.person_id,
        course_type=key,
        result=result,  # type: ignore[arg-type]
        rule_version="x-1",
        minutes_attended=420,
        minutes_held=1050,
        reasons=(),
    )


def details_of(app: Flask, completions: Sequence[CompletionFacts]) -> list[CertificateDetails]:
    with app.app_context():
        found = current_host().ask_owner(
            "courses", "lms_certificate_details", completions=tuple(completions)
        )
    assert found is not None
    return [found[one.enrolment_id] for one in completions]


def everything(details: CertificateDetails, language: str) -> str:
    return " ".join(
        (details.statement.in_language(language), details.not_line.in_language(language))
    )


def test_certificate_details_of_each_type(lms_app: Flask, maker: Maker) -> None:
    employer = maker.organisation(name="Prøvefirma ApS", kind="company")
    company, staff, student = details_of(
        lms_app,
        [
            completion(maker, COMPANY, employer=employer),
            completion(maker, STAFF),
            completion(maker, STUDENT),
        ],
    )
    assert [one.kind for one in (company, staff, student)] == ["course", "competence", "course"]
    for one in (company, staff, student):
        assert one.outcomes
        for language in LANGUAGES:
            # The title stands in the sentence as it is, whatever signs it has.
            assert TITLE.in_language(language) in one.statement.in_language(language)
            assert one.not_line.in_language(language)
            assert len(everything(one, language)) < 600
    assert "Prøvefirma ApS" in company.statement.da
    assert "udbud" in company.not_line.da
    assert "upphandling" in company.not_line.sv
    assert "tender" in company.not_line.en
    assert "17½ timer" in staff.statement.da
    assert "320 minutter" in staff.statement.da
    assert all(staff.assessment_method.as_dict().values())
    assert "Prøvelev Skole" in staff.assessed_by.sv
    assert not company.assessed_by.everything()
    assert not student.assessed_by.everything()


@pytest.mark.parametrize("key", [STAFF, STUDENT])
def test_certificate_details_name_no_practice_where_none_was_asked_for(
    lms_app: Flask, maker: Maker, key: str
) -> None:
    done = completion(maker, key, practice=0)
    (one,) = details_of(lms_app, [done])
    for language, nothing in (("da", "0 timer"), ("sv", "0 timmar"), ("en", "0 hours")):
        assert nothing not in one.statement.in_language(language)
        assert "  " not in one.statement.in_language(language)


@pytest.mark.parametrize("key", [COMPANY, STAFF, STUDENT])
def test_certificate_details_without_completion_say_only_how_long(
    lms_app: Flask, maker: Maker, key: str
) -> None:
    (one,) = details_of(lms_app, [completion(maker, key, "not_met")])
    assert one.kind == "attendance"
    assert "7 timer af 17½ timer" in one.statement.da
    assert not one.outcomes
    assert not one.assessment_method.everything()


@pytest.mark.once
@pytest.mark.parametrize(
    ("minutes", "danish", "english"),
    [
        (0, "0 timer", "0 hours"),
        (30, "½ time", "½ hour"),
        (50, "50 minutter", "50 minutes"),
        (60, "1 time", "1 hour"),
        (75, "1¼ timer", "1¼ hours"),
        (900, "15 timer", "15 hours"),
        (1050, "17½ timer", "17½ hours"),
    ],
)
def test_hours_are_written_as_people_write_them(minutes: int, danish: str, english: str) -> None:
    words = certificates.hours_in_words(minutes)
    assert (words.da, words.en) == (danish, english)


def test_certificate_details_of_many_ask_as_much_as_of_one(
    lms_app: Flask, maker: Maker, count_queries: Any
) -> None:
    one = completion(maker, STAFF)
    others = [dataclasses.replace(one, enrolment_id=one.enrolment_id + n) for n in range(1, 50)]

    def queries(completions: Sequence[CompletionFacts]) -> int:
        with lms_app.app_context(), count_queries() as sent:
            certificates.details(completions)
        return len(sent)

    assert queries([one, *others]) == queries([one]) <= 6
