from __future__ import annotations

import contextlib
import hashlib
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.contracts import GUEST, SYSTEM, Actor
from lms.db import db
from lms.files import (
    BlobDamagedError,
    BlobMissingError,
    document_facts,
    documents_about,
    fetch,
    open_document,
    read,
    store,
)
from lms.files.hooks import lms_data_policy, lms_doctor
from lms.files.models import Document
from lms.files.queries import document_by_id
from lms.work import unit_of_work
from tests.core.journal.small_site import ADMIN, Site


def put(data: bytes = b"%PDF-1.7", **more: Any) -> int:
    values: dict[str, Any] = {
        "media_type": "application/pdf",
        "file_name": "kursusbevis.pdf",
        "title": "Kursusbevis",
        "language": "da",
        "subject": ("certificate", 7),
        "actor": SYSTEM,
    }
    with unit_of_work():
        return store(data, **(values | more))


def test_a_document_is_found_with_its_bytes(site: Site) -> None:
    document_id = put(b"hello", title="  Kursus\u0301  bevis ", file_name="../x\\y.pdf")
    found = fetch(document_id)
    assert found is not None
    facts, data = found
    assert data == b"hello"
    assert (facts.size, facts.title, facts.file_name) == (5, "Kursuś bevis", "..-x-y.pdf")
    assert facts.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert open_document(facts.key) == (facts, b"hello")
    assert read(facts.sha256) == b"hello"
    place = site.data / "blobs" / facts.sha256[:2] / facts.sha256[2:]
    assert place.read_bytes() == b"hello"
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_equal_bytes_are_kept_once(site: Site) -> None:
    first, second = put(b"same"), put(b"same")
    assert first != second
    files = [path for path in (site.data / "blobs").rglob("*") if path.is_file()]
    assert len(files) == 1


def test_a_document_belongs_to_a_transaction(site: Site) -> None:
    values: dict[str, Any] = {
        "media_type": "text/plain",
        "file_name": "x",
        "title": "x",
        "language": "da",
        "subject": ("thing", 1),
        "actor": SYSTEM,
    }
    with pytest.raises(RuntimeError):
        store(b"x", **values)
    with contextlib.suppress(ZeroDivisionError), unit_of_work():
        store(b"x", **values)
        raise ZeroDivisionError
    assert db.session.scalar(select(func.count()).select_from(Document)) == 0


def test_missing_and_damaged_bytes_are_told_apart(site: Site) -> None:
    facts = document_by_id(put(b"hello"))
    assert facts is not None
    place = site.data / "blobs" / facts.sha256[:2] / facts.sha256[2:]
    place.write_bytes(b"hellO")
    with pytest.raises(BlobDamagedError):
        read(facts.sha256)
    put(b"hello")  # storing the right bytes again mends it
    assert read(facts.sha256) == b"hello"
    place.unlink()
    with pytest.raises(BlobMissingError):
        open_document(facts.key)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "G" * 64, "0" * 64])
def test_only_hashes_are_looked_up(site: Site, name: str) -> None:
    with pytest.raises(BlobMissingError):
        read(name)


def test_a_disk_that_refuses_leaves_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lms.files.blobs.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(b"hello")
    assert [path for path in (site.data / "blobs").rglob("*") if path.is_file()] == []
    assert db.session.scalar(select(func.count()).select_from(Document)) == 0
    db.session.rollback()
    (finding,) = lms_doctor()
    assert not finding.ok


def test_public_documents_are_for_everybody_and_others_are_not(site: Site) -> None:
    public = document_by_id(put(b"1", visibility="public"))
    internal = document_by_id(put(b"2"))
    assert public is not None
    assert internal is not None
    for actor in (GUEST, Actor(person_id=5)):
        assert document_facts(public.key, actor=actor) == public
        assert document_facts(internal.key, actor=actor) is None
        assert open_document(internal.key, actor=actor) is None
    assert document_facts(internal.key, actor=ADMIN) == internal
    assert document_facts(internal.key) == internal
    assert open_document("nothing") is None
    assert fetch(999) is None


def test_documents_of_subjects(site: Site) -> None:
    put(b"1", subject=("run", 1), visibility="shared")
    put(b"2", subject=("run", 2))
    put(b"3", subject=("course", 1))
    assert [facts.subject_id for facts in documents_about("run", [1, 2, 3])] == [1, 2]
    assert [
        facts.subject_id for facts in documents_about("run", [1, 2], visibilities=["shared"])
    ] == [1]
    assert documents_about("run", []) == []


def test_a_withdrawn_document_is_not_found(site: Site) -> None:
    document_id = put(b"1")
    with unit_of_work():
        db.session.get_one(Document, document_id).state = "withdrawn"
    assert fetch(document_id) is None


def test_the_doctor_writes_to_the_data_folder(site: Site) -> None:
    assert [finding.ok for finding in lms_doctor()] == [True]
    assert list(site.data.iterdir()) == []
    assert {policy.table for policy in lms_data_policy()} == {"files_document"}
