"""Why a file is no table we can read, in words that say what to do about it."""

from __future__ import annotations

from lms.contracts import LocalisedText


class SheetError(Exception):
    """The file or the text cannot be read as a table; `message` says what to do.

    `code` is a machine word for the reason.
    """

    def __init__(self, code: str, message: LocalisedText) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message


def _error(code: str, *, da: str, sv: str, en: str) -> SheetError:
    return SheetError(code, LocalisedText(da=da, sv=sv, en=en))


def empty() -> SheetError:
    """Nothing in it."""
    return _error(
        "empty",
        da="Der står ikke noget i listen. Vælg en fil med en overskrift og mindst én række.",
        sv="Det står ingenting i listan. Välj en fil med en rubrikrad och minst en rad.",
        en="There is nothing in the list. Choose a file with a heading and at least one row.",
    )


def no_rows() -> SheetError:
    """A heading and nothing under it."""
    return _error(
        "no_rows",
        da="Der er kun en overskrift. Skriv mindst én række under den.",
        sv="Det finns bara en rubrikrad. Skriv minst en rad under den.",
        en="There is only a heading. Write at least one row under it.",
    )


def no_heading() -> SheetError:
    """The first line holds data."""
    return _error(
        "no_heading",
        da="Den første række skal sige, hvad kolonnerne hedder. Sæt en overskrift over tallene og "
        "navnene.",
        sv="Den första raden ska säga vad kolumnerna heter. Sätt en rubrikrad över siffrorna och "
        "namnen.",
        en="The first row must say what the columns are called. Put a heading above the figures "
        "and names.",
    )


def twice(name: str) -> SheetError:
    """Two columns of one name."""
    return _error(
        "heading_twice",
        da=f"To kolonner hedder »{name}«. Giv hver kolonne sit eget navn.",
        sv=f"Två kolumner heter ”{name}”. Ge varje kolumn ett eget namn.",
        en=f"Two columns are called “{name}”. Give each column a name of its own.",
    )


def too_many_columns(most: int) -> SheetError:
    """Wider than any list of people."""
    return _error(
        "too_many_columns",
        da=f"Listen har mere end {most} kolonner. Slet dem, der ikke skal bruges.",
        sv=f"Listan har mer än {most} kolumner. Ta bort dem som inte behövs.",
        en=f"The list has more than {most} columns. Delete those that are not needed.",
    )


def too_many_rows(most: int) -> SheetError:
    """Longer than is read at once."""
    return _error(
        "too_many_rows",
        da=f"Listen har mere end {most} rækker. Del den i flere filer, og send dem en ad gangen.",
        sv=f"Listan har mer än {most} rader. Dela den i flera filer och skicka dem en i taget.",
        en=f"The list has more than {most} rows. Split it into several files and send one at a "
        "time.",
    )


def too_many_cells(row: int) -> SheetError:
    """A row that is wider than the heading."""
    return _error(
        "too_many_cells",
        da=f"Række {row} har flere celler end overskriften. Se efter et skilletegn for meget, "
        "eller en kolonne uden navn.",
        sv=f"Rad {row} har fler celler än rubrikraden. Leta efter ett skiljetecken för mycket, "
        "eller en kolumn utan namn.",
        en=f"Row {row} has more cells than the heading. Look for a separator too many, or a "
        "column without a name.",
    )


def long_cell(row: int) -> SheetError:
    """A cell that holds a book; mostly a quote that is never closed."""
    return _error(
        "long_cell",
        da=f"En celle i række {row} er alt for lang. Se efter et anførselstegn, der ikke lukkes.",
        sv=f"En cell i rad {row} är alldeles för lång. Leta efter ett citattecken som inte stängs.",
        en=f"A cell in row {row} is far too long. Look for a quotation mark that is never closed.",
    )


