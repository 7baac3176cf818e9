"""Small files to report on."""

from __future__ import annotations


def wide(*ratings, header="Module,Q1"):
    return "\n".join([header, *(f"Họp,{rating}" for rating in ratings)]) + "\n"
