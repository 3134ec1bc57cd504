"""Questions about learning. The actor is handed in; facts are built from column selects."""

from lms.core.learning.queries.agreeing import AgreementFacts, agreement_of
from lms.core.learning.queries.attendance import (
    Mark,
    Share,
    attendance_in_run,
    functions_in_run,
    marks_of,
    minutes_held,
)
from lms.core.learning.queries.completion import (
    Progress,
    completions_of,
    progress_of,
    rules_of,
)
from lms.core.learning.queries.outline import (
    activities_by_id,
    activities_in_runs,
    activities_in_version,
    activity_with_key,
)
from lms.core.learning.queries.standing import Word
from lms.core.learning.queries.stood import Stood, stored_standings
from lms.core.learning.queries.teaching import (
    Teaching,
    roles_on_teams,
    taught_by,
)
from lms.core.learning.queries.works import (
    ended_in,
    first_hand_ins,
    group_of,
    groups_in_run,
    to_mark,
    work_of,
    works_by_enrolment,
    works_by_id,
    works_on,
)

__all__ = [
    "AgreementFacts",
    "Mark",
    "Progress",
    "Share",
    "Stood",
    "Teaching",
    "Word",
    "activities_by_id",
    "activities_in_runs",
    "activities_in_version",
    "activity_with_key",
    "agreement_of",
    "attendance_in_run",
    "completions_of",
    "ended_in",
    "first_hand_ins",
    "functions_in_run",
    "group_of",
    "groups_in_run",
    "marks_of",
    "minutes_held",
    "progress_of",
    "roles_on_teams",
    "rules_of",
    "stored_standings",
    "taught_by",
    "to_mark",
    "work_of",
    "works_by_enrolment",
    "works_by_id",
    "works_on",
]
