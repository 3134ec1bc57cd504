"""I-23: what is one company's own is read in nobody else's pages, letters or pack."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from sqlalchemy import select

from lms.api import SYSTEM, LocalisedText, db, documents_about, now, store
from lms.core.messages.models import Mail
from lms.journal import deliver, seal
from lms_fairplay.models import Correction

SECRETS = ("kanarieguldlift", "kanariesolvlift")


def said(words: str) -> LocalisedText:
    return LocalisedText(da=words, sv=words, en=words)


@pytest.fixture
def story(buying: Any) -> Any:
    """Both companies heard something of their own, with a paper, and corrected it; a tender came,
    something of each stopped, and its pack is public."""
    field = buying.field
    for company, secret in zip((field.lift, field.rival), SECRETS, strict=True):

        def paper(secret: str = secret, company: Any = company) -> str:
            store(
                f"{secret} bytes".encode(),
                media_type="text/plain",
                file_name=f"{secret}.txt",
                title=f"Papir {secret}",
                language="da",
                subject=("canary", company.id),
                actor=SYSTEM,
            )
            key: str = documents_about("canary", [company.id])[0].key
            return key

        buying.meet(
            "feedback",
            company,
            what=said(f"Hemmelighed {secret}"),
            documents=(field.do(paper),),
            confidential=True,
            private=True,
            subject_id=company.id,
        )
    for line, secret in zip(field.lines(), SECRETS, strict=True):
        field.written(Correction(line_id=line.id, text=f"Ret {secret}", at=now()))
    tender = buying.register()
    for running in buying.running(tender):
        buying.decide(tender, running, "stops", "Udbud")
    pack = buying.pack(tender)
    buying.publish(tender, pack)
    return buying, tender, pack


def test_no_secret_is_in_the_public_pack(story):
    buying, _tender, pack = story
    files = buying.files(pack)
    read = subprocess.run(
        ["pdftotext", "-", "-"],
        input=files["information-pack.pdf"],
        capture_output=True,
        check=True,
    )
    texts = [read.stdout, *files.values(), *(name.encode() for name in files)]
    assert [text for text in texts for secret in SECRETS if secret.encode() in text] == []
    assert pack.masked == 2


def test_no_secret_is_on_the_public_page(story):
    buying, _tender, pack = story
    for language in ("da", "sv", "en"):
        page = buying.field.app.test_client().get(f"/fairplay/packs/{pack.key}?lang={language}")
        text = page.get_data(as_text=True)
        assert page.status_code == 200
        assert not any(secret in text for secret in SECRETS)
        assert "Prøve Lift" not in text
        assert "Anden Lift" not in text


def test_no_company_reads_the_others_secret(story):
    buying, tender, pack = story
    field = buying.field
    addresses = [
        "/",
        "/me",
        "/fairplay/desk",
        "/fairplay/mine",
        "/fairplay/companies",
        f"/fairplay/companies/{field.lift.key}",
        f"/fairplay/companies/{field.rival.key}",
        f"/fairplay/desk/tenders/{tender.key}",
        f"/fairplay/packs/{pack.key}",
    ]
    for company, theirs in ((field.lift, SECRETS[1]), (field.rival, SECRETS[0])):
        client = field.client(field.seller(company, f"Sælger {theirs[:9]}"))
        for address in addresses:
            text = client.get(address, follow_redirects=True).get_data(as_text=True)
            assert theirs not in text, address


def test_no_secret_is_mailed_to_anybody_of_the_other_company(story):
    buying, _tender, _pack = story
    field = buying.field
    with field.app.app_context():
        seal()
        deliver()
        mails = db.session.execute(select(Mail.person_id, Mail.values)).all()
    assert mails
    officers = {buying.person.id}
    told = [str(row.values) for row in mails if row.person_id not in officers]
    assert not any(secret in text for secret in SECRETS for text in told)
