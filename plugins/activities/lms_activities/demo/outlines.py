"""The outlines of the demo's courses: files beside this module, written into drafts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lms.api import (
    ActivityValues,
    Actor,
    LocalisedText,
    accept_upload,
    activities_by_id,
    add_activity,
    save_activity,
    values_of,
    write_draft,
)
from lms_activities.material import FILE
from lms_activities.quiz import ORDER
from lms_activities.services.material import put_in

FOLDER = Path(__file__).parent


@cache
def read(folder: str, name: str) -> Mapping[str, Any] | None:
    """A file of the demo by folder and name; None when there is none."""
    path = FOLDER / folder / f"{name}.json"
    if not path.is_file():
        return None
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def names_in(course: str) -> Sequence[str]:
    """What the activities of a course are called in its file, in the order of its outline."""
    outline = read("outlines", course)
    return [] if outline is None else [one["name"] for one in outline["activities"]]


def write_outline(course: str, version_id: int, author: Actor) -> None:
    """Put the activities of the course into its draft, and its rule where the file has one. A
    course that the files do not know is left alone."""
    outline = read("outlines", course)
    if outline is None:
        return
    if "rule" in outline:
        write_draft(version_id, {"rule": outline["rule"]}, author, revision=1)
    ids: dict[str, int] = {}
    for told in outline["activities"]:
        activity_id = add_activity(
            ("version", version_id),
            told["type"],
            _values(told, ids),
            author,
            content=_content(told),
        )
        ids[told["name"]] = activity_id
        if told["type"] == FILE:
            _put_files(activity_id, told["files"], author)


def _values(told: Mapping[str, Any], ids: Mapping[str, int]) -> ActivityValues:
    return ActivityValues(
        title=LocalisedText.from_dict(told["title"]),
        module=told["module"],
        minutes=told["minutes"],
        required=told.get("required", True),
        catch_up=told.get("catch_up", False),
        outcomes=told.get("outcomes", ()),
        others_minutes=told.get("others", {}),
        opens_day=told.get("opens"),
        due_day=told.get("due"),
        after_id=ids[told["after"]] if "after" in told else None,
    )


def _content(told: Mapping[str, Any]) -> dict[str, Any]:
    """The content as the type keeps it. In the files the questions of a quiz, its options and the
    points of a list have no keys: their places are enough."""
    content = dict(told["content"])
    if "questions" in content:
        content["questions"] = [
            _question(number, question) for number, question in enumerate(content["questions"], 1)
        ]
    if told["type"] == "check_list":
        content["points"] = [
            {"key": f"p{number}", "text": point["text"], "required": point.get("required", True)}
            for number, point in enumerate(content["points"], 1)
        ]
    if "criteria" in content:
        content["criteria"] = [
            {"key": f"c{number}", **criterion}
            for number, criterion in enumerate(content["criteria"], 1)
        ]
    return content


def _question(number: int, told: Mapping[str, Any]) -> dict[str, Any]:
    options = [
        {
            "key": f"o{place}",
            "text": {code: text for code, text in option.items() if code != "right"},
            "right": bool(option.get("right")),
        }
        for place, option in enumerate(told.get("options", ()), 1)
    ]
    order = [option["key"] for option in options] if told["kind"] == ORDER else []
    return {**told, "key": f"q{number}", "options": options, "order": order}


def _put_files(activity_id: int, files: Mapping[str, str], author: Actor) -> None:
    """Store the files of an activity, one for each language, as its editor does."""
    activity = activities_by_id([activity_id])[activity_id]
    keys = {}
    for code, name in sorted(files.items()):
        accepted = accept_upload((FOLDER / "files" / name).read_bytes(), name)
        keys[code] = put_in(activity, accepted, author, language=code).key
    save_activity(
        activity,
        values_of(activity),
        {**activity.content, "files": keys},
        author,
        revision=activity.revision,
    )
