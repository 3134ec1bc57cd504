"""The activity types this plugin brings, as data: words, a picture, and the pages of each."""

from __future__ import annotations

from lms.api import ActivityType, LocalisedText


def _type(
    key: str,
    icon: str,
    title: LocalisedText,
    summary: LocalisedText,
    *,
    minutes: int,
    marked: bool = False,
    at_work: bool = False,
) -> ActivityType:
    return ActivityType(
        key=key,
        title=title,
        icon=icon,
        at_work=at_work,
        summary=summary,
        page=f"activities.{key}",
        editor=f"activities.edit_{key}",
        marking=f"activities.mark_{key}" if marked else "",
        minutes=minutes,
    )


ACTIVITY_TYPES = (
    _type(
        "page",
        "file-text",
        LocalisedText(da="Side", sv="Sida", en="Page"),
        LocalisedText(
            da="Tekst og billeder, som deltagerne læser.",
            sv="Text och bilder som deltagarna läser.",
            en="Text and pictures for the participants to read.",
        ),
        minutes=10,
    ),
    _type(
        "file",
        "paperclip",
        LocalisedText(da="Fil", sv="Fil", en="File"),
        LocalisedText(
            da="Et dokument, som deltagerne henter.",
            sv="Ett dokument som deltagarna hämtar.",
            en="A document for the participants to fetch.",
        ),
        minutes=10,
    ),
    _type(
        "link",
        "link",
        LocalisedText(da="Link eller video", sv="Länk eller video", en="Link or video"),
        LocalisedText(
            da="Et sted på nettet, med tekster til det, der tales.",
            sv="En plats på nätet, med text till det som sägs.",
            en="A place on the web, with the spoken words as text.",
        ),
        minutes=10,
    ),
    _type(
        "assignment",
        "pencil",
        LocalisedText(da="Opgave", sv="Uppgift", en="Assignment"),
        LocalisedText(
            da="Deltagerne afleverer, og underviseren svarer.",
            sv="Deltagarna lämnar in och läraren svarar.",
            en="Participants hand in, and the teacher answers.",
        ),
        minutes=60,
        marked=True,
    ),
    _type(
        "in_between",
        "repeat",
        LocalisedText(
            da="Opgave på arbejdet imellem", sv="Uppgift på jobbet emellan", en="Task in between"
        ),
        LocalisedText(
            da="Gøres på arbejdet, ses af en kollega eller leder og ender i noget, der kan bruges.",
            sv="Görs på jobbet, ses av en kollega eller chef och slutar i något som kan användas.",
            en="Done at work, seen by a colleague or manager, and ends in something of use.",
        ),
        minutes=60,
        marked=True,
        at_work=True,
    ),
    _type(
        "quiz",
        "list-checks",
        LocalisedText(da="Quiz", sv="Quiz", en="Quiz"),
        LocalisedText(
            da="Spørgsmål, der rettes med det samme.",
            sv="Frågor som rättas direkt.",
            en="Questions that are marked at once.",
        ),
        minutes=15,
    ),
    _type(
        "practice_log",
        "calendar-check",
        LocalisedText(da="Praksislog", sv="Praktiklogg", en="Practice log"),
        LocalisedText(
            da="Korte noter fra hverdagen, skrevet på tyve sekunder.",
            sv="Korta anteckningar från vardagen, skrivna på tjugo sekunder.",
            en="Short notes from everyday work, written in twenty seconds.",
        ),
        minutes=30,
        at_work=True,
    ),
    _type(
        "observation",
        "eye",
        LocalisedText(da="Set i praksis", sv="Sett i praktiken", en="Seen at work"),
        LocalisedText(
            da="En kollega skriver under på det, de har set deltageren gøre.",
            sv="En kollega skriver under på det de har sett deltagaren göra.",
            en="A colleague signs what they saw the participant do.",
        ),
        minutes=20,
        at_work=True,
    ),
    _type(
        "reading",
        "book-open",
        LocalisedText(da="Læst og forstået", sv="Läst och förstått", en="Read and understood"),
        LocalisedText(
            da="Deltageren bekræfter at have læst noget bestemt.",
            sv="Deltagaren bekräftar att ha läst något bestämt.",
            en="The participant confirms having read something.",
        ),
        minutes=10,
    ),
    _type(
        "check_list",
        "clipboard-check",
        LocalisedText(da="Tjekliste", sv="Checklista", en="Check-list"),
        LocalisedText(
            da="Punkter, som deltageren sætter flueben ved.",
            sv="Punkter som deltagaren bockar av.",
            en="Points for the participant to tick.",
        ),
        minutes=10,
    ),
)
