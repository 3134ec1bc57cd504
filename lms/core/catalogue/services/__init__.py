"""Verbs on courses, runs and seats. They flush; the request commits."""

from lms.core.catalogue.services.runs import (
    SessionPlan,
    add_teaching_slot,
    add_to_team,
    approve_version,
    change_run_state,
    create_course,
    create_run,
    create_version,
    default_modules,
    run_state_refusals,
)
from lms.core.catalogue.services.seats import (
    HeldRun,
    change_capacity,
    give_back_seat,
    hold_run,
    keep_seats,
    lock_run,
    next_place_in_queue,
    take_held_seat,
    take_seat,
)

__all__ = [
    "HeldRun",
    "SessionPlan",
    "add_teaching_slot",
    "add_to_team",
    "approve_version",
    "change_capacity",
    "change_run_state",
    "create_course",
    "create_run",
    "create_version",
    "default_modules",
    "give_back_seat",
    "hold_run",
    "keep_seats",
    "lock_run",
    "next_place_in_queue",
    "run_state_refusals",
    "take_held_seat",
    "take_seat",
]
