"""What becomes of the plugin's tables when people and runs go."""

from __future__ import annotations

from lms.api import DataPolicy
from lms_courses.services.forgetting import MONTHS

POLICIES = (
    DataPolicy(
        table="courses_call",
        purpose="the open call of a run for companies: criteria, places, dates",
        person_columns=("created_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="courses_application",
        purpose="companies that applied for a place, and the people they named, who are blanked "
        "where they got none",
        person_columns=("contact_id", "decided_by_id"),
        # A row names others than the one who asks for a copy: the company's people, by address.
        export=False,
        erase="blank",
        retention_months=MONTHS,
    ),
    DataPolicy(
        table="courses_value_claim",
        purpose="what a company says its solution is worth to three roles",
        person_columns=("changed_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="courses_test_plan",
        purpose="test plans of companies, signed and commented on",
        person_columns=("signed_by_id", "commented_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="courses_panel",
        purpose="rounds of feedback in a run, released all at once",
        person_columns=("released_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="courses_panel_subject",
        purpose="the companies or groups a panel hears, and their summaries",
    ),
    DataPolicy(
        table="courses_panel_form",
        purpose="what one panellist wrote about one company or group",
        person_columns=("person_id",),
        erase="delete",
    ),
    DataPolicy(
        table="courses_journey",
        purpose="how citizens meet a service, step by step; no citizen is named",
        person_columns=("created_by_id", "checked_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="courses_tryout",
        purpose="what was tried small at work, before and after",
        person_columns=("manager_id",),
        erase="blank",
    ),
    DataPolicy(
        table="courses_decision",
        purpose="what workplaces decided about what was tried",
        person_columns=("decided_by_id", "recorded_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="courses_company_case",
        purpose="the case a company and a practice host put before students",
        person_columns=("contact_id", "practice_checked_by_id", "approved_by_id", "proposed_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="courses_case_version",
        purpose="what a case said at one time",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="courses_case_comment",
        purpose="what teacher, company and practice said about a case",
        person_columns=("by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="courses_case_use",
        purpose="which run worked on which version of a case",
        person_columns=("begun_by_id",),
        erase="blank",
    ),
    DataPolicy(
        table="courses_nda",
        purpose="agreements to keep something of a case secret, with the institution",
        person_columns=("signed_by_id", "added_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="courses_group_terms",
        purpose="whether a group works with the agreement to keep things secret",
    ),
    DataPolicy(
        table="courses_nda_signature",
        purpose="yeses of students to such an agreement",
    ),
    DataPolicy(
        table="courses_case_question",
        purpose="what groups asked the company, and its answers",
        person_columns=("asked_by_id", "answered_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="courses_case_result",
        purpose="what groups handed over, and what practice made of it",
        person_columns=("written_by_id", "sent_by_id", "responded_by_id"),
        erase="blank",
    ),
    DataPolicy(
        table="courses_slot_offer",
        purpose="what companies offer to teach, and what was said to it",
        person_columns=("teacher_id", "answered_by_id"),
        erase="blank",
    ),
)
