"""The words of the declaration of neutrality, each version as it was signed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

Sentences = Mapping[str, Sequence[str]]
"""The sentences by language; they mean the same, place by place."""


@cache
def versions() -> Mapping[str, Sentences]:
    """All versions by their names, the newest last."""
    text = files("lms_fairplay").joinpath("neutrality.json").read_text(encoding="utf-8")
    return {one["version"]: one["sentences"] for one in json.loads(text)}


def newest() -> str:
    """The version that is signed now."""
    return list(versions())[-1]


def sentences(version: str, language: str) -> Sequence[str]:
    """What a version says in a language; nothing for one that is not known."""
    return versions().get(version, {}).get(language, ())
