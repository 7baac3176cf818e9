"""How many people it takes before something is shown. `analytics` withholds by these numbers; pages never decide."""

from __future__ import annotations

from typing import Final

SMALLEST_GROUP: Final = 5
"""For numbers."""

SMALLEST_GROUP_FOR_COMMENTS: Final = 10
"""For texts: among fewer people a way of writing is soon recognised."""

FEW: Final = 10
"""Numbers of fewer people are shown, and marked as few."""
