"""The secrets of staff (sessions, one-time links) and the hashes under which the database knows them."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits that fit into a cookie and an address."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> bytes:
    """What the tables hold in place of a token: whoever reads the database cannot sign in with it."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
