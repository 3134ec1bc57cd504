"""Calls into plugins: each implementation by itself, timed, watched, and fenced from the others.

What happens on failure is the family's rule (`docs/hooks.md`). A failure in the core's own
implementations always raises.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy.exc import SQLAlchemyError

from lms.contracts import JournalEntryFacts, LocalisedText, Panel, Refusal
from lms.db import db, now
from lms.host.answers import WrongAnswer, check_answer
from lms.host.inspection import own_sockets
from lms.host.records import (
    Attempt,
    Contribution,
    Failure,
    PluginFailure,
    PluginRecord,
    Timing,
    in_words,
    without_secrets,
)
from lms.host.roster import Filler, Roster
from lms.host.states import in_unit_of_work

log = logging.getLogger("lms.host")

CHECK_FAILED = LocalisedText(
    da="Vi kunne ikke få svar på, om det kan lade sig gøre, og siger derfor nej for en sikkerheds "
    "skyld. Prøv igen om lidt; hjælper det ikke, så skriv til den, der passer stedet.",
    sv="Vi kunde inte få svar på om det går och säger därför nej för säkerhets skull. Försök igen "
    "om en stund; hjälper det inte, skriv till den som sköter platsen.",
    en="We could not find out whether this is possible, so to be safe the answer is no. Try again "
    "in a while; if that does not help, write to the one who looks after this site.",
)

OUT_OF_ORDER = LocalisedText(
    da="Denne slags forløb er ude af drift lige nu. Prøv igen senere; intet er gået tabt.",
    sv="Den här sortens kurs är ur drift just nu. Försök igen senare; inget har gått förlorat.",
    en="This kind of course is out of order just now. Try again later; nothing has been lost.",
)

STILL_ALLOWED = frozenset({"cancelled", "interrupted"})
"""States a run may always go to: a stop is never held up by a plugin that is out of order."""


class Calls(Roster):
    """The families of hooks."""

    is_conflict: Callable[[BaseException], bool] = staticmethod(lambda _error: False)
    """Says whether a database error is one that a second try may cure (`lms.work.is_conflict`);
    such an error passes through and is nobody's failure."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.timings: dict[tuple[str, str], Timing] = {}
        self._told: dict[str, int] = {}

    # --- the families ---------------------------------------------------------------------------

    def gather(self, hook: str, **asked: Any) -> list[Contribution]:
        """Nouns: what each active plugin contributes. One that fails is left out."""
        found = (self._ask(filler, asked) for filler in self._active(hook, asked))
        return [answer for answer in found if answer.value is not None]

    def draw(self, hook: str, **asked: Any) -> list[Contribution]:
        """Panels, badges, todo items. One that fails has the value None: draw a small box."""
        return [self._ask(filler, asked) for filler in self._active(hook, asked)]

    def ask_owner(self, plugin: str, hook: str, **asked: Any) -> Any | None:
        """The answer of the course type's own plugin; None when it is undecided: the plugin
        failed, is not active, or does not fill the hook."""
        for filler in self._active(hook, asked):
            if filler.plugin == plugin:
                return self._ask(filler, asked).value
        return None

    def check(self, hook: str, **asked: Any) -> list[Refusal]:
        """All reasons against the items asked about; an implementation that fails refuses each.

        The first argument of the hook is the sequence of items; `Refusal.index` points into it.
        Items of a course type that nobody answers for just now are refused as well.
        """
        fillers = self._active(hook, asked)
        items: Sequence[Any] = asked[self._arguments(hook)[0]]
        refusals = self._out_of_order(items)
        for filler in fillers:
            answer = self._ask(filler, asked)
            if answer.value is None:
                refusals += [
                    Refusal(code="check_failed", message=CHECK_FAILED, index=index)
                    for index in range(len(items))
                ]
            else:
                refusals += answer.value
        return refusals

    def after(self, hook: str, **asked: Any) -> None:
        """Own rows in the same transaction. Raises `PluginFailure` at the first that fails."""
        for filler in self._active(hook, asked):
            self._ask(filler, asked, writes=True)

    def listeners(self) -> list[str]:
        """The names of all that are told what happened, in a stable order."""
        return [filler.plugin for filler in self._fillers["lms_notice"] if self._may(filler)]

    def tell(self, listener: str, entries: Sequence[JournalEntryFacts]) -> None:
        """Tell one listener. Raises `PluginFailure`; telling the same entries again is not
        counted as a new failure, for the journal has a rule of its own for that."""
        for filler in self._active("lms_notice", {"entries": entries}):
            if filler.plugin == listener:
                self._ask(filler, {"entries": entries}, writes=True)
                return
        raise PluginFailure(listener, "lms_notice", "it is not active")

    def attempt(self, plugin: str, hook: str, call: Callable[[], Any]) -> Attempt:
        """Call something of a plugin's that is no hook (draw its template, run its command) with
        the same care: watched, timed, a failure counted. The core's faults raise."""
        if plugin in self._core:
            return Attempt(ok=True, value=self._timed(plugin, hook, call))
        try:
            with self._fence(writes=False):
                return Attempt(ok=True, value=self._timed(plugin, hook, call))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if self.is_conflict(error):
                raise
            self._count(plugin, hook, error)
            return Attempt(ok=False, error=in_words(error))

    # --- one call -------------------------------------------------------------------------------

    def _arguments(self, hook: str) -> tuple[str, ...]:
        names: tuple[str, ...] = getattr(self.manager.hook, hook).spec.argnames
        return names

    def _active(self, hook: str, asked: dict[str, Any]) -> list[Filler]:
        if missing := set(self._arguments(hook)) - set(asked):
            raise TypeError(f"{hook} was asked without {', '.join(sorted(missing))}")
        return [filler for filler in self._fillers[hook] if self._may(filler)]

    def _may(self, filler: Filler) -> bool:
        return filler.core or self.is_active(filler.plugin)

    def _ask(self, filler: Filler, asked: dict[str, Any], *, writes: bool = False) -> Contribution:
        """One implementation's answer; None in place of a failed one, or `PluginFailure`."""
        arguments = [asked[name] for name in filler.call.argnames]
        options = {name: asked[name] for name in filler.call.kwargnames if name in asked}

        def call() -> Any:
            value = filler.call.function(*arguments, **options)
            self._check(filler, asked, value)
            return value

        if filler.core:
            value = self._timed(filler.plugin, filler.hook, call)
            return Contribution(plugin=filler.plugin, value=value)
        try:
            with self._fence(writes):
                value = self._timed(filler.plugin, filler.hook, call)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if self.is_conflict(error):
                raise
            self._failed(filler, asked, error)
            if writes:
                reason = without_secrets(type(error).__name__)
                raise PluginFailure(filler.plugin, filler.hook, reason) from error
            value = None
        return Contribution(plugin=filler.plugin, value=value)

    def _timed(self, plugin: str, hook: str, call: Callable[[], Any]) -> Any:
        running = self._watchdog.begin(plugin, hook)
        try:
            return call()
        finally:
            seconds = self._watchdog.end(running)
            timing = self.timings.setdefault((plugin, hook), Timing())
            timing.calls += 1
            timing.total += seconds
            timing.longest = max(timing.longest, seconds)

    def _check(self, filler: Filler, asked: dict[str, Any], value: Any) -> None:
        """Raise unless the answer can be used by whoever asked."""
        check_answer(self._promised[filler.hook], value)
        if filler.hook.startswith("lms_check_"):
            count = len(asked[self._arguments(filler.hook)[0]])
            for refusal in value:
                if not 0 <= refusal.index < count:
                    raise WrongAnswer(f"Refusal.index {refusal.index} points at nothing")
        elif filler.hook.endswith("_panels") and not filler.core:
            for panels in value.values() if isinstance(value, Mapping) else (value,):
                self._check_panels(filler.plugin, panels)

    def _check_panels(self, plugin: str, panels: Sequence[Panel]) -> None:
        for panel in panels:
            if not panel.template.startswith(f"{plugin}/"):
                raise WrongAnswer(f"the template {panel.template} is not {plugin}'s own")
            self.app.jinja_env.get_template(panel.template)

    @contextmanager
    def _fence(self, writes: bool) -> Iterator[None]:
        """Keep a failing call from spoiling the session for everybody after it.

        Inside a unit of work a read gets a savepoint; a write needs none, its failure undoes the
        whole unit. Outside, nothing has been written, so a rollback puts everything right; a call
        that leaves changes behind there broke its contract.
        """
        if not has_app_context() or "sqlalchemy" not in current_app.extensions:
            yield
        elif in_unit_of_work():
            if writes:
                yield
            else:
                with db.session.begin_nested():
                    yield
        else:
            try:
                yield
                if db.session.registry.has() and _has_changes():
                    raise WrongAnswer("the call changed rows where it may only read")
            except BaseException:
                if db.session.registry.has():
                    db.session.rollback()
                raise

    # --- failures -------------------------------------------------------------------------------

    def _failed(self, filler: Filler, asked: dict[str, Any], error: BaseException) -> None:
        if filler.hook == "lms_notice" and asked["entries"]:
            first = asked["entries"][0].position
            if self._told.get(filler.plugin) == first:
                return
            self._told[filler.plugin] = first
        self._count(filler.plugin, filler.hook, error)

    def _count(self, plugin: str, hook: str, error: BaseException) -> None:
        words = in_words(error)
        logging.getLogger(f"lms.plugins.{plugin}").error("%s failed in %s: %s", plugin, hook, words)
        if not self.started:
            self._records[plugin].remarks.append(f"{hook} was left out: {words}")
            return
        self._failures.append(Failure(plugin=plugin, hook=hook, error=words, at=now()))

    def flush_failures(self) -> None:
        """Write the failures counted so far, in a transaction of its own. Never raises for the
        database's sake: what could not be written is kept for the next time."""
        if not self._failures:
            return
        failures = [self._failures.popleft() for _ in range(len(self._failures))]
        try:
            quarantined = self.states.count(failures, self.default_state)
        except SQLAlchemyError as error:
            self._failures.extendleft(reversed(failures))
            log.warning("failures of plugins could not be written: %s", in_words(error))
            return
        self._forget_rows()
        for plugin in quarantined:
            log.error("plugin %s is in quarantine after too many failures", plugin)

    # --- what belongs to calls ------------------------------------------------------------------

    def _out_of_order(self, items: Sequence[Any]) -> list[Refusal]:
        """Refusals for items whose course type nobody answers for; see ADR 0007."""
        known = self.course_type_keys()
        return [
            Refusal(code="type_out_of_order", message=OUT_OF_ORDER, index=index)
            for index, item in enumerate(items)
            if (run := getattr(item, "run", None)) is not None
            and run.course_type not in known
            and getattr(item, "new", None) not in STILL_ALLOWED
        ]

    def course_type_keys(self) -> frozenset[str]:
        """The keys of the course types that somebody answers for just now."""
        raise NotImplementedError

    def _add_own_sockets(self, record: PluginRecord) -> None:
        """Take in the sockets a plugin brings for others to fill."""
        if self.manager.parse_hookimpl_opts(record.module, "lms_add_hookspecs") is None:
            return
        holders = record.module.lms_add_hookspecs()
        check_answer(Sequence[object], holders)
        for holder in holders:
            own_sockets(self.manager, record.name, holder)
            self.manager.add_hookspecs(holder)


def _has_changes() -> bool:
    return bool(db.session.new or db.session.dirty or db.session.deleted)
