"""What the states, roles and numbers of the catalogue are called on pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from babel.numbers import format_currency

from lms.contracts import Badge, LocalisedText, RunFacts
from lms.db import now
from lms.host import current_host
from lms.web.i18n import LOCALES, core_domain, gettext, hours, language, local, marked

LANGUAGE_WORDS: Mapping[str, str] = {
    "da": marked("Danish"),
    "sv": marked("Swedish"),
    "en": marked("English"),
}

STATE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "planned": (marked("Being planned"), "", "file-text"),
    "announced": (marked("Opens later"), "info", "info"),
    "open": (marked("Open"), "ok", "check"),
    "closed": (marked("Closed for requests"), "", "ban"),
    "running": (marked("Under way"), "info", "clock"),
    "interrupted": (marked("On hold"), "wait", "clock"),
    "completed": (marked("Over"), "", "history"),
    "evaluated": (marked("Over"), "", "history"),
    "archived": (marked("Over"), "", "history"),
    "cancelled": (marked("Cancelled"), "stop", "ban"),
}
"""Word, kind and icon of a run's state."""

MOVE_WORDS: Mapping[str, tuple[str, str]] = {
    "announced": (marked("Announce it"), marked("Everybody can see it, nobody can ask yet.")),
    "open": (
        marked("Open it for requests"),
        marked("People can ask for a seat. The rule for completing is fixed from now on."),
    ),
    "closed": (marked("Close it for requests"), marked("Those who have a seat keep it.")),
    "running": (marked("Begin"), marked("Those who have a seat become participants.")),
    "interrupted": (marked("Put it on hold"), marked("Everybody hears why.")),
    "completed": (marked("End it"), marked("All sessions are over.")),
    "evaluated": (marked("Mark it as evaluated"), marked("The evaluation is done.")),
    "archived": (marked("Put it away"), marked("It leaves the lists; nothing is deleted.")),
    "cancelled": (
        marked("Cancel it for good"),
        marked("All seats and requests are cancelled, and everybody hears why."),
    ),
}
"""For each state a run may go to: the verb, and what happens then."""

ROLE_WORDS: Mapping[str, str] = {
    "programme_lead": marked("Responsible for the run"),
    "teacher": marked("Teaching"),
    "company_teacher": marked("Teaching from a company"),
    "evaluator": marked("Evaluating"),
}

ROLE_TASKS: Mapping[str, str] = {
    "programme_lead": marked("Plans the run, names its team, decides on seats and ends it."),
    "teacher": marked("Teaches, keeps the register, and looks at what is handed in."),
    "company_teacher": marked("Sees their own slots, and what was agreed. Assesses nobody."),
    "evaluator": marked("Sees sums, and no names."),
}

BY_WORDS: Mapping[str, str] = {
    "announced": marked("Before it is announced"),
    "open": marked("Before it opens for requests"),
    "closed": marked("Before it is closed for requests"),
    "running": marked("Before it begins"),
    "completed": marked("Before it ends"),
}
"""Before what something must be there, by the state that the run goes to."""

WHOSE_WORDS: Mapping[str, str] = {
    "manager": marked("Their manager"),
    "host": marked("The host"),
    "company": marked("The company"),
}
"""Who gives time to a run beside its participants."""

ASKED_WORDS: Mapping[str, str] = {
    "participant": marked("participants"),
    "manager": marked("their managers"),
    "teacher": marked("teachers"),
    "host": marked("hosts"),
    "company": marked("companies"),
}
"""Who is asked what came of a run."""

_NUMBERS = (
    marked("Two"),
    marked("Three"),
    marked("Four"),
    marked("Five"),
    marked("Six"),
    marked("Seven"),
    marked("Eight"),
    marked("Nine"),
    marked("Ten"),
    marked("Eleven"),
    marked("Twelve"),
)

_QUOTES = {"da": "»{}«", "sv": "”{}”", "en": "“{}”"}


def type_word(course_type: str) -> str:
    """What a course type is called; says so when nobody here knows the type."""
    owned = current_host().course_types().get(course_type)
    if owned is None:
        return gettext("A kind of course that is not installed here")
    return local(owned.item.title)


def type_icon(course_type: str) -> str:
    """The type's icon; a plug when nobody here knows the type."""
    owned = current_host().course_types().get(course_type)
    return "plug" if owned is None else owned.item.icon


def number_word(number: int) -> str:
    """ "Two" to "Twelve" at the beginning of a heading; figures beyond."""
    return gettext(_NUMBERS[number - 2]) if 2 <= number <= 12 else str(number)


def quoted(text: str) -> str:
    """The text in the quotation marks of the page's language."""
    return _QUOTES[language()].format(text)


def language_words(codes: Sequence[str]) -> str:
    """The languages of a run: "Danish, Swedish"; only English writes them all with capitals."""
    names = [gettext(LANGUAGE_WORDS[code]) for code in codes if code in LANGUAGE_WORDS]
    rest = names[1:] if language() == "en" else [name.lower() for name in names[1:]]
    return ", ".join([*names[:1], *rest])


def time_words(run: RunFacts) -> str:
    """ "17½ hours + practice", for lists; the page of the run has the hours of both."""
    if not run.practice_minutes:
        return hours(run.minutes)
    return gettext("%(taught)s + practice", taught=hours(run.minutes))


def price_words(run: RunFacts) -> str:
    """ "1.200 kr.", or that it is free."""
    if not run.price:
        return gettext("Free of charge")
    return format_currency(
        run.price, run.currency, "#,##0 ¤", locale=LOCALES[language()], currency_digits=False
    )


def is_open(run: RunFacts) -> bool:
    """May somebody ask for a seat just now?"""
    return run.state == "open" and (run.enrol_until is None or run.enrol_until >= now())


def seat_badge(run: RunFacts) -> Badge:
    """How it stands with seats, in one mark."""
    if not is_open(run):
        word, kind, icon = STATE_WORDS["closed" if run.state == "open" else run.state]
        return Badge(text=core_domain.localised(word), kind=kind, icon=icon)  # type: ignore[arg-type]
    if run.free:
        text = LocalisedText(
            da=f"{run.free} ledige af {run.capacity}",
            sv=f"{run.free} lediga av {run.capacity}",
            en=f"{run.free} of {run.capacity} free",
        )
        return Badge(text=text, kind="ok", icon="check")
    text = LocalisedText(da="Fuldt – venteliste", sv="Fullt – väntelista", en="Full – waiting list")
    return Badge(text=text, kind="wait", icon="clock")
