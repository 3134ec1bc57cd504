"""Mail addresses: one key per mailbox, so that no second account can look like the first."""

from __future__ import annotations

import unicodedata

LONGEST = 254
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e"))


def clean_email(text: str) -> str:
    """The address as it is kept; `ValueError` when no mail could reach it.

    Compatibility forms and invisible signs are put right; the name before the @ is plain ASCII,
    so that letters of other scripts cannot imitate it; the domain is kept in its ASCII form.
    """
    from email_validator import EmailNotValidError, validate_email  # slow to import

    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).strip()
    try:
        found = validate_email(
            plain, allow_smtputf8=False, check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError as error:
        raise ValueError("not an address") from error
    address = found.ascii_email
    if address is None or "." not in found.domain or len(address) > LONGEST:
        raise ValueError("not an address")
    return address


def email_key(text: str) -> str:
    """What two writings of one address have in common; empty when it is no address at all."""
    try:
        return clean_email(text).casefold()
    except ValueError:
        return ""
