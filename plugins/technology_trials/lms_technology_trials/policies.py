"""What copy, export, erasure and retention do with the plugin's tables."""

from __future__ import annotations

from lms.api import DataPolicy

_PUBLISHED = (
    ("collaboration", "published innovation collaborations; roles, no people"),
    ("former_name", "what a collaboration was called before, and why that changed"),
    ("party", "organisations in a published collaboration"),
    ("role", "roles in a published collaboration; a role is not a person"),
    ("phase", "phases of a published collaboration"),
    ("venue", "where the workshops of a published collaboration were held"),
    ("workshop", "workshops of a published collaboration"),
    ("participation", "which roles a workshop's list names"),
    ("specification", "the requirements of a published collaboration"),
    ("series", "series of trial tests"),
    ("trial_test", "dates on which a solution was tried or shown"),
    ("trial_party", "organisations at a trial test"),
    ("rung", "questions of the ladder and what is known"),
    ("finding", "what was found, said by role"),
    ("material", "titles of materials"),
)

POLICIES = (
    *(
        DataPolicy(table=f"technology_trials_{table}", purpose=purpose)
        for table, purpose in _PUBLISHED
    ),
    DataPolicy(
        table="technology_trials_technology",
        purpose="what a run tries: the category and its solutions",
        copy="with_run",
    ),
    DataPolicy(
        table="technology_trials_practice",
        purpose="how often a participant used the technology, or why not, and the safe-use check",
        person_columns=("checked_by_id",),
        erase="blank",
        retention_months=24,
    ),
)
