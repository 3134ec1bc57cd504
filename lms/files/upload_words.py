"""Why a file is not taken, in words that say what to do about it."""

from __future__ import annotations

from lms.contracts import LocalisedText


class UploadRefused(Exception):
    """The file is not taken; `message` says why and what to do. `code` is a machine word."""

    def __init__(self, code: str, message: LocalisedText) -> None:
        super().__init__(message.en)
        self.code = code
        self.message = message


def _no(code: str, *, da: str, sv: str, en: str) -> UploadRefused:
    return UploadRefused(code, LocalisedText(da=da, sv=sv, en=en))


def empty() -> UploadRefused:
    """No bytes."""
    return _no(
        "empty",
        da="Filen er tom. Åbn den hos dig selv, gem den igen, og vælg den så her.",
        sv="Filen är tom. Öppna den hos dig, spara den igen och välj den sedan här.",
        en="The file is empty. Open it on your own device, save it again, and choose it here.",
    )


def too_large(megabytes: int) -> UploadRefused:
    """More bytes than one file may have."""
    return _no(
        "too_large",
        da=f"Filen fylder mere end {megabytes} MB. Gør den mindre, del den, eller skriv et link.",
        sv=f"Filen är större än {megabytes} MB. Gör den mindre, dela den eller skriv en länk.",
        en=f"The file is larger than {megabytes} MB. Make it smaller, split it, or write a link.",
    )


def over_quota(megabytes: int) -> UploadRefused:
    """One person has sent as much as one person may."""
    return _no(
        "over_quota",
        da=f"Du har sendt {megabytes} MB i alt, og der er ikke plads til mere fra dig. Spørg den, "
        "der passer Samspil.",
        sv=f"Du har skickat {megabytes} MB totalt och det finns inte plats för mer från dig. "
        "Fråga den som sköter Samspil.",
        en=f"You have sent {megabytes} MB in all, and there is no room for more from you. Ask "
        "whoever looks after Samspil.",
    )


def no_name() -> UploadRefused:
    """A name with no letter or figure in it."""
    return _no(
        "no_name",
        da="Filen har ikke noget navn. Giv den et navn med bogstaver, og vælg den igen.",
        sv="Filen har inget namn. Ge den ett namn med bokstäver och välj den igen.",
        en="The file has no name. Give it a name with letters, and choose it again.",
    )


def other_kind(allowed: str) -> UploadRefused:
    """An ending that is not taken here."""
    return _no(
        "other_kind",
        da=f"Den slags fil kan ikke sendes her. Du kan sende: {allowed}.",
        sv=f"Den sortens fil kan inte skickas här. Du kan skicka: {allowed}.",
        en=f"That kind of file cannot be sent here. You can send: {allowed}.",
    )


def two_endings() -> UploadRefused:
    """A name such as invoice.exe.pdf."""
    return _no(
        "two_endings",
        da="Filens navn har to endelser og ligner et program. Giv den et navn med én endelse.",
        sv="Filens namn har två ändelser och liknar ett program. Ge den ett namn med en ändelse.",
        en="The file's name has two endings and looks like a program. Give it a name with one.",
    )


def not_what_it_says() -> UploadRefused:
    """Bytes, name and declared type are not of one kind."""
    return _no(
        "not_what_it_says",
        da="Filens indhold passer ikke til dens navn. Åbn den, gem den på ny, og prøv igen.",
        sv="Filens innehåll passar inte till dess namn. Öppna den, spara på nytt och försök igen.",
        en="What is in the file does not fit its name. Open it, save it anew, and try again.",
    )


def broken() -> UploadRefused:
    """Truncated or damaged."""
    return _no(
        "broken",
        da="Filen kan ikke læses; måske er noget af den gået tabt. Gem den på ny, og prøv igen.",
        sv="Filen kan inte läsas; kanske har en del av den gått förlorad. Spara den på nytt och "
        "försök igen.",
        en="The file cannot be read; part of it may have been lost. Save it anew, and try again.",
    )


def virus() -> UploadRefused:
    """The standard test file of virus scanners."""
    return _no(
        "virus",
        da="Filen er den, som virusscannere prøves med. Den tager vi ikke imod.",
        sv="Filen är den som antivirusprogram provas med. Den tar vi inte emot.",
        en="The file is the one that virus scanners are tried with. We do not take it.",
    )


def macros() -> UploadRefused:
    """An office file with a program in it."""
    return _no(
        "macros",
        da="Dokumentet har makroer i sig. Gem det uden makroer eller som PDF, og send det så.",
        sv="Dokumentet innehåller makron. Spara det utan dem eller som PDF och skicka det sedan.",
        en="The document has macros in it. Save it without macros or as PDF, and send that.",
    )


