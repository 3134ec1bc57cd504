"""Mit hjem is there as a whole, with what its source says and nothing else."""

from __future__ import annotations

import copy
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

import lms_technology_trials
from lms.api import SYSTEM, db, organisation_named, organisations_by_id, unit_of_work
from lms.core.organisations.models import Function, Organisation
from lms.core.organisations.queries import other_names
from lms_technology_trials import reading
from lms_technology_trials.demo.loading import load_mit_hjem
from lms_technology_trials.facts import CollaborationFacts
from lms_technology_trials.models import Collaboration, Finding, Participation, TrialTest
from lms_technology_trials.queries import published_collaboration
from lms_technology_trials.services import publish

FILE = Path(lms_technology_trials.__file__).parent / "demo" / "mit_hjem.json"


@pytest.fixture
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text())
    return found


@pytest.fixture
def found(mit_hjem: Flask) -> CollaborationFacts:
    with mit_hjem.app_context():
        facts = published_collaboration("mit-hjem")
    assert facts is not None
    return facts


def test_demo_holds_every_number_of_the_source(found: CollaborationFacts) -> None:
    totals = reading.totals(found)
    assert (totals.workshops, totals.minutes) == (6, 1380)
    assert totals.trials == 6
    assert totals.materials == 18
    assert totals.parties == 19
    assert totals.roles == 26
    assert len(found.phases) == 2
    assert (totals.role_entries, totals.counted_entries) == (81, 63)
    assert (totals.first_on, totals.last_on) == (date(2017, 8, 14), date(2019, 5, 24))


def test_demo_tells_the_change_of_name_with_its_reason(found: CollaborationFacts) -> None:
    (name,) = found.former_names
    assert name.title.da == "APV i borgerens hjem"
    assert found.title.da == "Mit hjem som arbejdsplads"
    assert name.until_workshop == "ekspert-workshop"
    assert name.decided_on is None
    assert "konflikt" in name.reason.da
    assert name.reason.sv
    assert name.reason.en


def test_silent_periods_are_counted_from_the_rows(found: CollaborationFacts) -> None:
    assert [(s.after, s.before, s.days) for s in reading.silences(found)] == [
        (date(2017, 10, 25), date(2018, 4, 18), 175),
        (date(2018, 6, 29), date(2019, 3, 13), 257),
    ]


def test_silent_periods_follow_the_dates(mit_hjem: Flask) -> None:
    with mit_hjem.app_context(), unit_of_work():
        row = db.session.scalars(select(TrialTest).where(TrialTest.slug == "test-2019-03-13")).one()
        row.held_on = date(2019, 3, 23)
    with mit_hjem.app_context():
        facts = published_collaboration("mit-hjem")
        assert facts is not None
        assert [silence.days for silence in reading.silences(facts)] == [175, 267]


def test_workshops_stand_in_the_order_of_days_and_remember_the_sources(
    found: CollaborationFacts,
) -> None:
    assert [w.source_order for w in found.workshops] == [1, 2, 3, 5, 4, 6]
    assert [w.number for w in found.workshops] == [1, 2, 3, 4, 5, 6]
    assert [w.held_on for w in found.workshops] == sorted(w.held_on for w in found.workshops)


def test_the_unknown_stays_unknown(found: CollaborationFacts, mit_hjem: Flask) -> None:
    assert all(t.starts is None and t.ends is None and t.count is None for t in found.trials)
    assert [t.location_id is None for t in found.trials] == [False, True, True, False, False, True]
    assert found.specification is not None
    assert found.specification.done_on is None
    assert [one.count for one in found.specification.interviewees] == [None, None, 1]
    assert all(material.licence is None for material in found.materials)
    assert all(rung.answer is None for rung in found.rungs)
    nobody = [line for line in found.participations if line.party_id is None]
    assert sorted(line.raw for line in nobody) == ["Forretningsudvikler", "Udviklingskonsulent"]
    with mit_hjem.app_context():
        zeroes = select(func.count()).where(Participation.count == 0)
        assert db.session.scalar(zeroes) == 0


