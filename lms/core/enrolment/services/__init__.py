"""Verbs on enrolments and on the terms of a run.

Verbs that end in a seat, in the queue or out of either hold the run (`hold_run`) before they touch
an enrolment that others can see. What they read after that nobody changes until they commit.
"""

from lms.core.enrolment.services.approving import (
    approval_to_answer,
    say_no,
    say_yes,
    time_to_answer,
)
from lms.core.enrolment.services.asking import (
    Entry,
    Wish,
    answer_requests,
    ask_for,
    ask_for_seat,
    ask_together,
    confirm,
    ranks_of,
)
from lms.core.enrolment.services.copying import copy_terms
from lms.core.enrolment.services.filling import fill_in
from lms.core.enrolment.services.leaving import (
    accept_offer,
    decline_offer,
    hand_over,
    lapse_overdue,
    withdraw,
    withdraw_all_of,
)
from lms.core.enrolment.services.merging import merge_runs
from lms.core.enrolment.services.nominating import Outcome, nominate
from lms.core.enrolment.services.reasons import (
    ALREADY,
    NO_WAY_IN,
    NOT_TOGETHER,
    refusal,
    refusals,
    run_refusals,
    same_key,
    way_in,
)
from lms.core.enrolment.services.reminding import remind
from lms.core.enrolment.services.runs import (
    cancel_run,
    cancel_too_few,
    change_capacity,
    close_run,
    finish,
    run_anyway,
    start_run,
    warn_of_minimums,
)
from lms.core.enrolment.services.seats import (
    draw,
    draw_due,
    lot,
    offer_free_seats,
    release,
    release_due,
)
from lms.core.enrolment.services.terms import (
    Rule,
    end_cost_centre,
    end_stand_in,
    invite,
    keep_for,
    revoke_invitation,
    set_cost_centre,
    set_entry_rules,
    set_stand_in,
    set_terms,
)

__all__ = [
    "ALREADY",
    "NOT_TOGETHER",
    "NO_WAY_IN",
    "Entry",
    "Outcome",
    "Rule",
    "Wish",
    "accept_offer",
    "answer_requests",
    "approval_to_answer",
    "ask_for",
    "ask_for_seat",
    "ask_together",
    "cancel_run",
    "cancel_too_few",
    "change_capacity",
    "close_run",
    "confirm",
    "copy_terms",
    "decline_offer",
    "draw",
    "draw_due",
    "end_cost_centre",
    "end_stand_in",
    "fill_in",
    "finish",
    "hand_over",
    "invite",
    "keep_for",
    "lapse_overdue",
    "lot",
    "merge_runs",
    "nominate",
    "offer_free_seats",
    "ranks_of",
    "refusal",
    "refusals",
    "release",
    "release_due",
    "remind",
    "revoke_invitation",
    "run_anyway",
    "run_refusals",
    "same_key",
    "say_no",
    "say_yes",
    "set_cost_centre",
    "set_entry_rules",
    "set_stand_in",
    "set_terms",
    "start_run",
    "time_to_answer",
    "warn_of_minimums",
    "way_in",
    "withdraw",
    "withdraw_all_of",
]
