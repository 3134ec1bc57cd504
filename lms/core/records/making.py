"""What an assignment ends in: records that plugins keep, made through the record-type socket."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import Actor, RecordDraft, RecordType
from lms.core.refused import Refused, refused
from lms.db import db
from lms.host import current_host
from lms.work import Conflict


def record_kinds() -> Sequence[RecordType]:
    """The kinds of records that an assignment can end in just now, in the order of their keys."""
    types = current_host().record_types()
    return [types[key].item for key in sorted(types) if types[key].item.make is not None]


def record_kind(key: str) -> RecordType | None:
    """One kind by key, whether one can be made now or not; None when nobody knows it."""
    owned = current_host().record_types().get(key)
    return owned.item if owned is not None else None


def make_record(kind: str, draft: RecordDraft, actor: Actor) -> str:
    """Let the plugin that keeps such records write one in the open unit of work; returns its key.

    Raises `Refused` when it cannot or will not: whoever asks is told, and nothing of their deed is
    kept. A `Conflict` of the plugin's passes through; neither is counted as a fault of its.
    """
    host = current_host()
    owned = host.record_types().get(kind)
    make = owned.item.make if owned is not None else None
    if owned is None or make is None:
        raise _not_now()

    def made() -> str | Refused | Conflict:
        try:
            with db.session.begin_nested():
                return make(draft, actor)
        except (Refused, Conflict) as word:
            return word

    attempt = host.attempt(owned.plugin, "record", made)
    if isinstance(attempt.value, Refused | Conflict):
        raise attempt.value
    if not attempt.ok or not isinstance(attempt.value, str) or not attempt.value:
        raise _not_now()
    return attempt.value


def _not_now() -> Exception:
    return refused(
        "record",
        da="Det, opgaven ender i, kan ikke skrives lige nu. Intet er ændret; prøv igen senere.",
        sv="Det uppgiften slutar i kan inte skrivas just nu. Inget är ändrat; försök igen senare.",
        en="What the assignment ends in cannot be written just now. Nothing has changed; try "
        "again later.",
    )
