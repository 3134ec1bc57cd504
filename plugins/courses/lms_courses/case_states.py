"""The states of a case, and the words for them and for who owns what comes of it, as data."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText

STATES: Mapping[str, LocalisedText] = {
    "draft": LocalisedText(da="Kladde", sv="Utkast", en="Draft"),
    "proposed": LocalisedText(da="Foreslået", sv="Föreslaget", en="Proposed"),
    "negotiated": LocalisedText(da="Under forhandling", sv="Förhandlas", en="Being negotiated"),
    "approved": LocalisedText(da="Godkendt", sv="Godkänt", en="Approved"),
    "open": LocalisedText(da="Åben for hold", sv="Öppet för omgångar", en="Open to be taken"),
    "closed": LocalisedText(da="Lukket", sv="Stängt", en="Closed"),
    "declined": LocalisedText(da="Afvist", sv="Avböjt", en="Declined"),
}
MOVES: Mapping[str, tuple[str, ...]] = {
    "draft": ("proposed",),
    "proposed": ("negotiated", "declined"),
    "negotiated": ("approved", "declined"),
    "approved": ("open", "declined"),
    "open": ("closed",),
    "closed": ("open",),
    "declined": (),
}
"""Commenting on it or writing it anew from the teacher's or the practice's side negotiates it; a
new version of an approved or open case is negotiated again."""
PUBLISHED = frozenset({"approved", "open"})
WITH_REASON = frozenset({"declined", "closed"})
WRITTEN_ON = frozenset({"proposed", "negotiated", "approved", "open"})
"""A case that is over keeps its words."""

SIDES: Mapping[str, LocalisedText] = {
    "teacher": LocalisedText(da="Underviser", sv="Lärare", en="Teacher"),
    "company": LocalisedText(da="Virksomhed", sv="Företag", en="Company"),
    "practice": LocalisedText(da="Praksis", sv="Praktik", en="Practice"),
}

OWNERSHIP: Mapping[str, LocalisedText] = {
    "owned_by_students": LocalisedText(
        da="De studerende ejer det, de laver",
        sv="Studenterna äger det de gör",
        en="The students own what they make",
    ),
    "shared": LocalisedText(
        da="De studerende ejer det, og virksomheden må bruge det",
        sv="Studenterna äger det, och företaget får använda det",
        en="The students own it, and the company may use it",
    ),
    "signed_over": LocalisedText(
        da="De studerende skriver det over til virksomheden",
        sv="Studenterna skriver över det till företaget",
        en="The students sign it over to the company",
    ),
}

NDA_STATES: Mapping[str, LocalisedText] = {
    "draft": LocalisedText(da="Ikke underskrevet", sv="Inte undertecknat", en="Not signed"),
    "signed": LocalisedText(da="Underskrevet", sv="Undertecknat", en="Signed"),
    "ended": LocalisedText(da="Ophørt", sv="Upphört", en="Ended"),
}
