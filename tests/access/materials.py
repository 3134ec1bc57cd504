"""Something of each simple type in a run, and a document that stands in one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.contracts import Actor, LocalisedText
from lms.core.learning.models import Activity
from lms.db import db, now
from lms.files import store
from lms.files.models import Document
from lms.work import unit_of_work
from tests.access.world import Arguments, Side, World

TEXT = {"da": "Læs dette."}
CONTENTS: Mapping[str, dict[str, Any]] = {
    "page": {"text": TEXT},
    "file": {"note": TEXT, "files": {}},
    "link": {"address": "https://eksempel.example/lift", "note": TEXT},
    "reading": {"text": TEXT, "version": 1},
    "check_list": {"points": [{"key": "ren", "text": TEXT, "required": True}]},
}


def materials(world: World, name: str, side: Side) -> dict[str, Arguments]:
    """The things of one side's run, by name."""
    made = {
        kind: Activity(
            run_id=side.run.id,
            module="start",
            position=90,
            activity_type=kind,
            title=LocalisedText(da=f"{kind}, {side.organisation.name}"),
            minutes=10,
            others_minutes={},
            outcomes=[],
            content=dict(content),
            changed_at=now(),
        )
        for kind, content in CONTENTS.items()
    }
    world.make.write(*made.values())
    sender = Actor(person_id=world.people["teacher"].id) if name == "own" else Actor()
    with world.app.app_context(), unit_of_work():
        document_id = store(
            b"Vejledning",
            media_type="text/plain",
            file_name="vejledning.txt",
            title=f"Vejledning, {side.organisation.name}",
            language="da",
            subject=("activity", made["file"].id),
            actor=sender,
        )
        key = db.session.get_one(Document, document_id).key
        file = db.session.get_one(Activity, made["file"].id)
        file.content = {"files": {"da": key}}
    return {
        **{f"simple {kind}": {"key": activity.key} for kind, activity in made.items()},
        "document": {"key": key},
        "document in its place": {"key": key, "in": made["file"].key},
        "signed address": {"token": "signed.by.nobody"},
    }
