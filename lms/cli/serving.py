"""`lms serve` and `lms worker`: the processes of a running site.

The supervisor opens the listening socket, prints the address, and keeps two children alive: the
web server (gunicorn, whose workers each build an app of their own) and the worker. It builds no
app itself and starts no thread, so that forking stays safe and a child always begins clean. The
socket outlives the children: while the web server is started again, visitors wait instead of
being turned away.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import click

from lms import config as configuration

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
DRAIN_SECONDS = 22  # what a page or a job under way is given at the end
STOP_SECONDS = 27  # after that nobody is asked any more
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60  # a child that lived this long has not failed to start
EARLY_DEATHS = 3  # that many before the first page: there is no point in going on
READY_SECONDS = 2.0  # how long one question whether the site is up may take

logger = logging.getLogger("lms.serving")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 takes a free one.")
@click.option("--workers", type=click.IntRange(1, 64), help="Web workers; else LMS_WEB_WORKERS.")
@click.option("--no-worker", is_flag=True, help="Serve pages only; the worker runs elsewhere.")
def serve(host: str, port: int, workers: int | None, no_worker: bool) -> None:
    """Serve the site: web workers and one worker process, kept alive until Ctrl-C."""
    settings = _settings()
    try:
        listener = _listen(host, port)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror}.") from error
    port = listener.getsockname()[1]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    overrides: dict[str, Any] = {}
    if settings["PUBLIC_URL"] == configuration.DEFAULTS["PUBLIC_URL"]:
        overrides["PUBLIC_URL"] = address  # nobody chose one, so links lead where we are
    count = workers or settings["WEB_WORKERS"]
    children = [Child("web", lambda: _run_web(listener, count, overrides))]
    if not no_worker:
        children.append(Child("worker", lambda: _run_worker(overrides, listener)))
    _log_to_stderr()
    sys.exit(Supervisor(children, listener, address).run())


@click.command("worker")
def worker() -> None:
    """Run the worker alone: it seals the journal, tells listeners and runs jobs."""
    _settings()
    _log_to_stderr()
    _run_worker({}, None)


@dataclass(slots=True)
class Child:
    """One process of the supervisor's and how it fared."""

    name: str
    main: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0

    def died(self, moment: float) -> float:
        """Note a death at `moment` (monotonic seconds); returns the pause before the next start."""
        self.deaths = 1 if moment - self.started > STEADY_SECONDS else self.deaths + 1
        pause = float(min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE))
        self.pid, self.start_at = 0, moment + pause
        return pause


