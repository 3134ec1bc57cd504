"""Pages never load what draws sheets: that is the worker's."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

VISIT = """
import json, sys
from pathlib import Path
from sqlalchemy import text

site, url, data, asked, token = sys.argv[1:6]
sys.path.insert(0, str(Path(site).parent))
import issuing_site
import lms_certificates.plugin
from lms.app import create_app
from lms.db import now

plugins = [("certificates", lms_certificates.plugin), ("specimen", issuing_site.Issuer())]
app = create_app(issuing_site.config(url, Path(data)), plugins=plugins, discover=False)
browser = app.test_client()
with browser.session_transaction() as cookie:
    cookie["in"] = token
    cookie["seen"] = int(now().timestamp())
statuses = [browser.get(page).status_code for page in json.loads(asked)]
heavy = sorted({"weasyprint", "pydyf", "fontTools", "segno"} & set(sys.modules))
print(json.dumps([statuses, heavy]))
"""


@pytest.fixture
def token(lms_app, signed_in, town):
    with signed_in(town.manager).session_transaction() as cookie:
        return cookie["in"]


def test_no_page_loads_weasyprint(lms_app, registry, town, issuing_site, token):
    (old,) = registry.issue(registry.completed(town.holder, hosts=[town.issuer]))
    pages = [
        "/certificates",
        "/certificates/issued",
        "/certificates/verify",
        f"/certificates/verify/{old.code}",
        "/certificates/verify/none",
        *(
            f"/certificates/c/{old.key}{rest}"
            for rest in ("", "/certificate.pdf", "/certificate.json", "/revoke", "/replace")
        ),
    ]
    where = [lms_app.config["DATABASE_URL"], str(lms_app.config["DATA_DIR"])]
    answer = subprocess.run(
        [sys.executable, "-c", VISIT, issuing_site.__file__, *where, json.dumps(pages), token],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert answer.returncode == 0, answer.stderr
    statuses, heavy = json.loads(answer.stdout.splitlines()[-1])
    expected = [404 if page.endswith("/none") else 200 for page in pages]
    assert statuses == expected
    assert heavy == []
