"""I-21 and I-22 in any order of events: nothing favours one company after the freeze and before the
pack is public; the pack holds every line up to its time, and no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.api import SYSTEM, LocalisedText, Refused, db
from lms_fairplay.models import ContactLine, RunningContact

CATEGORIES = ("moving", "meals")
FAVOURS = {"teach", "present", "test"}
ALONE = {"feedback", "share", "meet"}

contacts = st.tuples(
    st.just("contact"),
    st.sampled_from(["teach", "test", "feedback", "share", "meet"]),
    st.integers(0, 1),  # the company
    st.sampled_from([*CATEGORIES, ""]),
    st.integers(1, 2),  # the subject
    st.booleans(),  # private
    st.booleans(),  # confidential
)
events = st.one_of(
    contacts,
    contacts,
    st.tuples(st.just("register"), st.sampled_from([*CATEGORIES, ""])),
    st.tuples(st.just("decide"), st.integers(0, 9), st.sampled_from(["goes_on", "stops"])),
    st.tuples(st.just("pack"), st.integers(0, 9)),
    st.tuples(st.just("publish"), st.integers(0, 9)),
    st.tuples(st.just("drop"), st.integers(0, 9)),
)


@dataclass
class Said:
    """A tender as the rule has it: what it is about, what was decided, which lines its pack had."""

    tender: Any
    category: str
    live: bool = True
    freed: bool = False
    decided: dict[tuple[int, int], str] = field(default_factory=dict)
    packed: list[str] | None = None


class Story:
    """What happened, told twice: to the plugin and to the rule."""

    def __init__(self, buying: Any) -> None:
        self.buying = buying
        buying.actor = SYSTEM
        maker = buying.field.maker
        self.north = maker.organisation()
        self.companies = [buying.field.company(f"Firma {self.north.id} {n}") for n in range(2)]
        for company in self.companies:
            buying.field.declared(company)
        self.tenders: list[Said] = []
        self.lines: list[tuple[str, int, str, bool]] = []  # marker, company, category, secret

    def play(self, event: tuple[Any, ...]) -> None:
        getattr(self, event[0])(*event[1:])

    # --- the rule ---------------------------------------------------------------------------------

    def known(self, company: int) -> set[str]:
        return {category for _m, one, category, _s in self.lines if one == company and category}

    def concerned(self, said: Said, company: int, category: str) -> bool:
        about_it = self.known(company) | ({category} - {""})
        return not said.category or not about_it or said.category in about_it

    def stops(self, kind: str, company: int, category: str, subject: int, private: bool) -> bool:
        for said in self.tenders:
            if not said.live or said.freed:
                continue
            decision = said.decided.get((subject, company))
            if decision == "stops":
                return True
            favours = kind in FAVOURS or (private and kind in ALONE)
            if favours and decision != "goes_on" and self.concerned(said, company, category):
                return True
        return False

    def belonging(self, said: Said) -> list[tuple[str, int, str, bool]]:
        return [line for line in self.lines if self.concerned(said, line[1], line[2])]

    def some(self, number: int) -> Said | None:
        return self.tenders[number % len(self.tenders)] if self.tenders else None

    # --- the events -------------------------------------------------------------------------------

    def contact(
        self, kind: str, company: int, category: str, subject: int, private: bool, secret: bool
    ) -> None:
        marker = f"mark{self.north.id}x{len(self.lines)}x"
        expected = self.stops(kind, company, category, subject, private)
        try:
            self.buying.meet(
                kind,
                self.companies[company],
                authority_ids=(self.north.id,),
                category=category,
                subject_id=subject,
                private=private,
                confidential=secret,
                what=LocalisedText(da=marker, sv=marker, en=marker),
            )
        except Refused:
            assert expected
        else:
            assert not expected
            self.lines.append((marker, company, category, secret))

    def register(self, category: str) -> None:
        title = f"Udbud {len(self.tenders)}"
        tender = self.buying.register(category, title, authority=self.north)
        self.tenders.append(Said(tender, category))

    def decide(self, number: int, decision: str) -> None:
        said = self.some(number)
        if said is None:
            return
        for running in self.buying.running(said.tender)[:1]:
            try:
                self.buying.decide(said.tender, running, decision)
            except Refused:
                assert said.freed or not said.live
                continue
            line = self.buying.field.ask(line_of, running.id)
            company = [one.id for one in self.companies].index(line.company_id)
            said.decided[(line.subject_id, company)] = decision

    def pack(self, number: int) -> None:
        said = self.some(number)
        if said is None:
            return
        try:
            pack = self.buying.pack(said.tender)
        except Refused:
            assert not said.live
            return
        belonging = self.belonging(said)
        text = "".join(data.decode() for data in self.buying.files(pack).values())
        assert pack.lines == len(belonging) == len(self.buying.rows(pack))
        for marker, _company, _category, secret in self.lines:
            open_here = any(marker == one[0] and not secret for one in belonging)
            assert (marker in text) == open_here
        said.packed = [one[0] for one in belonging]

    def publish(self, number: int) -> None:
        said = self.some(number)
        packs = self.buying.packs(said.tender) if said else []
        if said is None or not packs:
            return
        complete = {one[0] for one in self.belonging(said)} <= set(said.packed or ())
        again = packs[0].state == "public"
        try:
            self.buying.publish(said.tender, packs[0])
        except Refused:
            assert again or not complete or not said.live
        else:
            assert (complete, said.live, again) == (True, True, False)
            said.freed = True

    def drop(self, number: int) -> None:
        said = self.some(number)
        if said is not None and said.live:
            self.buying.end(said.tender)
            said.live = False


def line_of(running_id: int) -> Any:
    return db.session.execute(
        select(ContactLine.subject_id, ContactLine.company_id)
        .join(RunningContact, RunningContact.line_id == ContactLine.id)
        .where(RunningContact.id == running_id)
    ).one()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(events, max_size=14))
def test_i_21_i_22_any_order_of_events(buying, quick_press, told):
    story = Story(buying)
    for event in told:
        story.play(event)
