"""Versions of the method and the model (S02, S04): tried first, learned from, then in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lms.api import LANGUAGES, LocalisedText, Refused, now
from lms.testing import csrf_of, sign_in_as
from lms_challenges.documents import (
    DETECTION,
    KINDS,
    LEVELS,
    MATURATION,
    Document,
    complete,
    shipped,
)
from lms_challenges.queries.methods import (
    MethodFacts,
    method_by_key,
    method_in_use,
    methods,
    notes_to_cite,
    rounds_of,
)
from lms_challenges.scales import CHANNELS
from lms_challenges.services import methods as services
from lms_challenges.services.notes import LearningValues
from lms_challenges.shipping import SHIPPING

LEARNED = LearningValues(title="Niveau M3 var uklart", text="Tre spurgte om det.", language="da")


class Lead:
    """Somebody who looks after the method in the northern municipality."""

    def __init__(self, care: Any) -> None:
        self.care = care
        self.person = care.worker("Lene Leder")
        care.maker.access_role(person=self.person, role="programme_lead", organisation=care.north)
        self.actor = care.actor(self.person)
        care.do(services.ensure, MATURATION)
        care.do(services.ensure, DETECTION)

    def versions(self, kind: str = MATURATION) -> list[MethodFacts]:
        return list(self.care.ask(methods, kind))

    def version(self, number: int = 1, kind: str = MATURATION) -> MethodFacts:
        return next(one for one in self.versions(kind) if one.number == number)

    def round(self, number: int = 1, organisation: Any = None) -> Any:
        where = organisation or self.care.north
        self.care.do(
            services.start_round,
            self.version(number),
            where.id,
            None,
            now().date(),
            None,
            self.actor,
        )
        return self.care.ask(rounds_of, self.version(number).id)[-1]

    def evaluate(self, number: int = 1) -> None:
        tried = self.round(number)
        self.care.do(
            services.evaluate_round, self.version(number), tried, LEARNED, "Del M3", self.actor
        )

    def draft(self) -> MethodFacts:
        """A draft that rests on what was learned."""
        cites = [key for key, _ in self.care.ask(notes_to_cite, [self.version().id])]
        self.care.do(services.new_version, self.version(), "M3 i to", cites, self.actor)
        return self.versions()[0]


@pytest.fixture
def lead(care: Any) -> Lead:
    return Lead(care)


# --- what comes with the plugin -----------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_version_one_is_whole_and_in_three_languages(kind: str) -> None:
    document = shipped(kind)
    assert complete(kind, document)
    assert Document.of(document.as_dict()) == document
    texts = [
        text
        for level in document.levels
        for text in (level.title, level.question, level.evidence, *(c.text for c in level.criteria))
    ] + [text for step in document.steps for text in (step.title, step.message, step.answers)]
    assert texts
    assert all(getattr(text, code) for text in texts for code in LANGUAGES)
    assert len(document.levels) == (LEVELS if kind == MATURATION else 0)
    assert {step.channel for step in document.steps} <= set(CHANNELS)
    keys = [one.key for level in document.levels for one in level.criteria]
    assert len(keys) == len(set(keys))


def test_the_worker_takes_them_in_once(care: Any) -> None:
    for _time in range(2):
        finish = SHIPPING.run(None)  # type: ignore[arg-type]
        assert finish is not None
        care.do(finish)
    found = care.ask(methods)
    assert [(one.kind, one.number, one.state) for one in found] == [
        (MATURATION, 1, "in_test"),
        (DETECTION, 1, "in_test"),
    ]


# --- from version to version --------------------------------------------------------------------


def test_s02_a_version_comes_into_force_only_after_an_evaluated_round(lead: Lead) -> None:
    care = lead.care
    with pytest.raises(Refused):
        care.do(services.put_in_force, lead.version(), lead.actor)
    lead.round()
    with pytest.raises(Refused):
        care.do(services.put_in_force, lead.version(), lead.actor)
    lead.evaluate()
    assert lead.version().state == "evaluated"
    care.do(services.put_in_force, lead.version(), lead.actor)
    assert lead.version().state == "current"


def test_s02_a_change_cites_what_was_learned(lead: Lead) -> None:
    care = lead.care
    for because, cites in (("M3 i to", ()), ("M3 i to", ["a2a2a2a2a2a2a2a2"]), ("", ())):
        with pytest.raises(Refused):
            care.do(services.new_version, lead.version(), because, cites, lead.actor)
    lead.evaluate()
    draft = lead.draft()
    assert (draft.number, draft.state, draft.changed_because) == (2, "draft", "M3 i to")
    assert len(draft.document.cites) == 1
    with pytest.raises(Refused):
        lead.draft()  # one at a time


def test_what_was_tried_does_not_change(lead: Lead) -> None:
    care, tried = lead.care, lead.version()
    with pytest.raises(Refused):
        care.do(services.write_document, tried, tried.document, lead.actor, revision=1)
    lead.evaluate()
    draft = lead.draft()
    levels = list(draft.document.levels)
    levels[3] = replace(levels[3], title=LocalisedText(da="Veje"))
    document = replace(draft.document, levels=tuple(levels))
    care.do(services.write_document, draft, document, lead.actor, revision=draft.revision)
    with pytest.raises(Refused):  # a second tab
        care.do(services.write_document, draft, document, lead.actor, revision=draft.revision)
    assert lead.version(2).document.level(3).title.da == "Veje"
    assert lead.version(1).document.level(3).title.da == "Muligheder"


def test_the_version_before_is_superseded(lead: Lead) -> None:
    care = lead.care
    lead.evaluate()
    care.do(services.put_in_force, lead.version(), lead.actor)
    lead.draft()
    lead.evaluate(2)
    care.do(services.put_in_force, lead.version(2), lead.actor)
    assert [(one.number, one.state) for one in lead.versions()] == [
        (2, "current"),
        (1, "superseded"),
    ]
    with pytest.raises(Refused):
        lead.round(1)


def test_gates_go_by_the_version_an_organisation_tries(lead: Lead) -> None:
    care = lead.care
    lead.evaluate()
    care.do(services.put_in_force, lead.version(), lead.actor)
    lead.draft()
    lead.round(2, care.south)
    by_north = care.ask(method_in_use, MATURATION, care.north.id)
    by_south = care.ask(method_in_use, MATURATION, care.south.id)
    assert (by_north.number, by_south.number) == (1, 2)


def test_a_draft_that_is_not_whole_is_not_tried(lead: Lead) -> None:
    care = lead.care
    lead.evaluate()
    draft = lead.draft()
    empty = replace(draft.document, levels=draft.document.levels[:5])
    care.do(services.write_document, draft, empty, lead.actor, revision=draft.revision)
    with pytest.raises(Refused):
        lead.round(2)


def test_a_round_lies_in_a_place_that_is_there_and_ends_after_it_begins(lead: Lead) -> None:
    care, day = lead.care, now().date()
    for unit_id, last in ((care.ward.id, None), (None, day - timedelta(days=1))):
        with pytest.raises(Refused):
            care.do(
                services.start_round,
                lead.version(),
                care.north.id,
                unit_id,
                day,
                last,
                lead.actor,
            )


# --- on the pages -------------------------------------------------------------------------------


def test_the_model_is_written_on_pages_of_its_own(lead: Lead) -> None:
    care = lead.care
    client = sign_in_as(care.app.test_client(), lead.person)

    def post(address: str, **fields: Any) -> Any:
        return client.post(address, data={"csrf_token": csrf_of(client)} | fields)

    first = lead.version(1, DETECTION)
    place = care.district.key
    begun = post(f"/challenges/methods/{first.key}/rounds", place=place, from_day="2031-01-01")
    assert begun.status_code == 303
    (tried,) = care.ask(rounds_of, first.id)
    assert (tried.organisation_id, tried.unit_id) == (care.north.id, care.district.id)
    kept = post(
        f"/challenges/methods/rounds/{tried.key}",
        title="Tavlen virker bedst",
        findings="Ni af ti kom fra tavlen.",
        change="Begynd med tavlen",
    )
    assert kept.status_code == 303
    (note,) = care.ask(notes_to_cite, [first.id])
    made = post(f"/challenges/methods/{first.key}/next", because="Tavlen først", cites=note[0])
    assert made.status_code == 303
    draft = care.ask(method_by_key, made.location.rsplit("/", 1)[1])
    step = {
        "revision": "1",
        "channel": "shift_meeting",
        "days": "3",
        "title_da": "Begynd ved tavlen",
        "message_da": "Hvad gik i stå?",
    }
    alone = post(f"/challenges/methods/{draft.key}/steps/new", **step)
    assert alone.status_code == 422  # nothing is said in Swedish
    step |= {"message_sv": "Vad fastnade?"}
    assert post(f"/challenges/methods/{draft.key}/steps/new", **step).status_code == 303
    body = client.get(f"/challenges/methods/{draft.key}?lang=da").text
    assert "Vad fastnade?" in body
    assert "Tavlen virker bedst" in body
    stale = post(f"/challenges/methods/{draft.key}/steps/new", **step)
    assert stale.status_code == 422  # the page was older than what was saved
    gone = post(f"/challenges/methods/{draft.key}/steps/s1/drop")
    assert gone.status_code == 303
    assert "s1" not in {one.key for one in care.ask(method_by_key, draft.key).document.steps}


def test_a_level_is_written_in_all_languages_line_by_line(lead: Lead) -> None:
    care = lead.care
    lead.evaluate()
    draft = lead.draft()
    client = sign_in_as(care.app.test_client(), lead.person)
    address = f"/challenges/methods/{draft.key}/levels/3"
    fields = {
        "csrf_token": csrf_of(client),
        "revision": str(draft.revision),
        "title_da": "Veje",
        "question_da": "Hvilke veje er der?",
        "criteria_da": "Den, vi har\nAt lade være",
        "criteria_sv": "Den vi har",
    }
    assert client.post(address, data=fields).status_code == 422
    fields |= {"csrf_token": csrf_of(client), "criteria_sv": "Den vi har\nAtt låta bli"}
    assert client.post(address, data=fields).status_code == 303
    criteria = lead.version(2).document.level(3).criteria
    assert [one.text.sv for one in criteria] == ["Den vi har", "Att låta bli"]
    assert client.get(f"/challenges/methods/{draft.key}/levels/10").status_code == 404
