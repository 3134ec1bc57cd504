"""Verbs on rights and groups in a student module: say yes to an agreement, choose a group without
it, set on what terms a group works."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    GroupMove,
    LocalisedText,
    Refusal,
    Refused,
    db,
    now,
    put_into_groups,
    record,
    refused,
)
from lms_courses.models import CaseQuestion, CaseResult, GroupTerms, NdaSignature
from lms_courses.queries.ndas import NdaFacts, nda_of_run
from lms_courses.queries.students import (
    GroupAt,
    Module,
    groups_with_nda,
    people_of,
    unsigned_in,
)
from lms_courses.refusing import changed_meanwhile

MOST_IN_GROUP = 5
NEW_GROUP = "new"


def say_yes(module: Module, nda_key: str, actor: Actor) -> None:
    """A student says yes to the agreement that the page showed. It stays on record, whatever group
    they are in later. Raises `Refused` when it is another by now, or does not hold."""
    seat = _seat_at_work(module)
    nda = nda_of_run(module.run.id)
    if nda is None or nda.key != nda_key or nda.state != "signed":
        raise _no_agreement()
    if nda.id in module.signed.get(seat, ()):
        return
    try:
        db.session.execute(
            insert(NdaSignature).values(nda_id=nda.id, enrolment_id=seat, signed_at=now())
        )
    except IntegrityError as error:
        raise Conflict("a student said yes twice at once") from error
    record("courses.nda_agreed", "nda", nda.id, actor=actor, data={"enrolment": seat})


def groups_to_choose(module: Module) -> Sequence[GroupAt]:
    """Groups without the agreement in which there is room, the reader's own left out."""
    own = module.own
    open_ = [
        one
        for one in module.groups.values()
        if not one.with_nda and (own is None or one.id != own.id)
    ]
    people = people_of(open_)
    return [one for one in open_ if len(people[one.id]) < MOST_IN_GROUP]


def may_choose(module: Module) -> bool:
    """Who is in no group, or in one with the agreement, chooses one without it; who has begun in a
    group without stays there, or asks the teacher."""
    own = module.own
    return module.works and (own is None or own.with_nda)


def choose_group(module: Module, chosen: str, new_name: str, actor: Actor) -> None:
    """A student goes to a group without the agreement (its key), or to a new one (`NEW_GROUP`) of
    this name. What they said yes to stays on record. Raises `Refused` for a group that is full, or
    works with the agreement by now."""
    seat = _seat_at_work(module)
    if not may_choose(module):
        raise refused(
            "group",
            da="Du er i en gruppe uden aftale. Tal med din underviser, hvis du vil skifte.",
            sv="Du är i en grupp utan avtal. Prata med din lärare om du vill byta.",
            en="You are in a group without an agreement. Ask your teacher if you want to change.",
        )
    name = _free_name(module, new_name)
    if chosen != NEW_GROUP:
        name = next((one.name for one in groups_to_choose(module) if one.key == chosen), "")
    if not name:
        raise refused(
            "group",
            da="Gruppen er fuld eller arbejder nu med aftalen. Vælg en anden.",
            sv="Gruppen är full eller arbetar nu med avtalet. Välj en annan.",
            en="The group is full, or works with the agreement by now. Choose another.",
        )
    left = module.own
    put_into_groups(module.run.id, {seat: name}, actor)
    record(
        "courses.group_chosen",
        "run",
        module.run.id,
        actor=actor,
        data={"enrolment": seat, "left": left.id if left is not None else None},
    )


def set_terms(module: Module, group: GroupAt, with_nda: bool, actor: Actor) -> None:
    """The team says on what terms a group works. Raises `Refused` while no agreement holds, while
    somebody in the group has not said yes to it, and for a group that has worked under it."""
    if group.with_nda == with_nda:
        return
    if with_nda:
        _check_all_signed(module, group)
    elif _has_worked(group):
        raise refused(
            "terms",
            da=f"Gruppen “{group.name}” har arbejdet under aftalen, og det gælder stadig. Lav en "
            "ny gruppe uden den.",
            sv=f"Gruppen “{group.name}” har arbetat under avtalet, och det gäller fortfarande. Gör "
            "en ny grupp utan det.",
            en=f"The group “{group.name}” has worked under the agreement, and that still holds. "
            "Make a new group without it.",
        )
    known = db.session.execute(
        update(GroupTerms)
        .where(GroupTerms.group_id == group.id)
        .values(with_nda=with_nda)
        .returning(GroupTerms.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if known is None:
        try:
            db.session.execute(
                insert(GroupTerms).values(
                    run_id=module.run.id, group_id=group.id, with_nda=with_nda
                )
            )
        except IntegrityError as error:
            raise Conflict("a group's terms were set twice at once") from error
    record(
        "courses.group_terms",
        "run",
        module.run.id,
        actor=actor,
        data={"group": group.id, "with_nda": with_nda},
    )


def group_refusals(moves: Sequence[GroupMove]) -> Sequence[Refusal]:
    """Nobody comes into a group with the agreement who has not said yes to it. One question where
    no such group is asked about."""
    with_nda = groups_with_nda([one.group_id for one in moves]) if moves else frozenset()
    late = [(index, one) for index, one in enumerate(moves) if one.group_id in with_nda]
    found = []
    for run_id in sorted({one.run_id for _index, one in late}):
        names = unsigned_in(run_id, [one.enrolment_id for _i, one in late if one.run_id == run_id])
        found += [
            Refusal(code="unsigned", message=_unsigned(names[one.enrolment_id]), index=index)
            for index, one in late
            if one.enrolment_id in names
        ]
    return found


# --- inside -------------------------------------------------------------------------------------


def _seat_at_work(module: Module) -> int:
    if module.seat is None or not module.works:
        raise changed_meanwhile()
    return module.seat


def _check_all_signed(module: Module, group: GroupAt) -> None:
    nda: NdaFacts | None = nda_of_run(module.run.id)
    if nda is None or nda.state != "signed":
        raise _no_agreement()
    names = unsigned_in(module.run.id, group.seats)
    if names:
        raise Refused(
            *(Refusal(code="unsigned", message=_unsigned(name)) for name in names.values())
        )


def _has_worked(group: GroupAt) -> bool:
    asked = exists().where(CaseQuestion.group_id == group.id)
    written = exists().where(CaseResult.group_id == group.id)
    return bool(db.session.scalar(select(asked | written)))


def _free_name(module: Module, name: str) -> str:
    taken = {one.name.casefold() for one in module.groups.values()}
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{name} {number}"
    return free


def _no_agreement() -> Refused:
    return refused(
        "agreement",
        da="Der er ingen aftale, som gælder for holdet lige nu. Hent siden igen.",
        sv="Det finns inget avtal som gäller för omgången just nu. Hämta sidan igen.",
        en="No agreement holds for the run just now. Load the page again.",
    )


def _unsigned(name: str) -> LocalisedText:
    return LocalisedText(
        da=f"{name} har ikke sagt ja til aftalen og kan ikke være i en gruppe, der har den.",
        sv=f"{name} har inte sagt ja till avtalet och kan inte vara i en grupp som har det.",
        en=f"{name} has not said yes to the agreement and cannot be in a group that has it.",
    )
