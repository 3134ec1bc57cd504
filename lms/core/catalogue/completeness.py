"""What a course version needs before somebody is asked to approve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from lms.contracts import CompletionRule, LocalisedText, Refusal


class Written(Protocol):
    """What is looked at of a version."""

    @property
    def title(self) -> LocalisedText: ...
    @property
    def lead(self) -> LocalisedText: ...
    @property
    def purpose(self) -> LocalisedText: ...
    @property
    def target_group(self) -> LocalisedText: ...
    @property
    def outcomes(self) -> Sequence[LocalisedText]: ...
    @property
    def minutes(self) -> int: ...
    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def modules(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def rule(self) -> CompletionRule: ...


def missing(version: Written) -> list[Refusal]:
    """Everything that is missing, each with a sentence that says what to do; none when ready."""
    checks = (
        ("title", version.title.everything(), _TITLE),
        ("lead", version.lead.everything(), _LEAD),
        ("purpose", version.purpose.everything(), _PURPOSE),
        ("target_group", version.target_group.everything(), _TARGET_GROUP),
        ("outcomes", version.outcomes, _OUTCOMES),
        ("minutes", version.minutes > 0, _MINUTES),
        ("languages", version.languages, _LANGUAGES),
        ("modules", version.modules, _MODULES),
        ("rule", version.rule.conditions, _RULE),
    )
    found = [Refusal(code=code, message=words) for code, there, words in checks if not there]
    return found + [
        Refusal(code="module_minutes", message=_module_without_minutes(module))
        for module in version.modules
        if not module.get("minutes")
    ]


def unwritten(version: Written) -> list[tuple[str, str]]:
    """Texts that a language of the course has not got, as (field, language code). Outcomes are
    counted together, and so are the titles of modules."""
    texts: list[tuple[str, Sequence[LocalisedText]]] = [
        ("title", [version.title]),
        ("lead", [version.lead]),
        ("purpose", [version.purpose]),
        ("target_group", [version.target_group]),
        ("outcomes", version.outcomes),
        ("modules", [LocalisedText.from_dict(module["title"]) for module in version.modules]),
    ]
    return [
        (name, code)
        for name, each in texts
        for code in version.languages
        if any(text.everything() and not getattr(text, code, "x") for text in each)
    ]


_TITLE = LocalisedText(
    da="Forløbet har ingen titel. Skriv en.",
    sv="Kursen saknar titel. Skriv en.",
    en="The course has no title. Write one.",
)
_LEAD = LocalisedText(
    da="Der mangler en indledning: et par sætninger om, hvad forløbet er.",
    sv="Det saknas en inledning: ett par meningar om vad kursen är.",
    en="The introduction is missing: a sentence or two on what the course is.",
)
_PURPOSE = LocalisedText(
    da="Formålet mangler. Skriv, hvad forløbet skal føre til.",
    sv="Syftet saknas. Skriv vad kursen ska leda till.",
    en="The purpose is missing. Write what the course is to lead to.",
)
_TARGET_GROUP = LocalisedText(
    da="Målgruppen mangler. Skriv, hvem forløbet er for.",
    sv="Målgruppen saknas. Skriv vem kursen är för.",
    en="The target group is missing. Write whom the course is for.",
)
_OUTCOMES = LocalisedText(
    da="Der er intet læringsmål. Skriv mindst ét: hvad man kan bagefter.",
    sv="Det finns inget lärandemål. Skriv minst ett: vad man kan efteråt.",
    en="There is no learning outcome. Write at least one: what people can do afterwards.",
)
_MINUTES = LocalisedText(
    da="Undervisningens længde mangler. Skriv den i minutter.",
    sv="Undervisningens längd saknas. Skriv den i minuter.",
    en="The length of the teaching is missing. Write it in minutes.",
)
_LANGUAGES = LocalisedText(
    da="Vælg mindst ét sprog, forløbet holdes på.",
    sv="Välj minst ett språk som kursen hålls på.",
    en="Choose at least one language that the course is given in.",
)
_MODULES = LocalisedText(
    da="Der er intet modul. Tilføj mindst ét.",
    sv="Det finns ingen modul. Lägg till minst en.",
    en="There is no module. Add at least one.",
)
_RULE = LocalisedText(
    da="Det er ikke sagt, hvad der skal til for at gennemføre. Vælg mindst én betingelse.",
    sv="Det är inte sagt vad som krävs för att fullfölja. Välj minst ett villkor.",
    en="Nothing says what it takes to complete. Choose at least one condition.",
)


def _module_without_minutes(module: Mapping[str, Any]) -> LocalisedText:
    title = LocalisedText.from_dict(module["title"])
    names = {code: title.in_language(code) or module["key"] for code in ("da", "sv", "en")}
    return LocalisedText(
        da=f"Modulet »{names['da']}« har ingen minutter. Skriv, hvor længe det varer.",
        sv=f"Modulen ”{names['sv']}” saknar minuter. Skriv hur länge den varar.",
        en=f"The module “{names['en']}” has no minutes. Write how long it lasts.",
    )
