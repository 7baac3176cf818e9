"""`gopy demo` as somebody runs it: a process of its own, its links, its end, and its end half-way."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from survey.demo import network
from survey.demo.network import address_in_network
from survey.demo.running import demo_settings, free_port
from survey.demo.showing import qr_code
from survey.refusals import Refused
from survey.settings import Settings

GOPY = [sys.executable, "-c", "from survey.cli import main; main(prog_name='gopy')"]


@pytest.fixture
def run(tmp_path):
    """Starts `gopy` with a data folder of its own; gives the process."""
    started = []

    def start(*arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GOPY_")}
        environment |= {"GOPY_DATA": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
        process = subprocess.Popen(
            [*GOPY, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def unused_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_links_are_printed_once_the_service_answers_and_it_stops_when_asked_to(run):
    process = run("demo", "--port", str(unused_port()))
    printed = ""
    while "Ctrl+C" not in printed:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        printed += line
    (first, second) = re.findall(r"http://127\.0\.0\.1:\d+/c/\w+", printed)
    for address in (first, second):
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
            assert "Server" not in answer.headers
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(first[:-6] + "AAAAAA")
    signs_in = re.findall(r"http://\S+/in/\S+", printed)
    assert len(signs_in) == 3
    for address in signs_in:
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
    process.send_signal(signal.SIGINT)
    rest, mistakes = process.communicate(timeout=30)
    assert "Stopped" in rest
    assert process.returncode == 0
    assert "Traceback" not in mistakes


def test_without_serving_it_seeds_prints_and_ends_and_a_second_time_finds_everything(run, tmp_path):
    first, mistakes = run("demo", "--no-serve").communicate(timeout=100)
    assert "/c/" in first, mistakes
    second, _ = run("demo", "--no-serve").communicate(timeout=100)
    assert re.findall(r"/c/(\w+)", first) == re.findall(r"/c/(\w+)", second)
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_a_demo_that_was_killed_is_finished_by_the_next(run, tmp_path):
    process = run("demo", "--no-serve")
    deadline = time.monotonic() + 60
    while sealed(tmp_path / "data/gopy.sqlite") < 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    printed, mistakes = run("demo", "--no-serve").communicate(timeout=100)
    assert "/c/" in printed, mistakes
    assert sealed(tmp_path / "data/gopy.sqlite") == 3


def sealed(path):
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT count(*) FROM sealed_ratings").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_the_next_free_port_is_taken_where_none_was_asked_for():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with free_port("127.0.0.1", None, port) as listener:
            assert port < listener.getsockname()[1] < port + 20
        with pytest.raises(Refused, match="taken"):
            free_port("127.0.0.1", port, port)


def test_phones_are_given_the_address_of_the_network(monkeypatch):
    monkeypatch.setattr("survey.demo.running.address_in_network", lambda: "192.168.1.7")
    with free_port("0.0.0.0", None, 18000) as listener:
        settings = demo_settings(Settings(), listener, lan=True)
        assert settings.base_address == f"http://192.168.1.7:{listener.getsockname()[1]}"
        assert settings.host == "0.0.0.0"


def test_without_lan_only_this_machine_is_served():
    with free_port("127.0.0.1", None, 18000) as listener:
        settings = demo_settings(Settings(host="0.0.0.0"), listener, lan=False)
        assert settings.base_address == f"http://127.0.0.1:{listener.getsockname()[1]}"


class NoWay:
    """A socket of a machine without a network, or of one that knows only itself."""

    def __init__(self, *arguments, name="127.0.0.1", error=None):
        self.name, self.error = name, error

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def connect(self, address):
        if self.error:
            raise self.error

    def getsockname(self):
        return (self.name, 1)


@pytest.mark.parametrize("error", [None, OSError("Network is unreachable")])
def test_a_machine_without_a_network_says_so_in_both_languages(monkeypatch, error):
    monkeypatch.setattr(network.socket, "socket", lambda *_: NoWay(error=error))
    with pytest.raises(Refused, match=r"Wi-Fi.*/ This machine is in no network"):
        address_in_network()


def test_the_address_in_the_network_is_the_one_that_leads_out(monkeypatch):
    monkeypatch.setattr(network.socket, "socket", lambda *_: NoWay(name="10.0.0.5"))
    assert address_in_network() == "10.0.0.5"


def test_the_code_brings_its_own_black_and_white():
    lines = qr_code("http://192.168.1.7:8000/c/K3CTE8").splitlines()
    assert all(line.strip().startswith("\033[38;5;231;48;5;16m") and line.endswith("\033[0m") for line in lines if line)
    assert len(lines) < 20
