"""The harness keeps its promises: servers start, are used, and are gone afterwards."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.harness import axe, chromium, postgres, tls

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PAGE = """<!doctype html><html lang="da"><head><title>Prøve</title></head>
<body><main><h1>Hej</h1>%s</main></body></html>"""


class _Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
        """Say nothing."""

    def do_GET(self) -> None:
        extra = {
            "/foreign": '<img alt="" src="http://elsewhere.example/x.png">',
            "/faulty": '<img src="/missing.png">',
            "/scheme": f"<p>{self.headers.get('X-Forwarded-Proto')}</p>",
        }.get(self.path, "")
        body = (PAGE % extra).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def _ask(url: str, question: str) -> object:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def test_postgres_server_starts_and_stops() -> None:
    with postgres.server() as url:
        with postgres.database(url) as first, postgres.database(url) as second:
            assert first != second
            assert _ask(first, "SELECT lower('BLÅBÆRØ')") == "blåbærø"
            assert _ask(first, "SHOW fsync") == "off"
        assert _ask(url, "SELECT count(*) FROM pg_database WHERE datname LIKE 't\\_%'") == 0
    with pytest.raises(psycopg.OperationalError):
        _ask(url, "SELECT 1")


def test_postgres_command_passes_the_exit_code_on() -> None:
    check = "import os, sys; sys.exit(7 if 'samspil@' in os.environ[sys.argv[1]] else 1)"
    inner = [sys.executable, "-c", check, postgres.URL_VARIABLE]
    result = subprocess.run(
        [sys.executable, "-m", "tests.harness.postgres", "--", *inner],
        cwd=ROOT,
        check=False,
    )
    assert result.returncode == 7


def test_browser_stays_at_home_and_axe_sees(site: str) -> None:
    with chromium.browser() as browser:
        with chromium.visit(browser, site) as visitor:
            visitor.page.goto("/")
            assert visitor.page.title() == "Prøve"
            assert axe.findings(visitor.page) == []
            visitor.page.goto("/faulty")
            assert any("image-alt" in line for line in axe.findings(visitor.page))
        with (
            pytest.raises(AssertionError, match=r"elsewhere\.example"),
            chromium.visit(browser, site) as visitor,
        ):
            visitor.page.goto("/foreign")
        with (
            tls.https(site) as front,
            chromium.visit(browser, front, trust_any_certificate=True) as visitor,
        ):
            visitor.page.goto("/scheme")
            assert visitor.page.inner_text("p") == "https"
            assert visitor.page.evaluate("window.isSecureContext")
