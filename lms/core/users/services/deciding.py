"""What a row of a list changes for the person it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from lms.core.users.outcomes import Doing, Item, NewPlace
from lms.core.users.queries.employment import Held, Known
from lms.core.users.services.matching import Matched, Matcher, StopRow
from lms.core.users.services.reading import Said, number_key

ONE_DAY = timedelta(days=1)


class Decider(Matcher):
    """Decides rows of one organisation's list; asks the database nothing."""

    def decide(self, matched: Matched, manager_number: str | None) -> Item:
        """The item of a row. `manager_number` is the key of a manager who comes in this list."""
        said, person, place = matched.said, matched.person, matched.place
        if said.leaves:
            return self._leave(said, person, place)
        if person is None or place is None:
            return self._come(matched, manager_number)
        return self._stay(matched, person, place, manager_number)

    def _item(self, said: Said, person: Known | None, **more: object) -> Item:
        name = said.name or (person.name if person else "")
        return Item(row=said.row, employee_number=said.number, name=name, **more)  # type: ignore[arg-type]

    def _leave(self, said: Said, person: Known | None, place: Held | None) -> Item:
        if person is None or place is None:
            if said.number_key in self.ended_numbers:
                return self._item(said, person, outcome="same", reason="same")
            raise StopRow("nobody")
        last = min(said.to_day or self.today, self.today)
        return self._leaving(
            self._item(said, person, outcome="leave", reason="leave.now"), person, place, last
        )

    def missing(self, key: str) -> Item:
        """Somebody with a number here who is not in a full list."""
        place = self.by_number[key]
        person = self.known.people[place.person_id]
        item = Item(
            row=0,
            outcome="leave",
            reason="leave.missing",
            employee_number=place.employee_number or "",
            name=person.name,
        )
        try:
            return self._leaving(item, person, place, self.today)
        except StopRow as stop:
            return replace(item, outcome="error", reason=stop.reason)

    def let_go_of_numbers(self, listed: set[str]) -> None:
        """In a full list a person whose old number is gone may have got a new one."""
        self.renumbered = {p.id for key, p in self.by_number.items() if key not in listed}

    def has_mail_in(self, key: str, mails: set[str]) -> bool:
        """Is the person with this number here one of those with these mails?"""
        return self.known.people[self.by_number[key].person_id].email_key in mails

    def open_numbers(self) -> list[str]:
        """Keys of the numbers that people have here now and go on having tomorrow."""
        return [
            key
            for key, place in self.by_number.items()
            if place.to_day is None or place.to_day > self.today
        ]

    def _leaving(self, item: Item, person: Known, place: Held, last: date) -> Item:
        if person.id == self.actor.person_id:
            raise StopRow("self")
        last = max(last, place.from_day)
        # A move that is planned for later ends with the place it would have followed.
        key = number_key(place.employee_number or "")
        same_post = [
            other
            for other in self.open_places(person.id)
            if other.id == place.id or (key and number_key(other.employee_number or "") == key)
        ]
        keeps = self._keeps_account(person, same_post)
        doing = Doing(
            person_id=person.id,
            assignment_id=place.id,
            seen=(person.state, place.to_day),
            last_day=None if place.to_day == last else last,
            also_end=tuple(
                (p.id, max(last, p.from_day))
                for p in same_post
                if p.id != place.id and p.to_day != max(last, p.from_day)
            ),
            give_up_roles=len(same_post) == len(self.open_places(person.id)),
            close_account=not keeps,
        )
        if not keeps:
            return replace(item, doing=doing)
        if doing.last_day is None and not doing.also_end:
            return replace(item, outcome="same", reason="same")
        return replace(item, reason="leave.place", doing=doing)

    def _keeps_account(self, person: Known, ending: Sequence[Held]) -> bool:
        """Another place, a role elsewhere or on the site, or people to lead elsewhere."""
        ids = {place.id for place in ending}
        others = [one for _where, one in self.known.open_at.get(person.id, ()) if one not in ids]
        elsewhere: set[int | None] = {*self.known.roles.get(person.id, ())}
        elsewhere |= self.known.leads_at.get(person.id, frozenset())
        return bool(others) or bool(elsewhere - {self.here})

    def _come(self, matched: Matched, manager_number: str | None) -> Item:
        said, person = matched.said, matched.person
        if person is None and not said.name:
            raise StopRow("no_name")
        if not said.email:
            raise StopRow("no_email")
        if said.function_id is None:
            raise StopRow("no_function")
        from_day = self._first_day(said, person)
        if said.to_day is not None and said.to_day < from_day:
            raise StopRow("days_order")
        begin = NewPlace(
            function_id=said.function_id,
            unit_id=said.unit_id,
            manager_id=matched.manager_id,
            manager_number=manager_number,
            from_day=from_day,
            to_day=said.to_day,
        )
        if person is None:
            doing = Doing(
                name=said.name,
                email=said.email,
                language=said.language or self.language,
                invite=True,
                begin=begin,
            )
            values = {"email": said.email}
            return self._item(
                said, None, outcome="come", reason="come.new", values=values, doing=doing
            )
        back = person.state == "left"
        doing = Doing(
            person_id=person.id,
            seen=(person.state, None),
            reopen=back,
            invite=person.state == "invited" or (back and not person.has_password),
            begin=begin,
            **self._new_values(said, person, back=back),  # type: ignore[arg-type]
        )
        reason = "come.back" if back else "come.known"
        return self._item(said, person, outcome="come", reason=reason, doing=doing)

    def _first_day(self, said: Said, person: Known | None) -> date:
        """The day the list gives; for whoever was here before, a day after that."""
        before = [p.to_day for p in self.of_person.get(person.id, ())] if person else []
        over = max((day for day in before if day is not None), default=None)
        if said.from_day and (over is None or said.from_day > over):
            return said.from_day
        return self.today

    def _new_values(self, said: Said, person: Known, *, back: bool = False) -> dict[str, str]:
        """Name, mail and language where the list says something new. The language is the
        person's own to choose once they have signed in."""
        new = {}
        if said.name and said.name != person.name:
            new["name"] = said.name
        if said.email and said.email != person.email:
            if said.email_key != person.email_key and self.is_stronger(person.id):
                raise StopRow("stronger")
            new["email"] = said.email
        invited = person.state == "invited" or (back and not person.has_password)
        if invited and said.language and said.language != person.language:
            new["language"] = said.language
        return new

    def _stay(
        self, matched: Matched, person: Known, place: Held, manager_number: str | None
    ) -> Item:
        said = matched.said
        new = self._new_values(said, person)
        moved = [
            field
            for field, said_id, held_id in (
                ("function", said.function_id, place.function_id),
                ("unit", said.unit_id, place.unit_id),
                ("manager", matched.manager_id, place.manager_id),
            )
            if said_id is not None and said_id != held_id
        ] + (["manager"] if manager_number is not None else [])
        adopt = number_key(place.employee_number or "") != said.number_key
        fields = [*new, *moved, *(["number"] if adopt else [])]
        to_day = said.to_day if said.says_to_day else place.to_day
        if to_day != place.to_day:
            fields.append("to_day")
            if to_day is not None and to_day < place.from_day:
                raise StopRow("days_order")
        if not fields:
            return self._item(said, person, outcome="same", reason="same")
        doing = Doing(
            person_id=person.id,
            assignment_id=place.id,
            seen=(person.state, place.to_day),
            invite="email" in new and person.state == "invited",
            adopt_number=adopt,
            to_day=(to_day,) if "to_day" in fields and not moved else None,
            **new,  # type: ignore[arg-type]
        )
        values = {"fields": " ".join(fields)}
        if not moved:
            ends = fields == ["to_day"] and to_day is not None
            return self._item(
                said,
                person,
                outcome="leave" if ends else "change",
                reason="leave.on" if ends else "change",
                values={"day": str(to_day)} if ends else values,
                doing=doing,
            )
        return self._move(matched, person, place, manager_number, doing, values)

    def _move(
        self,
        matched: Matched,
        person: Known,
        place: Held,
        manager_number: str | None,
        doing: Doing,
        values: Mapping[str, str],
    ) -> Item:
        """A new place from a day on; what begins no later than the present place corrects it."""
        said = matched.said
        later = said.from_day is not None and said.from_day > place.from_day
        day = said.from_day if later and said.from_day else self.today
        end = said.to_day if said.says_to_day else place.to_day
        if said.says_to_day and end is not None and end < max(day, place.from_day):
            raise StopRow("days_order")
        corrects = day <= place.from_day
        begins = place.from_day if corrects else day
        new = NewPlace(
            function_id=said.function_id or place.function_id,
            unit_id=said.unit_id or place.unit_id,
            manager_id=(matched.manager_id or place.manager_id) if not manager_number else None,
            manager_number=manager_number,
            from_day=begins,
            to_day=end if end is not None and end >= begins else None,
        )
        if corrects:
            doing = replace(doing, correct=new)
        else:
            before = day - ONE_DAY
            ends = before if place.to_day is None else min(place.to_day, before)
            doing = replace(doing, begin=new, last_day=None if ends == place.to_day else ends)
        return self._item(
            said,
            person,
            outcome="move",
            reason="move",
            values={**values, "day": begins.isoformat()},
            doing=doing,
        )
