"""Whatever happens to a phone, a tab or the network: what a page called saved is kept, once, and nothing else."""

from __future__ import annotations

import pytest

from tests.answering.telling import failures

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

RUNS, AT_ONCE = 100, 2


def test_nothing_that_was_called_saved_is_lost_doubled_or_invented(chromium):
    told = [story for some in failures(range(RUNS), deeds=8, at_once=AT_ONCE, chromium=chromium) for story in some]
    assert len(told) == RUNS
    assert not any(told), "\n".join(filter(None, told))
