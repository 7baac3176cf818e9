"""Secrets that people type: tickets, receipts and class codes, and the hashes under which they are kept."""

from __future__ import annotations

import hashlib
import secrets

# Crockford's alphabet: no I, L, O, U, so that nothing is mistaken for a 1, a 0 or a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}

TICKET_LENGTH = 12
# 75 random bits and a check character: whoever guesses a billion codes a second needs a million years.
RECEIPT_LENGTH = 16
CLASS_LENGTH = 6


def new_code(length: int) -> str:
    """A random code whose last character checks the others."""
    letters = [secrets.choice(ALPHABET) for _ in range(length - 1)]
    return "".join(letters) + _check(letters)


def new_receipt() -> str:
    return new_code(RECEIPT_LENGTH)


def receipt_from(*secret: str) -> str:
    """The receipt that a phone's own secret stands for: the same phone sending twice holds the same receipt."""
    digest = hashlib.blake2b("/".join(secret).encode(), digest_size=RECEIPT_LENGTH).digest()
    letters = [ALPHABET[byte % 32] for byte in digest[:-1]]
    return "".join(letters) + _check(letters)


def read_code(text: str, length: int) -> str | None:
    """A code as a person typed it (any case, spaces, hyphens, O for 0); none if it cannot be one."""
    letters = [letter for letter in text.upper()[:64] if letter not in " -–.\t"]
    if len(letters) != length or any(letter not in _VALUE for letter in letters):
        return None
    plain = [ALPHABET[_VALUE[letter]] for letter in letters]
    return "".join(plain) if _check(plain[:-1]) == plain[-1] else None


def grouped(code: str) -> str:
    """A code in groups of four, as it is shown and read out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _check(letters: list[str]) -> str:
    """Check character by the Luhn algorithm modulo 32 (ISO/IEC 7812-1, annex B, generalised to N characters)."""
    total = 0
    for place, letter in enumerate(reversed(letters)):
        value = _VALUE[letter] * (2 - place % 2)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def digest(purpose: str, secret: str) -> str:
    """The hash under which a secret is kept. The purpose keeps hashes of one secret from being matched."""
    return hashlib.blake2b(secret.encode(), digest_size=16, person=purpose.encode()).hexdigest()
