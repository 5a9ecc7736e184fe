"""Orders accept any ordinary address, but none that a mail program would read as a different one."""

from email.headerregistry import Address
from email.message import EmailMessage

import marshmallow as ma
import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_api.placement.schemas import CustomerBody

NAMES = st.text("aZ9!#$%&'*+/=?^_`{|}~-.\" \t\x0b\\@,<>()ä", min_size=1, max_size=80)
DOMAINS = st.sampled_from(["example.com", "mail.example.co.uk", "xn--exmple-cua.com", "[192.0.2.1]"])


def is_accepted(email: str) -> bool:
    try:
        CustomerBody().load({"type": "guest", "email": email})
    except ma.ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "email",
    [
        "ada@example.com",
        "ada.lovelace+shop@mail.example.co.uk",
        "o'neil@example.com",
        "_a-b=c?d@example.com",
        "ada@xn--exmple-cua.com",
    ],
)
def test_an_ordinary_address_is_accepted(email: str) -> None:
    assert is_accepted(email)


@pytest.mark.parametrize(
    "email",
    [
        '"ada"@example.com',
        '"a b"@example.com',
        '"a\x0b"@example.com',
        "=?utf-8?q?ada?=@example.com",
        "ada@example.com\n",
    ],
)
def test_an_address_that_is_quoted_or_encoded_is_refused(email: str) -> None:
    assert not is_accepted(email)


@given(name=NAMES, domain=DOMAINS)
def test_an_accepted_address_appears_unchanged_in_a_mail(name: str, domain: str) -> None:
    email = f"{name}@{domain}"
    if not is_accepted(email):
        return
    message = EmailMessage()

    message["To"] = Address(addr_spec=email)

    assert [address.addr_spec for address in message["To"].addresses] == [str(message["To"])] == [email]
