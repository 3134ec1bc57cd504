"""The rules of seats, waiting and saying yes as plain lists and dicts: what the machine is held to.

Nothing here reads the code it is compared with; it is written from the rules as people are told
them. One run; merging carries the lists into another.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from tests.core.enrolment.seeking import LIVE, SEAT, Kept, No, Rules, Seek

LATE = float("inf")


class Book:
    """All of one run, kept by hand."""

    def __init__(
        self, capacity: int, rules: Rules, managers: dict[int, str], now: datetime
    ) -> None:
        self.capacity, self.rules, self.managers = capacity, rules, managers
        self.state, self.now = "open", now
        self.seeks: list[Seek] = []
        self.queue: list[Seek] = []
        self.kept: dict[str, Kept] = {}

    # --- counting -------------------------------------------------------------------------------

    @property
    def taken(self) -> int:
        return sum(one.state in SEAT for one in self.seeks)

    @property
    def held(self) -> int:
        return sum(kept.left for kept in self.kept.values())

    def seats_of(self, org: str | None) -> int:
        return sum(one.state in SEAT and one.org == org for one in self.seeks)

    def live(self, person: int) -> Seek | None:
        return next((s for s in self.seeks if s.person == person and s.state in LIVE), None)

    # --- seats ----------------------------------------------------------------------------------

    def may_have(self, members: list[Seek]) -> list[bool] | None:
        """For each whether the seat is a kept one; None when there are not seats for all."""
        free = self.capacity - self.taken - self.held
        left = {org: kept.left for org, kept in self.kept.items()}
        found: list[bool] = []
        for index, one in enumerate(members):
            colleagues = sum(other.org == one.org for other in members[:index])
            most = self.rules.per_employer
            if most is not None and one.org and self.seats_of(one.org) + colleagues >= most:
                return None
            if one.org and left.get(one.org, 0) > 0:
                left[one.org] -= 1
                found.append(True)
            elif free > 0:
                free -= 1
                found.append(False)
            else:
                return None
        return found

    def give(self, members: list[Seek], kept: list[bool], state: str) -> None:
        for one, is_kept in zip(members, kept, strict=True):
            one.state, one.kept, one.due = state, is_kept, None
            if is_kept:
                self.kept[one.org].used += 1

    def give_back(self, one: Seek) -> None:
        if one.kept:
            self.kept[one.org].used -= 1
            one.kept = False

    def place(self, members: list[Seek]) -> None:
        """Everybody has said yes: a seat, or the end of the queue."""
        orgs = {one.org for one in members}
        own = next(iter(orgs)) if len(orgs) == 1 else None
        alone = not self.queue or (
            own is not None
            and own in self.kept
            and self.kept[own].left >= len(members)
            and not any(one.org == own for one in self.queue)
        )
        if alone and not self.waits_for_lots:
            kept = self.may_have(members)
            if kept is not None:
                self.give(members, kept, "seated")
                return
        for one in members:
            self.to_the_end(one)
        self.offer()

    def to_the_end(self, one: Seek) -> None:
        one.state, one.due = "waitlisted", None
        one.lot = LATE if self.rules.waiting == "lottery" and self.rules.drawn else 0
        self.queue.append(one)

    @property
    def waits_for_lots(self) -> bool:
        return self.rules.waiting == "lottery" and not self.rules.drawn

    def in_line(self) -> list[Seek]:
        """Who waits, the next first."""
        if self.rules.waiting == "shares":
            return sorted(self.queue, key=lambda one: self.seats_of(one.org))
        return sorted(self.queue, key=lambda one: one.lot)

    def offer(self) -> None:
        if self.waits_for_lots:
            return
        again = True
        while again:
            again = False
            for one in self.in_line():
                members = [one, one.partner] if one.partner else [one]
                kept = self.may_have(members)
                if kept is not None:
                    self.give(members, kept, "offered")
                    for member in members:
                        member.due = self.now + timedelta(hours=72)
                        self.queue.remove(member)
                    again = True
                    break

    # --- asking and answering -------------------------------------------------------------------

    def ask(self, people: list[tuple[int, str | None]], nominated_by: str | None = None) -> None:
        if self.state != "open" or any(self.live(person) for person, _org in people):
            raise No
        new = [Seek(person, org) for person, org in people]
        for one in new:
            one.number, one.nominated_by = len(self.seeks), nominated_by
            self.seeks.append(one)
        if len(new) == 2:
            new[0].partner, new[1].partner = new[1], new[0]
        if len(new) == 2 and nominated_by is None:
            new[1].due = self.now + timedelta(days=10)
            new = new[:1]
        for one in new:
            self.approvals(one)

    def approvals(self, one: Seek) -> None:
        wanted = [
            "lead" if kind == "programme_lead" else self.managers.get(one.person, "lead")
            for kind in self.rules.approvers
        ]
        wanted = list(dict.fromkeys(wanted))
        missing = [who for who in wanted if who != one.nominated_by]
        if self.rules.approval == "any" and len(missing) < len(wanted):
            missing = []
        one.asked = missing
        one.state = "awaiting_approval"
        if missing:
            one.due = self.now + timedelta(days=10)
        else:
            self.agreed(one)

    def agreed(self, one: Seek) -> None:
        one.due = None
        if one.partner is None:
            self.place([one])
        elif one.partner.state == "awaiting_approval" and not one.partner.asked:
            self.place([one.partner, one])

    def who_may_answer(self, one: Seek) -> list[str]:
        if one.state != "awaiting_approval":
            return []
        return one.asked if self.rules.approval == "any" else one.asked[:1]

    def yes(self, one: Seek, who: str) -> None:
        if who not in self.who_may_answer(one) or self.state not in ("open", "closed"):
            raise No
        one.asked.remove(who)
        if self.rules.approval == "any":
            one.asked = []
        if one.asked:
            one.due = self.now + timedelta(days=10)
        else:
            self.agreed(one)

    def no(self, one: Seek, who: str) -> None:
        if who not in self.who_may_answer(one):
            raise No
        self.leave(one, "declined")

    def confirm(self, one: Seek, person: int) -> None:
        if one.state != "requested" or one.due is None or one.person != person:
            raise No
        if self.state not in ("open", "closed"):
            raise No
        one.due = None
        self.approvals(one)

    # --- leaving --------------------------------------------------------------------------------

    def leave(self, one: Seek, state: str) -> None:
        """Out; the partner goes on alone, and the seat to whoever may have it."""
        one.state, one.due, one.asked = state, None, []
        if one in self.queue:
            self.queue.remove(one)
        self.give_back(one)
        self.part(one)
        self.offer()

    def part(self, one: Seek) -> None:
        partner, one.partner = one.partner, None
        if partner is not None:
            partner.partner = None
            if partner.state == "awaiting_approval" and not partner.asked:
                self.agreed(partner)

    def withdraw(self, one: Seek) -> None:
        if one.state not in LIVE:
            raise No
        self.leave(one, "withdrawn")

    def accept(self, one: Seek) -> None:
        if one.state != "offered":
            raise No
        one.state, one.due = "seated", None

    def decline(self, one: Seek) -> None:
        if one.state != "offered":
            raise No
        if self.rules.after_no == "leave":
            self.leave(one, "withdrawn")
            return
        self.part(one)
        self.give_back(one)
        self.to_the_end(one)
        self.offer()

    def hand_over(self, one: Seek, person: int, org: str | None) -> None:
        if one.state != "seated" or self.state not in ("open", "closed"):
            raise No
        if org is None or org != one.org or self.live(person):
            raise No
        new = Seek(person, org, "seated", one.kept, one.partner, number=len(self.seeks))
        self.seeks.append(new)
        if one.partner is not None:
            one.partner.partner = new
        one.state, one.kept, one.partner = "withdrawn", False, None

    def time(self, now: datetime) -> None:
        self.now = now
        for one in [s for s in self.seeks if s.due and s.due < now]:
            if one.due and one.due < now and one.state in LIVE:
                self.leave(one, "withdrawn" if one.state == "requested" else "lapsed")
        for org, kept in self.kept.items():
            over = self.state == "cancelled"  # there nobody asks any more
            if kept.until and kept.until < now and not kept.released and not over:
                self.release(org)

    # --- the run --------------------------------------------------------------------------------

    def change_capacity(self, capacity: int) -> None:
        if self.taken + self.held > capacity:
            raise No
        self.capacity = capacity
        self.offer()

    def keep(self, org: str, seats: int, until: datetime | None) -> None:
        there = self.kept.get(org, Kept(0))
        if seats < there.used:
            raise No
        if self.taken + self.held - there.left + (seats - there.used) > self.capacity:
            raise No
        self.kept[org] = Kept(seats, there.used, until)
        self.offer()

    def release(self, org: str) -> None:
        self.kept[org].released = True
        self.offer()

    def change_rules(self, **new: object) -> None:
        waiting = new.get("waiting", self.rules.waiting)
        if waiting != self.rules.waiting:
            if self.queue:
                raise No
            self.rules.drawn = False
        for name, value in new.items():
            setattr(self.rules, name, value)
        self.offer()

    def draw(self, seed: str, keys: dict[int, str]) -> None:
        """Lots anybody can work out again: SHA-256 of seed and key; a pair has one."""
        if not self.waits_for_lots or self.state not in ("open", "closed"):
            raise No
        self.rules.drawn = True
        for one in self.queue:
            digest = hashlib.sha256(f"{seed}:{keys[one.number]}".encode()).hexdigest()
            one.lot = int(digest[:15], 16)
        self.offer()

    def close(self, seed: str, keys: dict[int, str]) -> None:
        if self.state != "open":
            raise No
        self.state = "closed"
        if self.waits_for_lots:
            self.draw(seed, keys)

    def reopen(self) -> None:
        if self.state != "closed":
            raise No
        self.state = "open"

    def start(self, seed: str, keys: dict[int, str]) -> None:
        if self.state not in ("open", "closed"):
            raise No
        had_an_offer = [one for one in self.seeks if one.state == "offered"]
        if self.waits_for_lots:
            self.draw(seed, keys)
        for one in [one for one in self.seeks if one.state in LIVE]:
            if one.state == "offered" and one not in had_an_offer:
                one.state, one.due = "seated", None
            if one.state == "awaiting_approval" and not one.asked:
                kept = self.may_have([one])
                if kept is not None:
                    self.give([one], kept, "seated")
            if one.state == "seated":
                one.state = "active"
                continue
            one.state, one.due = "withdrawn" if one.state == "requested" else "lapsed", None
            self.give_back(one)
            if one.partner is not None:
                one.partner.partner = one.partner = None
        self.queue, self.state = [], "running"

    def cancel(self) -> None:
        if self.state not in ("open", "closed"):
            raise No
        for one in self.seeks:
            if one.state in LIVE:
                one.state, one.due = "cancelled", None
                self.give_back(one)
        self.queue, self.state = [], "cancelled"

    def into(self, other: Book) -> None:
        """Everybody goes into another run that is empty: seats first, the queue as it stands."""
        if self.state not in ("open", "closed") or self.taken > other.capacity:
            raise No
        order = ["seated", "offered", "waitlisted", "awaiting_approval", "requested"]
        going = [one for one in self.seeks if one.state in LIVE]
        waits = sorted(self.queue, key=lambda one: one.lot)
        going.sort(key=lambda one: waits.index(one) if one in waits else one.number)
        going.sort(key=lambda one: order.index(one.state))
        new = {id(one): Seek(one.person, one.org, due=one.due) for one in going}
        for one in going:
            came = new[id(one)]
            came.number, came.nominated_by = len(other.seeks), one.nominated_by
            came.partner = new.get(id(one.partner))
            other.seeks.append(came)
        for one in going:
            came = new[id(one)]
            if one.state == "waitlisted":
                other.to_the_end(came)
            elif one.state in SEAT:
                came.state = one.state
            elif one.state == "requested":
                continue
            elif one.asked:
                other.approvals(came)
            else:
                came.state, came.asked = "awaiting_approval", []
                other.agreed(came)
        other.offer()
        self.cancel()
