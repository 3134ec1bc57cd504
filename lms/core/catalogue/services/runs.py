"""Verbs on courses and runs. They flush; the request commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from lms.contracts import (
    Actor,
    CompletionRule,
    CourseType,
    LocalisedText,
    Refusal,
    RunFacts,
    RunStateChange,
)
from lms.core.catalogue.models import (
    Course,
    CourseSession,
    CourseVersion,
    Run,
    RunHost,
    TeachingSlot,
    TeamMember,
)
from lms.core.catalogue.needs import need_refusals
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.services.seats import lock_run
from lms.core.catalogue.states import MOVES, REASON_NEEDED
from lms.core.organisations.models import Organisation
from lms.core.refused import Refused
from lms.db import db, now, search_key
from lms.host import current_host
from lms.journal import record


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionPlan:
    """A course session to lay out: times are aware."""

    title: LocalisedText
    content: LocalisedText
    starts_at: datetime
    ends_at: datetime
    module: str = ""
    venue: str = ""
    between: LocalisedText = field(default_factory=LocalisedText)
    between_minutes: int = 0


def create_course(course_type: str, owner_id: int, actor: Actor) -> int:
    """A new course without a version; its id."""
    course = Course(course_type=course_type, owner_id=owner_id, created_at=now())
    db.session.add(course)
    db.session.flush()
    record("catalogue.course_created", "course", course.id, actor=actor)
    return course.id


def create_version(
    course_id: int,
    actor: Actor,
    *,
    plan: CourseType,
    title: LocalisedText,
    lead: LocalisedText,
    purpose: LocalisedText,
    target_group: LocalisedText,
    outcomes: Sequence[LocalisedText],
    minutes: int,
    languages: Sequence[str],
    practice_minutes: int = 0,
    modules: Sequence[Mapping[str, Any]] | None = None,
    rule: CompletionRule | None = None,
) -> int:
    """The next version of a course, as a draft; phases, modules and rule come from the type's
    plan where nothing else is given. Returns its id."""
    number = 1 + len(
        db.session.scalars(
            select(CourseVersion.id).where(CourseVersion.course_id == course_id)
        ).all()
    )
    version = CourseVersion(
        course_id=course_id,
        number=number,
        state="draft",
        title=title,
        lead=lead,
        purpose=purpose,
        target_group=target_group,
        outcomes=[text.as_dict() for text in outcomes],
        minutes=minutes,
        practice_minutes=practice_minutes,
        languages=list(languages),
        phases=[
            {"key": p.key, "title": p.title.as_dict(), "purpose": p.purpose.as_dict()}
            for p in plan.phases
        ],
        modules=list(modules) if modules is not None else default_modules(plan),
        rule=_rule_as_json(rule or plan.rule),
        created_by_id=actor.person_id,
    )
    db.session.add(version)
    db.session.flush()
    record("catalogue.version_created", "course_version", version.id, actor=actor)
    return version.id


def default_modules(plan: CourseType) -> list[dict[str, Any]]:
    """The type's default modules in the shape that a version stores."""
    return [
        {
            "key": module.key,
            "phase": module.phase,
            "title": module.title.as_dict(),
            "content": module.content.as_dict(),
            "minutes": module.minutes,
            "activity_type": module.activity_type,
            "between": module.between.as_dict() if module.between else None,
            "between_minutes": module.between_minutes,
            "ends_in": module.ends_in,
        }
        for module in plan.modules
    ]


def _rule_as_json(rule: CompletionRule) -> dict[str, Any]:
    return {
        "version": rule.version,
        "conditions": {name: dict(options) for name, options in rule.conditions.items()},
    }


def create_run(
    version_id: int,
    actor: Actor,
    *,
    hosts: Sequence[int],
    sessions: Sequence[SessionPlan],
    capacity: int,
    zone: str,
    title: LocalisedText | None = None,
    partners: Sequence[int] = (),
    venue: str = "",
    town: str = "",
    price: int = 0,
    currency: str = "DKK",
    visibility: str = "public",
    languages: Sequence[str] = (),
    enrol_until: datetime | None = None,
) -> int:
    """A planned run of an approved version; its id. Raises `Refused` for an unapproved one."""
    version = db.session.get_one(CourseVersion, version_id)
    if version.state != "approved":
        message = LocalisedText(
            da="Forløbet er ikke godkendt endnu. Få det godkendt, før du laver et hold.",
            sv="Kursen är inte godkänd än. Låt den godkännas innan du skapar en omgång.",
            en="The course is not approved yet. Have it approved before you make a run.",
        )
        raise Refused(Refusal(code="not_approved", message=message))
    course = db.session.get_one(Course, version.course_id)
    title = title or version.title
    names = db.session.scalars(
        select(Organisation.search_text).where(Organisation.id.in_([*hosts, *partners]))
    ).all()
    run = Run(
        course_version_id=version_id,
        course_type=course.course_type,
        title=title,
        state="planned",
        zone=zone,
        starts_at=min((plan.starts_at for plan in sessions), default=None),
        ends_at=max((plan.ends_at for plan in sessions), default=None),
        venue=venue,
        town=town,
        capacity=capacity,
        price=price,
        currency=currency,
        visibility=visibility,
        languages=list(languages or version.languages),
        search_text=search_key(
            " ".join([title.everything(), version.lead.everything(), venue, town, *names])
        ),
        enrol_until=enrol_until,
        rule=version.rule,
    )
    db.session.add(run)
    db.session.flush()
    for role, ids in (("host", hosts), ("partner", partners)):
        for position, organisation_id in enumerate(ids):
            db.session.add(
                RunHost(
                    run_id=run.id, organisation_id=organisation_id, role=role, position=position
                )
            )
    for position, plan in enumerate(sessions, start=1):
        db.session.add(
            CourseSession(
                run_id=run.id,
                position=position,
                module=plan.module,
                title=plan.title,
                content=plan.content,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                venue=plan.venue or venue,
                between=plan.between,
                between_minutes=plan.between_minutes,
            )
        )
    db.session.flush()
    record("catalogue.run_created", "run", run.id, actor=actor)
    return run.id


