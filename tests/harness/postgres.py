"""A throw-away PostgreSQL server for tests, from the binaries the machine has.

In Python: ``with server() as url: ...`` and, on it, ``with database(url) as url: ...``.
From a shell: ``python -m tests.harness.postgres -- COMMAND...`` runs COMMAND with
``LMS_TEST_POSTGRES_URL`` set and ends with its exit code.

PostgreSQL refuses to run as root, so as root everything it does is done as ``postgres`` or
``nobody`` in a folder of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

URL_VARIABLE = "LMS_TEST_POSTGRES_URL"
OWNER = "samspil"
START_SECONDS = 60
STOP_SECONDS = 20

# Nothing here outlives the run, so nothing has to survive a power cut or be sent elsewhere.
CARELESS = (
    "checkpoint_timeout",
    "fsync",
    "full_page_writes",
    "max_wal_senders",
    "synchronous_commit",
    "wal_level",
)
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "jit": "off",  # tests ask small questions; compiling them takes longer than answering
    "max_connections": "200",
    "max_wal_size": "2GB",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


class PostgresMissingError(RuntimeError):
    """The machine has no PostgreSQL server, or no account it could run as."""


class PostgresFailedError(RuntimeError):
    """The server was found but did not start; the message ends with its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """The non-root account the server runs as; None for both ids means: as we are."""

    uid: int | None
    gid: int | None

    def options(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that make a child run as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def binaries() -> Path:
    """The folder with ``initdb`` and ``postgres``: Debian's newest, else the one on PATH."""
    found = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    if found:
        return max(found, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    initdb = shutil.which("initdb")
    if initdb and (Path(initdb).resolve().parent / "postgres").exists():
        return Path(initdb).resolve().parent
    raise PostgresMissingError(
        "No PostgreSQL server was found. Debian: apt-get install postgresql. "
        "macOS: brew install postgresql@16."
    )


def _account() -> _Account:
    if os.geteuid() != 0:
        return _Account(uid=None, gid=None)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return _Account(uid=entry.pw_uid, gid=entry.pw_gid)
    raise PostgresMissingError("PostgreSQL will not run as root, and no other account was found.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment() -> dict[str, str]:
    # PGDATA, PGPORT and the like of the person at the keyboard are not ours to follow.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _initdb(folder: Path, account: _Account) -> None:
    # C.UTF-8 sorts the same everywhere and still knows that Å is a letter.
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    command = [
        str(binaries() / "initdb"),
        f"--pgdata={folder / 'data'}",
        f"--username={OWNER}",
        "--auth=trust",  # loopback, test data, gone within the hour
        "--encoding=UTF8",
        f"--locale={locale}",
        "--no-sync",
    ]
    result = subprocess.run(
        command,
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        **account.options(),
    )
    if result.returncode:
        raise PostgresFailedError(f"initdb failed: {result.stdout}{result.stderr}")


def _start(folder: Path, port: int, account: _Account, *, durable: bool) -> subprocess.Popen[bytes]:
    command = [
        str(binaries() / "postgres"),
        "-D",
        str(folder / "data"),
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-k",
        str(folder),
    ]
    for name, value in SETTINGS.items():
        if not (durable and name in CARELESS):
            command += ["-c", f"{name}={value}"]
    setpriv = shutil.which("setpriv")
    if setpriv:
        # Even a killed test run must not leave a server behind (Linux only).
        command = [setpriv, "--pdeathsig", "INT", *command]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C is for the tests; the server stops after them.
            start_new_session=True,
            **account.options(),
        )


def _wait_until_up(process: subprocess.Popen[bytes], url: URL, folder: Path) -> bool:
    """True when the server answers; False when its port was taken by somebody else."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            log = (folder / "log").read_text(errors="replace")
            if "Address already in use" in log:
                return False
            raise PostgresFailedError(f"PostgreSQL ended at once: {log}")
        try:
            psycopg.connect(_conninfo(url), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    log = (folder / "log").read_text(errors="replace")
    raise PostgresFailedError(f"PostgreSQL did not answer within {START_SECONDS} s: {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    # "Fast" first: it rolls back what is open; then "immediate"; then the kernel.
    for stop, seconds in (
        (signal.SIGINT, STOP_SECONDS),
        (signal.SIGQUIT, STOP_SECONDS),
        (signal.SIGKILL, None),
    ):
        if process.poll() is not None:
            return
        process.send_signal(stop)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=seconds)


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Server:
    """A running server. ``url`` is the SQLAlchemy URL of its empty ``postgres`` database."""

    def __init__(self, folder: Path, account: _Account, *, durable: bool) -> None:
        self._folder, self._account, self._durable = folder, account, durable
        for _ in range(5):
            self._port = _free_port()
            self._url = URL.create(
                "postgresql+psycopg",
                username=OWNER,
                host="127.0.0.1",
                port=self._port,
                database="postgres",
            )
            if self._started():
                break
        else:
            raise PostgresFailedError("PostgreSQL found no free port in five tries.")
        self.url = self._url.render_as_string(hide_password=False)

    def _started(self) -> bool:
        self._process = _start(self._folder, self._port, self._account, durable=self._durable)
        return _wait_until_up(self._process, self._url, self._folder)

    def restart_at_once(self) -> None:
        """Stop as a power cut would, and start again: what was not on disk is gone."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(STOP_SECONDS)
        if not self._started():
            raise PostgresFailedError("PostgreSQL lost its port while it was down.")

    def stop(self) -> None:
        """Stop, whatever it takes."""
        _stop(self._process)


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """Start a server; ``durable`` lets it write to disk before it says that it has.

    The server listens on a free loopback port and on a socket in its folder. It is stopped,
    and its folder removed, however the block ends. Raises ``PostgresMissingError`` or
    ``PostgresFailedError``.
    """
    account = _account()
    folder = Path(tempfile.mkdtemp(prefix="samspil-pg-"))
    started: Server | None = None
    try:
        if account.uid is not None and account.gid is not None:
            os.chown(folder, account.uid, account.gid)
        _initdb(folder, account)
        started = Server(folder, account, durable=durable)
        yield started
    finally:
        if started is not None:
            started.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The URL of a server for a while; see ``running``."""
    with running() as started:
        yield started.url


@contextlib.contextmanager
def database(server_url: str, like: str = "template0") -> Iterator[str]:
    """Create a database on a running server, empty or a copy of the one named by `like`, to which
    nobody is connected; yields its URL, drops it afterwards."""
    url = make_url(server_url)
    name = f"t_{secrets.token_hex(8)}"
    quoted = sql.Identifier(name)
    with psycopg.connect(_conninfo(url), autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(quoted, sql.Identifier(like))
        connection.execute(made)
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(_conninfo(url), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def _run(command: Sequence[str]) -> int:
    """Run a command beside a server; SIGTERM is passed on, and the server stops after it."""
    with server() as url:
        child = subprocess.Popen(command, env=os.environ | {URL_VARIABLE: url})

        def pass_on(number: int, _frame: FrameType | None) -> None:
            child.send_signal(number)

        signal.signal(signal.SIGTERM, pass_on)
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                # The terminal sent it to the child as well: it decides when to end.
                continue
            # A shell's way of saying "ended by a signal".
            return 128 - code if code < 0 else code


def main() -> int:
    """The command line; returns the command's exit code, 3 when there is no server."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.postgres")
    parser.add_argument("command", nargs="+", help="what to run, after a --")
    arguments = parser.parse_args()
    try:
        return _run(arguments.command)
    except (PostgresMissingError, PostgresFailedError) as error:
        print(error, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
