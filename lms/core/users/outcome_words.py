"""The sentences about rows of a list of people."""

from __future__ import annotations

from collections.abc import Mapping

from lms.contracts import LocalisedText


def _said(da: str, sv: str, en: str) -> LocalisedText:
    return LocalisedText(da=da, sv=sv, en=en)


FIELDS: Mapping[str, LocalisedText] = {
    "name": _said("navn", "namn", "name"),
    "email": _said("mail", "mejl", "mail"),
    "language": _said("sprog", "språk", "language"),
    "function": _said("funktion", "funktion", "function"),
    "unit": _said("enhed", "enhet", "unit"),
    "manager": _said("leder", "chef", "manager"),
    "to_day": _said("sidste dag", "sista dag", "last day"),
    "number": _said("medarbejdernummer", "anställningsnummer", "employee number"),
}

LIST_FAILED = _said(
    "Listen stoppede undervejs og prøves ikke igen af sig selv. Det, der er gjort, bliver stående. "
    "Send listen igen, så bliver resten gjort. Stopper den igen, så sig det til dem, der passer "
    "systemet.",
    "Listan stannade på vägen och görs inte om av sig själv. Det som är gjort står kvar. "
    "Skicka listan igen, så görs resten. Stannar den igen, så säg till dem som sköter systemet.",
    "The list stopped on the way and is not tried again by itself. What is done stays. "
    "Send the list again, and the rest is done. If it stops again, tell those who look after the "
    "site.",
)
"""What to do about a list whose job has failed for good."""

OUTCOME_WORDS: Mapping[str, LocalisedText] = {
    "come": _said("Kommer", "Kommer", "Comes"),
    "change": _said("Ændres", "Ändras", "Changes"),
    "move": _said("Flytter", "Flyttar", "Moves"),
    "leave": _said("Holder op", "Slutar", "Leaves"),
    "same": _said("Som før", "Som förut", "As before"),
    "error": _said("Fejl", "Fel", "Error"),
}

