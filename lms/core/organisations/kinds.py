"""The kinds of organisations and units, as words of the field in three languages."""

from __future__ import annotations

from collections.abc import Mapping

from lms.contracts import LocalisedText

COMPANY = "company"

KINDS: Mapping[str, LocalisedText] = {
    "municipality": LocalisedText(da="Kommune", sv="Kommun", en="Municipality"),
    "region": LocalisedText(da="Region", sv="Region", en="Region"),
    COMPANY: LocalisedText(da="Virksomhed", sv="Företag", en="Company"),
    "institution": LocalisedText(
        da="Uddannelsesinstitution", sv="Utbildningsinstitution", en="Educational institution"
    ),
    "cluster": LocalisedText(da="Klynge", sv="Kluster", en="Cluster"),
    "business_service": LocalisedText(
        da="Erhvervsservice", sv="Näringslivskontor", en="Business service"
    ),
    "designer": LocalisedText(da="Designbureau", sv="Designbyrå", en="Design firm"),
    "association": LocalisedText(da="Forening", sv="Förening", en="Association"),
    "programme_team": LocalisedText(da="Programhold", sv="Programteam", en="Programme team"),
    "other": LocalisedText(da="Andet", sv="Annat", en="Other"),
}

UNIT_KINDS: Mapping[str, LocalisedText] = {
    "home_care": LocalisedText(da="Hjemmepleje", sv="Hemtjänst", en="Home care"),
    "home_nursing": LocalisedText(da="Hjemmesygepleje", sv="Hemsjukvård", en="Home nursing"),
    "nursing_home": LocalisedText(da="Plejecenter", sv="Särskilt boende", en="Nursing home"),
    "rehabilitation": LocalisedText(da="Genoptræning", sv="Rehabilitering", en="Rehabilitation"),
    "ward": LocalisedText(da="Afdeling på sygehus", sv="Vårdavdelning", en="Hospital ward"),
    "needs_assessment": LocalisedText(
        da="Visitation", sv="Biståndshandläggning", en="Needs assessment"
    ),
    "aids_depot": LocalisedText(
        da="Hjælpemiddeldepot", sv="Hjälpmedelscentral", en="Assistive-device depot"
    ),
    "school_team": LocalisedText(da="Lærerteam", sv="Lärarlag", en="Team of teachers"),
    "development": LocalisedText(da="Udvikling", sv="Utveckling", en="Development"),
    "secretariat": LocalisedText(da="Sekretariat", sv="Sekretariat", en="Secretariat"),
    "other": LocalisedText(da="Andet", sv="Annat", en="Other"),
}