class Supervisor:
    """Starts children, starts them again when they die, and ends them all."""

    def __init__(self, children: Sequence[Child], listener: socket.socket, address: str) -> None:
        self._children = children
        self._listener = listener
        self._address = address
        self._ready = False
        self._stopping: float | None = None  # since when, in monotonic seconds
        self._code = 0
        self._awake, self._waker = os.pipe()  # a signal writes to it and so ends a wait
        os.set_blocking(self._awake, False)
        os.set_blocking(self._waker, False)

    def run(self) -> int:
        """Supervise until a signal asks to stop; returns the exit code."""
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._asked_to_stop)
        # A handler is needed for the wake-up to be written at all.
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        while True:
            self._bury()
            if self._stopping is None:
                self._start_missing()
                self._tell_when_ready()
            elif not any(child.pid for child in self._children):
                break
            elif time.monotonic() - self._stopping > STOP_SECONDS:
                self._signal_all(signal.SIGKILL)
            self._sleep()
        return self._code

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping is None:
            self._stop(0)
        else:  # asked twice: somebody is in a hurry
            self._signal_all(signal.SIGKILL)

    def _stop(self, code: int) -> None:
        self._stopping, self._code = time.monotonic(), code
        self._listener.close()  # who comes now is turned away at once instead of waiting in vain
        self._signal_all(signal.SIGTERM)

    def _signal_all(self, number: int) -> None:
        for child in self._children:
            if not child.pid:
                continue
            with contextlib.suppress(ProcessLookupError):
                if number == signal.SIGKILL:
                    os.killpg(child.pid, number)  # each child leads a group: its own children too
                else:
                    os.kill(child.pid, number)

    def _start_missing(self) -> None:
        for child in self._children:
            if not child.pid and time.monotonic() >= child.start_at:
                child.started = time.monotonic()
                child.pid = _fork(child.main, close=(self._awake, self._waker))

    def _bury(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for child in self._children:
                if child.pid == pid:
                    self._note_death(child, os.waitstatus_to_exitcode(status))

    def _note_death(self, child: Child, code: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # whoever it left behind
        pause = child.died(time.monotonic())
        if self._stopping is not None:
            return
        if not self._ready and child.deaths >= EARLY_DEATHS:
            logger.error("The %s process does not start (it ended with %d).", child.name, code)
            self._stop(1)
        else:
            logger.warning(
                "The %s process ended with %d and is started again in %.1f s.",
                child.name,
                code,
                pause,
            )

    def _tell_when_ready(self) -> None:
        if not self._ready and self._children[0].pid and _answers(self._listener):
            self._ready = True
            click.echo(f"Samspil is ready: {self._address}/")

    def _sleep(self) -> None:
        now = time.monotonic()
        waits = [1.0 if self._ready else 0.1]
        waits += [max(child.start_at - now, 0.0) for child in self._children if not child.pid]
        select.select([self._awake], [], [], 0.2 if self._stopping is not None else min(waits))
        with contextlib.suppress(BlockingIOError):
            os.read(self._awake, 4096)


def _fork(main: Callable[[], None], *, close: Sequence[int]) -> int:
    """Run `main` in a child that leads its own process group and dies with us; returns its pid."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    with _signals_held_back():
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (*STOP_SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            for descriptor in close:
                os.close(descriptor)
            # Ctrl-C reaches the supervisor alone, which ends its children in good order.
            os.setsid()
            _die_with(parent)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            main()
            code = 0
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 1
        except BaseException:
            logger.exception("A process of the site could not go on.")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


@contextlib.contextmanager
def _signals_held_back() -> Iterator[None]:
    """No signal may reach a child that still has its parent's handlers."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (*STOP_SIGNALS, signal.SIGCHLD))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent dies, however that happens (Linux)."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _run_web(listener: socket.socket, workers: int, overrides: Mapping[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    from lms.web.uploads import while_reading

    class Web(BaseApplication):  # type: ignore[misc, unused-ignore]
        """gunicorn, configured from here alone."""

        def load_config(self) -> None:
            """Settings of gunicorn; everything else is the application's."""
            arbiter = os.getpid()
            settings = {
                "bind": f"fd://{listener.fileno()}",
                "workers": workers,
                "worker_class": "sync",
                "preload_app": False,
                "timeout": 30,
                "graceful_timeout": DRAIN_SECONDS,
                "loglevel": "warning",
                "accesslog": None,
                "control_socket_disable": True,  # it would lie in the user's home
                "post_fork": lambda _arbiter, _worker: _die_with(arbiter),
                "post_worker_init": lambda worker: while_reading(worker.notify),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """The application; called in each worker."""
            from lms.app import create_app

            return create_app(overrides)

    Web().run()


def _run_worker(overrides: Mapping[str, Any], inherited: socket.socket | None) -> None:
    """The worker; with an inherited listening socket it is a child and ends with its parent."""
    from lms.app import create_app
    from lms.jobs.worker import Worker

    parent = os.getppid()
    if inherited is not None:
        inherited.close()
        # A worker whose plugin hangs may end itself: we start it again.
        overrides = {**overrides, "PLUGIN_RECYCLE": True}
    Worker(create_app(overrides)).run(lambda: inherited is None or os.getppid() == parent)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def _answers(listener: socket.socket) -> bool:
    """Does the site answer? The socket takes connections before anybody is there to serve them."""
    host, port = listener.getsockname()[:2]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(reachable, port, timeout=READY_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _settings() -> dict[str, Any]:
    try:
        return configuration.load()
    except configuration.ConfigurationError as error:
        raise click.ClickException(str(error)) from error


def _log_to_stderr() -> None:
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
