"""A copied course has a case sheet of its own."""

from __future__ import annotations

from flask import Flask

from lms.api import SYSTEM, CopyFacts, LocalisedText, unit_of_work
from lms.host import current_host
from lms.testing.rows import Maker
from lms_courses.queries import CaseFacts, cases_by_course
from lms_courses.services import write_case
from lms_courses.types import STUDENT


def test_after_copies(lms_app: Flask, maker: Maker) -> None:
    old, new, other = (maker.course(course_type=STUDENT) for _ in range(3))
    contact, company = maker.person(), maker.organisation(kind="company")
    text = LocalisedText(da="Sagen", sv="Fallet", en="The case")
    case = CaseFacts(
        course_id=old.id,
        company_id=company.id,
        practice_host_id=None,
        contact_id=contact.id,
        hours_promised=12,
        title=text,
        problem=text,
        question=text,
        given=text,
        limits=text,
        rights=text,
    )
    copies = (CopyFacts(courses={old.id: new.id}), CopyFacts(runs={1: 2}))
    with lms_app.app_context():
        with unit_of_work():
            write_case(case, SYSTEM)
        with unit_of_work():
            current_host().after("lms_after_copies", copies=copies, actor=SYSTEM)
        found = cases_by_course([old.id, new.id, other.id])
    assert set(found) == {old.id, new.id}
    assert found[old.id] == case
    copied = found[new.id]
    assert (copied.title, copied.company_id, copied.hours_promised) == (text, company.id, 12)
    assert copied.contact_id is None  # nobody has asked them about the new course
