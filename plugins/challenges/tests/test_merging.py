"""S03, idea 4: problems that are the same one are gathered, no voice is lost, all can be undone."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from lms.api import SYSTEM, Conflict, Refused, db
from lms.journal.models import JournalEntry
from lms_challenges.models import Problem, Voice
from lms_challenges.queries.problems import problems_by_id, steps_of
from lms_challenges.services.merging import merge, unmerge
from lms_challenges.services.reporting import withdraw, withdraw_voice

OFTEN = {"daily": 20, "weekly": 8, "monthly": 3, "rarely": 1}
WHY = "Det er den samme lift."


def journal(care: Any, verb: str) -> list[dict[str, Any]]:
    with care.app.app_context():
        return [
            entry.data
            for entry in db.session.scalars(
                db.select(JournalEntry).where(JournalEntry.verb == verb).order_by(JournalEntry.id)
            )
        ]


def test_what_is_the_same_is_gathered_and_every_voice_counts(care: Any) -> None:
    first = care.problem(checked=True)
    second = care.problem(checked=True)
    care.say(second, care.worker("Ulla", unit=care.ward))
    care.do(merge, second.id, first.id, care.actor(care.desk()), WHY)
    first, second = care.now(first), care.now(second)
    assert (second.state, second.merged_into_id, second.root_id) == (
        "clustered",
        first.id,
        first.id,
    )
    assert (first.voices, first.organisations, first.countries) == (3, 2, 2)
    assert (second.voices, second.heat) == (0, 0)
    assert second.answered_at is not None
    assert second.reason == WHY
    told = care.ask(steps_of, second.id)[-1]
    assert (told.kind, told.new, told.text) == ("merge", "clustered", WHY)


def test_the_journal_names_all_whose_senders_it_concerns(care: Any) -> None:
    desk = care.actor(care.desk())
    top, middle, low = (care.problem(checked=True) for _ in range(3))
    care.do(merge, low.id, middle.id, desk, WHY)
    care.do(merge, middle.id, top.id, desk, WHY)
    entry = journal(care, "challenges.merged")[-1]
    assert (entry["problem_id"], entry["into_id"], entry["root_id"]) == (
        middle.id,
        top.id,
        top.id,
    )
    assert sorted(entry["problem_ids"]) == [top.id, middle.id, low.id]
    care.do(unmerge, middle.id, desk, "Ikke det samme.")
    entry = journal(care, "challenges.unmerged")[-1]
    assert sorted(entry["problem_ids"]) == [middle.id, low.id]


def test_every_sender_is_told_when_they_are_gathered_and_taken_apart(care: Any) -> None:
    desk = care.actor(care.desk())
    senders = [care.worker(name) for name in ("Anna", "Bo", "Cilla")]
    top, middle, low = (
        care.problem(sender, checked=True, title=f"Lift {sender.name}") for sender in senders
    )
    care.do(merge, low.id, middle.id, desk, WHY)
    before = [len(care.letters(sender)) for sender in senders]
    care.do(merge, middle.id, top.id, desk, WHY)
    heard = [care.letters(sender)[n:] for sender, n in zip(senders, before, strict=True)]
    assert heard == [[f"Others tell the same as “Lift {sender.name}”"] for sender in senders]
    care.do(unmerge, middle.id, desk, "Det var en anden lift.")
    last = [care.letters(sender)[-1] for sender in senders]
    assert last[0] == heard[0][0]
    assert last[1:] == [f"“Lift {sender.name}” stands by itself again" for sender in senders[1:]]


def test_apart_again_it_has_the_state_it_had_and_what_was_under_it(care: Any) -> None:
    desk = care.actor(care.desk())
    top, middle, low = (care.problem(checked=True) for _ in range(3))
    care.do(merge, low.id, middle.id, desk, WHY)
    care.do(merge, middle.id, top.id, desk, WHY)
    assert care.now(low).root_id == top.id
    assert care.now(top).voices == 3
    care.do(unmerge, middle.id, desk, "Det var en anden lift.")
    assert (care.now(middle).state, care.now(middle).merged_into_id) == ("received", None)
    assert care.now(low).root_id == middle.id
    assert [care.now(one).voices for one in (top, middle, low)] == [1, 2, 0]


def test_a_ring_and_other_nonsense_is_refused_with_a_sentence(care: Any) -> None:
    desk = care.actor(care.desk())
    top, low, other = (care.problem(checked=True) for _ in range(3))
    care.do(merge, low.id, top.id, desk, WHY)
    wrong = {
        "into.loop": (merge, top.id, low.id, desk, WHY),
        "into.itself": (merge, top.id, top.id, desk, WHY),
        "already": (merge, low.id, other.id, desk, WHY),
        "reason.missing": (merge, other.id, top.id, desk, "  "),
        "apart": (unmerge, other.id, desk, WHY),
        "not_yours": (merge, other.id, top.id, care.actor(care.worker()), WHY),
    }
    before = [care.now(one) for one in (top, low, other)]
    for code, (verb, *arguments) in wrong.items():
        with pytest.raises(Refused) as refused:
            care.do(verb, *arguments)
        (refusal,) = refused.value.refusals
        assert refusal.code == code
        assert refusal.message.da
        assert refusal.message.sv
        assert refusal.message.en
    assert [care.now(one) for one in (top, low, other)] == before


def test_what_was_withdrawn_takes_no_others_and_is_not_gathered(care: Any) -> None:
    desk, anna = care.actor(care.desk()), care.worker()
    gone, here = care.problem(anna, checked=True), care.problem(checked=True)
    care.do(withdraw, gone, care.actor(anna))
    for pair, code in (((here, gone), "into.closed"), ((gone, here), "state")):
        with pytest.raises(Refused, match=code):
            care.do(merge, pair[0].id, pair[1].id, desk, WHY)


def test_a_desk_gathers_its_own_with_what_it_may_read_of_others(care: Any) -> None:
    swedish = care.problem(
        care.worker("Ulla", unit=care.ward),
        organisation_id=care.south.id,
        unit_id=care.ward.id,
        language="sv",
    )
    danish = care.problem(checked=True)
    desk = care.actor(care.desk())
    with pytest.raises(Refused, match=r"into\.closed"):
        care.do(merge, danish.id, swedish.id, desk, WHY)  # nobody has looked through it yet
    care.check(swedish)
    with pytest.raises(Refused, match="not_yours"):
        care.do(merge, swedish.id, danish.id, desk, WHY)
    care.do(merge, danish.id, swedish.id, desk, WHY)
    assert care.now(swedish).countries == 2


def test_who_takes_a_problem_back_does_not_take_what_others_told(care: Any) -> None:
    anna = care.worker()
    top, low = care.problem(anna, checked=True), care.problem(checked=True)
    care.do(merge, low.id, top.id, care.actor(care.desk()), WHY)
    care.do(withdraw, care.now(top), care.actor(anna))
    assert (care.now(low).state, care.now(low).root_id, care.now(low).voices) == (
        "received",
        low.id,
        1,
    )
    assert (care.now(top).state, care.now(top).voices) == ("withdrawn", 0)


def test_two_who_gather_each_with_the_other_at_once_make_no_ring(care: Any) -> None:
    one, other = care.problem(checked=True), care.problem(checked=True)
    start = threading.Barrier(2)

    def gather(pair: tuple[Any, Any]) -> bool:
        start.wait(timeout=10)
        try:
            care.do(merge, pair[0].id, pair[1].id, SYSTEM, WHY)
        except (Refused, Conflict):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(gather, [(one, other), (other, one)]))
    assert sum(done) == 1
    assert [care.now(each).merged_into_id for each in (one, other)].count(None) == 1


# --- any order ----------------------------------------------------------------------------------


class Model:
    """What ought to be, kept without a database: parents, states, and who says what."""

    def __init__(self) -> None:
        self.parent: dict[int, int | None] = {}
        self.state: dict[int, str] = {}
        self.said: dict[tuple[int, int], tuple[int, int | None, str, int] | None] = {}
        self.reporter: dict[int, int] = {}

    def root(self, problem: int) -> int:
        seen = set()
        while (above := self.parent[problem]) is not None:
            assert problem not in seen, "a ring"
            seen.add(problem)
            problem = above
        return problem

    def counts(self, root: int, country: dict[int, str]) -> tuple[int, ...]:
        said = [
            voice
            for (problem, _), voice in self.said.items()
            if voice is not None and self.root(problem) == root
        ]
        heaviest: dict[tuple[int, int | None], int] = {}
        for organisation, unit, often, bad in said:
            weight = OFTEN[often] * bad
            heaviest[organisation, unit] = max(heaviest.get((organisation, unit), 0), weight)
        where = {voice[0] for voice in said}
        countries = {country[one] for one in where}
        heat = sum(heaviest.values()) * (len(where) + len(countries))
        return heat, len(said), len(heaviest), len(where), len(countries)


class World:
    """People and places, made once for all examples."""

    def __init__(self, care: Any) -> None:
        self.care = care
        second = care.maker.unit(organisation=care.north, name="Plejecenter")
        self.places = [
            (care.north.id, care.district.id),
            (care.north.id, second.id),
            (care.south.id, care.ward.id),
            (care.south.id, None),
        ]
        self.country = {care.north.id: "DK", care.south.id: "SE"}
        self.people = [care.worker(f"Hjælper {number}") for number in range(3)]
        self.actors = [care.actor(person) for person in self.people]


PICKS = st.integers(0, 30)
WHO = st.integers(0, 2)
VOICES = st.tuples(st.integers(0, 3), st.sampled_from(list(OFTEN)), st.integers(1, 4))


class Gathering(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()

    def pick(self, number: int) -> int | None:
        known = list(self.model.parent)
        return known[number % len(known)] if known else None

    @rule(who=WHO, said=VOICES)
    def report(self, who: int, said: Any) -> None:
        place, often, bad = said
        organisation, unit = self.world.places[place]
        made = self.world.care.problem(
            self.world.people[who],
            checked=True,
            organisation_id=organisation,
            unit_id=unit,
            frequency=often,
            severity=bad,
        )
        self.model.parent[made.id], self.model.state[made.id] = None, "received"
        self.model.said[made.id, who] = (organisation, unit, often, bad)
        self.model.reporter[made.id] = who

    @rule(number=PICKS, who=WHO, said=VOICES)
    def voice(self, number: int, who: int, said: Any) -> None:
        problem = self.pick(number)
        if problem is None or self.model.state[problem] == "withdrawn":
            return
        place, often, bad = said
        organisation, unit = self.world.places[place]
        self.world.care.say(
            self.world.care.ask(problems_by_id, [problem])[problem],
            self.world.people[who],
            organisation_id=organisation,
            unit_id=unit,
            frequency=often,
            severity=bad,
        )
        self.model.said[problem, who] = (organisation, unit, often, bad)

    @rule(number=PICKS, who=WHO)
    def voice_back(self, number: int, who: int) -> None:
        problem = self.pick(number)
        if problem is None:
            return
        mine = self.model.said.get((problem, who))
        try:
            self.world.care.do(withdraw_voice, problem, self.world.actors[who])
        except LookupError:
            assert mine is None
        except Refused:
            assert self.model.reporter[problem] == who
        else:
            assert mine is not None
            assert self.model.reporter[problem] != who
            self.model.said[problem, who] = None

    @rule(number=PICKS)
    def take_back(self, number: int) -> None:
        problem = self.pick(number)
        if problem is None:
            return
        facts = self.world.care.ask(problems_by_id, [problem])[problem]
        who = self.model.reporter[problem]
        try:
            self.world.care.do(withdraw, facts, self.world.actors[who])
        except Refused:
            assert self.model.state[problem] != "received"
            return
        assert self.model.state[problem] == "received"
        self.model.state[problem] = "withdrawn"
        self.model.said[problem, who] = None
        for below, above in self.model.parent.items():
            if above == problem:
                self.model.parent[below], self.model.state[below] = None, "received"

    @rule(number=PICKS, into=PICKS)
    def gather(self, number: int, into: int) -> None:
        problem, other = self.pick(number), self.pick(into)
        if problem is None or other is None:
            return
        fine = (
            self.model.state[problem] == "received"
            and self.model.state[other] != "withdrawn"
            and self.model.root(other) != problem
        )
        try:
            self.world.care.do(merge, problem, other, SYSTEM, WHY)
        except Refused:
            assert not fine
        else:
            assert fine
            self.model.parent[problem], self.model.state[problem] = other, "clustered"

    @rule(number=PICKS)
    def apart(self, number: int) -> None:
        problem = self.pick(number)
        if problem is None:
            return
        try:
            self.world.care.do(unmerge, problem, SYSTEM, "Ikke det samme")
        except Refused:
            assert self.model.parent[problem] is None
        else:
            assert self.model.parent[problem] is not None
            self.model.parent[problem], self.model.state[problem] = None, "received"

    @invariant()
    def stands_as_it_ought_to(self) -> None:
        with self.world.care.app.app_context():
            rows = db.session.scalars(
                db.select(Problem).where(Problem.id.in_(self.model.parent))
            ).all()
            for row in rows:
                root = self.model.root(row.id)
                assert (row.state, row.merged_into_id, row.root_id) == (
                    self.model.state[row.id],
                    self.model.parent[row.id],
                    root,
                )
                counted = (row.heat, row.voices, row.units, row.organisations, row.countries)
                own = self.model.counts(row.id, self.world.country) if root == row.id else (0,) * 5
                assert counted == own
            kept = {
                (voice.problem_id, voice.person_id): voice.state
                for voice in db.session.scalars(
                    db.select(Voice).where(Voice.problem_id.in_(self.model.parent))
                )
            }
            assert kept == {
                (problem, self.world.people[who].id): "withdrawn" if said is None else "active"
                for (problem, who), said in self.model.said.items()
            }


def test_in_any_order_no_voice_is_lost_and_nothing_goes_in_a_ring(care: Any) -> None:
    run_state_machine_as_test(
        type("Machine", (Gathering,), {"world": World(care)}),
        settings=settings(
            max_examples=100 if os.environ.get("LMS_PROVE") == "1" else 5,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )
