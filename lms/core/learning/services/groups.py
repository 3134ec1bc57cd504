"""Verbs on groups: made, split, filled, renamed, gone. All of them hold the run first."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import delete, exists, insert, select, update

from lms.contracts import Actor, GroupMove
from lms.core.catalogue.services import hold_run
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Comment, Group, GroupMember
from lms.core.learning.queries.groups import without_group
from lms.core.refused import Refused, refused
from lms.db import db, new_key
from lms.host import current_host
from lms.journal import record

SMALLEST = 2


def put_into_groups(run_id: int, wanted: Mapping[int, str], actor: Actor) -> int:
    """Put participants (by enrolment id) into the groups of these names, "" into none; a name that
    no group has makes one. Names differ by more than case. Returns how many have moved. Raises
    `Refused` when somebody refuses one of them."""
    hold_run(run_id)
    groups = _groups(run_id)
    there = {
        row.enrolment_id: row.group_id
        for row in db.session.execute(
            select(GroupMember.enrolment_id, GroupMember.group_id)
            .join(Enrolment, Enrolment.id == GroupMember.enrolment_id)
            .where(Enrolment.run_id == run_id)
        )
    }
    belonging = set(
        db.session.scalars(
            select(Enrolment.id).where(Enrolment.run_id == run_id, Enrolment.id.in_(wanted))
        )
    )
    moved = 0
    wanted = {id_: name for id_, name in wanted.items() if id_ in belonging}
    into = {id_: groups.get(name.casefold()) for id_, name in wanted.items()}
    _check(
        [
            GroupMove(run_id=run_id, enrolment_id=id_, group_id=group_id)
            for id_, group_id in into.items()
            if group_id is not None and there.get(id_) != group_id
        ]
    )
    for enrolment_id, name in wanted.items():
        group_id = None
        if name:
            group_id = groups.get(name.casefold())
            if group_id is None:
                group_id = groups[name.casefold()] = _new(run_id, name)
        if there.get(enrolment_id) != group_id:
            _move(enrolment_id, group_id, joined=enrolment_id in there)
            moved += 1
    if moved:
        _changed(run_id, actor, moved)
    return moved


def split_into_groups(
    run_id: int,
    size: int,
    name: Callable[[int], str],
    actor: Actor,
    *,
    shuffle: Callable[[list[int]], None] | None = None,
) -> int:
    """Put everybody who is in no group into new groups of about `size`, by chance; the groups
    differ by one at most. `name(n)` names the nth. Returns how many groups there are more."""
    hold_run(run_id)
    loose = [enrolment_id for enrolment_id, _pair in without_group(run_id)]
    (shuffle or random.SystemRandom().shuffle)(loose)
    return _fill(run_id, list(even_parts(loose, size)), name, actor)


def groups_of_pairs(run_id: int, name: Callable[[int], str], actor: Actor) -> int:
    """A group for each pair that asked for seats together and is in no group yet."""
    hold_run(run_id)
    pairs: dict[str, list[int]] = defaultdict(list)
    for enrolment_id, pair_key in without_group(run_id):
        if pair_key:
            pairs[pair_key].append(enrolment_id)
    whole = [pair for pair in pairs.values() if len(pair) >= SMALLEST]
    return _fill(run_id, whole, name, actor)


def rename_group(group_id: int, name: str, actor: Actor) -> None:
    """Another name. Raises `Refused` when a group of the run has it."""
    run_id = db.session.scalar(select(Group.run_id).where(Group.id == group_id))
    if run_id is None:
        return
    hold_run(run_id)
    if _groups(run_id).get(name.casefold(), group_id) != group_id:
        raise refused(
            "name.taken",
            da="En anden gruppe hedder sådan. Vælg et andet navn.",
            sv="En annan grupp heter så. Välj ett annat namn.",
            en="Another group is called that. Choose another name.",
        )
    db.session.execute(update(Group).where(Group.id == group_id).values(name=name))
    _changed(run_id, actor, 0)


def drop_group(group_id: int, actor: Actor) -> None:
    """A group goes; its members are in none then. Raises `Refused` when something was said in it,
    for that would lose whom it was said to."""
    run_id = db.session.scalar(select(Group.run_id).where(Group.id == group_id))
    if run_id is None:
        return
    hold_run(run_id)
    if db.session.scalar(select(exists().where(Comment.group_id == group_id))):
        raise refused(
            "talked",
            da="Gruppen har talt sammen, så den kan ikke slettes. Flyt deltagerne i stedet.",
            sv="Gruppen har pratat, så den kan inte tas bort. Flytta deltagarna i stället.",
            en="The group has talked, so it cannot be deleted. Move its members instead.",
        )
    db.session.execute(delete(Group).where(Group.id == group_id))
    _changed(run_id, actor, 0)


def even_parts(people: Sequence[int], size: int) -> Iterator[list[int]]:
    """Parts of about `size`, none of which has two more than another."""
    number = max(1, round(len(people) / max(size, SMALLEST)))
    smallest, more = divmod(len(people), number)
    start = 0
    for index in range(number):
        end = start + smallest + (1 if index < more else 0)
        if end > start:
            yield list(people[start:end])
        start = end


def _check(moves: Sequence[GroupMove]) -> None:
    refusals = current_host().check("lms_check_groups", moves=moves) if moves else []
    if refusals:
        raise Refused(*refusals)


def _fill(
    run_id: int, parts: Sequence[Sequence[int]], name: Callable[[int], str], actor: Actor
) -> int:
    taken = _groups(run_id)
    number = 0
    for members in parts:
        number += 1
        while name(number).casefold() in taken:
            number += 1
        group_id = _new(run_id, name(number))
        db.session.execute(
            insert(GroupMember), [{"group_id": group_id, "enrolment_id": m} for m in members]
        )
    if parts:
        _changed(run_id, actor, sum(map(len, parts)))
    return len(parts)


def _groups(run_id: int) -> dict[str, int]:
    rows = db.session.execute(select(Group.id, Group.name).where(Group.run_id == run_id))
    return {row.name.casefold(): row.id for row in rows}


def _new(run_id: int, name: str) -> int:
    (group_id,) = db.session.execute(
        insert(Group).values(key=new_key(), run_id=run_id, name=name).returning(Group.id)
    ).one()
    return int(group_id)


def _move(enrolment_id: int, group_id: int | None, *, joined: bool) -> None:
    mine = GroupMember.enrolment_id == enrolment_id
    if group_id is None:
        db.session.execute(delete(GroupMember).where(mine))
    elif joined:
        db.session.execute(update(GroupMember).where(mine).values(group_id=group_id))
    else:
        db.session.execute(insert(GroupMember).values(group_id=group_id, enrolment_id=enrolment_id))


def _changed(run_id: int, actor: Actor, moved: int) -> None:
    record("learning.groups_changed", "run", run_id, actor=actor, data={"moved": moved})
