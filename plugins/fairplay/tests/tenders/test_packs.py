"""I-22: the pack holds all that was shared, masks what is a company's own, and frees the tender."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lms.api import (
    SYSTEM,
    BlobMissingError,
    LocalisedText,
    Refused,
    db,
    documents_with_keys,
    now,
    store,
    withdraw_document,
)
from lms.files.models import Document
from lms_fairplay import jobs
from lms_fairplay.models import Correction
from lms_fairplay.services import packs

pytestmark = pytest.mark.usefixtures("quick_press")


def said(text: str) -> LocalisedText:
    return LocalisedText(da=f"{text} (da)", sv=f"{text} (sv)", en=f"{text} (en)")


@pytest.fixture
def paper(buying):
    """`paper("Program")`: a kept document; returns its key."""
    field = buying.field

    def make(title: str, **changes: Any) -> str:
        def write() -> str:
            document_id = store(
                f"Indhold af {title}".encode(),
                media_type="text/plain",
                file_name=f"{title}.txt",
                title=title,
                language="da",
                subject=("fairplay_test", 1),
                actor=SYSTEM,
                **changes,
            )
            return db.session.get_one(Document, document_id).key

        key: str = field.do(write)
        return key

    return make


def test_ct1_7_the_pack_holds_every_line_with_every_company(buying, paper):
    programme = paper("Program")
    buying.meet("share", what=said("Programmet"), documents=(programme,))
    buying.meet("teach", buying.field.rival, what=said("Tyve minutter"), people={"participant": 12})
    cook = buying.field.company("Kok ApS")
    buying.meet("share", cook, category="meals", what=said("Kostplan"))
    buying.meet("share", authority_ids=(buying.field.school.id,), what=said("Skolens"))
    pack = buying.pack(buying.register())
    assert (pack.state, pack.lines, pack.masked, pack.materials) == ("made", 2, 0, 1)
    rows = {row["Company"]: row for row in buying.rows(pack)}
    assert rows["Prøve Lift ApS"]["What was shared"] == "Programmet (en)"
    assert rows["Prøve Lift ApS"]["Material"] == "materials/001 Program.txt"
    assert rows["Anden Lift A/S"]["Who took part"] == "12 participants"
    assert rows["Anden Lift A/S"]["What happened"] == "Taught"
    files = buying.files(pack)
    assert files["materials/001 Program.txt"] == b"Indhold af Program"
    assert b"Programmet (da)" in files["information-pack.pdf"]


def test_the_tables_speak_three_languages(buying):
    buying.meet("share", what=said("Programmet"))
    pack = buying.pack(buying.register())
    for language in ("da", "sv", "en"):
        (row,) = buying.rows(pack, language)
        assert f"Programmet ({language})" in row.values()


def test_what_is_confidential_is_masked_and_listed_as_masked(buying, paper):
    plan = paper("Hemmelig plan")
    for company in (buying.field.rival, buying.field.lift, buying.field.rival):
        buying.meet(
            "feedback",
            company,
            what=said("Jeres greb er for stift"),
            documents=(plan,),
            confidential=True,
            people={"staff": 3},
        )
    buying.meet("share", what=said("Programmet"), documents=(plan,))
    pack = buying.pack(buying.register())
    assert (pack.lines, pack.masked, pack.materials) == (4, 3, 0)
    rows = buying.rows(pack)
    assert [row["Company"] for row in rows] == [
        "Company A",
        "Company B",
        "Company A",
        "Prøve Lift ApS",
    ]
    masked = rows[0]
    assert (masked["Masked"], masked["Run"], masked["Material"]) == ("yes", "", "")
    assert masked["Who took part"] == "3 staff"
    assert all(
        b"greb" not in data and b"Hemmelig" not in data for data in buying.files(pack).values()
    )


def test_a_companys_own_material_is_told_by_title_unless_it_is_public(buying, paper):
    own, public = paper("Vores katalog"), paper("Folder", visibility="public")
    buying.meet("teach", documents=(own, public))
    pack = buying.pack(buying.register())
    assert list(pack.document_keys) == [public]
    assert "materials/001 Folder.txt" in buying.files(pack)


def test_corrections_stand_beside_the_line(buying):
    buying.meet("share", what=said("Programmet"))
    buying.meet("feedback", what=said("Svar"), confidential=True)
    for line in buying.field.lines():
        buying.field.written(
            Correction(
                line_id=line.id, text="Det var i april", at=now(), answer="Enig", answered_at=now()
            )
        )
    rows = buying.rows(buying.pack(buying.register()))
    assert [row["Corrections"] for row in rows] == [
        "The company says: Det var i april The authority answers: Enig",
        "Corrections, masked: 1",
    ]


def test_publishing_frees_the_tender_and_marks_the_open_lines(buying):
    buying.meet("share")
    buying.meet("feedback", confidential=True)
    tender = buying.register()
    buying.publish(tender, buying.pack(tender))
    assert buying.tender(tender).freed_at is not None
    assert buying.refused("teach") == []
    assert [bool(line.public_at) for line in buying.field.lines()] == [True, False]
    assert buying.packs(tender)[0].state == "public"


def test_a_line_written_since_needs_a_new_pack(buying):
    buying.meet("share")
    tender = buying.register()
    first = buying.pack(tender)
    buying.meet("share")
    with pytest.raises(Refused, match="lines"):
        buying.publish(tender, first)
    second = buying.pack(tender)
    assert (second.number, second.lines) == (2, 2)
    with pytest.raises(Refused, match="newer"):
        buying.publish(tender, first)
    buying.publish(tender, second)


def test_a_document_withdrawn_since_needs_a_new_pack(buying, paper):
    key = paper("Program")
    buying.meet("share", documents=(key,))
    tender = buying.register()
    pack = buying.pack(tender)
    (document,) = buying.field.ask(documents_with_keys, [key])
    buying.field.do(withdraw_document, document.id)
    with pytest.raises(Refused, match="withdrawn"):
        buying.publish(tender, pack)
    again = buying.pack(tender)
    assert again.materials == 0
    buying.publish(tender, again)


def test_publishing_twice_and_before_it_is_made_is_refused(buying):
    tender = buying.register()
    buying.ask(tender)
    with pytest.raises(Refused, match="not_made"):
        buying.publish(tender, buying.packs(tender)[0])
    pack = buying.made(tender)
    buying.publish(tender, pack)
    with pytest.raises(Refused, match="public"):
        buying.publish(tender, pack)


def test_no_second_pack_while_one_is_being_made(buying):
    tender = buying.register()
    buying.ask(tender)
    with pytest.raises(Refused, match="waiting"):
        buying.ask(tender)
    buying.made(tender)
    assert buying.pack(tender).number == 2


def test_a_pack_that_could_not_be_made_gives_way_to_the_next(buying, clock, monkeypatch):
    tender = buying.register()
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "lines_of", lambda *_asked: 1 / 0)
        buying.ask(tender)
        for _try in range(jobs.JOBS[0].max_attempts):
            assert buying.made(tender).state in ("waiting", "failed")
            clock.move(hours=1)
    assert buying.packs(tender)[0].state == "failed"
    assert buying.pack(tender).state == "made"
    assert [one.state for one in buying.packs(tender)] == ["made", "failed"]


def test_a_file_whose_bytes_are_gone_is_told_and_not_included(buying, paper, monkeypatch):
    def gone(_digest: str) -> bytes:
        raise BlobMissingError("gone")

    buying.meet("share", documents=(paper("Program"),))
    monkeypatch.setattr(jobs, "read", gone)
    pack = buying.pack(buying.register())
    assert (pack.state, pack.materials) == ("made", 0)


def test_a_tender_in_every_category_gets_every_line(buying):
    buying.meet("share", category="meals")
    buying.meet("share", category="")
    assert buying.pack(buying.register("")).lines == 2


def test_lines_without_category_belong_where_the_company_is_known(buying):
    buying.meet("share", category="meals", authority_ids=(buying.field.school.id,))
    buying.meet("share", category="")
    tender = buying.register()
    first = buying.pack(tender)
    assert first.lines == 0
    buying.meet("share", category="moving", authority_ids=(buying.field.school.id,))
    with pytest.raises(Refused, match="lines"):
        buying.publish(tender, first)
    assert buying.pack(tender).lines == 1


def test_a_job_for_a_pack_that_is_there_does_nothing(buying):
    tender = buying.register()
    pack = buying.pack(tender)
    buying.field.do(
        packs.keep,
        pack,
        tender,
        packs.Made(
            data=b"x", up_to=now(), last_line_id=0, line_ids=[9], masked=0, document_keys=[]
        ),
        "da",
    )
    assert buying.packs(tender)[0].lines == 0


def test_i_22_lines_called_something_else_belong_where_the_company_is_known(buying):
    buying.meet("share", category="moving", authority_ids=(buying.field.school.id,))
    buying.meet("share", category="meals")
    buying.meet("share", buying.field.rival, category="meals")
    assert buying.pack(buying.register("moving")).lines == 1


def test_i_22_a_public_pack_reads_on_the_page_as_in_its_file_whatever_becomes_known(buying):
    field = buying.field
    unknown = field.company("Ukendt ApS")
    buying.meet("share", unknown, category="", what=said("Kravene"))
    buying.meet("share", field.rival, category="meals", what=said("Menuen"))
    buying.meet("share", category="moving", what=said("Programmet"))
    tender = buying.register()
    pack = buying.pack(tender)
    buying.publish(tender, pack)
    buying.meet("share", unknown, category="meals")
    buying.meet("share", field.rival, category="moving")
    seen = field.page(buying.person, f"/fairplay/packs/{pack.key}").get_data(as_text=True)
    assert [word in seen for word in ("Kravene", "Menuen", "Programmet")] == [True, False, True]
    assert [bool(line.public_at) for line in field.lines()] == [True, False, True, False, False]


def test_an_answer_of_later_does_not_come_into_an_earlier_pack(buying):
    buying.meet("share")
    (line,) = buying.field.lines()
    before = now()
    buying.field.written(
        Correction(
            line_id=line.id,
            text="Det var i april",
            at=before,
            answer="Senere svar",
            answered_at=before + timedelta(minutes=1),
        )
    )
    pack = buying.pack(buying.register())
    (row,) = buying.rows(pack)
    assert "Det var i april" in row["Corrections"]
    assert "Senere svar" not in row["Corrections"]
