"""What copy, export, erasure and retention do with the room's tables: who had a seat stays without
a name, and what people wrote goes."""

from __future__ import annotations

from lms.contracts import DataPolicy

POLICIES = (
    DataPolicy(
        table="enrolment_enrolment",
        purpose="who has a seat, and how it came about",
        person_columns=("person_id", "manager_id", "nominated_by_id", "goal_signed_by_id"),
        erase="anonymise",
        retention_months=60,
    ),
    DataPolicy(
        table="enrolment_transition",
        purpose="the steps of an enrolment, with reasons",
        person_columns=("by_id",),
        erase="blank",
        retention_months=60,
    ),
    DataPolicy(
        table="enrolment_approval",
        purpose="who was asked for a yes, and what they answered",
        person_columns=("approver_id", "decided_by_id"),
        erase="anonymise",
        retention_months=60,
    ),
    DataPolicy(
        table="enrolment_stand_in",
        purpose="who answers for a manager who is away",
        person_columns=("person_id", "stand_in_id"),
        erase="delete",
        retention_months=24,
    ),
    DataPolicy(
        table="enrolment_cost_centre",
        purpose="who answers for the money of an organisation or unit",
        person_columns=("holder_id",),
        erase="delete",
    ),
    DataPolicy(table="enrolment_terms", purpose="how one gets a seat in a run", copy="with_run"),
    DataPolicy(
        table="enrolment_entry_rule", purpose="who may ask for a seat in a run", copy="with_run"
    ),
    DataPolicy(
        table="enrolment_invitation",
        purpose="links that let people ask for a seat",
        person_columns=("created_by_id",),
        export=False,
        erase="blank",
        retention_months=24,
    ),
    DataPolicy(
        table="enrolment_reservation",
        purpose="seats kept for an organisation's people",
        retention_months=60,
    ),
    DataPolicy(
        table="enrolment_import",
        purpose="lists of people to enrol, and who sent them",
        person_columns=("created_by_id",),
        erase="blank",
        retention_months=12,
    ),
    DataPolicy(
        table="enrolment_import_row",
        purpose="the rows of such a list, and what became of them",
        person_columns=("person_id",),
        erase="delete",
        retention_months=12,
    ),
)
