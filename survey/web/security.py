"""Headers that every answer carries."""

from __future__ import annotations

from litestar.datastructures import ResponseHeader


def content_policy(*, styles: str = "", scripts: str = "'self'") -> str:
    """A Content-Security-Policy that allows our own files only, and the inline styles whose hashes are given."""
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' {styles}; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


# Plotly makes one empty <style> element and then fills it through the object model; this is the hash of the empty text.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"

HEADERS = [
    ResponseHeader(name="content-security-policy", value=content_policy(styles=EMPTY_STYLE)),
    # Addresses hold secrets (/t/, /r/, /in/): they must not travel to another page.
    ResponseHeader(name="referrer-policy", value="no-referrer"),
    ResponseHeader(name="x-content-type-options", value="nosniff"),
    ResponseHeader(name="x-robots-tag", value="noindex"),
    ResponseHeader(name="cache-control", value="no-store"),
    ResponseHeader(name="permissions-policy", value="camera=(), microphone=(), geolocation=()"),
    ResponseHeader(name="cross-origin-opener-policy", value="same-origin"),
]
