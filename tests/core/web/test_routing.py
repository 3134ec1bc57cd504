"""Addresses are built from rules that are compiled late."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.routing import Map, Rule

from lms.routing import LateRule


@pytest.mark.once
def test_builders_of_addresses_are_compiled_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    real, inside, most = Rule._compile_builder, threading.Semaphore(1), []

    def compile_slowly(rule: Rule, append_unknown: bool = True) -> Any:
        alone = inside.acquire(blocking=False)
        most.append(alone)
        try:
            time.sleep(0.01)
            return real(rule, append_unknown)
        finally:
            if alone:
                inside.release()

    monkeypatch.setattr(Rule, "_compile_builder", compile_slowly)
    rules = [LateRule(f"/{number}/<key>", endpoint=str(number)) for number in range(8)]
    at = Map(rules).bind("samspil.example")
    assert not most, "none is compiled before it is used"
    with ThreadPoolExecutor(8) as pool:
        built = list(pool.map(lambda rule: at.build(rule.endpoint, {"key": "a b"}), rules))
    assert built == [f"/{number}/a%20b" for number in range(8)]
    assert most == [True] * 8
