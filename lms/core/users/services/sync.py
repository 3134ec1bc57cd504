"""Carrying out what a plan of an employer's list says, and the list between the two.

Nothing is decided here: `plan` has decided, and this does it or, when somebody has been changed
since, leaves that row alone and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select

from lms.contracts import Actor
from lms.core.users.models import Assignment, Person
from lms.core.users.outcomes import Doing, Item, NewPlace
from lms.core.users.services.leaving import close_accounts, give_up_roles
from lms.core.users.services.links import end_links
from lms.core.users.services.people import flush, search_text
from lms.core.users.services.reading import number_key
from lms.core.users.services.sign_ins import end_sign_ins
from lms.db import db, now
from lms.journal import record

PIECE = 200
"""Rows of one transaction: few enough that others wait for the write lock no second."""

Row = TypeVar("Row", Person, Assignment)

Made = dict[str, int]
"""Key of an employee number -> the person who came with it in this list."""


def in_pieces(items: Sequence[Item]) -> list[Sequence[Item]]:
    """What is to be done, in an order in which managers come first, cut into transactions."""
    doing = [item for item in items if item.outcome not in ("same", "error")]
    return [doing[start : start + PIECE] for start in range(0, len(doing), PIECE)]


def carry_out(
    items: Sequence[Item], organisation_id: int, made: Made, *, actor: Actor
) -> list[Item]:
    """Do one piece of a plan, in the open unit of work; returns what became of each item.

    `made` remembers who came, from piece to piece. An item whose person or place is not as it was
    when the plan was made becomes an error and nothing of it is done.
    """
    piece = _Piece(items, organisation_id, made, actor)
    return piece.carry_out()


class _Piece:
    def __init__(
        self, items: Sequence[Item], organisation_id: int, made: Made, actor: Actor
    ) -> None:
        self.items = items
        self.here = organisation_id
        self.made = made
        self.actor = actor
        self.people = _by_id(Person, (item.doing.person_id for item in items))
        ids = [item.doing.assignment_id for item in items]
        ids += [also for item in items for also, _day in item.doing.also_end]
        self.places = _by_id(Assignment, ids)
        self.coming = set(made)
        self.taken = _mails(item.doing.email for item in items)

    def carry_out(self) -> list[Item]:
        done = []
        for item in self.items:
            fine = self._is_as_planned(item.doing)
            done.append(item if fine else _meanwhile(item))
            if fine and item.doing.person_id is None:
                self.coming.add(number_key(item.employee_number))
        todo = [item for item in done if item.outcome != "error"]
        self._create(todo)
        for item in todo:
            if item.doing.person_id is not None:
                self._change(item, self.people[item.doing.person_id])
            self._end(item)
        self._begin(todo)
        for item in todo:
            if item.doing.invite:
                person_id = self._person_id(item)
                record("users.invited", "person", person_id, actor=self.actor)
        leavers = [item for item in todo if item.outcome == "leave"]
        going = [item.doing.person_id for item in leavers if item.doing.give_up_roles]
        give_up_roles([one for one in going if one is not None], self.here, actor=self.actor)
        over = [item.doing.person_id for item in leavers if item.doing.close_account]
        close_accounts([one for one in over if one is not None], actor=self.actor)
        flush()
        return done

    def _is_as_planned(self, doing: Doing) -> bool:
        if doing.email and self.taken.get(doing.email.casefold()) not in (None, doing.person_id):
            return False
        bosses = (new.manager_number for new in (doing.begin, doing.correct) if new)
        if any(number and number not in self.coming for number in bosses):
            return False
        if doing.person_id is None:
            return True
        person = self.people.get(doing.person_id)
        if person is None or doing.seen is None:
            return False
        place = None
        if doing.assignment_id is not None:
            place = self.places.get(doing.assignment_id)
            if place is None:
                return False
        return (person.state, place.to_day if place else None) == doing.seen

    def _person_id(self, item: Item) -> int:
        if item.doing.person_id is not None:
            return item.doing.person_id
        return self.made[number_key(item.employee_number)]

    # --- people -----------------------------------------------------------------------------------

    def _create(self, items: Iterable[Item]) -> None:
        new: list[tuple[Item, Person]] = []
        for item in items:
            doing = item.doing
            if doing.person_id is None and doing.name and doing.email:
                person = Person(
                    name=doing.name,
                    email=doing.email,
                    email_key=doing.email.casefold(),
                    language=doing.language or "da",
                    state="invited",
                    created_at=now(),
                    search_text="",
                )
                person.search_text = search_text(person)
                new.append((item, person))
        db.session.add_all([person for _item, person in new])
        flush()
        for item, person in new:
            self.made[number_key(item.employee_number)] = person.id
            data = {"state": "invited"}
            record("users.created", "person", person.id, actor=self.actor, data=data)

    def _change(self, item: Item, person: Person) -> None:
        doing = item.doing
        if doing.reopen:
            person.state = "active" if person.password_hash else "invited"
            record("users.reopened", "person", person.id, actor=self.actor)
        before = {"name": person.name, "email": person.email, "language": person.language}
        if doing.email and doing.email.casefold() != person.email_key:
            # A new mail is a new way in: the old ones end.
            end_links(person.id)
            end_sign_ins(person.id, actor=self.actor)
        elif doing.invite:
            end_links(person.id, "invitation")
        if doing.email:
            person.email, person.email_key = doing.email, doing.email.casefold()
        person.name = doing.name or person.name
        person.language = doing.language or person.language
        after = {"name": person.name, "email": person.email, "language": person.language}
        if after != before:
            person.search_text = search_text(person)
            told = {"before": before, "after": after}
            record("users.changed", "person", person.id, actor=self.actor, payload=told)

    # --- places -----------------------------------------------------------------------------------

    def _end(self, item: Item) -> None:
        doing = item.doing
        if doing.assignment_id is None:
            return
        place = self.places[doing.assignment_id]
        if doing.adopt_number and doing.begin is None:
            place.employee_number = item.employee_number
        if doing.last_day is not None:
            self._put_last_day(place, doing.last_day)
        for also, day in doing.also_end:
            if also in self.places:
                self._put_last_day(self.places[also], day)
        if doing.to_day is not None:
            self._put_last_day(place, doing.to_day[0])
        if doing.correct is not None:
            new = doing.correct
            place.function_id, place.unit_id = new.function_id, new.unit_id
            place.manager_id, place.to_day = self._manager_of(new), new.to_day
            data = {"assignment": place.id}
            record(
                "users.assignment_changed", "person", place.person_id, actor=self.actor, data=data
            )

    def _put_last_day(self, place: Assignment, day: date | None) -> None:
        place.to_day = day
        verb = "users.assignment_ended" if day else "users.assignment_changed"
        data = {"assignment": place.id, "last_day": day.isoformat() if day else ""}
        record(verb, "person", place.person_id, actor=self.actor, data=data)

    def _begin(self, items: Iterable[Item]) -> None:
        new = []
        for item in items:
            begin = item.doing.begin
            if begin is not None:
                row = Assignment(
                    person_id=self._person_id(item),
                    function_id=begin.function_id,
                    organisation_id=self.here,
                    unit_id=begin.unit_id,
                    manager_id=self._manager_of(begin),
                    from_day=begin.from_day,
                    to_day=begin.to_day,
                    employee_number=item.employee_number,
                )
                new.append(row)
        db.session.add_all(new)
        db.session.flush()
        for row in new:
            data = {"assignment": row.id, "organisation": self.here}
            record("users.assigned", "person", row.person_id, actor=self.actor, data=data)

    def _manager_of(self, new: NewPlace) -> int | None:
        return self.made[new.manager_number] if new.manager_number else new.manager_id


def _meanwhile(item: Item) -> Item:
    return replace(item, outcome="error", reason="meanwhile", values={}, doing=Doing())


def _by_id(model: type[Row], ids: Iterable[int | None]) -> Mapping[int, Row]:
    wanted = sorted({one for one in ids if one is not None})
    found = db.session.scalars(select(model).where(model.id.in_(wanted)))
    return {row.id: row for row in found}


def _mails(mails: Iterable[str | None]) -> Mapping[str, int]:
    keys = sorted({mail.casefold() for mail in mails if mail})
    rows = db.session.execute(select(Person.email_key, Person.id).where(Person.email_key.in_(keys)))
    return {row.email_key: row.id for row in rows if row.email_key}