def test_the_source_has_no_findings_and_none_are_made_up(mit_hjem: Flask) -> None:
    with mit_hjem.app_context():
        assert db.session.scalar(select(func.count()).select_from(Finding)) == 0


def test_raw_words_stand_beside_what_they_mean(found: CollaborationFacts) -> None:
    assert {w.group_raw for w in found.workshops if w.group_raw} == {"Opstartsworkhops"}
    assert found.specification is not None
    assert found.specification.raw == "Kravsspecifikation"
    spellings = {line.raw for line in found.participations if "walk" in line.raw.casefold()}
    assert {"CEO TakeAwalkVR", "TakeawalkVR"} <= spellings


def test_an_aim_without_an_output_is_neither_forgotten_nor_counted(
    found: CollaborationFacts,
) -> None:
    last = found.workshops[-1]
    assert len(last.aims_without_output) == 1
    assert "business case" in last.aims_without_output[0].en
    assert [text.en for text in last.outputs] == ["A number of citizen journeys"]


def test_demo_enters_organisations_and_functions_with_the_core(
    mit_hjem: Flask, found: CollaborationFacts
) -> None:
    with mit_hjem.app_context():
        ids = [party.organisation_id for party in found.parties]
        known = organisations_by_id([id_ for id_ in ids if id_ is not None])
        assert len(known) == 19
        assert Counter(one.kind for one in known.values())["municipality"] == 4
        organisation = organisation_named("TakeawalkVR")
        assert organisation is not None
        assert "TakeAwalkVR" in [name.name for name in other_names(organisation.id)]
        functions = {line.function_id for line in found.participations} - {None}
        assert len(functions) == 26
        assert db.session.scalar(select(func.count()).select_from(Function)) == 26


def test_two_firms_of_almost_one_name_stay_two(found: CollaborationFacts) -> None:
    names = [party.name for party in found.parties if party.name.casefold().startswith("arbejdsm")]
    assert len(names) == 2


def test_demo_loaded_twice_changes_nothing(mit_hjem: Flask) -> None:
    def everything() -> list[Any]:
        with mit_hjem.app_context():
            tables = Collaboration.metadata.sorted_tables
            return [db.session.execute(select(table)).all() for table in tables]

    before = everything()
    with mit_hjem.app_context():
        load_mit_hjem()
    assert everything() == before
    assert any(before)


def test_a_changed_document_replaces_and_keeps_the_address(
    mit_hjem: Flask, document: dict[str, Any]
) -> None:
    changed = copy.deepcopy(document)
    changed["workshops"][0]["purpose"] = None
    changed["materials"] = changed["materials"][:-1]
    changed["ladder"][0]["findings"] = [
        {"text": {"da": "Et fund"}, "said_by": None, "contexts": []},
    ]
    with mit_hjem.app_context():
        with unit_of_work():
            key = db.session.scalars(select(Collaboration.key)).one()
            organisations = db.session.scalar(select(func.count()).select_from(Organisation))
            publish(changed, SYSTEM)
        facts = published_collaboration("mit-hjem")
        assert facts is not None
        assert facts.key == key
        assert facts.workshops[0].purpose is None
        assert len(facts.materials) == 17
        assert [finding.text.da for finding in facts.rungs[0].findings] == ["Et fund"]
        assert len(facts.participations) == 81
        assert db.session.scalar(select(func.count()).select_from(Organisation)) == organisations


def test_the_pages_numbers_are_those_of_the_file(
    found: CollaborationFacts, document: dict[str, Any]
) -> None:
    told = document["totals"]
    totals = reading.totals(found)
    assert totals.minutes == told["workshop_minutes"]
    assert totals.role_entries == told["role_entries"]
    assert [s.days for s in reading.silences(found)] == [
        period["days"] for period in document["silent_periods"]
    ]
    marks = {
        row.party.slug: sum(1 for mark in row.marks if mark) for row in reading.coverage(found)
    }
    assert marks == {slug: len(events) for slug, events in document["coverage"].items()}
