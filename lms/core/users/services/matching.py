"""Whom a row of a list is about: one row against the employer's register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lms.contracts import Actor
from lms.core.users.queries import MANAGE
from lms.core.users.queries.employment import Held, Known, Register
from lms.core.users.services.reading import Said, number_key


class StopRow(Exception):
    """Nothing is done of this row; `reason` names the sentence."""

    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """A row with its person and their present place here, where they have one. The manager is a
    person, or a row of the list whose person is new."""

    said: Said
    person: Known | None = None
    place: Held | None = None
    manager_id: int | None = None
    manager_row: int | None = None


class Matcher:
    """Finds the people of one organisation's list; asks the database nothing."""

    def __init__(
        self,
        known: Register,
        organisation_id: int,
        actor: Actor,
        today: date,
        language: str,
    ) -> None:
        self.known = known
        self.here = organisation_id
        self.actor = actor
        self.today = today
        self.language = language  # of whoever comes and nothing is said about it
        self.managed = actor.organisations_with(MANAGE)
        self.renumbered: set[int] = set()  # places whose number may be replaced
        self.by_number: dict[str, Held] = {}
        self.ended_numbers: set[str] = set()
        self.of_person: dict[int, list[Held]] = defaultdict(list)
        for place in known.places:  # the one begun last wins
            if place.employee_number:
                key = number_key(place.employee_number)
                if self._is_open(place):
                    self.by_number[key] = place
                else:
                    self.ended_numbers.add(key)
            self.of_person[place.person_id].append(place)

    def _is_open(self, place: Held) -> bool:
        if self.known.people[place.person_id].state == "left":
            return False
        return place.to_day is None or place.to_day >= self.today

    def open_places(self, person_id: int) -> list[Held]:
        """Where somebody works here now, or will."""
        return [place for place in self.of_person.get(person_id, ()) if self._is_open(place)]

    # --- whom is it about? ----------------------------------------------------------------------

    def match(self, said: Said) -> Matched:
        """The person and place of a row; `StopRow` when it cannot be who it seems to be."""
        place = self.by_number.get(said.number_key)
        by_mail = self._by_mail(said.email_key)
        if place is not None:
            person = self.known.people[place.person_id]
            if by_mail is not None and by_mail.id != person.id and not said.leaves:
                raise StopRow("email_taken")
            if not said.leaves:
                self._refuse_another(said, person)
            return Matched(said=said, person=person, place=place)
        if by_mail is None:
            return Matched(said=said)
        here = self.open_places(by_mail.id)
        for other in here:
            if not other.employee_number:
                return Matched(said=said, person=by_mail, place=other)
        if said.leaves:
            return Matched(said=said)
        if here and here[-1].id in self.renumbered:
            return Matched(said=said, person=by_mail, place=here[-1])
        if here:
            raise StopRow("other_number", number=here[-1].employee_number or "")
        if not self._may_take_in(by_mail):
            raise StopRow("elsewhere")
        return Matched(said=said, person=by_mail)

    def _by_mail(self, key: str) -> Known | None:
        person_id = self.known.by_email.get(key) if key else None
        return None if person_id is None else self.known.people[person_id]

    def _refuse_another(self, said: Said, person: Known) -> None:
        """Name and mail both new under an old number is mostly a number given to somebody else,
        who must not inherit an account with its certificates."""
        if not said.name or not said.email_key or said.email_key == person.email_key:
            return
        if not _words(said.name) & _words(person.name):
            raise StopRow("another_person", known=person.name)

    def _may_take_in(self, person: Known) -> bool:
        """Whoever gets a place here can be changed by those who manage people here. So they must
        be theirs already, or have been, and nobody else's now."""
        if self.managed is None:
            return True
        places = {where for where, _id in self.known.open_at.get(person.id, ())}
        if places & self.managed:
            return True
        return (
            not places and bool(self.of_person.get(person.id)) and not self.is_stronger(person.id)
        )

    def is_stronger(self, person_id: int) -> bool:
        """Does the person hold a role, or lead people, where the actor manages nobody?"""
        if self.managed is None:
            return False
        held: set[int | None] = {*self.known.roles.get(person_id, ())}
        held |= self.known.leads_at.get(person_id, frozenset())
        return any(where not in self.managed for where in held)

    def colleague_by_number(self, key: str) -> int | None:
        """Somebody who works here now, by their number."""
        place = self.by_number.get(key)
        return place.person_id if place else None

    def colleague_by_mail(self, key: str) -> int | None:
        """Somebody who works here, or whom the actor manages elsewhere, by the key of a mail."""
        person = self._by_mail(key)
        if person is None or person.state in ("left", "anonymised"):
            return None
        if self.open_places(person.id) or self.managed is None:
            return person.id
        places = {where for where, _id in self.known.open_at.get(person.id, ())}
        return person.id if places & self.managed else None

    def leads_now(self) -> Mapping[int, int]:
        """Who is led by whom here at present."""
        return {
            place.person_id: place.manager_id
            for place in self.known.places
            if place.manager_id is not None and self._is_open(place)
        }


def _words(name: str) -> set[str]:
    return {word for word in name.casefold().replace("-", " ").split() if len(word) > 1}
