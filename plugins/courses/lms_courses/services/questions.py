"""Verbs on the list of questions: a group asks, the company answers."""

from __future__ import annotations

from sqlalchemy import insert, update

from lms.api import Actor, db, new_key, now, record, refused
from lms_courses.models import CaseQuestion
from lms_courses.queries.questions import QuestionFacts
from lms_courses.queries.students import Module
from lms_courses.refusing import changed_meanwhile


def ask(module: Module, text: str, personal: bool, actor: Actor) -> str:
    """Ask the company; returns the question's key. A personal one is the asker's own, any other
    their group's. Raises `Refused` without a case, outside a group, and for who has not said yes
    to the agreement of their group."""
    if module.use is None:
        raise refused(
            "case",
            da="Holdet har ingen case lige nu, så der er ingen at spørge.",
            sv="Omgången har inget case just nu, så det finns ingen att fråga.",
            en="The run has no case just now, so there is nobody to ask.",
        )
    if not module.works:
        raise changed_meanwhile()
    own = module.own
    if own is None and not personal:
        raise refused(
            "personal",
            da="Du er ikke i en gruppe endnu. Vælg en først, eller spørg for dig selv.",
            sv="Du är inte i någon grupp än. Välj en först, eller fråga för egen del.",
            en="You are in no group yet. Choose one first, or ask for yourself.",
        )
    if own is not None and own.with_nda and not module.bound:
        raise refused(
            "agreement",
            da="Sig ja til gruppens aftale først.",
            sv="Säg ja till gruppens avtal först.",
            en="Say yes to the agreement of your group first.",
        )
    key = new_key()
    question_id = db.session.execute(
        insert(CaseQuestion)
        .values(
            key=key,
            run_id=module.run.id,
            group_id=own.id if own is not None else None,
            asked_by_id=actor.person_id,
            asked_at=now(),
            text=text,
            personal=personal,
            answer="",
        )
        .returning(CaseQuestion.id)
    ).scalar_one()
    record(
        "courses.question_asked",
        "case_question",
        question_id,
        actor=actor,
        data={"run": module.run.id, "personal": personal},
    )
    return key


def answer(question: QuestionFacts, text: str, seen: str, actor: Actor) -> None:
    """The company answers, or writes its answer anew; `seen` is the stamp of the answer that the
    page had. Raises `Refused` when a colleague has answered meanwhile."""
    if seen != question.stamp:
        raise changed_meanwhile()
    before = (
        CaseQuestion.answered_at.is_(None)
        if question.answered_at is None
        else CaseQuestion.answered_at == question.answered_at
    )
    changed = db.session.execute(
        update(CaseQuestion)
        .where(CaseQuestion.id == question.id, before)
        .values(answer=text, answered_by_id=actor.person_id, answered_at=now())
        .returning(CaseQuestion.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if changed is None:
        raise changed_meanwhile()
    record(
        "courses.question_answered",
        "case_question",
        question.id,
        actor=actor,
        data={"run": question.run_id, "again": question.answered_at is not None},
    )
