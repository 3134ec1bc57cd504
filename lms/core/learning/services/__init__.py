"""Verbs on learning. They flush; the request commits."""

from lms.core.learning.services.attendance import MODES, Presence, set_attendance
from lms.core.learning.services.completing import (
    completion_refusals,
    decide_completions,
    declare,
    declare_all,
)
from lms.core.learning.services.outline import (
    ActivityValues,
    EditedMeanwhile,
    add_activity,
    order_activities,
    save_activity,
    take_out,
)
from lms.core.learning.services.standing import reassess
from lms.core.learning.services.works import (
    accept_work,
    note_record,
    return_work,
    save_content,
    start_work,
    submit_work,
)

__all__ = [
    "MODES",
    "ActivityValues",
    "EditedMeanwhile",
    "Presence",
    "accept_work",
    "add_activity",
    "completion_refusals",
    "decide_completions",
    "declare",
    "declare_all",
    "note_record",
    "order_activities",
    "reassess",
    "return_work",
    "save_activity",
    "save_content",
    "set_attendance",
    "start_work",
    "submit_work",
    "take_out",
]
