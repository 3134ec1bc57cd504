"""Which passwords will do, how they are kept, and mail addresses that look alike."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from lms.core.users import passwords
from lms.core.users.addresses import clean_email, email_key
from lms.work import unit_of_work

NAMES = ("Hjemmeplejeleder Kolding", "anne.prøve@eksempelby.example")


@pytest.fixture(autouse=True)
def _in_app(lms_app):
    with lms_app.app_context():
        yield


@pytest.mark.parametrize(
    "password",
    [
        "tre ord og en bro",
        "kaffe havregryn cykelhjelm",
        "Ubåd-i-mosen-1987",
        "🐝🐝 summer i haven",
        "839204718263",
        "x" * 3 + "qzvbnm" + "y" * 3 + "kpt",
        "æblegrød med fløde " * 6,
    ],
)
def test_these_will_do(password):
    assert passwords.problem_with(password, names=NAMES) is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "kort",
        "ellevetegn1",
        "x" * 129,
        "aaaaaaaaaaaa",
        "121212121212",
        "123456789012",
        "098765432109",
        "qwertyuiopåas",
        "abcdefghijkl",
        "a b c d e f g h i j",
        "passwordpassword",
        "password12345",
        "P4ssw0rd123456!",
        "adgangskode2026",
        "Velkommen2026!!",
        "sommersommersommer",
        "2026velkommen!!!",
        "samspil12345",
        "SamspilSamspil",
        "Hjemmeplejeleder1",
        "kolding-hjemmeplejeleder",
        "eksempelby2026",
    ],
)
def test_these_are_refused_with_a_sentence(password):
    problem = passwords.problem_with(password, names=NAMES)
    assert problem is not None
    assert all(problem.message.as_dict().values())


def test_a_password_fits_its_hash_only():
    stored = passwords.hash_password("tre ord og en bro")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "tre ord og en bro")
    assert not passwords.verify(stored, "tre ord og en brø")
    assert not passwords.verify(None, "tre ord og en bro")
    assert not passwords.verify("rubbish", "tre ord og en bro")
    assert not passwords.needs_new_hash(stored)


def test_two_writings_of_one_letter_are_one_password():
    assert passwords.verify(passwords.hash_password("tre ord og en å\u0301"), "tre ord og en ǻ")


def test_other_parameters_ask_for_a_new_hash():
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("tre ord og en bro")
    assert passwords.verify(old, "tre ord og en bro")
    assert passwords.needs_new_hash(old)


def test_hashing_inside_a_unit_of_work_is_a_mistake():
    with unit_of_work(), pytest.raises(RuntimeError):
        passwords.hash_password("tre ord og en bro")
    with unit_of_work(), pytest.raises(RuntimeError):
        passwords.verify(None, "tre ord og en bro")


@pytest.mark.parametrize(
    "text",
    [
        "Anne@Eksempelby.example",
        " anne@eksempelby.example ",
        "anne@eksempelby.example\u200b",
        "an\u00adne@eksempelby.example",
        "ａｎｎｅ@eksempelby.example",
        "ANNE@EKSEMPELBY.EXAMPLE",
    ],
)
def test_writings_of_one_address_have_one_key(text):
    assert email_key(text) == "anne@eksempelby.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anne",
        "anne@",
        "@eksempelby.example",
        "anne@localhost",
        "аnne@eksempelby.example",  # the first letter is Cyrillic
        "anne@@eksempelby.example",
        "anne@eksempelby.example\nbcc: x@y.example",
        "a" * 300 + "@eksempelby.example",
    ],
)
def test_what_is_no_address_has_no_key(text):
    assert email_key(text) == ""
    with pytest.raises(ValueError, match="address"):
        clean_email(text)


def test_a_domain_in_other_letters_is_another_mailbox():
    assert email_key("anne@eksempеlby.example").startswith("anne@xn--")
    assert email_key("anne@blåbær.example") == email_key("ANNE@BLÅBÆR.example")