def fetches() -> UploadRefused:
    """An office file that asks another place for something when it is opened."""
    return _no(
        "fetches",
        da="Dokumentet henter noget et andet sted fra, når det åbnes. Gem det som PDF, eller sæt "
        "billeder og skabelon ind i selve filen.",
        sv="Dokumentet hämtar något från en annan plats när det öppnas. Spara det som PDF, eller "
        "lägg in bilder och mall i själva filen.",
        en="The document fetches something from another place when it is opened. Save it as PDF, "
        "or put pictures and template into the file itself.",
    )


def password() -> UploadRefused:
    """A file nobody can look into."""
    return _no(
        "password",
        da="Filen er låst med en adgangskode. Gem den uden, og send den igen.",
        sv="Filen är låst med ett lösenord. Spara den utan och skicka den igen.",
        en="The file is locked with a password. Save it without one, and send it again.",
    )


def unpacks_too_large() -> UploadRefused:
    """A bomb: small here, huge when opened."""
    return _no(
        "unpacks_too_large",
        da="Filen bliver alt for stor, når den pakkes ud. Gem den på ny eller som PDF.",
        sv="Filen blir alldeles för stor när den packas upp. Spara den på nytt eller som PDF.",
        en="The file becomes far too large when it is unpacked. Save it anew or as PDF.",
    )


def odd_entries() -> UploadRefused:
    """Entries that would land outside their folder, or too many of them."""
    return _no(
        "odd_entries",
        da="Filen er pakket på en måde, som intet kontorprogram gør. Gem den på ny, og prøv igen.",
        sv="Filen är packad på ett sätt som inget kontorsprogram gör. Spara den på nytt och försök "
        "igen.",
        en="The file is packed in a way that no office program does. Save it anew, and try again.",
    )


def old_office() -> UploadRefused:
    """A document of the time before 2007, or one with a password."""
    return _no(
        "old_office",
        da="Dokumentet er af den gamle slags eller låst. Gem det som .docx, .xlsx, .pptx "
        "eller PDF.",
        sv="Dokumentet är av den gamla sorten eller låst. Spara det som .docx, .xlsx, .pptx eller "
        "PDF.",
        en="The document is of the old kind or locked. Save it as .docx, .xlsx, .pptx or PDF.",
    )


def archive() -> UploadRefused:
    """A packed folder."""
    return _no(
        "archive",
        da="En pakket mappe kan ikke sendes. Pak den ud, og send filerne hver for sig.",
        sv="En packad mapp kan inte skickas. Packa upp den och skicka filerna var för sig.",
        en="A packed folder cannot be sent. Unpack it, and send the files one by one.",
    )


def heic() -> UploadRefused:
    """A telephone's own kind of picture."""
    return _no(
        "heic",
        da="Billedet er af typen HEIC, som mange ikke kan åbne. Vælg »Mest kompatibel« under "
        "telefonens kameraindstillinger, eller gem billedet som JPEG.",
        sv="Bilden är av typen HEIC, som många inte kan öppna. Välj ”Mest kompatibel” i telefonens "
        "kamerainställningar, eller spara bilden som JPEG.",
        en="The picture is of the kind HEIC, which many cannot open. Choose “Most compatible” in "
        "the phone's camera settings, or save the picture as JPEG.",
    )


def svg() -> UploadRefused:
    """A drawing that can hold a script."""
    return _no(
        "svg",
        da="En SVG-tegning kan have et program i sig og tages ikke imod. Gem den som PNG.",
        sv="En SVG-teckning kan innehålla ett program och tas inte emot. Spara den som PNG.",
        en="An SVG drawing can hold a program and is not taken. Save it as PNG.",
    )


def moving() -> UploadRefused:
    """A picture of several frames."""
    return _no(
        "moving",
        da="Billedet bevæger sig. Send et stille billede, eller gem det som en video (MP4).",
        sv="Bilden rör sig. Skicka en stillbild, eller spara den som en video (MP4).",
        en="The picture moves. Send a still one, or save it as a video (MP4).",
    )


def too_many_pixels(megapixels: int) -> UploadRefused:
    """More pixels than we unfold."""
    return _no(
        "too_many_pixels",
        da=f"Billedet har mere end {megapixels} millioner punkter. Gør det mindre, og prøv igen.",
        sv=f"Bilden har mer än {megapixels} miljoner punkter. Gör den mindre och försök igen.",
        en=f"The picture has more than {megapixels} million points. Make it smaller, and try "
        "again.",
    )


def too_heavy() -> UploadRefused:
    """Looking at it takes longer, or more memory, than anybody's file may."""
    return _no(
        "too_heavy",
        da="Filen er for tung at se igennem. Gem den på ny eller i en mindre udgave.",
        sv="Filen är för tung att gå igenom. Spara den på nytt eller i en mindre version.",
        en="The file is too heavy to look through. Save it anew, or a smaller version of it.",
    )
