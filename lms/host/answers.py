"""Does an answer have the shape that its socket promises? Checked before anybody uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints


class WrongAnswer(TypeError):
    """A hook answered with something else than its socket says."""


def promised(spec: Callable[..., Any]) -> Any:
    """What the socket's annotation says it returns; `Any` when it says nothing that is known."""
    try:
        return get_type_hints(spec).get("return", Any)
    except Exception:  # noqa: BLE001 - a plugin's own socket with words nobody can resolve
        return Any


def check_answer(shape: Any, value: Any) -> None:
    """Raise `WrongAnswer` unless `value` has the shape: containers and the items in them."""
    origin = get_origin(shape)
    if shape is Any:
        return
    if shape is None or shape is NoneType:
        _insist(value is None, "nothing", value)
    elif origin is Sequence:
        _insist(
            isinstance(value, Sequence) and not isinstance(value, str | bytes), "a sequence", value
        )
        (inner,) = get_args(shape)
        for item in value:
            check_answer(inner, item)
    elif origin is Mapping:
        _insist(isinstance(value, Mapping), "a mapping", value)
        key_shape, inner = get_args(shape)
        for key, item in value.items():
            check_answer(key_shape, key)
            check_answer(inner, item)
    elif origin is Callable:
        _insist(callable(value), "a function", value)
    elif isinstance(shape, type):
        _insist(isinstance(value, shape), f"{shape.__name__}", value)


def _insist(fits: bool, wanted: str, value: Any) -> None:
    if not fits:
        raise WrongAnswer(f"the answer should be {wanted}, and is {type(value).__name__}")
