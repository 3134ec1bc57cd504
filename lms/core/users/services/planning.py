"""What a list of an employer's people would do, row by row, without doing it.

The dry run shows this plan and the real run carries out the same, so they cannot differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from lms.contracts import Actor
from lms.core.organisations.models import Organisation
from lms.core.refused import refused
from lms.core.users import outcome_words as words
from lms.core.users.outcomes import Item, Mode, Plan
from lms.core.users.people_lists import MOST_ROWS, Row
from lms.core.users.queries import MANAGE
from lms.core.users.queries.employment import Register, register
from lms.core.users.services.deciding import Decider
from lms.core.users.services.managers import Node, circles, managers_first
from lms.core.users.services.matching import Matched, StopRow
from lms.core.users.services.reading import Said, Wrong, mails_in, number_key, read_row
from lms.db import db, now

MOST_LEAVERS = 1 / 3  # of the people; more must be confirmed


def plan(rows: Sequence[Row], organisation_id: int, mode: Mode, *, actor: Actor) -> Plan:
    """What these rows would do in one organisation. Reads only; a dozen queries.

    `mode` "full" says that whoever has an employee number here and is not in the list has left;
    "changes" leaves them alone. `Refused` when the actor does not manage people here, the
    organisation is closed, or there are more than 20,000 rows.
    """
    organisation = _checked(rows, organisation_id, actor)
    mails = mails_in(rows)
    known = register(organisation_id, {key for _email, key in mails.values() if key})
    today = now().date()
    said = [read_row(row, known, mails, today) for row in rows]
    language = "sv" if organisation.country == "SE" else "da"
    decider = Decider(known, organisation_id, actor, today, language)
    if mode == "full":
        decider.let_go_of_numbers({row.number_key for row in said})
    planner = _Planner(known, decider, mails)
    items = planner.items(said)
    note = refusal = None
    if mode == "full":
        lost = sum(1 for row in said if isinstance(row, Wrong) and not row.number_key)
        listed = {mails[text][1] for row in rows if (text := row.get("email", ""))}
        missing = planner.missing({row.number_key for row in said}, listed)
        if lost and missing:
            note, missing = words.rows_without_number(lost), []
        everybody = planner.number_of_numbered()
        if len(missing) > everybody * MOST_LEAVERS:
            refusal = words.too_many_leave(len(missing), everybody)
        items += missing
    return Plan(
        organisation_id=organisation_id, mode=mode, items=tuple(items), refusal=refusal, note=note
    )


def _checked(rows: Sequence[Row], organisation_id: int, actor: Actor) -> Organisation:
    if not actor.may(MANAGE, organisation_id):
        raise refused(
            "organisation.not_yours",
            da="Du styrer ikke personer i den organisation.",
            sv="Du hanterar inte personer i den organisationen.",
            en="You do not manage people in that organisation.",
        )
    organisation = db.session.get_one(Organisation, organisation_id)
    if organisation.state != "active":
        raise refused(
            "organisation.closed",
            da="Organisationen er lukket. Vælg en anden.",
            sv="Organisationen är stängd. Välj en annan.",
            en="The organisation is closed. Choose another.",
        )
    if len(rows) > MOST_ROWS:
        raise refused(
            "rows.too_many",
            da="Listen har mere end 20.000 rækker. Del den.",
            sv="Listan har mer än 20 000 rader. Dela den.",
            en="The list has more than 20,000 rows. Split it.",
        )
    return organisation


class _Planner:
    """The rows of one list beside each other: who is whom, who leads whom."""

    def __init__(
        self, known: Register, decider: Decider, mails: Mapping[str, tuple[str, str]]
    ) -> None:
        self.known = known
        self.mails = mails
        self.decider = decider
        self.matched: dict[int, Matched] = {}  # by the place of the row in the list
        self.wrong: dict[int, Wrong] = {}
        self.by_number: dict[str, int] = {}
        self.by_mail: dict[str, int] = {}

    def items(self, said: Sequence[Said | Wrong]) -> list[Item]:
        """An item for each row, managers before those they lead."""
        rows = dict(enumerate(said))
        for place, row in rows.items():
            if isinstance(row, Wrong):
                self.wrong[place] = row
        fine = {place: row for place, row in rows.items() if isinstance(row, Said)}
        self._refuse_twins(fine)
        for place, row in fine.items():
            if place not in self.wrong:
                self.by_number[row.number_key] = place
                if row.email_key and not row.leaves:
                    self.by_mail[row.email_key] = place
        for place, row in fine.items():
            if place not in self.wrong:
                self._try(place, row, self._match)
        self._refuse_one_person_twice()
        for place, row in fine.items():
            if place in self.matched and row.manager:
                self._try(place, row, self._lead)
        self._refuse_circles()
        errors = [self._error(self.wrong[place]) for place in sorted(self.wrong)]
        return errors + [self._decide(place) for place in self._in_order()]

    def _try(self, place: int, row: Said, find: Callable[[int, Said], Matched]) -> None:
        try:
            self.matched[place] = find(place, row)
        except StopRow as stop:
            self._stop(place, row, stop)

    def _stop(self, place: int, row: Said, stop: StopRow) -> None:
        self.matched.pop(place, None)
        self.wrong[place] = Wrong(
            row=row.row,
            reason=stop.reason,
            values=stop.values,
            number=row.number,
            number_key=row.number_key,
            name=row.name,
        )

    def _refuse_twins(self, fine: Mapping[int, Said]) -> None:
        for reason in ("number_twice", "email_twice"):
            found: dict[str, list[int]] = defaultdict(list)
            for place, row in fine.items():
                mail = "" if row.leaves else row.email_key
                key = row.number_key if reason == "number_twice" else mail
                if key and place not in self.wrong:
                    found[key].append(place)
            for places in found.values():
                for place in places if len(places) > 1 else ():
                    other = next(fine[one].row for one in places if one != place)
                    self._stop(place, fine[place], StopRow(reason, other=str(other)))

    def _match(self, _place: int, row: Said) -> Matched:
        """Who the row is about. Whatever stands against it but for the manager comes out here."""
        matched = self.decider.match(row)
        self.decider.decide(matched, None)
        return matched

    def _refuse_one_person_twice(self) -> None:
        """One row knows a person by the number, another by the mail: the number is believed."""
        rows: dict[int, list[int]] = defaultdict(list)
        for place, matched in self.matched.items():
            if matched.person is not None:
                rows[matched.person.id].append(place)
        for places in rows.values():
            for place in places if len(places) > 1 else ():
                said, held = self.matched[place].said, self.matched[place].place
                if held is None or number_key(held.employee_number or "") != said.number_key:
                    other = next(self.matched[p].said.row for p in places if p != place)
                    self._stop(place, said, StopRow("email_twice", other=str(other)))

    # --- managers -------------------------------------------------------------------------------

    def _lead(self, place: int, row: Said) -> Matched:
        """The row with its manager found: a person, or somebody who comes in this list."""
        matched = self.matched[place]
        unknown = StopRow("manager_unknown", text=row.manager[:80])
        key = self.mails.get(row.manager, ("", ""))[1] if "@" in row.manager else ""
        listed = self.by_mail.get(key) if key else self.by_number.get(number_key(row.manager))
        if listed == place:
            raise StopRow("manager_self")
        person_id = (
            self.decider.colleague_by_mail(key)
            if key
            else self.decider.colleague_by_number(number_key(row.manager))
        )
        if listed is not None:
            boss = self.matched.get(listed)
            if boss is None and person_id is None:
                other = self.wrong[listed]
                raise StopRow("manager_row", text=str(other.row))
            if boss is not None:
                if boss.said.leaves:
                    raise unknown
                if boss.person is None:
                    return replace(matched, manager_row=listed)
                person_id = boss.person.id
        if person_id is None:
            raise unknown
        if matched.person is not None and matched.person.id == person_id:
            raise StopRow("manager_self")
        return replace(matched, manager_id=person_id)

    def _node(self, place: int) -> Node:
        person = self.matched[place].person
        return person.id if person else f"row {place}"

    def _refuse_circles(self) -> None:
        """Rows that would lead each other round in a circle, and rows whose new manager's own
        row is wrong, until neither is left: each of these changes what is left of the others."""
        while True:
            edges: dict[Node, Node] = {}
            edges.update(self.decider.leads_now().items())
            for place, matched in self.matched.items():
                if matched.manager_row in self.matched:
                    edges[self._node(place)] = self._node(matched.manager_row)
                elif matched.manager_id is not None:
                    edges[self._node(place)] = matched.manager_id
            places = {
                self._node(place): place
                for place, matched in self.matched.items()
                if not matched.said.leaves
            }
            stopped: dict[int, StopRow] = {}
            for circle in circles(edges):
                names = [self._called(node, places) for node in (*circle, circle[0])]
                told = StopRow("manager_cycle", text=" → ".join(names)[:300])
                stopped |= {places[node]: told for node in circle if node in places}
            if not stopped:
                stopped = self._without_manager()
            if not stopped:
                return
            for place, stop in stopped.items():
                self._stop(place, self.matched[place].said, stop)

    def _without_manager(self) -> dict[int, StopRow]:
        """Rows whose manager would have come by a row that is wrong, all the way down."""
        stopped: dict[int, StopRow] = {}
        for place in self._in_order():
            boss = self.matched[place].manager_row
            if boss is not None and (boss in self.wrong or boss in stopped):
                row = self.wrong[boss].row if boss in self.wrong else self.matched[boss].said.row
                stopped[place] = StopRow("manager_row", text=str(row))
        return stopped

    def _called(self, node: Node, places: Mapping[Node, int]) -> str:
        if node in places and (name := self.matched[places[node]].said.name):
            return name
        person = self.known.people.get(node) if isinstance(node, int) else None
        return person.name if person else "?"

    def _in_order(self) -> Iterable[int]:
        return managers_first({place: m.manager_row for place, m in self.matched.items()})

    # --- items ----------------------------------------------------------------------------------

    def _decide(self, place: int) -> Item:
        matched = self.matched[place]
        boss = None if matched.manager_row is None else self.matched[matched.manager_row]
        return self.decider.decide(matched, boss.said.number_key if boss else None)

    def _error(self, wrong: Wrong) -> Item:
        return Item(
            row=wrong.row,
            outcome="error",
            reason=wrong.reason,
            values=wrong.values,
            employee_number=wrong.number,
            name=wrong.name,
        )

    # --- who is not in the list -----------------------------------------------------------------

    def missing(self, numbers: set[str], mails: set[str]) -> list[Item]:
        """Items for people who have an employee number here, when the list has neither that
        number nor their mail, be it in a row that is wrong."""
        gone = [
            key
            for key in self.decider.open_numbers()
            if key not in numbers and not self.decider.has_mail_in(key, mails)
        ]
        return [item for item in map(self.decider.missing, gone) if item.outcome != "same"]

    def number_of_numbered(self) -> int:
        """How many people here have an employee number now."""
        return len(self.decider.open_numbers())
