"""A thread that watches how long the calls into plugins take.

Python cannot end a call that hangs in a thread. What can be done: say so to everybody while it
hangs (the plugin goes into quarantine), and end the whole process if it hangs on.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakSet

log = logging.getLogger("lms.host")

IDLE_SECONDS = 30.0


@dataclass(slots=True, eq=False)
class RunningCall:
    """A call in progress. `patience` multiplies the limits, for starting
    up may take longer; `told` says that the slowness stands in the database."""

    plugin: str
    hook: str
    started: float
    thread: int
    patience: float = 1.0
    slow: bool = False
    hanging: bool = False
    told: bool = False


class Watchdog:
    """Calls `on_slow(call, seconds)` and later `on_hanging(call, seconds)`, each once per call.

    `slow` and `hanging` are limits in seconds. The thread starts with the first call, ends when
    nothing was called for a while, and is started afresh in a forked process.
    """

    def __init__(
        self,
        slow: float,
        hanging: float,
        on_slow: Callable[[RunningCall, float], None],
        on_hanging: Callable[[RunningCall, float], None],
    ) -> None:
        self.slow = slow
        self.hanging = hanging
        self._on_slow = on_slow
        self._on_hanging = on_hanging
        self.forget()
        WATCHDOGS.add(self)

    def forget(self) -> None:
        """Begin anew: after a fork neither thread nor lock of the parent can be relied on."""
        self._lock = threading.Lock()
        self._stacks: dict[int, list[RunningCall]] = {}
        self._thread: threading.Thread | None = None

    def begin(self, plugin: str, hook: str, patience: float = 1.0) -> RunningCall:
        """A call begins in this thread."""
        thread = threading.get_ident()
        call = RunningCall(plugin, hook, time.monotonic(), thread, patience)
        with self._lock:
            self._stacks.setdefault(thread, []).append(call)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._watch, name="lms-plugin-watchdog", daemon=True
                )
                self._thread.start()
        return call

    def end(self, call: RunningCall) -> float:
        """The call is over; returns how long it took, in seconds."""
        with self._lock:
            stack = self._stacks.get(call.thread, [])
            if call in stack:
                stack.remove(call)
            if not stack:
                self._stacks.pop(call.thread, None)
        return time.monotonic() - call.started

    def _watch(self) -> None:
        idle_since = time.monotonic()
        while True:
            time.sleep(min(self.slow, self.hanging) / 10)
            with self._lock:
                running = [list(stack) for stack in self._stacks.values()]
                if running:
                    idle_since = time.monotonic()
                elif time.monotonic() - idle_since > IDLE_SECONDS:
                    self._thread = None
                    return
            for stack in running:
                self._look_at(stack)

    def _look_at(self, stack: list[RunningCall]) -> None:
        """The innermost call over the limit is to blame, not those that wait for it."""
        for call in reversed(stack):
            seconds = time.monotonic() - call.started
            if seconds <= self.slow * call.patience:
                continue
            if not call.slow:
                call.slow = True
                self._report(self._on_slow, call, seconds)
            if seconds > self.hanging * call.patience and not call.hanging:
                call.hanging = True
                self._report(self._on_hanging, call, seconds)
            return

    def _report(
        self, listener: Callable[[RunningCall, float], None], call: RunningCall, seconds: float
    ) -> None:
        try:
            listener(call, seconds)
        except Exception:
            # The thread must outlive a database that does not answer: the harder limit follows.
            log.exception("the watchdog could not report %s of %s", call.hook, call.plugin)


WATCHDOGS: WeakSet[Watchdog] = WeakSet()


def _after_fork() -> None:
    for watchdog in list(WATCHDOGS):
        watchdog.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