def add_to_team(run_id: int, person_id: int, role: str, actor: Actor) -> None:
    """Give somebody rights in one run."""
    db.session.add(TeamMember(run_id=run_id, person_id=person_id, role=role))
    db.session.flush()
    record(
        "catalogue.team_joined",
        "run",
        run_id,
        actor=actor,
        data={"person": person_id, "role": role},
    )


def add_teaching_slot(
    course_session_id: int,
    actor: Actor,
    *,
    topic: LocalisedText,
    minutes: int,
    state: str,
    person_id: int | None = None,
    organisation_id: int | None = None,
    product: str = "",
    sees: str = "nothing",
) -> int:
    """Say who teaches what, how long; the slot's id. `sees` is what somebody who teaches for a
    company may see of the class: nothing, number, functions or names."""
    slot = TeachingSlot(
        course_session_id=course_session_id,
        person_id=person_id,
        organisation_id=organisation_id,
        topic=topic,
        minutes=minutes,
        product=product,
        sees=sees,
        state=state,
    )
    db.session.add(slot)
    db.session.flush()
    record("catalogue.slot_added", "teaching_slot", slot.id, actor=actor)
    return slot.id


def withdraw_teaching_slots(slot_ids: Sequence[int], actor: Actor) -> int:
    """What was agreed is not taught after all; what was held stays. How many were withdrawn."""
    found = list(
        db.session.scalars(
            update(TeachingSlot)
            .where(
                TeachingSlot.id.in_(sorted(slot_ids)),
                TeachingSlot.state.in_(("offered", "approved")),
            )
            .values(state="withdrawn")
            .returning(TeachingSlot.id)
            .execution_options(synchronize_session=False)
        )
    )
    for id_ in sorted(found):
        record("catalogue.slot_withdrawn", "teaching_slot", id_, actor=actor)
    return len(found)


def run_state_refusals(run: RunFacts, new: str, reason: str) -> list[Refusal]:
    """Why a run may not go to `new`, from the core and all plugins. Call before any lock."""
    if new not in MOVES[run.state]:
        message = LocalisedText(
            da="Holdet har skiftet tilstand imens. Se siden igen, og vælg på ny.",
            sv="Omgången har ändrat läge under tiden. Läs om sidan och välj på nytt.",
            en="The run has changed in the meantime. Look at the page again and choose anew.",
        )
        return [Refusal(code="illegal_move", message=message)]
    if new in REASON_NEEDED and not reason:
        message = LocalisedText(
            da="Skriv en grund, så alle får den at vide.",
            sv="Skriv ett skäl, så att alla får veta det.",
            en="Write a reason, so that everybody hears it.",
        )
        return [Refusal(code="reason_needed", message=message)]
    change = RunStateChange(run=run, old=run.state, new=new, reason=reason)
    refusals = current_host().check("lms_check_run_states", changes=(change,))
    return refusals + need_refusals(run, new)


def change_run_state(
    run_id: int, new: str, actor: Actor, reason: str = "", *, ask_again: bool = False
) -> None:
    """Move a run to another state. Opening fixes its completion rule. With `ask_again` what the
    run needs is looked at once more while nobody else changes the run: for who has asked
    `run_state_refusals` a while ago, as a page does. Raises `Refused`."""
    lock_run(run_id)  # of two changes at once the second judges by what the first has made of it
    run = runs_by_id([run_id])[run_id]
    if new not in MOVES[run.state]:
        raise Refused(*run_state_refusals(run, new, reason or "-"))
    if ask_again and (missing := need_refusals(run, new)):
        raise Refused(*missing)
    row = db.session.get_one(Run, run_id)
    row.state = new
    if new == "open" and row.rule_fixed_at is None:
        row.rule = db.session.get_one(CourseVersion, row.course_version_id).rule
        row.rule_fixed_at = now()
    db.session.flush()
    after = runs_by_id([run_id])[run_id]
    change = RunStateChange(run=after, old=run.state, new=new, reason=reason)
    current_host().after("lms_after_run_states", changes=(change,))
    record(
        "catalogue.run_" + new,
        "run",
        run_id,
        actor=actor,
        data={"old": run.state},
        payload={"reason": reason} if reason else None,
    )
