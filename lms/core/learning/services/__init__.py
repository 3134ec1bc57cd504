"""Verbs on learning. They flush; the request commits."""

from lms.core.learning.services.agreeing import (
    AgreementWords,
    answer_follow_up,
    sign_agreement,
    write_agreement,
)
from lms.core.learning.services.assessing import (
    LEVELS,
    METHODS,
    Finding,
    assess,
    take_assessment_back,
)
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
    put_back,
    save_activity,
    take_out,
    values_of,
)
from lms.core.learning.services.standing import reassess, recompute_later
from lms.core.learning.services.talk import say, unsay
from lms.core.learning.services.waiving import take_waiver_back, waive
from lms.core.learning.services.works import (
    accept_work,
    note_record,
    return_work,
    save_content,
    settle_work,
    start_work,
    submit_work,
)

__all__ = [
    "LEVELS",
    "METHODS",
    "MODES",
    "ActivityValues",
    "AgreementWords",
    "EditedMeanwhile",
    "Finding",
    "Presence",
    "accept_work",
    "add_activity",
    "answer_follow_up",
    "assess",
    "completion_refusals",
    "decide_completions",
    "declare",
    "declare_all",
    "note_record",
    "order_activities",
    "put_back",
    "reassess",
    "recompute_later",
    "return_work",
    "save_activity",
    "save_content",
    "say",
    "set_attendance",
    "settle_work",
    "sign_agreement",
    "start_work",
    "submit_work",
    "take_assessment_back",
    "take_out",
    "take_waiver_back",
    "unsay",
    "values_of",
    "waive",
    "write_agreement",
]
