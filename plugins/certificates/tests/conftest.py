"""A site with certificates, people who completed a course, and certificates made directly."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Completion
from lms.core.organisations.models import Organisation
from lms.core.users.models import Person
from lms.db import now
from lms.jobs import drain
from lms.testing.rows import Maker
from lms.work import unit_of_work
from lms_certificates import issuing, verification_code
from lms_certificates.documents import CertificateDocument
from lms_certificates.models import Certificate


def _site() -> ModuleType:
    path = Path(__file__).with_name("issuing_site.py")
    spec = importlib.util.spec_from_file_location("certificates_issuing_site", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


SITE = _site()


@pytest.fixture
def issuing_site() -> ModuleType:
    return SITE


@pytest.fixture
def issuer_plugin() -> Any:
    """The course type's plugin; set `kind` or `silent` on it."""
    return SITE.Issuer()


@pytest.fixture
def lms_plugins(issuer_plugin: Any) -> Sequence[Any]:
    return ["certificates", ("specimen", issuer_plugin)]


@pytest.fixture
def quick_sheets(monkeypatch: pytest.MonkeyPatch) -> list[CertificateDocument]:
    """Sheets are not drawn, only noted."""
    drawn: list[CertificateDocument] = []

    def draw(document: CertificateDocument) -> bytes:
        drawn.append(document)
        return SITE.FAKE_SHEET

    monkeypatch.setattr("lms_certificates.rendering.render", draw)
    return drawn


class Registry:
    """People who completed, and their certificates."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app = app
        self.maker = maker
        self.numbers = itertools.count(1)

    def completed(
        self,
        *people: Person,
        result: str = "met",
        minutes: tuple[int, int] = (300, 360),
        **run: Any,
    ) -> list[Enrolment]:
        """These people in one run that is over, with the outcome."""
        made = self.maker.run(state="completed", capacity=max(len(people), 1), **run)
        state = "completed" if result == "met" else "not_completed"
        enrolments = [self.maker.enrolment(run=made, person=p, state=state) for p in people]
        self.maker.write(
            *(
                Completion(
                    enrolment_id=enrolment.id,
                    result=result,
                    rule_version="specimen-1",
                    minutes_attended=minutes[0],
                    minutes_held=minutes[1],
                    reasons=[],
                    decided_at=now(),
                )
                for enrolment in enrolments
            )
        )
        return enrolments

    def ask(self, enrolments: Sequence[Enrolment]) -> None:
        """As the plugin does when it is told."""
        with self.app.app_context(), unit_of_work():
            issuing.ask_for_certificates([enrolment.id for enrolment in enrolments])

    def issue(self, enrolments: Sequence[Enrolment]) -> list[Certificate]:
        """Ask, and let the worker do everything."""
        self.ask(enrolments)
        self.work()
        return self.all()

    def work(self) -> int:
        with self.app.app_context():
            return drain()

    def all(self) -> list[Certificate]:
        """Every certificate, oldest first."""
        from sqlalchemy import select
        from sqlalchemy.orm import Session

        from lms.db import db

        with self.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(Certificate).order_by(Certificate.id)))

    def certificate(
        self,
        *,
        person: Person | None = None,
        issuer: Organisation | None = None,
        name: str = "",
        title: str = "Fra problem til beslutning",
        language: str = "da",
        state: str = "issued",
        write: bool = True,
        **columns: Any,
    ) -> Certificate:
        """A certificate as a row, without course or sheet."""
        number, code = f"2026-{next(self.numbers):05d}", verification_code.new()
        document = CertificateDocument(
            kind="course",
            language=language,
            holder_name=name or (person.name if person else "Kim Prøve"),
            title=title,
            statement="har gennemført forløbet.",
            not_line="Beviset er ingen autorisation.",
            minutes_attended=300,
            minutes_total=360,
            issuer_name=issuer.name if issuer else "Prøvelev Kommune",
            issuer_countries=("DK",),
            issued_on="2026-07-10",
            number=number,
            code=code,
            verify_url=f"http://localhost/certificates/verify/{code}",
            rule_version="specimen-1",
        )
        values = {
            "number": number,
            "code": code,
            "kind": "course",
            "language": language,
            "state": state,
            "person_id": person.id if person else None,
            "issuer_id": issuer.id if issuer else None,
            "document": document.to_json(),
            "digest": document.digest(),
            "issued_at": now(),
            "ended_at": now() if state != "issued" else None,
            "ended_reason": "Bedømmelsen blev ført forkert." if state == "revoked" else "",
        }
        row = Certificate(**(values | columns))
        if write:
            self.maker.write(row)
        return row


@pytest.fixture
def registry(lms_app: Flask, maker: Maker) -> Registry:
    return Registry(lms_app, maker)


@dataclass(frozen=True)
class Town:
    """A municipality, who looks after its certificates, and a neighbour who does the same."""

    issuer: Organisation
    manager: Person
    holder: Person
    neighbour: Person


@pytest.fixture
def town(maker: Maker) -> Town:
    issuer, other = maker.organisation(), maker.organisation()
    manager, neighbour = maker.person(name="Leder Et"), maker.person(name="Leder To")
    maker.access_role(person=manager, role="institution_admin", organisation=issuer)
    maker.access_role(person=neighbour, role="institution_admin", organisation=other)
    return Town(issuer, manager, maker.person(name="Åse  Øst Ærø"), neighbour)


@pytest.fixture
def signed_in(lms_app: Flask, sign_in: Callable[..., Any]) -> Callable[[Person], Any]:
    """`signed_in(person)`: a new browser in which that person is signed in."""
    return lambda person: sign_in(lms_app.test_client(), person)
