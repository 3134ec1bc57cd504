"""Changed routines and learning notes: what assignments end in, and who reads them."""

from __future__ import annotations

from typing import Any

import pytest

from lms.api import SYSTEM, RecordDraft, Refused, make_record, record_kind, record_kinds
from lms_activities.queries.records import record_with_key


def made(classroom: Any, seat: Any, kind: str = "learning_note", **changes: Any) -> str:
    values = {
        "title": "Vi spørger først",
        "text": "Borgeren <b>bestemmer</b> tempoet.",
        "language": "da",
        "person_id": seat.person_id,
        "organisation_id": None,
        "run_id": classroom.run.id,
        "work_key": "x",
    } | changes
    return str(classroom.do(make_record, kind, RecordDraft(**values), SYSTEM))


def test_the_plugin_brings_two_kinds(classroom: Any) -> None:
    with classroom.app.app_context():
        assert [kind.key for kind in record_kinds()] == ["changed_routine", "learning_note"]
        known = record_kind("learning_note")
        assert known is not None
        assert known.page == "activities.record"
        assert record_kind("poem") is None


@pytest.mark.parametrize("kind", ["changed_routine", "learning_note"])
def test_a_record_is_read_by_who_wrote_it_and_by_the_team(classroom: Any, kind: str) -> None:
    person, seat = classroom.participant("Anna")
    key = made(classroom, seat, kind)
    for reader in (person, classroom.teacher):
        page = classroom.client(reader).get(f"/activities/records/{key}?lang=en")
        assert page.status_code == 200
        assert "Borgeren &lt;b&gt;bestemmer&lt;/b&gt; tempoet." in page.text
        assert "Anna" in page.text
    other, _seat = classroom.participant("Bo")
    for stranger in (other, classroom.maker.person()):
        assert classroom.client(stranger).get(f"/activities/records/{key}").status_code == 404
    assert classroom.app.test_client().get(f"/activities/records/{key}").status_code in (
        302,
        303,
        401,
    )


def test_a_long_title_is_cut_and_an_unknown_kind_refused(classroom: Any) -> None:
    _person, seat = classroom.participant("Anna")
    key = made(classroom, seat, title="æ" * 500)
    with classroom.app.app_context():
        found = record_with_key(key)
        assert found is not None
        assert found.title == "æ" * 200
        for junk in ("", "x", "A" * 16, "%00"):
            assert record_with_key(junk) is None
    with pytest.raises(Refused):
        made(classroom, seat, "poem")
