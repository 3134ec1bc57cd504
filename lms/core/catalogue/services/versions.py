"""Verbs on course versions: written as drafts, sent for review, sent back, approved, retired,
copied. They flush; the request commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from lms.contracts import SYSTEM, Actor, LocalisedText, Refusal
from lms.core.catalogue.completeness import missing
from lms.core.catalogue.models import Course, CourseVersion, VersionNote
from lms.core.catalogue.queries.building import card_by_id
from lms.core.catalogue.states import VERSION_MOVES
from lms.core.refused import Refused, refused
from lms.db import db, now
from lms.journal import record

WRITTEN = frozenset(
    {
        "title",
        "lead",
        "purpose",
        "target_group",
        "outcomes",
        "minutes",
        "practice_minutes",
        "languages",
        "modules",
        "rule",
    }
)
"""What a draft lets its writers change."""

COPIED = (*sorted(WRITTEN), "phases")


class DraftChanged(Exception):
    """Somebody else saved the draft first; nothing was written."""


def write_draft(version_id: int, changes: Mapping[str, Any], actor: Actor, *, revision: int) -> int:
    """Write columns of a draft (some of `WRITTEN`, as they are stored) and return its new
    revision. Raises `DraftChanged` when the draft is no longer at `revision`, and `Refused` when
    it is no draft any more."""
    if strange := set(changes) - WRITTEN:
        raise ValueError(f"not for writers of a draft: {', '.join(sorted(strange))}")
    done = db.session.execute(
        update(CourseVersion)
        .where(
            CourseVersion.id == version_id,
            CourseVersion.state == "draft",
            CourseVersion.revision == revision,
        )
        .values(**changes, revision=revision + 1)
        .returning(CourseVersion.id)
        .execution_options(synchronize_session=False)
    ).first()
    if done is None:
        state = db.session.scalar(select(CourseVersion.state).where(CourseVersion.id == version_id))
        if state != "draft":
            raise _moved_on()
        raise DraftChanged
    record(
        "catalogue.version_changed",
        "course_version",
        version_id,
        actor=actor,
        data={"changed": sorted(changes), "revision": revision + 1},
    )
    return revision + 1


def rule_name(course_key: str, number: int, revision: int) -> str:
    """What a rule written on the site is called: no two of them have the same name."""
    return f"{course_key}-{number}.{revision}"


def send_for_review(version_id: int, actor: Actor, text: str = "") -> None:
    """A draft is ready for somebody else's look. Raises `Refused` with all that is missing."""
    version = _lock(version_id, "review")
    lacking = missing(card_by_id(version_id, actor))
    if lacking:
        raise Refused(*lacking)
    _move(version, "review", actor, text)


def send_back(version_id: int, actor: Actor, text: str) -> None:
    """A version under review becomes a draft again. Raises `Refused` without a word on why."""
    version = _lock(version_id, "draft")
    if not text:
        raise refused(
            "text.needed",
            da="Skriv, hvad der skal ændres, så forfatteren ved det.",
            sv="Skriv vad som ska ändras, så att författaren vet det.",
            en="Write what is to be changed, so that the author knows.",
        )
    _move(version, "draft", actor, text)


def approve_version(version_id: int, actor: Actor, text: str = "") -> None:
    """Approve a version; a draft is sent for review by its author on the way. Raises `Refused`
    when whoever approves wrote in it or sent it for review, or when something is missing."""
    version = db.session.get_one(CourseVersion, version_id, with_for_update=True)
    if version.state == "draft":
        _move(version, "review", SYSTEM, "", by_id=version.created_by_id)
    version = _lock(version_id, "approved")
    card = card_by_id(version_id, actor)
    if not actor.is_system and card.wrote:
        raise refused(
            "own_version",
            da="Du har selv skrevet i forløbet. En anden skal godkende det.",
            sv="Du har själv skrivit i kursen. Någon annan ska godkänna den.",
            en="You have written in this course yourself. Somebody else must approve it.",
        )
    if lacking := missing(card):
        raise Refused(*lacking)
    version.approved_by_id = actor.person_id
    version.approved_at = now()
    _move(version, "approved", actor, text)


