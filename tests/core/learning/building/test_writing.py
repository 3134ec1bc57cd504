"""Writing a draft: two tabs, modules, outcomes that keep their activities, the rule."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.contracts import Condition, LocalisedText, SettingField
from lms.core.catalogue.models import CourseVersion
from lms.core.learning.drafts import difference
from lms.core.learning.models import Activity
from lms.db import db
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen
from tests.core.learning.building.kit import fields_of, send, text_of


class Practising(Specimen):
    """The specimen with a condition of its own."""

    @hookimpl
    def lms_conditions(self):
        return (
            Condition(
                key="specimen.uses",
                title=LocalisedText(da="Brugt", sv="Använt", en="Used it"),
                fields=(
                    SettingField(
                        key="uses",
                        kind="number",
                        label=LocalisedText(da="Gange", sv="Gånger", en="Times"),
                        default=3,
                        minimum=1,
                        maximum=9,
                    ),
                ),
            ),
        )


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Practising())]


@pytest.fixture
def stored(lms_app):
    """`stored(version)`: the version as the database has it."""

    def read(version):
        with lms_app.app_context():
            row = db.session.get_one(CourseVersion, version.id)
            db.session.expunge(row)
            return row

    return read


@pytest.fixture
def texts(enter, school, draft):
    """A draft, somebody who writes it, and the address of its texts."""
    version = draft(school)
    return version, enter("teacher", school), f"/build/version/{version.key}/texts"


def test_texts_are_saved_and_counted(texts, stored):
    version, client, address = texts
    assert (
        send(client, address, title_sv="Lyft", minutes="", practice_minutes="45").status_code == 303
    )
    row = stored(version)
    assert (row.title.sv, row.minutes, row.practice_minutes, row.revision) == ("Lyft", 360, 45, 2)


def test_two_tabs_that_write_different_fields_both_win(texts, stored):
    version, client, address = texts
    mine = fields_of(text_of(client.get(address)))
    theirs = fields_of(text_of(client.get(address)))
    assert send(client, address, theirs, purpose_da="Deres formål").status_code == 303
    answer = send(client, address, mine, title_da="Min titel")
    assert answer.status_code == 409
    page = text_of(answer)
    assert "Somebody else saved this while you wrote" in page
    kept = fields_of(page)
    assert (kept["title_da"], kept["purpose_da"]) == ("Min titel", "Deres formål")
    assert stored(version).title.da != "Min titel"
    assert send(client, address, kept).status_code == 303
    row = stored(version)
    assert (row.title.da, row.purpose.da) == ("Min titel", "Deres formål")


def test_where_both_wrote_both_texts_are_shown_with_the_difference(texts, stored):
    version, client, address = texts
    mine = fields_of(text_of(client.get(address)))
    theirs = fields_of(text_of(client.get(address)))
    send(client, address, theirs, lead_da="Kort om det nye forløb.")
    answer = send(client, address, mine, lead_da="Kort om det gamle forløb.")
    assert answer.status_code == 409
    page = text_of(answer)
    assert "What you both wrote" in page
    assert "Kort om det nye forløb." in page
    assert "<del>" in page
    assert "<ins>" in page
    kept = fields_of(page)
    assert kept["lead_da"] == "Kort om det gamle forløb."
    assert stored(version).lead.da == "Kort om det nye forløb."
    assert send(client, address, kept).status_code == 303
    assert stored(version).lead.da == "Kort om det gamle forløb."


def test_outcomes_that_both_add_are_both_kept(texts, stored):
    version, client, address = texts
    mine = fields_of(text_of(client.get(address)))
    theirs = fields_of(text_of(client.get(address)))
    send(client, address, theirs, outcome_1_da="Deres mål")
    answer = send(client, address, mine, outcome_1_da="Mit mål")
    assert answer.status_code == 409
    assert send(client, address, fields_of(text_of(answer))).status_code == 303
    assert [o["da"] for o in stored(version).outcomes][1:] == ["Deres mål", "Mit mål"]


def test_another_part_saved_meanwhile_is_in_nobodys_way(texts, stored):
    version, client, address = texts
    mine = fields_of(text_of(client.get(address)))
    send(client, f"/build/version/{version.key}/modules/start", title_da="Først")
    assert send(client, address, mine, title_da="Min titel").status_code == 303
    row = stored(version)
    assert (row.title.da, row.modules[0]["title"]["da"]) == ("Min titel", "Først")


def test_a_form_that_says_no_revision_overwrites_nothing(texts, stored):
    version, client, address = texts
    values = fields_of(text_of(client.get(address)))
    for revision, seen in (("", ""), ("x", "[1]"), ("-1", "{"), ("9" * 40, "null")):
        values = fields_of(text_of(client.get(address)))
        answer = send(client, address, values, title_da="X", revision=revision, seen=seen)
        assert answer.status_code == 409
        assert stored(version).title.da == version.title.da


def test_an_outcome_taken_out_takes_no_activity_along(texts, stored, activity, lms_app, maker):
    version, client, address = texts
    send(client, address, outcome_1_da="Nummer to", outcome_2_da="Nummer tre")
    first = activity(version, outcomes=[0, 2])
    second = activity(version, outcomes=[1])
    empty = dict.fromkeys(("outcome_1_da", "outcome_1_sv", "outcome_1_en"), "")
    assert send(client, address, **empty).status_code == 303
    assert [o["da"] for o in stored(version).outcomes][1:] == ["Nummer tre"]
    assert maker.reload(first).outcomes == [0, 1]
    assert maker.reload(second).outcomes == []


BAD = (
    {"title_da": "", "title_sv": "", "title_en": ""},
    {"title_da": "x" * 201},
    {"minutes": "halvanden"},
    {"minutes": "-1"},
    {"languages": None},
    {"languages": ["xx"]},
    {"purpose_da": "Skriv til 010190-1234"},
    {"csrf_token": "gammel"},
)


@pytest.mark.parametrize("change", BAD)
def test_what_is_wrong_is_said_and_stays_typed(texts, stored, change):
    version, client, address = texts
    answer = send(client, address, lead_sv="Det jeg skrev", **change)
    assert answer.status_code == 422
    assert "Det jeg skrev" in text_of(answer)
    assert stored(version).revision == 1


# --- modules ------------------------------------------------------------------------------------


def modules_of(row):
    return [module["key"] for module in row.modules]


def press(client, version, module, step):
    page = text_of(client.get(f"/build/version/{version.key}/modules"))
    values = fields_of(page, "/modules/")
    return client.post(f"/build/version/{version.key}/modules/{module}/{step}", data=values)


def test_modules_are_added_renamed_moved_and_taken_out(texts, stored):
    version, client, _address = texts
    base = f"/build/version/{version.key}/modules"
    assert send(client, f"{base}/new", title_en="Follow up", minutes="90").status_code == 303
    assert modules_of(stored(version)) == ["start", "practice", "follow_up"]
    press(client, version, "follow_up", "up")
    assert modules_of(stored(version)) == ["start", "follow_up", "practice"]
    press(client, version, "start", "up")
    press(client, version, "start", "down")
    assert modules_of(stored(version)) == ["follow_up", "start", "practice"]
    assert send(client, f"{base}/practice", title_da="Øvelse", phase="learn").status_code == 303
    module = stored(version).modules[2]
    assert (module["title"]["da"], module["phase"], module["minutes"]) == ("Øvelse", "learn", 180)
    press(client, version, "practice", "out")
    assert modules_of(stored(version)) == ["follow_up", "start"]
    assert press(client, version, "practice", "out").status_code == 404
    assert press(client, version, "start", "sideways").status_code == 404


def test_a_module_with_activities_stays(texts, stored, activity):
    version, client, _address = texts
    activity(version, module="practice")
    press(client, version, "practice", "out")
    assert modules_of(stored(version)) == ["start", "practice"]
    page = text_of(client.get(f"/build/version/{version.key}/modules"))
    assert "The module holds 1 activities" in page


def test_two_tabs_in_one_module(texts, stored):
    version, client, _address = texts
    address = f"/build/version/{version.key}/modules/start"
    mine = fields_of(text_of(client.get(address)))
    send(client, address, fields_of(text_of(client.get(address))), minutes="120")
    answer = send(client, address, mine, minutes="200")
    assert answer.status_code == 409
    assert send(client, address, fields_of(text_of(answer))).status_code == 303
    assert stored(version).modules[0]["minutes"] == 200


# --- the rule -----------------------------------------------------------------------------------


def test_the_rule_is_composed_of_what_the_core_and_plugins_know(texts, stored):
    version, client, _address = texts
    address = f"/build/version/{version.key}/rule"
    page = text_of(client.get(address))
    assert "Used it" in page
    values = fields_of(page)
    # Order: attendance, activities, declared, assessment, agreement, then plugins'.
    answer = send(
        client,
        address,
        values,
        setting_of_0_percent="75",
        setting_on_1="y",
        setting_of_1_of="4",
        setting_on_2=None,
        setting_on_3="y",
        setting_of_3_level="3",
        setting_on_5="y",
        setting_of_5_uses="5",
    )
    assert answer.status_code == 303, text_of(answer)
    rule = stored(version).rule
    assert rule["conditions"] == {
        "attendance": {"percent": 75},
        "activities": {"of": 4},
        "assessment": {"level": 3, "assessors": 1},
        "specimen.uses": {"uses": 5},
    }
    assert rule["version"] != version.rule["version"]
    named = rule["version"]
    assert send(client, address).status_code == 303
    assert stored(version).rule["version"] == named


def test_a_rule_of_nothing_and_a_percentage_of_nonsense_are_refused(texts, stored):
    version, client, _address = texts
    address = f"/build/version/{version.key}/rule"
    for percent in ("0", "101", "mange", "", "9" * 30):
        assert send(client, address, setting_of_0_percent=percent).status_code == 422
    answer = send(client, address, setting_on_0=None, setting_on_2=None)
    assert answer.status_code == 422
    assert "Choose at least one condition" in text_of(answer)
    assert stored(version).rule == version.rule


def test_a_condition_that_nobody_knows_is_kept_as_it_is(enter, school, draft, stored):
    conditions = {"attendance": {"percent": 80}, "gone.away": {"times": 2}}
    version = draft(school, rule={"version": "old", "conditions": conditions})
    client = enter("teacher", school)
    address = f"/build/version/{version.key}/rule"
    assert "not installed here (gone.away)" in text_of(client.get(address))
    send(client, address, setting_of_0_percent="60")
    assert stored(version).rule["conditions"] == {
        "attendance": {"percent": 60},
        "gone.away": {"times": 2},
    }


def test_two_tabs_in_one_rule(texts, stored):
    version, client, _address = texts
    address = f"/build/version/{version.key}/rule"
    mine = fields_of(text_of(client.get(address)))
    send(client, address, fields_of(text_of(client.get(address))), setting_of_0_percent="60")
    answer = send(client, address, mine, setting_of_0_percent="70")
    assert answer.status_code == 409
    assert stored(version).rule["conditions"]["attendance"] == {"percent": 60}
    assert send(client, address, fields_of(text_of(answer))).status_code == 303
    assert stored(version).rule["conditions"]["attendance"] == {"percent": 70}


@pytest.mark.once
def test_the_difference_puts_the_two_texts_together_again():
    for old, new in (
        ("", "ny"),
        ("gammel", ""),
        ("en to tre", "en tre fire"),
        ("a\n\nb", "a\nb  c"),
        ("ord " * 9000, "ord " * 8999 + "slut"),
    ):
        parts = difference(old, new)
        assert "".join(text for how, text in parts if how != "new") == old
        assert "".join(text for how, text in parts if how != "gone") == new


def test_activities_of_a_version_are_still_there_after_all_that(texts, lms_app, activity):
    version, client, address = texts
    activity(version)
    send(client, address, title_da="Ny")
    with lms_app.app_context():
        assert db.session.scalars(select(Activity.course_version_id)).all() == [version.id]
