"""What a company makes of a track: claims of value, and a test plan that a host comments on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import select, update

from lms.api import (
    Actor,
    ContactFacts,
    EditedMeanwhile,
    LocalisedText,
    RunFacts,
    db,
    enrolments_in_run,
    make_contacts,
    now,
    reassess,
    record,
    refused,
)
from lms_courses.models import Application, TestPlan, ValueClaim
from lms_courses.plan_template import FIELDS, ROLES, START
from lms_courses.queries.calls import ApplicationFacts
from lms_courses.queries.plans import PlanFacts, claims_of, plan_of
from lms_courses.services.applications import MOST_PEOPLE

IN_CLASS = ("seated", "active", "completed", "not_completed")
COMMENTED = LocalisedText(
    da="Værten har skrevet en kommentar til virksomhedens testplan.",
    sv="Värden har skrivit en kommentar till företagets testplan.",
    en="The host has commented on the test plan of the company.",
)


def save_claims(
    application: ApplicationFacts,
    texts: Mapping[str, str],
    actor: Actor,
    *,
    seen: Callable[[Mapping[str, str]], bool] | None = None,
) -> None:
    """What the solution is worth to each role; an empty text takes a claim away. `seen` says
    whether the writer knew these texts: `EditedMeanwhile` when a colleague has saved others."""
    _hold(application.id)
    before = claims_of([application.id])[application.id]
    if seen is not None and not seen(before):
        raise EditedMeanwhile(before)
    changed = [role for role in ROLES if texts.get(role, "") != before.get(role, "")]
    for role in changed:
        row = db.session.scalar(
            select(ValueClaim).where(
                ValueClaim.application_id == application.id, ValueClaim.role == role
            )
        )
        if row is None:
            row = ValueClaim(application_id=application.id, role=role)
            db.session.add(row)
        row.text, row.changed_at, row.changed_by_id = texts.get(role, ""), now(), actor.person_id
    if changed:
        db.session.flush()
        record(
            "courses.claims_saved",
            "application",
            application.id,
            actor=actor,
            data={"run": application.run_id, "roles": changed},
        )


def save_plan(
    application: ApplicationFacts,
    content: Mapping[str, str],
    begins_on: date | None,
    actor: Actor,
    *,
    revision: int,
) -> PlanFacts:
    """Save the draft; `revision` is the one the writer had seen, 0 for none. Raises
    `EditedMeanwhile` when a colleague saved first, `Refused` when it is signed."""
    found = _held(application.id)
    if (found.revision if found is not None else 0) != revision:
        raise EditedMeanwhile(found)
    if found is not None and found.state != "draft":
        raise refused(
            "signed",
            da="Planen er skrevet under. Tag den tilbage, før I retter i den.",
            sv="Planen är underskriven. Ta tillbaka den innan ni ändrar i den.",
            en="The plan is signed. Take it back before you change it.",
        )
    kept = {field.key: content.get(field.key, "") for field in FIELDS}
    if found is None:
        db.session.add(TestPlan(application_id=application.id, content=kept, begins_on=begins_on))
        db.session.flush()
    else:
        _change(found.id, content=kept, begins_on=begins_on, revision=revision + 1)
    saved = plan_of(application.id)
    assert saved is not None  # noqa: S101 - it was written above
    _tell("courses.plan_saved", saved, actor)
    return saved


def sign_plan(application: ApplicationFacts, actor: Actor, *, revision: int) -> None:
    """Sign the plan as the page showed it: dated, by the actor. Raises `EditedMeanwhile` when it
    is another by now, `Refused` while something is missing."""
    found = _held(application.id)
    if found is None or found.revision != revision:
        raise EditedMeanwhile(found)
    if found.state != "draft":
        raise refused(
            "signed",
            da="Planen er allerede skrevet under.",
            sv="Planen är redan underskriven.",
            en="The plan is signed already.",
        )
    missing = [field.label for field in FIELDS if not found.content.get(field.key, "").strip()]
    if missing or found.begins_on is None:
        first = missing[0] if missing else START
        raise refused(
            "missing",
            da=f"Der mangler et svar: {first.da}",
            sv=f"Ett svar saknas: {first.sv}",
            en=f"An answer is missing: {first.en}",
        )
    _change(found.id, state="signed", signed_by_id=actor.person_id, signed_at=now())
    _tell("courses.plan_signed", found, actor)
    _look_again(found, actor)


def take_plan_back(application: ApplicationFacts, actor: Actor) -> None:
    """A signed plan becomes a draft again, until a host has commented on it."""
    found = _held(application.id)
    if found is None or found.state != "signed":
        raise refused(
            "commented",
            da="Planen er ændret imens. Se siden igen.",
            sv="Planen har ändrats under tiden. Läs om sidan.",
            en="The plan changed in the meantime. Look at the page again.",
        )
    _change(found.id, state="draft", signed_by_id=None, signed_at=None, revision=found.revision + 1)
    _tell("courses.plan_taken_back", found, actor)
    _look_again(found, actor)


def comment_plan(plan: PlanFacts, run: RunFacts, text: str, host_id: int, actor: Actor) -> None:
    """A host says what it thinks of a signed plan, to the company alone. Raises `Refused`, also
    when whoever keeps contacts fair does."""
    found = _held(plan.application_id)
    if found is None or found.state != "signed":
        raise refused(
            "not_signed",
            da="Planen er ikke skrevet under, eller den har fået sin kommentar.",
            sv="Planen är inte underskriven, eller så har den fått sin kommentar.",
            en="The plan is not signed, or it has got its comment.",
        )
    if found.organisation_id is not None:
        contact = ContactFacts(
            kind="feedback",
            authority_ids=(host_id,),
            company_id=found.organisation_id,
            at=now(),
            what=COMMENTED,
            run_id=run.id,
            subject_kind="test_plan",
            subject_id=found.id,
            confidential=True,
            private=True,
        )
        make_contacts([contact], actor)
    _change(
        found.id,
        state="commented",
        comment=text,
        host_id=host_id,
        commented_by_id=actor.person_id,
        commented_at=now(),
    )
    _tell("courses.plan_commented", found, actor)
    _look_again(found, actor)


def _held(application_id: int) -> PlanFacts | None:
    _hold(application_id)
    return plan_of(application_id)


def _hold(application_id: int) -> None:
    """Of two colleagues who write at once, the second reads what the first has written: the row of
    the application is there before there is a plan or a claim."""
    db.session.execute(
        select(Application.id).where(Application.id == application_id).with_for_update()
    )


def _change(plan_id: int, **values: object) -> None:
    db.session.execute(
        update(TestPlan)
        .where(TestPlan.id == plan_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _tell(verb: str, plan: PlanFacts, actor: Actor) -> None:
    record(
        verb,
        "test_plan",
        plan.id,
        actor=actor,
        data={"run": plan.run_id, "application": plan.application_id},
    )


def _look_again(plan: PlanFacts, actor: Actor) -> None:
    """Where the company's people stand may have changed."""
    if plan.organisation_id is None:
        return
    rows = enrolments_in_run(
        plan.run_id, IN_CLASS, employers=[plan.organisation_id], limit=MOST_PEOPLE
    )
    if rows:
        reassess([row.enrolment.id for row in rows], actor)