def quotes(row: int) -> SheetError:
    """Quotation marks that do not pair."""
    return _error(
        "quotes",
        da=f"Anførselstegnene passer ikke fra række {row}. Gem listen igen fra regnearket.",
        sv=f"Citattecknen går inte ihop från rad {row}. Spara listan igen från kalkylarket.",
        en=f"The quotation marks do not fit from row {row} on. Save the list from the spreadsheet "
        "once more.",
    )


def too_large(most: int) -> SheetError:
    """More bytes than are taken."""
    return _error(
        "too_large",
        da=f"Filen er større end {most} MB. Slet billeder og kolonner, der ikke skal bruges.",
        sv=f"Filen är större än {most} MB. Ta bort bilder och kolumner som inte behövs.",
        en=f"The file is larger than {most} MB. Delete pictures and columns that are not needed.",
    )


def unpacked_too_large() -> SheetError:
    """A workbook that swells when it is opened."""
    return _error(
        "unpacked_too_large",
        da="Regnearket fylder alt for meget, når det pakkes ud. Kopier listen til et nyt regneark.",
        sv="Kalkylarket blir alldeles för stort när det packas upp. Kopiera listan till ett nytt "
        "kalkylark.",
        en="The workbook is far too large when unpacked. Copy the list into a new workbook.",
    )


def no_table() -> SheetError:
    """Something else than a list."""
    return _error(
        "no_table",
        da="Det er ikke en liste, vi kan læse. Gem den som Excel (.xlsx) eller CSV.",
        sv="Det är inte en lista som vi kan läsa. Spara den som Excel (.xlsx) eller CSV.",
        en="This is not a list we can read. Save it as Excel (.xlsx) or CSV.",
    )


def pdf() -> SheetError:
    """A PDF."""
    return _error(
        "pdf",
        da="Det er en PDF. Åbn listen i regnearket, og gem den som Excel (.xlsx) eller CSV.",
        sv="Det är en PDF. Öppna listan i kalkylarket och spara den som Excel (.xlsx) eller CSV.",
        en="This is a PDF. Open the list in the spreadsheet and save it as Excel (.xlsx) or CSV.",
    )


def picture() -> SheetError:
    """A picture."""
    return _error(
        "picture",
        da="Det er et billede. Send selve listen som Excel (.xlsx) eller CSV.",
        sv="Det är en bild. Skicka själva listan som Excel (.xlsx) eller CSV.",
        en="This is a picture. Send the list itself as Excel (.xlsx) or CSV.",
    )


def old_workbook() -> SheetError:
    """A workbook of the kind before 2007."""
    return _error(
        "old_workbook",
        da="Det er en gammel slags fil (.xls). Åbn den i Excel, og gem den som .xlsx eller CSV.",
        sv="Det är en gammal sorts fil (.xls). Öppna den i Excel och spara den som .xlsx eller "
        "CSV.",
        en="This is an old kind of file (.xls). Open it in Excel and save it as .xlsx or CSV.",
    )


def password() -> SheetError:
    """A workbook that only opens with a password."""
    return _error(
        "password",
        da="Filen er låst med en adgangskode. Gem den uden adgangskode, og send den igen.",
        sv="Filen är låst med ett lösenord. Spara den utan lösenord och skicka den igen.",
        en="The file is locked with a password. Save it without one and send it again.",
    )


def broken() -> SheetError:
    """A workbook that does not open."""
    return _error(
        "broken",
        da="Regnearket er beskadiget og kan ikke åbnes. Gem det igen, eller gem det som CSV.",
        sv="Kalkylarket är skadat och kan inte öppnas. Spara det igen, eller spara det som CSV.",
        en="The workbook is damaged and cannot be opened. Save it again, or save it as CSV.",
    )


def nul() -> SheetError:
    """Characters that no text has."""
    return _error(
        "nul",
        da="Filen har tegn, der ikke er tekst. Gem listen igen som »CSV UTF-8« eller .xlsx.",
        sv="Filen har tecken som inte är text. Spara listan igen som ”CSV UTF-8” eller .xlsx.",
        en="The file holds characters that are not text. Save the list again as “CSV UTF-8” or "
        ".xlsx.",
    )
