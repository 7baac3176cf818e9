"""How many people it takes before something is shown. `analytics` withholds by these numbers; pages never decide."""

from __future__ import annotations

from typing import Final

from analytics import Policy

POLICY: Final = Policy()

SMALLEST_GROUP: Final = POLICY.smallest_group
"""For numbers."""

SMALLEST_GROUP_FOR_COMMENTS: Final = POLICY.smallest_group_for_comments
"""For texts: among fewer people a way of writing is soon recognised."""

UNANIMOUS_BELOW: Final = POLICY.unanimous_below
"""Of fewer people it is not shown exactly that nearly all of them gave the same answer."""

FEW: Final = POLICY.few
"""Numbers of fewer people are shown, and marked as few."""
