"""The kinds of records that this plugin keeps, for assignments to end in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import Actor, LocalisedText, RecordFacts, RecordType
from lms_activities.queries.records import records_seen
from lms_activities.services.records import make_changed_routine, make_learning_note


def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """The records among these that the actor may see, in the words of who wrote them."""
    return {
        one.key: RecordFacts(
            key=one.key,
            title=LocalisedText.from_dict({one.language: one.title}),
            at=one.at,
            may_link=True,
        )
        for one in records_seen(keys, actor)
    }


RECORD_TYPES = (
    RecordType(
        key="changed_routine",
        title=LocalisedText(da="Ændret rutine", sv="Ändrad rutin", en="Changed routine"),
        icon="repeat",
        make=make_changed_routine,
        page="activities.record",
        stage=90,
        describe=describe,
    ),
    RecordType(
        key="learning_note",
        title=LocalisedText(da="Læringsnotat", sv="Lärandeanteckning", en="Learning note"),
        icon="sprout",
        make=make_learning_note,
        page="activities.record",
        stage=90,
        describe=describe,
    ),
)
