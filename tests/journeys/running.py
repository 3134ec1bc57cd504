"""A site as an administrator runs it: `lms upgrade`, `lms demo load`, `lms serve`, as processes.

`with running_site(folder, database_url) as site:` gives a site on a free port, with what lies in
its data folder; `site.load_demo()` fills it (`tests.journeys.originals` does that once and copies).
`site.move_clock(moment)` stops the server and starts it again on another day, as somebody does who
wants to see a run of the demo to its end.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.harness import tls

LMS = (str(Path(sys.executable).with_name("lms")),)
START_SECONDS = 60
STOP_SECONDS = 40


@dataclass(slots=True, kw_only=True)
class Site:
    """A running site; `url` is what visitors type, `port` is where the server listens."""

    url: str
    port: int
    folder: Path
    environment: dict[str, str]
    _server: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def data_dir(self) -> Path:
        """The site's data folder."""
        return self.folder / "data"

    def lms(self, *arguments: str) -> str:
        """Run an `lms` command to its end; what it printed. Fails when it fails."""
        done = subprocess.run(
            [*LMS, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"lms {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def load_demo(self) -> None:
        """Make the tables and load the demo."""
        self.lms("upgrade")
        self.lms("demo", "load")

    def start(self, clock: datetime | None = None) -> None:
        """Start the server; with `clock` (aware) its day begins there."""
        more = {"LMS_CLOCK_START": clock.isoformat()} if clock else {}
        with (self.folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [*LMS, "serve", "--port", str(self.port)],
                env=self.environment | more,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self._server.poll() is None, f"the server ended: {self.log()}"
            assert time.monotonic() < until, f"the server does not answer: {self.log()}"
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the server as Ctrl-C does, and insist that it ends well."""
        if self._server is None:
            return
        self._server.terminate()
        try:
            code = self._server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
            raise
        finally:
            self._server = None
        assert code == 0, f"the server ended with {code}: {self.log()}"

    def move_clock(self, moment: datetime) -> None:
        """Stop the server and start it again at `moment` (aware)."""
        self.stop()
        self.start(moment)

    def log(self) -> str:
        """The last of what the server wrote."""
        return (self.folder / "server.log").read_text(errors="replace")[-4000:]

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as page:
                return bool(page.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


@contextlib.contextmanager
def running_site(folder: Path, database_url: str | None, scheme: str = "http") -> Iterator[Site]:
    """A site on a database (None: the one in its data folder), stopped at the end.

    With `scheme` "https" it stands behind a proxy, with a public address and a secret of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    with contextlib.ExitStack() as stack:
        url = f"http://127.0.0.1:{port}"
        more: dict[str, str] = {}
        if scheme == "https":
            url = stack.enter_context(tls.https(url))
            more |= {"LMS_TRUSTED_PROXIES": "1"}
        if database_url:
            more |= {"LMS_DATABASE_URL": database_url}
        if more:
            more |= {"LMS_SECRET_KEY": secrets.token_urlsafe(48)}  # a server brings its own
        environment = _environment() | more
        environment |= {"LMS_DATA_DIR": str(folder / "data"), "LMS_PUBLIC_URL": url}
        site = Site(url=url, port=port, folder=folder, environment=environment)
        stack.callback(site.stop)
        yield site


def _environment() -> dict[str, str]:
    """What the person at the keyboard has configured decides nothing here."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
