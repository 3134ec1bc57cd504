"""The course type: a day beside a colleague, with a talk before and after."""

from __future__ import annotations

from lms.api import CompletionRule, CourseType, LocalisedText, ModulePlan, Phase

KEY = "shadowing_day"
NOTE = "shadowing.note"

SHADOWING_DAY = CourseType(
    key=KEY,
    title=LocalisedText(da="Følgedag", sv="Följedag", en="Shadowing day"),
    summary=LocalisedText(
        da="Følg en kollega, der allerede bruger teknologien.",
        sv="Följ en kollega som redan använder tekniken.",
        en="Follow a colleague who already uses the technology.",
    ),
    icon="users",
    phases=(Phase(key="follow", title=LocalisedText(da="Følg med", sv="Följ med", en="Follow")),),
    modules=(
        ModulePlan(
            key="day",
            phase="follow",
            title=LocalisedText(da="Dagen", sv="Dagen", en="The day"),
            content=LocalisedText(
                da="Gå med på alle besøg. Spørg bagefter, ikke foran borgeren.",
                sv="Följ med på alla besök. Fråga efteråt, inte inför brukaren.",
                en="Join every visit. Ask afterwards, not in front of the citizen.",
            ),
            minutes=420,
        ),
    ),
    rule=CompletionRule(
        version="shadowing-1", conditions={"attendance": {"percent": 100}, NOTE: {}}
    ),
)
