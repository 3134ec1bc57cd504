"""A site that issues certificates, for the tests.

Also a program: `python issuing_site.py DATABASE_URL DATA_DIR` says "ready" and works on the queue
of such a site until it is killed. Sheets are not drawn in it: what is tried is who gets which
number.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lms.contracts import CertificateDetails, CompletionFacts, LocalisedText
from lms.hookspecs import hookimpl
from lms.testing.specimen import Specimen

FAKE_SHEET = b"%PDF-1.7 a sheet that nobody drew"


class Issuer(Specimen):
    """The specimen course type, with a word on its certificates. `silent` takes the word away."""

    kind = "course"
    silent = False

    @hookimpl
    def lms_certificate_details(
        self, completions: Sequence[CompletionFacts]
    ) -> Mapping[int, CertificateDetails]:
        if self.silent:
            return {}
        details = CertificateDetails(kind=self.kind, statement=LocalisedText())
        return {completion.enrolment_id: details for completion in completions}


def config(url: str, data: Path) -> dict[str, Any]:
    return {
        "TESTING": True,
        "SECRET_KEY": "a key for tests, long enough to be taken for one",
        "PUBLIC_URL": "http://localhost",
        "DATABASE_URL": url,
        "DATA_DIR": data,
        "MAIL_BACKEND": "mailbox",
        "JOB_LEASE_SECONDS": 1,
    }


def work(url: str, data: Path) -> None:
    """Work until killed."""
    import lms_certificates.plugin
    import lms_certificates.rendering
    from lms.app import create_app
    from lms.jobs import drain

    lms_certificates.rendering.render = lambda _document: FAKE_SHEET
    plugins = [("certificates", lms_certificates.plugin), ("specimen", Issuer())]
    app = create_app(config(url, data), plugins=plugins, discover=False)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        with app.app_context():
            drain()
        time.sleep(0.02)


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]))
