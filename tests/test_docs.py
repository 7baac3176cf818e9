"""What can be set or called is written down."""

from pathlib import Path

import msgspec
import pytest

from survey.cli import main
from survey.reporting import report
from survey.settings import PREFIX, Settings, WrongSetting, read_settings

ROOT = Path(__file__).parent.parent


def test_every_setting_stands_in_the_documents_with_its_default():
    text = (ROOT / "docs/settings.md").read_text("utf-8")
    for field in msgspec.structs.fields(Settings):
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        row = f"| `{PREFIX}{field.name.upper()}` | " + (f"`{default}` |" if default else "|")
        assert row in text, row


def test_every_command_stands_in_the_documents():
    text = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs/operating.md").read_text("utf-8")
    for name in main.list_commands(None):
        assert f"gopy {name}" in text, name


def test_every_option_of_a_report_stands_in_the_documents():
    text = (ROOT / "docs/operating.md").read_text("utf-8")
    options = [name for option in report.params for name in option.opts if name.startswith("--")]
    assert {"--cohorts", "--revised"} <= set(options)
    for name in options:
        assert f"`{name}`" in text, name


def test_a_misspelt_setting_stops_the_start_and_names_the_known_ones():
    with pytest.raises(WrongSetting, match=r"GOPY_PROT is not a setting.*GOPY_PORT"):
        read_settings({"GOPY_PROT": "8000"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GOPY_PORT", "many", "wrong kind"),
        ("GOPY_PORT", "0", "between 1 and 65535"),
        ("GOPY_DATABASE_URL", "mysql://x", "postgresql://"),
        ("GOPY_LANGUAGE", "fr", "vi or en"),
        ("GOPY_ADDRESS", "gopy.example.vn", "https://"),
        ("GOPY_QUEUE_LIMIT", "0", "1 or more"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(name, value, said):
    with pytest.raises(WrongSetting, match=said):
        read_settings({name: value})


def test_settings_are_read_from_the_environment():
    settings = read_settings({"GOPY_PORT": "9000", "GOPY_ALLOW_HTTP": "true", "OTHER": "x"})
    assert (settings.port, settings.allow_http) == (9000, True)


def test_lock_files_hold_hashes_and_no_address_of_a_package_index():
    for name in ("run", "dev"):
        text = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
