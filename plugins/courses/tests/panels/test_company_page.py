"""A company's own page with those who keep contacts fair: its feedback, its people's certificates,
and what the real rules of fair play say to a release."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from lms.api import Refused, now
from lms_certificates import verification_code
from lms_certificates.documents import CertificateDocument
from lms_certificates.models import Certificate
from lms_fairplay.models import Declaration


@pytest.fixture
def lms_plugins() -> Sequence[Any]:
    return ["courses", "fairplay", "certificates"]


def declare(track: Any, name: str) -> None:
    """The company has signed that it is neutral."""
    day = now().date()
    track.stage.maker.write(
        Declaration(
            company_id=track.companies[name].id,
            text_version="1",
            signed_at=now(),
            from_day=day - timedelta(days=9),
            to_day=day + timedelta(days=90),
        )
    )


def certify(track: Any, name: str, number: str) -> None:
    """Somebody of the company has a certificate."""
    seller, maker = track.sellers[name], track.stage.maker
    seat = maker.enrolment(
        run=maker.run(), person=seller, state="completed", employer=track.companies[name]
    )
    code = verification_code.new()
    document = CertificateDocument(
        kind="course",
        language="da",
        holder_name=f"BEVIS-{name}",
        title="Løft uden løft",
        statement="har deltaget.",
        not_line="Ingen har bedømt deltageren.",
        minutes_attended=360,
        minutes_total=360,
        issuer_name="Prøvelev Kommune",
        issuer_countries=("DK",),
        issued_on="2026-07-10",
        number=number,
        code=code,
        verify_url=f"http://localhost/certificates/verify/{code}",
        rule_version="1",
    )
    maker.write(
        Certificate(
            number=number,
            code=code,
            kind="course",
            language="da",
            document=document.to_json(),
            digest=document.digest(),
            issued_at=now(),
            person_id=seller.id,
            enrolment_id=seat.id,
            issuer_id=track.stage.host.id,
        )
    )


def test_ct1_6_a_company_sees_its_feedback_and_certificates_and_nothing_of_others(stage, track):
    track.filled()
    alarm, lift, bed = track.companies
    for name in (alarm, bed):
        declare(track, name)
    with pytest.raises(Refused) as missing:
        track.release()
    said = [reason.message.en for reason in missing.value.refusals]
    assert len(said) == 2
    assert said[0].startswith(f"{lift} has no declaration of neutrality")
    assert "signs it on the page" in said[0]
    assert "nothing was sent to anybody" in said[1]
    declare(track, lift)
    assert track.release() == 3
    certify(track, alarm, "2026-1")
    certify(track, lift, "2026-2")
    for name, seller in track.sellers.items():
        seen = stage.text(seller, "/fairplay/mine")
        own = {one: f"/courses/feedback/{track.subjects[one].key}" for one in track.companies}
        assert [one for one, address in own.items() if address in seen] == [name]
        shown = [one for one in track.companies if f"BEVIS-{one}" in seen]
        assert shown == ([name] if name != bed else [])
