"""Challenges on their way, a gate open and one decided, and versions of the method and model."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText, actor_for_person, now, unit_of_work
from lms.db import db
from tests.access.world import Arguments, Side, World


def challenges(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """The challenges of one side, looked after by its manager, but for the public one."""
    from lms_challenges.models import Challenge as Row
    from lms_challenges.models import Decider, Gate, Method, Note
    from lms_challenges.services import framing, maturing
    from lms_challenges.services.framing import FramingValues, TextValues
    from lms_challenges.services.methods import ensure
    from lms_challenges.services.notes import add_note

    partner = world.make.organisation(name=f"Partnerlev ved {side.organisation.name}")
    where = side.organisation.id

    def text(words: str) -> LocalisedText:
        return LocalisedText(da=words, sv=f"{words} (sv)", en=f"{words} (en)")

    with world.app.test_request_context(), unit_of_work():
        actor = actor_for_person(side.manager.id)

        def framed(title: str) -> Row:
            key = framing.frame(
                FramingValues(
                    title=text(f"{title}, {side.organisation.name}"),
                    question=text("Hvordan kan vi gøre det roligere?"),
                ),
                where,
                actor,
                TextValues(public_text=text("Alle må læse dette.")),
            )
            return db.session.query(Row).filter_by(key=key).one()

        challenge, public, at_gate = (framed(t) for t in ("Uro om aftenen", "Tunge løft", "Nøgler"))
        framing.add_collaborator(challenge.id, partner.id, actor)
        framing.publish(public.id, actor)
        public.owner_id = None
        note_key = add_note(challenge.id, "theme", text("Vagtskifte"), actor)
        option_key = maturing.add_option(challenge.id, "existing", "Det, vi har", "", "", actor)
        ensure("maturation")
        version = db.session.query(Method).filter_by(kind="maturation", number=1).one()
        gates = [
            Gate(
                challenge_id=about.id,
                method_id=version.id,
                from_level=0,
                to_level=1,
                sheet={},
                opened_at=now(),
                decision="" if about is at_gate else "go",
                reason="" if about is at_gate else "Vi forstår det nu.",
                decided_at=None if about is at_gate else now(),
            )
            for about in (at_gate, public)
        ]
        db.session.add_all(gates)
        db.session.flush()
        decider = Decider(gate_id=gates[0].id, person_id=side.manager.id, organisation_id=where)
        db.session.add(decider)
        db.session.flush()
        assert db.session.query(Note).filter_by(key=note_key).one()
        found: dict[str, Arguments] = {
            "challenge": {"key": challenge.key},
            "public challenge": {"key": public.key},
            "note of a challenge": {"key": challenge.key, "note_key": note_key},
            "option of a challenge": {"key": challenge.key, "option_key": option_key},
            "partner of a challenge": {"key": challenge.key, "organisation": partner.key},
            "way of a challenge": {"key": challenge.key, "state": "prioritised"},
            "gate": {"key": gates[0].key},
            "decided gate": {"key": gates[1].key},
            "decider": {"key": gates[0].key, "decider_id": decider.id},
        }
    if name == "own":
        found |= _methods(world, side)
    return found


def _methods(world: World, side: Side) -> Mapping[str, Arguments]:
    """A version that was tried, one being tried, and a draft of each kind."""
    from lms_challenges.documents import shipped
    from lms_challenges.models import LearningNote, Method, TestRound

    moment = now()
    first = world.app
    with first.app_context():
        version = db.session.query(Method).filter_by(kind="maturation", number=1).one()
        version_id, version_key = version.id, version.key
    rows = [
        Method(
            kind=kind,
            number=number,
            state=state,
            document=shipped(kind).as_dict(),
            created_at=moment,
        )
        for kind, number, state in (
            ("maturation", 2, "evaluated"),
            ("maturation", 3, "draft"),
            ("detection", 1, "draft"),
        )
    ]
    world.make.write(*rows)
    day = moment.date()
    tried = TestRound(method_id=version_id, organisation_id=side.organisation.id, from_day=day)
    evaluated, draft, model = rows
    judged = TestRound(
        method_id=evaluated.id,
        organisation_id=side.organisation.id,
        from_day=day,
        findings="Tre spurgte om M3.",
        evaluated_at=moment,
    )
    world.make.write(tried, judged)
    world.make.write(
        LearningNote(
            round_id=judged.id,
            title="M3 var uklart",
            text="Tre spurgte om det.",
            language="da",
            created_at=moment,
        )
    )
    return {
        "method": {"key": version_key},
        "evaluated method": {"key": evaluated.key},
        "level of a draft": {"key": draft.key, "number": 2},
        "step of a draft": {"key": model.key, "step": "s1"},
        "draft of the model": {"key": model.key},
        "test round": {"key": tried.key},
    }
