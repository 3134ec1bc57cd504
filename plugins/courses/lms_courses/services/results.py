"""Verbs on results: a group writes one, the teacher sends up to three, practice answers."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    Refused,
    db,
    link_records,
    new_key,
    now,
    record,
    refused,
)
from lms_courses.models import CaseResult, CaseUse
from lms_courses.queries.results import (
    MOST_SENT,
    ResultFacts,
    result_of_group,
    results_in,
    sent_from,
)
from lms_courses.queries.students import GroupAt, Module
from lms_courses.refusing import changed_meanwhile

WITH_REASON = frozenset({"stored", "not_usable"})
KIND = "case_result"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultValues:
    """What a group hands over, in the language it is written in."""

    title: str
    text: str
    language: str


def write_result(module: Module, values: ResultValues, revision: int, actor: Actor) -> str:
    """A group writes its result, or writes it anew; returns its key. `revision` is what the page
    had, 0 for none. Raises `Refused` outside a group, for what was sent, and when another of the
    group has saved meanwhile."""
    group = _own_group(module)
    there = result_of_group(group.id)
    if there is None and revision == 0:
        return _first(module, group, values, actor)
    if there is None or there.revision != revision:
        raise changed_meanwhile()
    if there.sent_at is not None:
        raise refused(
            "sent",
            da="Resultatet er sendt til praksis og bliver stående, som det er.",
            sv="Resultatet har skickats till praktiken och står kvar som det är.",
            en="The result was sent to practice and stays as it is.",
        )
    changed = db.session.execute(
        update(CaseResult)
        .where(
            CaseResult.id == there.id,
            CaseResult.revision == revision,
            CaseResult.sent_at.is_(None),
        )
        .values(
            title=values.title,
            text=values.text,
            language=values.language,
            written_by_id=actor.person_id,
            revision=revision + 1,
        )
        .returning(CaseResult.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if changed is None:
        raise changed_meanwhile()
    _tell("courses.result_written", there.id, module.run.id, actor)
    return there.key


def send_results(module: Module, keys: Collection[str], looked: bool, actor: Actor) -> int:
    """The teacher sends results to practice and to who sent the need; returns how many. `looked`:
    have they seen that nothing secret stands in those of groups with the agreement? Raises
    `Refused` for more than three in all, none, and a case that has no place in practice."""
    if module.use is None or module.use.case.practice_host_id is None:
        raise refused(
            "case",
            da="Der er ingen praksis at sende til: holdet har ingen case med et praksissted.",
            sv="Det finns ingen praktik att skicka till: omgången har inget case med en "
            "verksamhet.",
            en="There is no practice to send it to: the run has no case with a place in practice.",
        )
    # The use is held, so that two who send at once count each other's.
    held = db.session.execute(
        select(CaseUse.id)
        .where(CaseUse.id == module.use.id, CaseUse.withdrawn_at.is_(None))
        .with_for_update()
    ).scalar_one_or_none()
    if held is None:
        raise changed_meanwhile()
    there = {one.key: one for one in results_in(module)}
    wanted = [there[key] for key in sorted(set(keys)) if key in there]
    if len(wanted) != len(set(keys)) or any(one.sent_at is not None for one in wanted):
        raise changed_meanwhile()
    if not wanted:
        raise refused(
            "results",
            da="Vælg mindst ét resultat.",
            sv="Välj minst ett resultat.",
            en="Choose at least one result.",
        )
    if sent_from(module.run.id) + len(wanted) > MOST_SENT:
        raise refused(
            "results",
            da=f"Praksis får højst {MOST_SENT} resultater fra et hold, så de bliver læst.",
            sv=f"Praktiken får högst {MOST_SENT} resultat från en omgång, så att de blir lästa.",
            en=f"Practice gets at most {MOST_SENT} results from a run, so that they are read.",
        )
    if not looked and any(_is_secret(module, one) for one in wanted):
        raise refused(
            "looked",
            da="En gruppe har arbejdet med noget hemmeligt. Se efter, og sæt kryds.",
            sv="En grupp har arbetat med något hemligt. Kontrollera och kryssa i.",
            en="A group has worked with something secret. Look it through, and tick the box.",
        )
    for one in wanted:
        _send(module, one, actor)
    return len(wanted)


def respond(result: ResultFacts, response: str, reason: str, seen: str, actor: Actor) -> None:
    """Practice says what it made of a result; `seen` is the stamp of the answer the page had.
    Raises `Refused` without a reason where one is owed, and when a colleague answered meanwhile."""
    if response in WITH_REASON and not reason:
        raise refused(
            "reason",
            da="Skriv hvorfor. Gruppen læser det.",
            sv="Skriv varför. Gruppen läser det.",
            en="Write why. The group reads it.",
        )
    if seen != result.stamp or result.sent_at is None:
        raise changed_meanwhile()
    before = (
        CaseResult.responded_at.is_(None)
        if result.responded_at is None
        else CaseResult.responded_at == result.responded_at
    )
    changed = db.session.execute(
        update(CaseResult)
        .where(CaseResult.id == result.id, before)
        .values(
            response=response,
            response_reason=reason,
            responded_at=now(),
            responded_by_id=actor.person_id,
        )
        .returning(CaseResult.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if changed is None:
        raise changed_meanwhile()
    _tell("courses.result_answered", result.id, result.run_id, actor, response=response)


# --- inside -------------------------------------------------------------------------------------


def _own_group(module: Module) -> GroupAt:
    own = module.own
    if not module.works or own is None:
        raise refused(
            "group",
            da="Du er ikke i en gruppe lige nu. Det, du skrev, står her endnu.",
            sv="Du är inte i någon grupp just nu. Det du skrev står kvar.",
            en="You are in no group just now. What you wrote is still here.",
        )
    if own.with_nda and not module.bound:
        raise refused(
            "agreement",
            da="Sig ja til gruppens aftale først.",
            sv="Säg ja till gruppens avtal först.",
            en="Say yes to the agreement of your group first.",
        )
    return own


def _first(module: Module, group: GroupAt, values: ResultValues, actor: Actor) -> str:
    key = new_key()
    try:
        result_id = db.session.execute(
            insert(CaseResult)
            .values(
                key=key,
                run_id=module.run.id,
                group_id=group.id,
                title=values.title,
                text=values.text,
                language=values.language,
                written_at=now(),
                written_by_id=actor.person_id,
                revision=1,
                response="",
                response_reason="",
            )
            .returning(CaseResult.id)
        ).scalar_one()
    except IntegrityError as error:
        raise Conflict("two of a group wrote its result at once") from error
    _tell("courses.result_written", result_id, module.run.id, actor)
    return key


def _is_secret(module: Module, result: ResultFacts) -> bool:
    group = module.groups.get(result.group_id or 0)
    return group is None or group.with_nda


def _send(module: Module, result: ResultFacts, actor: Actor) -> None:
    db.session.execute(
        update(CaseResult)
        .where(CaseResult.id == result.id)
        .values(sent_at=now(), sent_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    if module.use is not None:
        case = module.use.case
        before = [("case", case.key)]
        if case.need_key:
            before.append((case.need_kind, case.need_key))
        for first in before:
            with suppress(Refused):  # somebody linked them the other way round: their word stands
                link_records(first, (KIND, result.key), actor)
    _tell("courses.result_sent", result.id, module.run.id, actor)


def _tell(verb: str, result_id: int, run_id: int, actor: Actor, **more: object) -> None:
    record(verb, "case_result", result_id, actor=actor, data={"run": run_id} | more)
