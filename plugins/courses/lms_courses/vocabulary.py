"""What the modules of a course consist of, and what an assignment may end in."""

from __future__ import annotations

from lms.api import ActivityType, LocalisedText, RecordType

ACTIVITY_TYPES = (
    ActivityType(
        key="session",
        title=LocalisedText(da="Mødegang", sv="Kurstillfälle", en="Session"),
        icon="users",
    ),
    ActivityType(
        key="group_work",
        title=LocalisedText(da="Gruppearbejde", sv="Grupparbete", en="Group work"),
        icon="users",
    ),
    ActivityType(
        key="feedback_day",
        title=LocalisedText(da="Feedbackdag", sv="Återkopplingsdag", en="Feedback day"),
        icon="clipboard-check",
    ),
)

RECORD_TYPES = (
    RecordType(
        key="requirement",
        title=LocalisedText(da="Krav", sv="Krav", en="Requirement"),
        icon="list-checks",
    ),
    RecordType(
        key="finding",
        title=LocalisedText(da="Fund", sv="Iakttagelse", en="Finding"),
        icon="search",
    ),
)
