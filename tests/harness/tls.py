"""An https front for a server on loopback, as a proxy in production would stand before it.

``with https("http://127.0.0.1:8000") as address:`` gives an address like
``https://localhost:41234``; requests are handed on with the usual ``X-Forwarded-*`` headers.
The certificate is made for the occasion by ``openssl``, and nobody trusts it.
"""

from __future__ import annotations

import contextlib
import http.client
import shutil
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60
# Headers that belong to one connection and are not handed on.
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})


class OpensslMissingError(RuntimeError):
    """The machine has no ``openssl`` command."""


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost, good for two days; returns (certificate, key) as PEM files."""
    if shutil.which("openssl") is None:
        raise OpensslMissingError("No openssl was found. Debian: apt-get install openssl.")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def _handler(host: str, port: int) -> type[BaseHTTPRequestHandler]:
    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited name
            """Say nothing: the server behind keeps the log."""

        def forward(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            upstream = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
            try:
                # Each header is sent on as it came, Host included: the application builds
                # its own addresses from what the visitor typed.
                upstream.putrequest(
                    self.command, self.path, skip_host=True, skip_accept_encoding=True
                )
                for name, value in self.headers.items():
                    if name.lower() not in HOP_BY_HOP:
                        upstream.putheader(name, value)
                upstream.putheader("X-Forwarded-Proto", "https")
                upstream.putheader("X-Forwarded-Host", self.headers.get("Host", ""))
                upstream.putheader("X-Forwarded-For", str(self.client_address[0]))
                upstream.endheaders(body)
                answer = upstream.getresponse()
                content = answer.read()
                self.send_response_only(answer.status, answer.reason)
                for name, value in answer.getheaders():
                    if name.lower() not in HOP_BY_HOP | {"content-length"}:
                        self.send_header(name, value)
                if self.command == "HEAD":
                    self.send_header("Content-Length", answer.getheader("Content-Length") or "0")
                elif answer.status not in {204, 304}:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            finally:
                upstream.close()

        # The base class looks its methods up by these names.
        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = forward  # noqa: N815

    return Forward


class _Front(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser may hang up at any moment; the test sees what the browser saw."""


@contextlib.contextmanager
def https(upstream: str) -> Iterator[str]:
    """Stand before ``upstream`` (``http://host:port``) on a free port; yields the https address."""
    behind = urlsplit(upstream)
    with tempfile.TemporaryDirectory(prefix="samspil-tls-") as name:
        certificate, key = make_certificate(Path(name))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    front = _Front(("127.0.0.1", 0), _handler(behind.hostname or "127.0.0.1", behind.port or 80))
    # The handshake happens in the connection's own thread, so that one slow client stops nobody.
    front.socket = context.wrap_socket(
        front.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=front.serve_forever, name="https-front", daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{front.server_address[1]}"
    finally:
        front.shutdown()
        thread.join(timeout=10)
        front.server_close()
