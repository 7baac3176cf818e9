"""Whatever happens to a phone, a tab or the network: what a page called saved is kept, once, and nothing else."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.answering.bad_network import network_to
from tests.answering.mishaps import Phones, Trainee, prepare_classes
from tests.browser import run
from tests.server import running_gopy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

RUNS = 100


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """The running service with a class for every run: its port and database file."""
    folder = tmp_path_factory.mktemp("site")
    folder.chmod(0o700)
    file = folder / "gopy.sqlite"
    run(prepare_classes(file, RUNS))
    with running_gopy(f"sqlite:///{file}", folder) as server:
        yield server.port, file


def test_nothing_that_was_called_saved_is_lost_doubled_or_invented(service, browser):
    port, file = service
    with network_to(port) as network, closing(Phones(browser)) as phones:
        for seed in range(RUNS):
            Trainee(phones, network, f"LOP{seed}", seed).suffer(file, deeds=8)
