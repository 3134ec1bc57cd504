"""What becomes of each row of a list of people, as frozen items, with a sentence for each."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from lms.contracts import LocalisedText
from lms.core.users.outcome_words import FIELDS, SENTENCES

Outcome = Literal["come", "change", "move", "leave", "same", "error"]
OUTCOMES: tuple[Outcome, ...] = ("error", "come", "move", "change", "leave", "same")
"""In the order in which they are shown."""

Mode = Literal["full", "changes"]


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPlace:
    """A place to begin. The manager is a person, or somebody who comes in the same list: then
    `manager_number` is the key of their employee number."""

    function_id: int
    unit_id: int | None
    manager_id: int | None
    manager_number: str | None
    from_day: date
    to_day: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Doing:
    """What carrying an item out means. `seen` is (state, last day of the place) as planned with:
    when it is no longer so, the item is not carried out."""

    person_id: int | None = None
    assignment_id: int | None = None
    seen: tuple[str, date | None] | None = None
    name: str | None = None
    email: str | None = None
    language: str | None = None
    reopen: bool = False
    invite: bool = False
    adopt_number: bool = False
    last_day: date | None = None  # the present place ends
    also_end: tuple[
        tuple[int, date], ...
    ] = ()  # places that would have followed it, or lead up to it
    begin: NewPlace | None = None
    correct: NewPlace | None = None  # the present place, written anew
    to_day: tuple[date | None] | None = None  # the present place's last day, none at all being one
    give_up_roles: bool = False
    close_account: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One row (0: nobody's row, for people who are missing from the list) and its outcome."""

    row: int
    outcome: Outcome
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    employee_number: str = ""
    name: str = ""
    doing: Doing = field(default_factory=Doing)

    @property
    def sentence(self) -> LocalisedText:
        """What happens, or what is wrong and what to do about it."""
        return sentence(self.reason, self.values)

    def as_json(self) -> dict[str, Any]:
        """What a page shows of the item."""
        return {
            "row": self.row,
            "outcome": self.outcome,
            "reason": self.reason,
            "values": dict(self.values),
            "employee_number": self.employee_number,
            "name": self.name,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a list would do. `refusal` stands against all of it until it is confirmed; `note` is
    something to know."""

    organisation_id: int
    mode: Mode
    items: tuple[Item, ...]
    refusal: LocalisedText | None = None
    note: LocalisedText | None = None

    @property
    def counts(self) -> dict[str, int]:
        """Number of rows by outcome, all outcomes named."""
        found = Counter(item.outcome for item in self.items)
        return {outcome: found[outcome] for outcome in OUTCOMES}

    @property
    def errors(self) -> list[Item]:
        """Rows of which nothing is done."""
        return [item for item in self.items if item.outcome == "error"]

    def digest(self) -> str:
        """Equal for two plans that do the same: what was shown is what is done."""
        told = "\n".join(repr((item.row, item.outcome, item.doing)) for item in self.items)
        return hashlib.sha256(f"{self.organisation_id} {self.mode}\n{told}".encode()).hexdigest()


def sentence(reason: str, values: Mapping[str, str]) -> LocalisedText:
    """The words for a reason, with its values."""
    text = SENTENCES[reason]
    return LocalisedText(
        **{code: said.format_map(_in(code, values)) for code, said in text.as_dict().items()}
    )


def _in(language: str, values: Mapping[str, str]) -> Mapping[str, str]:
    if "fields" not in values:
        return values
    words = [getattr(FIELDS[name], language) for name in values["fields"].split()]
    return {**values, "fields": ", ".join(words)}