SENTENCES: Mapping[str, LocalisedText] = {
    "come.new": _said(
        "Får en invitation på {email}.",
        "Får en inbjudan på {email}.",
        "Gets an invitation at {email}.",
    ),
    "come.known": _said(
        "Har allerede en konto med den mail og får en plads her.",
        "Har redan ett konto med den mejladressen och får en plats här.",
        "Has an account with that mail and gets a place here.",
    ),
    "come.back": _said(
        "Kommer tilbage og kan logge ind igen.",
        "Kommer tillbaka och kan logga in igen.",
        "Comes back and can sign in again.",
    ),
    "change": _said("Ændres: {fields}.", "Ändras: {fields}.", "Changes: {fields}."),
    "move": _said(
        "Flytter den {day}: {fields}.", "Flyttar den {day}: {fields}.", "Moves on {day}: {fields}."
    ),
    "leave.now": _said(
        "Holder op og kan ikke logge ind mere. Beviserne bliver.",
        "Slutar och kan inte logga in längre. Intygen finns kvar.",
        "Leaves and can sign in no more. The certificates stay.",
    ),
    "leave.on": _said(
        "Holder op efter den {day}.", "Slutar efter den {day}.", "Leaves after {day}."
    ),
    "leave.missing": _said(
        "Står ikke på listen: holder op og kan ikke logge ind mere. Beviserne bliver.",
        "Står inte på listan: slutar och kan inte logga in längre. Intygen finns kvar.",
        "Is not on the list: leaves and can sign in no more. The certificates stay.",
    ),
    "leave.place": _said(
        "Holder op her. Kontoen bliver, for personen har også en plads eller rolle et andet sted.",
        "Slutar här. Kontot finns kvar, för personen har också en plats eller roll någon "
        "annanstans.",
        "Leaves here. The account stays, for the person also has a place or role elsewhere.",
    ),
    "same": _said("Er, som det står.", "Är som det står.", "Is as it says."),
    # --- errors
    "identity_number": _said(
        "Rækken har noget, der ligner et cpr-nummer. Slet det. Vi gemmer aldrig de numre.",
        "Raden har något som liknar ett personnummer. Ta bort det. Vi sparar aldrig sådana nummer.",
        "The row holds what looks like a personal identity number. Delete it: we never keep those.",
    ),
    "characters": _said(
        "Rækken har tegn, der ikke kan gemmes. Skriv den igen.",
        "Raden har tecken som inte kan sparas. Skriv den igen.",
        "The row holds characters that cannot be kept. Write it again.",
    ),
    "too_long": _said(
        "En celle er for lang. Navne må have 200 tegn og numre 40.",
        "En cell är för lång. Namn får ha 200 tecken och nummer 40.",
        "A cell is too long. A name may have 200 characters, a number 40.",
    ),
    "no_number": _said(
        "Skriv medarbejdernummeret.", "Skriv anställningsnumret.", "Write the employee number."
    ),
    "number_twice": _said(
        "Nummeret står også i række {other}. Behold den rigtige række.",
        "Numret står också på rad {other}. Behåll den rätta raden.",
        "Row {other} has the same number. Keep the right one.",
    ),
    "email_twice": _said(
        "Mailen står også i række {other}. Hver person skal have sin egen.",
        "Mejladressen står också på rad {other}. Varje person ska ha sin egen.",
        "Row {other} has the same mail. Each person needs their own.",
    ),
    "no_name": _said("Skriv navnet.", "Skriv namnet.", "Write the name."),
    "no_email": _said(
        "Skriv den mail, personen læser på arbejdet.",
        "Skriv den mejladress som personen läser på jobbet.",
        "Write the mail that the person reads at work.",
    ),
    "email_wrong": _said(
        "Skriv en mail som navn@arbejdsplads.dk.",
        "Skriv en mejladress som namn@arbetsplats.se.",
        "Write a mail address such as name@workplace.org.",
    ),
    "email_taken": _said(
        "En anden person har den mail. Ret mailen, eller spørg administratoren.",
        "En annan person har den mejladressen. Rätta den, eller fråga administratören.",
        "Somebody else has that mail. Correct it, or ask the administrator.",
    ),
    "elsewhere": _said(
        "Der er en konto med den mail hos en anden arbejdsgiver. Bed administratoren for hele "
        "stedet om at give en plads her.",
        "Det finns ett konto med den mejladressen hos en annan arbetsgivare. Be administratören "
        "för hela webbplatsen att ge en plats här.",
        "There is an account with that mail at another employer. Ask the site administrator to "
        "give it a place here.",
    ),
    "other_number": _said(
        "Personen med den mail har nummeret {number} her. Ret det ene af dem.",
        "Personen med den mejladressen har numret {number} här. Rätta det ena av dem.",
        "The person with that mail has the number {number} here. Correct one of the two.",
    ),
    "another_person": _said(
        "Nummeret tilhører {known}, og både navn og mail er nye. Er det en anden person, så lad "
        "{known} holde op først.",
        "Numret tillhör {known}, och både namn och mejladress är nya. Är det en annan person, låt "
        "{known} sluta först.",
        "The number is {known}'s, and both name and mail are new. If this is somebody else, let "
        "{known} leave first.",
    ),
    "no_function": _said(
        "Skriv, hvad personen er på arbejdet.",
        "Skriv vad personen är på jobbet.",
        "Write what the person is at work.",
    ),
    "function_unknown": _said(
        "Vi kender ikke funktionen »{text}«. Brug et ord fra listen over funktioner.",
        "Vi känner inte till funktionen ”{text}”. Använd ett ord från listan över funktioner.",
        "We do not know the function “{text}”. Use a word from the list of functions.",
    ),
    "unit_unknown": _said(
        "Der er ingen åben enhed med navnet »{text}« her. Tilføj den, eller ret navnet.",
        "Det finns ingen öppen enhet med namnet ”{text}” här. Lägg till den, eller rätta namnet.",
        "No open unit here is called “{text}”. Add it, or correct the name.",
    ),
    "language_unknown": _said(
        "Skriv sproget som da, sv eller en.",
        "Skriv språket som da, sv eller en.",
        "Write the language as da, sv or en.",
    ),
    "status_unknown": _said(
        "Lad status være tom, eller skriv leave.",
        "Lämna status tom, eller skriv leave.",
        "Leave the status empty, or write leave.",
    ),
    "day_wrong": _said(
        "»{text}« er ikke en dag. Skriv år, måned og dag, for eksempel 2026-04-14.",
        "”{text}” är inte en dag. Skriv år, månad och dag, till exempel 2026-04-14.",
        "“{text}” is not a day. Write year, month and day, such as 2026-04-14.",
    ),
    "days_order": _said(
        "Den sidste dag ligger før den første. Ret en af dem.",
        "Den sista dagen ligger före den första. Rätta en av dem.",
        "The last day lies before the first. Correct one of them.",
    ),
    "manager_unknown": _said(
        "Vi kender ingen leder med »{text}«. Skriv et medarbejdernummer eller en mail herfra.",
        "Vi känner ingen chef med ”{text}”. Skriv ett anställningsnummer eller en mejladress "
        "härifrån.",
        "We know no manager by “{text}”. Write an employee number or a mail from here.",
    ),
    "manager_self": _said(
        "Ingen er sin egen leder. Skriv en anden.",
        "Ingen är sin egen chef. Skriv någon annan.",
        "Nobody is their own manager. Write somebody else.",
    ),
    "manager_cycle": _said(
        "Lederne går i ring: {text}. Ret en af rækkerne. Indtil da bliver det, som det er.",
        "Cheferna går i en ring: {text}. Rätta en av raderna. Till dess blir det som det är.",
        "The managers go round in a circle: {text}. Correct one of the rows. Until then all stays.",
    ),
    "manager_row": _said(
        "Lederens egen række ({text}) har en fejl. Ret den først.",
        "Chefens egen rad ({text}) har ett fel. Rätta den först.",
        "The manager's own row ({text}) has an error. Correct that first.",
    ),
    "nobody": _said(
        "Ingen her har det nummer, så ingen kan holde op.",
        "Ingen här har det numret, så ingen kan sluta.",
        "Nobody here has that number, so nobody can leave.",
    ),
    "self": _said(
        "Det er dig selv. Bed en anden administrator om det.",
        "Det är du själv. Be en annan administratör om det.",
        "That is you. Ask another administrator to do it.",
    ),
    "stronger": _said(
        "Personen har også en rolle uden for din organisation. Spørg administratoren.",
        "Personen har också en roll utanför din organisation. Fråga administratören.",
        "This person also holds a role outside your organisation. Ask the administrator.",
    ),
    "meanwhile": _said(
        "Nogen har ændret personen imens. Send listen igen.",
        "Någon har ändrat personen under tiden. Skicka listan igen.",
        "Somebody has changed this person meanwhile. Send the list again.",
    ),
}


def too_many_leave(leavers: int, everybody: int) -> LocalisedText:
    """A full list that lacks more than a third of the people."""
    return _said(
        f"{leavers} af {everybody} står ikke på listen og ville holde op. Er det hele listen? "
        "Bekræft det, eller send kun ændringer.",
        f"{leavers} av {everybody} står inte på listan och skulle sluta. Är det hela listan? "
        "Bekräfta det, eller skicka bara ändringar.",
        f"{leavers} of {everybody} are not on the list and would leave. Is this the whole list? "
        "Confirm it, or send changes only.",
    )


def rows_without_number(number: int) -> LocalisedText:
    """A full list where nobody knows who some rows are about."""
    return _said(
        f"{number} rækker har intet medarbejdernummer, vi kan læse. Indtil de er rettet, holder "
        "ingen op, fordi de mangler på listen.",
        f"{number} rader har inget anställningsnummer som vi kan läsa. Tills de är rättade slutar "
        "ingen för att de saknas på listan.",
        f"{number} rows have no employee number we can read. Until they are corrected, nobody "
        "leaves for missing from the list.",
    )
