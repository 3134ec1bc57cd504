"""A whole plugin in one object: a course type for tests, so that the core needs no real one."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import CompletionRule, CourseType, LocalisedText, ModulePlan, Phase
from lms.hookspecs import hookimpl

SPECIMEN = "specimen"

SPECIMEN_TYPE = CourseType(
    key="specimen",
    title=LocalisedText(da="Prøveforløb", sv="Provkurs", en="Specimen course"),
    summary=LocalisedText(
        da="Et forløb, der kun findes i prøver.",
        sv="En kurs som bara finns i prov.",
        en="A course that exists in tests only.",
    ),
    icon="book-open",
    phases=(
        Phase(key="learn", title=LocalisedText(da="Lære", sv="Lära", en="Learn")),
        Phase(key="practise", title=LocalisedText(da="Øve", sv="Öva", en="Practise")),
    ),
    modules=(
        ModulePlan(
            key="start",
            phase="learn",
            title=LocalisedText(da="Begynde", sv="Börja", en="Begin"),
            content=LocalisedText(da="Vi begynder.", sv="Vi börjar.", en="We begin."),
            minutes=180,
        ),
        ModulePlan(
            key="practice",
            phase="practise",
            title=LocalisedText(da="Øve", sv="Öva", en="Practise"),
            content=LocalisedText(da="Vi øver os.", sv="Vi övar.", en="We practise."),
            minutes=180,
            between=LocalisedText(da="Prøv det af.", sv="Prova det.", en="Try it."),
            between_minutes=60,
        ),
    ),
    rule=CompletionRule(
        version="specimen-1", conditions={"attendance": {"percent": 80}, "declared": {}}
    ),
)


class Specimen:
    """The plugin. Subclass it to fill more sockets for one test."""

    __slots__ = ()  # it holds nothing, so one app with a specimen is as good as another

    @hookimpl
    def lms_course_types(self) -> Sequence[CourseType]:
        """The one course type."""
        return (SPECIMEN_TYPE,)
