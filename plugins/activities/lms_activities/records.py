"""The kinds of records that this plugin keeps, for assignments to end in."""

from __future__ import annotations

from lms.api import LocalisedText, RecordType
from lms_activities.services.records import make_changed_routine, make_learning_note

RECORD_TYPES = (
    RecordType(
        key="changed_routine",
        title=LocalisedText(da="Ændret rutine", sv="Ändrad rutin", en="Changed routine"),
        icon="repeat",
        make=make_changed_routine,
        page="activities.record",
    ),
    RecordType(
        key="learning_note",
        title=LocalisedText(da="Læringsnotat", sv="Lärandeanteckning", en="Learning note"),
        icon="sprout",
        make=make_learning_note,
        page="activities.record",
    ),
)
