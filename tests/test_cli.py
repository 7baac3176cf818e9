"""The command line: quick help, and one sentence instead of a traceback."""

import asyncio
import subprocess
import sys

import pytest
from click.testing import CliRunner

from survey import __version__
from survey.cli import main
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.forms.library import FOLDER
from survey.settings import read_settings
from survey.tables import Ticket
from tests.cast import open_school

COMMANDS = [
    "account",
    "close",
    "demo",
    "evaluations",
    "migrate",
    "questionnaires",
    "raise",
    "report",
    "seal",
    "serve",
    "tickets",
]


@pytest.fixture
def gopy(tmp_path, monkeypatch):
    """Runs a command in an empty data folder."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("GOPY_DATA", str(folder))
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


@pytest.fixture
def school(gopy):
    """An open evaluation with the number 1, of one class `a`."""

    async def make():
        async with connected(read_settings().database):
            await migrate()
            await open_school()

    asyncio.run(make())


def test_help_names_every_command(gopy):
    result = gopy("--help")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.partition("Commands:\n")[2].splitlines()] == COMMANDS


def test_help_comes_at_once_because_nothing_heavy_is_imported():
    heavy = "{'litestar', 'piccolo', 'polars', 'numpy', 'asyncpg', 'uvicorn', 'plotly'}"
    code = f"import sys, survey.cli; print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_version_is_said(gopy):
    assert gopy("--version").output == f"gopy, version {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(gopy, command):
    result = gopy(command, "--help")
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_a_misspelt_setting_is_one_sentence(gopy, monkeypatch):
    monkeypatch.setenv("GOPY_DATTA", "x")
    result = gopy("serve")
    assert result.exit_code == 2
    assert result.output.startswith("Error: GOPY_DATTA is not a setting.")
    assert "Traceback" not in result.output


@pytest.mark.parametrize("arguments", [["close", "77"], ["seal", "77"], ["tickets", "77", "a", "--number", "1"]])
def test_an_unknown_evaluation_is_one_sentence(gopy, school, arguments):
    result = gopy(*arguments)
    assert result.exit_code == 2
    assert result.output.startswith("Error: There is no ")
    assert len(result.output.splitlines()) == 1


def test_serving_without_an_administrator_is_refused(gopy):
    result = gopy("serve")
    assert result.exit_code == 2
    assert "There is no administrator yet" in result.output


def test_serving_a_network_without_https_is_refused(gopy, monkeypatch):
    monkeypatch.setenv("GOPY_HOST", "0.0.0.0")
    result = gopy("serve")
    assert result.exit_code == 2
    assert "not https" in result.output


def test_the_demo_leaves_real_data_alone(gopy, school):
    result = gopy("demo", "--no-serve")
    assert result.exit_code == 2
    assert "holds real data" in result.output


def test_a_folder_that_is_still_empty_has_no_evaluations(gopy):
    assert gopy("evaluations").output == "There are no evaluations yet.\n"
    assert gopy("close", "1").output == "Error: There is no such evaluation.\n"


def test_migrating_twice_does_nothing_the_second_time(gopy):
    assert gopy("migrate").output.endswith("migrations done.\n")
    assert gopy("migrate").output == "Nothing to do: the database is up to date.\n"


def test_from_slips_to_sealing(gopy, school):
    slips = gopy("tickets", "1", "a", "--number", "3").output.splitlines()
    assert len(slips) == 3
    assert all(slip.startswith("http://127.0.0.1:8000/t/") for slip in slips)
    assert "open" in gopy("evaluations").output
    assert "still open" in gopy("seal", "1").output
    assert gopy("close", "1").exit_code == 0
    assert "may still be saved until" in gopy("seal", "1").output
    assert "closed" in gopy("evaluations").output


def test_slips_that_cannot_be_written_down_are_not_made(gopy, school, tmp_path):
    result = gopy("tickets", "1", "a", "--number", "3", "--pdf", str(tmp_path / "nowhere" / "slips.pdf"))
    assert result.exit_code == 2
    assert "Nothing can be written to" in result.output
    assert "nowhere" in result.output

    async def tickets():
        async with connected(read_settings().database):
            return await Ticket.count()

    assert asyncio.run(tickets()) == 0


@pytest.mark.parametrize("number", ["0", "99999999999999999999"])
def test_a_number_that_no_evaluation_can_have_is_one_sentence(gopy, school, number):
    result = gopy("close", number)
    assert result.exit_code == 2
    assert "is not in the range" in result.output


def test_the_library_is_listed(gopy):
    assert [line.split()[0] for line in gopy("questionnaires", "list").output.splitlines()] == [
        path.stem for path in sorted(FOLDER.glob("*.toml"))
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_the_forms_of_the_library_have_no_slips(gopy, path):
    result = gopy("questionnaires", "check", str(path))
    assert result.exit_code == 0
    assert "no slips" in result.output


def test_proofreading_names_every_slip_with_its_place(gopy, tmp_path):
    path = tmp_path / "mine.toml"
    text = (FOLDER / "core.toml").read_text()
    path.write_text(text.replace('scale = "usefulness"', 'scale = "useful"').replace("up_to = 3", "up_to = 0"))
    result = gopy("questionnaires", "check", str(path))
    assert result.exit_code == 1
    assert "mine.toml: sections[0].items[0].scale: there is no scale “useful”" in result.output
    assert len(result.output.splitlines()) == 3


def test_help_waits_for_no_library_that_it_does_not_need():
    program = "import sys; from survey.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules, sep='\\n')"
    help_text = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True).stdout
    assert "Usage" in help_text
    assert not {"polars", "litestar", "piccolo", "plotly", "scipy"} & set(help_text.splitlines())
