"""What becomes of the plugin's tables when people and runs go."""

from __future__ import annotations

from lms.api import DataPolicy

POLICIES = (
    DataPolicy(
        table="activities_hand_in",
        purpose="what participants handed in",
        person_columns=("by_id", "agreed_by_id"),
        erase="blank",
        retention_months=60,
    ),
    DataPolicy(
        table="activities_share",
        purpose="whose work one hand-in of a pair or a group counts for",
        person_columns=("person_id",),
        erase="blank",
        retention_months=60,
    ),
    DataPolicy(
        table="activities_marking",
        purpose="what a teacher said of what was handed in",
        person_columns=("marker_id",),
        erase="blank",
        retention_months=60,
    ),
    DataPolicy(
        table="activities_link",
        purpose="who at work was asked to see or sign, and what they answered",
        person_columns=("person_id",),
        erase="blank",
        retention_months=24,
    ),
    DataPolicy(
        table="activities_attempt",
        purpose="tries at a quiz, for feedback and for better questions",
        retention_months=60,
    ),
    DataPolicy(
        table="activities_log_entry",
        purpose="a participant's notes from everyday work",
        retention_months=24,
    ),
    DataPolicy(
        table="activities_record",
        purpose="changed routines and learning notes that assignments ended in",
        person_columns=("person_id",),
        erase="blank",
    ),
)
