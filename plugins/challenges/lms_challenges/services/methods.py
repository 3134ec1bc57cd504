"""Verbs on versions of the method and the model: draft, try in named units, learn, put in force.

A version comes into force only when a round in which it was tried has been evaluated; a change
rests on something that was learned. What was ever tried does not change any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, select, update

from lms.api import Actor, closed_among, db, new_key, now, record, refused, units_of
from lms_challenges.documents import Document, complete, shipped
from lms_challenges.models import Method, TestRound
from lms_challenges.queries.methods import MethodFacts, RoundFacts
from lms_challenges.queries.notes import learning_with_keys
from lms_challenges.refusing import changed_meanwhile
from lms_challenges.services.notes import LearningValues, learn


def ensure(kind: str) -> None:
    """Version 1 as the plugin brings it, if there is no version at all. It is being tried: like
    any other it comes into force when a round is evaluated."""
    if db.session.scalar(select(func.count(Method.id)).where(Method.kind == kind)):
        return
    db.session.execute(
        insert(Method).values(
            key=new_key(),
            kind=kind,
            number=1,
            state="in_test",
            document=shipped(kind).as_dict(),
            created_at=now(),
        )
    )


def new_version(base: MethodFacts, because: str, cites: Sequence[str], actor: Actor) -> str:
    """A draft that begins as `base` is; returns its key. Raises `Refused` without a reason, and
    without a learning note that the change rests on."""
    if not because.strip():
        raise refused(
            "because",
            da="Skriv, hvad der skal være anderledes, og hvorfor.",
            sv="Skriv vad som ska vara annorlunda och varför.",
            en="Write what is to be otherwise, and why.",
        )
    known = learning_with_keys(cites)
    if not known:
        raise refused(
            "cites",
            da="Vælg mindst én ting, I har lært. En ændring bygger på noget.",
            sv="Välj minst en sak ni har lärt er. En ändring bygger på något.",
            en="Choose at least one thing that you learned. A change rests on something.",
        )
    if db.session.scalar(
        select(Method.id).where(Method.kind == base.kind, Method.state == "draft")
    ):
        raise refused(
            "draft",
            da="Der er allerede et udkast. Skriv videre på det.",
            sv="Det finns redan ett utkast. Skriv vidare på det.",
            en="There is a draft already. Go on writing that one.",
        )
    number = db.session.scalar(select(func.max(Method.number)).where(Method.kind == base.kind))
    document = Document(
        levels=base.document.levels, steps=base.document.steps, cites=tuple(sorted(known))
    )
    key = new_key()
    method_id = db.session.execute(
        insert(Method)
        .values(
            key=key,
            kind=base.kind,
            number=(number or 0) + 1,
            document=document.as_dict(),
            changed_because=because.strip(),
            created_at=now(),
            created_by_id=actor.person_id,
        )
        .returning(Method.id)
    ).scalar_one()
    data = {"kind": base.kind, "cites": sorted(known)}
    record("challenges.method_drafted", "method", method_id, actor=actor, data=data)
    return key


def write_document(method: MethodFacts, document: Document, actor: Actor, *, revision: int) -> None:
    """Write a draft. Raises `Refused` for any other version and when others saved meanwhile."""
    if method.state != "draft":
        raise refused(
            "state",
            da="Kun et udkast kan ændres. Begynd en ny version.",
            sv="Bara ett utkast kan ändras. Börja en ny version.",
            en="Only a draft can change. Begin a new version.",
        )
    found = db.session.execute(
        update(Method)
        .where(Method.id == method.id, Method.state == "draft", Method.revision == revision)
        .values(document=document.as_dict(), revision=Method.revision + 1)
        .returning(Method.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    record("challenges.method_written", "method", method.id, actor=actor)


def start_round(
    method: MethodFacts,
    organisation_id: int,
    unit_id: int | None,
    from_day: date,
    to_day: date | None,
    actor: Actor,
) -> str:
    """Try a version in a named place for a time; a draft is a draft no more. Returns the round's
    key. Raises `Refused` for a draft that is not whole, for what is over, and for wrong days."""
    if method.state not in ("draft", "in_test", "evaluated", "current"):
        raise refused(
            "state",
            da="Versionen er afløst. Prøv den, der gælder.",
            sv="Versionen är ersatt. Pröva den som gäller.",
            en="That version is superseded. Try the one in force.",
        )
    if not complete(method.kind, method.document):
        raise refused(
            "state",
            da="Udkastet er ikke helt. Skriv det, der mangler, og prøv det så.",
            sv="Utkastet är inte helt. Skriv det som saknas och pröva sedan.",
            en="The draft is not whole. Write what is missing, then try it.",
        )
    if to_day is not None and to_day < from_day:
        raise refused(
            "to_day",
            da="Den sidste dag kommer efter den første.",
            sv="Den sista dagen kommer efter den första.",
            en="The last day comes after the first.",
        )
    if closed_among([organisation_id]) or (
        unit_id is not None and unit_id not in {unit.id for unit in units_of(organisation_id)}
    ):
        raise refused(
            "place",
            da="Vælg et sted, der er åbent.",
            sv="Välj en plats som är öppen.",
            en="Choose a place that is open.",
        )
    if method.state == "draft":
        _move(method, "in_test", actor)
    key = new_key()
    round_id = db.session.execute(
        insert(TestRound)
        .values(
            key=key,
            method_id=method.id,
            organisation_id=organisation_id,
            unit_id=unit_id,
            from_day=from_day,
            to_day=to_day,
            by_id=actor.person_id,
        )
        .returning(TestRound.id)
    ).scalar_one()
    data = {"method_id": method.id, "organisation_id": organisation_id, "unit_id": unit_id}
    record("challenges.round_started", "test_round", round_id, actor=actor, data=data)
    return key


def evaluate_round(
    method: MethodFacts, tried: RoundFacts, note: LearningValues, change: str, actor: Actor
) -> None:
    """Write what a round showed. It is kept as a learning note, which the next version may rest
    on. Raises `Refused` for a round that is evaluated already."""
    found = db.session.execute(
        update(TestRound)
        .where(TestRound.id == tried.id, TestRound.evaluated_at.is_(None))
        .values(findings=note.text, change=change, evaluated_at=now())
        .returning(TestRound.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise refused(
            "findings",
            da="Runden er allerede vurderet.",
            sv="Omgången är redan utvärderad.",
            en="The round is evaluated already.",
        )
    learn(note, actor, of="test_round", id_=tried.id)
    if method.state == "in_test":
        _move(method, "evaluated", actor)
    data = {"method_id": method.id}
    record("challenges.round_evaluated", "test_round", tried.id, actor=actor, data=data)


def put_in_force(method: MethodFacts, actor: Actor) -> None:
    """From now on this is the version that gates go by; the one before is superseded. Raises
    `Refused` for a version without an evaluated round."""
    evaluated = db.session.scalar(
        select(func.count(TestRound.id)).where(
            TestRound.method_id == method.id, TestRound.evaluated_at.is_not(None)
        )
    )
    if method.state != "evaluated" or not evaluated:
        raise refused(
            "state",
            da="En version gælder først, når den er prøvet, og det er skrevet ned, hvad I lærte.",
            sv="En version gäller först när den är prövad och det ni lärde er är nedskrivet.",
            en="A version comes into force when it was tried and what you learned is written.",
        )
    db.session.execute(
        update(Method)
        .where(Method.kind == method.kind, Method.state == "current")
        .values(state="superseded", revision=Method.revision + 1)
        .execution_options(synchronize_session=False)
    )
    _move(method, "current", actor)


def _move(method: MethodFacts, to: str, actor: Actor) -> None:
    found = db.session.execute(
        update(Method)
        .where(Method.id == method.id, Method.state == method.state)
        .values(
            state=to,
            current_from=now() if to == "current" else Method.current_from,
            revision=Method.revision + 1,
        )
        .returning(Method.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    data = {"kind": method.kind, "old": method.state, "new": to}
    record("challenges.method_moved", "method", method.id, actor=actor, data=data)
