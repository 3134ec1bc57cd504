"""What the tests of idea development share: a run with a facilitator, a challenge, participants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.api import Actor, LocalisedText, actor_for_person, now, search_key, unit_of_work
from lms.testing import csrf_of, sign_in_as
from lms.testing.rows import Maker
from lms_challenges.course_type import COURSE_TYPE
from lms_challenges.models import Challenge, Framing, GateOption
from lms_challenges.queries.challenges import ChallengeFacts, challenge_by_key
from lms_challenges.queries.gates import GateFacts, gate_by_key
from lms_challenges.queries.ideas import IdeaFacts, idea_with_key
from lms_challenges.queries.workroom import RoomFacts, rooms_of
from lms_challenges.services import deciding, framing, gates
from lms_challenges.services.ideas import IdeaValues, Writer, write_idea
from lms_challenges.services.notes import LearningValues
from lms_challenges.services.scoring import score_idea
from lms_challenges.services.workroom import move_stage, set_challenges

SHEET = {
    "problem": "Vi løfter med ryggen.",
    "users": "Hjemmeplejen",
    "value": {"staff": "Færre ondt i ryggen"},
    "next_test": "To uger i distrikt Øst",
}


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["challenges"]


class Group:
    """A run of idea development that works on one challenge."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app = app
        self.maker = maker
        self.host = maker.organisation(name="Nordby Kommune")
        self.run = self.a_run()
        self.facilitator = maker.person(name="Fie Facilitator", language="en")
        maker.team_member(run=self.run, person=self.facilitator, role="teacher")
        self.challenge = self.a_challenge("Mit hjem som arbejdsplads")
        self.work_on(self.challenge)

    # --- things -----------------------------------------------------------------------------------

    def a_run(self, **values: Any) -> Any:
        """Another run of the type, under way unless told."""
        version = self.maker.version(course_type=COURSE_TYPE)
        options: dict[str, Any] = {"state": "running", "hosts": [self.host], "capacity": 15}
        return self.maker.run(version=version, course_type=COURSE_TYPE, **(options | values))

    def a_challenge(self, title: str, owner: Any = None, **values: Any) -> Challenge:
        """A challenge of an organisation (the host) under one name."""
        name = LocalisedText(da=title, sv=f"{title} (sv)", en=f"{title} (en)")
        row = Challenge(
            organisation_id=(owner or self.host).id,
            public_text=LocalisedText(),
            search_text=search_key(title),
            created_at=now(),
            **values,
        )
        self.maker.write(row)
        framing = Framing(
            challenge_id=row.id,
            title=name,
            question=LocalisedText(da="Hvordan kan vi …?"),
            understood=LocalisedText(),
            left_because=LocalisedText(),
            from_at=now(),
        )
        self.maker.write(framing)
        return row

    def work_on(self, *challenges: Challenge, run: Any = None) -> None:
        """Say what a run works on."""
        run = run or self.run
        ids = [challenge.id for challenge in challenges]
        self.do(set_challenges, run.id, ids, self.lead, state=run.state)

    # --- people -----------------------------------------------------------------------------------

    @property
    def lead(self) -> Actor:
        """Who leads the run."""
        return self.actor(self.facilitator)

    def participant(self, name: str = "Anna", state: str = "active", **values: Any) -> Any:
        """Somebody with a seat: the person and the enrolment."""
        person = self.maker.person(name=name, language="en")
        run = values.pop("run", self.run)
        return person, self.maker.enrolment(run=run, person=person, state=state, **values)

    def owner(self, organisation: Any = None) -> Any:
        """Somebody who owns the challenges of an organisation (the host)."""
        person = self.maker.person(name="Ole Ejer")
        where = organisation or self.host
        self.maker.assignment(person=person, organisation=where)
        self.maker.access_role(person=person, role="challenge_owner", organisation=where)
        return person

    def actor(self, person: Any) -> Actor:
        """The person, with what they may do."""
        with self.app.app_context():
            return actor_for_person(person.id)

    # --- doing ------------------------------------------------------------------------------------

    def do(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A service in a unit of work of its own."""
        with self.app.app_context(), unit_of_work():
            return call(*arguments, **options)

    def ask(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A question."""
        with self.app.app_context():
            return call(*arguments, **options)

    def idea(self, title: str = "Et loftskinnesystem", by: Any = None, **values: Any) -> IdeaFacts:
        """An idea in the workroom, by a participant (person, enrolment) or the facilitator."""
        person, seat = by or (self.facilitator, None)
        options: dict[str, Any] = {"text": "", "language": "da"}
        options |= {"challenge_id": self.challenge.id} | values
        key = self.do(
            write_idea,
            self.run.id,
            IdeaValues(title=title, **options),
            self.actor(person),
            Writer(enrolment_id=seat.id if seat else None),
        )
        return self.now(key)

    def now(self, idea: IdeaFacts | str) -> IdeaFacts:
        """An idea as it stands now."""
        found = self.ask(idea_with_key, idea if isinstance(idea, str) else idea.key)
        assert found is not None
        known: IdeaFacts = found
        return known

    @property
    def room(self) -> RoomFacts:
        """The workroom as it stands now."""
        with self.app.app_context():
            return rooms_of([self.run.id])[self.run.id]

    def go_to(self, *stages: str) -> None:
        """Through these stages."""
        for stage in stages:
            self.do(move_stage, self.run.id, stage, self.lead)

    def score(self, idea: IdeaFacts, by: Any, value: int = 3) -> bool:
        """Points of one participant for one idea, the same for every criterion."""
        person, seat = by
        points = {criterion.key: value for criterion in self.room.criteria}
        shown: bool = self.do(score_idea, self.run.id, idea.id, points, seat.id, self.actor(person))
        return shown

    def chosen(self, title: str = "Et loftskinnesystem", **values: Any) -> IdeaFacts:
        """An idea that was chosen, after the points were shown."""
        from lms_challenges.services.ideas import move_idea

        idea = self.idea(title, **values)
        self.go_to("clustering", "scoring", "choosing")
        self.do(move_idea, self.now(idea), "shortlisted", self.lead)
        return self.now(idea)

    def at_gate(self, title: str = "Et loftskinnesystem") -> IdeaFacts:
        """An idea with a whole sheet that waits for its gate."""
        from lms_challenges.services.ideas import move_idea, write_sheet

        idea = self.chosen(title)
        self.do(write_sheet, idea, SHEET, self.lead, revision=idea.revision)
        self.do(move_idea, self.now(idea), "at_gate", self.lead)
        return self.now(idea)

    def gate(self, decision: str, reason: str, *, chosen: Sequence[int] = ()) -> None:
        """The challenge is decided on at a gate, by the host and a partner."""
        other = self.maker.organisation(name="Söderby kommun")
        people = [self.owner(), self.maker.person(name="Per Partner")]
        self.maker.assignment(person=people[1], organisation=other)
        actor = self.actor(people[0])
        self.do(framing.add_collaborator, self.challenge.id, other.id, actor)
        options = [
            GateOption(
                challenge_id=self.challenge.id, kind="new", title="Ny", idea_id=id_, chosen=True
            )
            for id_ in chosen
        ]
        self.maker.write(*options)

        def facts() -> ChallengeFacts:
            found = self.ask(challenge_by_key, self.challenge.key, actor)
            assert isinstance(found, ChallengeFacts)
            return found

        key = self.do(gates.open_gate, facts(), facts().level + 1, actor)

        def gate() -> GateFacts:
            found = self.ask(gate_by_key, key)
            assert isinstance(found, GateFacts)
            return found

        sheet = {one.key: {"score": 2} for one in gate().level.criteria}
        self.do(gates.save_sheet, gate(), sheet, actor, revision=1)
        for person in people:
            self.do(gates.add_decider, gate(), facts(), person.id, actor)
            self.do(deciding.give_opinion, gate(), self.actor(person), decision, "")
        values = deciding.DecisionValues(
            decision=decision,
            reason=reason,
            next_on=(now() + timedelta(days=30)).date(),
            note=LearningValues(title="Det bar ikke", text="Mål loftet.", language="da"),
        )
        self.do(deciding.decide, gate(), facts(), values, actor)

    # --- pages ------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The workroom's address."""
        return f"/challenges/runs/{self.run.key}/ideas"

    def client(self, person: Any) -> FlaskClient:
        """A browser in which the person is signed in, in English."""
        client = sign_in_as(self.app.test_client(), person)
        client.set_cookie("lang", "en")
        return client

    def page(self, person: Any, address: str) -> Any:
        """What the person gets at an address, in English."""
        mark = "&" if "?" in address else "?"
        return self.client(person).get(f"{address}{mark}lang=en")

    def post(self, person: Any, address: str, **fields: Any) -> Any:
        """A form that the person sends, in English."""
        client = self.client(person)
        data: Mapping[str, Any] = {"csrf_token": csrf_of(client)} | fields
        return client.post(f"{address}?lang=en", data=data)


@pytest.fixture
def group(lms_app: Flask, maker: Maker) -> Group:
    return Group(lms_app, maker)