def retire_version(version_id: int, actor: Actor, text: str = "") -> None:
    """No more runs are made of a version; those there are go on."""
    _move(_lock(version_id, "retired"), "retired", actor, text)


def next_version(version_id: int, actor: Actor) -> int:
    """A draft that begins as a copy of a version that is approved or retired; returns its id.
    Raises `Refused` while the course has a version that nobody has approved yet."""
    old = db.session.get_one(CourseVersion, version_id)
    db.session.get_one(Course, old.course_id, with_for_update=True)
    open_one = db.session.scalar(
        select(CourseVersion.number).where(
            CourseVersion.course_id == old.course_id,
            CourseVersion.state.in_(("draft", "review")),
        )
    )
    if open_one is not None:
        raise refused(
            "version_open",
            da=f"Version {open_one} er ikke godkendt endnu. Skriv videre på den.",
            sv=f"Version {open_one} är inte godkänd än. Skriv vidare på den.",
            en=f"Version {open_one} is not approved yet. Go on writing that one.",
        )
    return _copy(old, old.course_id, actor)


def copy_course(version_id: int, owner_id: int, actor: Actor) -> tuple[int, int]:
    """A new course of another owner (or the same) whose first draft is a copy of one version.
    Returns (course id, version id)."""
    old = db.session.get_one(CourseVersion, version_id)
    before = db.session.get_one(Course, old.course_id)
    course = Course(course_type=before.course_type, owner_id=owner_id, created_at=now())
    db.session.add(course)
    db.session.flush()
    record(
        "catalogue.course_copied",
        "course",
        course.id,
        actor=actor,
        data={"course": before.id, "version": version_id},
    )
    return course.id, _copy(old, course.id, actor)


def _copy(old: CourseVersion, course_id: int, actor: Actor) -> int:
    last = db.session.scalar(
        select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course_id)
    )
    new = CourseVersion(
        course_id=course_id,
        number=(last or 0) + 1,
        state="draft",
        created_by_id=actor.person_id,
        **{name: getattr(old, name) for name in COPIED},
    )
    db.session.add(new)
    db.session.flush()
    record(
        "catalogue.version_created",
        "course_version",
        new.id,
        actor=actor,
        data={"copy_of": old.id},
    )
    return new.id


def _lock(version_id: int, to: str) -> CourseVersion:
    version = db.session.get_one(
        CourseVersion, version_id, with_for_update=True, populate_existing=True
    )
    if to not in VERSION_MOVES[version.state]:
        raise _moved_on()
    return version


_VERBS: Mapping[str, str] = {
    "review": "catalogue.version_sent",
    "draft": "catalogue.version_sent_back",
    "approved": "catalogue.version_approved",
    "retired": "catalogue.version_retired",
}


def _move(
    version: CourseVersion, new: str, actor: Actor, text: str, *, by_id: int | None = None
) -> None:
    old, version.state = version.state, new
    db.session.add(
        VersionNote(
            course_version_id=version.id,
            state=new,
            text=text,
            by_id=by_id or actor.person_id,
            at=now(),
        )
    )
    db.session.flush()
    record(
        _VERBS[new],
        "course_version",
        version.id,
        actor=actor,
        data={"old": old},
        payload={"text": text} if text else None,
    )


def _moved_on() -> Refused:
    words = LocalisedText(
        da="Versionen har skiftet tilstand imens. Se siden igen.",
        sv="Versionen har ändrat läge under tiden. Läs om sidan.",
        en="The version has changed its state in the meantime. Look at the page again.",
    )
    return Refused(Refusal(code="illegal_move", message=words))


def outcomes_as_json(outcomes: Sequence[LocalisedText]) -> list[dict[str, str]]:
    """Learning outcomes as a version stores them."""
    return [text.as_dict() for text in outcomes]
