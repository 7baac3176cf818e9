"""What was written: searched, counted by words and themes, and masked for review. Comments in, frames out (Polars)."""

from __future__ import annotations

from analytics.comments.letters import folded
from analytics.comments.masking import MASKED, masked_comments
from analytics.comments.reading import COMMENTS, readable_comments
from analytics.comments.searching import FOUND, found_comments
from analytics.comments.terms import TERMS, frequent_terms
from analytics.comments.themes import NO_THEME, THEMES, theme_counts

__all__ = [
    "COMMENTS",
    "FOUND",
    "MASKED",
    "NO_THEME",
    "TERMS",
    "THEMES",
    "folded",
    "found_comments",
    "frequent_terms",
    "masked_comments",
    "readable_comments",
    "theme_counts",
]
