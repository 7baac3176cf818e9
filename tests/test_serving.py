"""`gopy serve` refuses where answers would not be safe, and says what to do."""

import socket

import pytest

from survey.database.engines import connected
from survey.refusals import Refused
from survey.serving import (
    is_loopback,
    reached,
    refuse_open_network,
    refuse_shared_folder,
    refuse_unready_database,
    take_port,
    web_server,
    without_password,
)
from survey.settings import Settings
from survey.tables import Role
from survey.web.turns import TakingTurns
from tests.cast import open_school, staff

HTTPS = "https://gopy.example.vn"


@pytest.mark.parametrize(
    "settings",
    [
        Settings(host="0.0.0.0"),
        Settings(host="192.168.1.7", address="http://192.168.1.7:8000"),
        Settings(host="127.0.0.1", address="http://gopy.example.vn"),
        Settings(host="gopy.example.vn"),
        Settings(host="::"),
    ],
    ids=lambda settings: f"{settings.host} {settings.address}",
)
def test_answers_do_not_cross_a_network_unencrypted(settings):
    with pytest.raises(Refused, match=r"not https.*GOPY_ADDRESS=https://.*GOPY_ALLOW_HTTP=true"):
        refuse_open_network(settings)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(host="localhost"),
        Settings(host="127.0.0.1", address=HTTPS),
        Settings(host="0.0.0.0", address=HTTPS),
        Settings(host="0.0.0.0", allow_http=True),
    ],
    ids=lambda settings: f"{settings.host} {settings.address} {settings.allow_http}",
)
def test_this_machine_and_https_are_served(settings):
    refuse_open_network(settings)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("", False), (None, False)],
)
def test_loopback_is_known(host, loopback):
    assert is_loopback(host) == loopback


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o704])
def test_a_folder_that_others_can_read_is_refused(tmp_path, mode):
    tmp_path.chmod(mode)
    with pytest.raises(Refused, match=f"chmod 700 {tmp_path}"):
        refuse_shared_folder(Settings(data=str(tmp_path)))
    tmp_path.chmod(0o700)
    refuse_shared_folder(Settings(data=str(tmp_path)))


def test_a_folder_that_is_not_there_yet_is_not_refused(tmp_path):
    refuse_shared_folder(Settings(data=str(tmp_path / "new")))


def test_a_taken_port_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Refused, match=f"Port {port} of 127.0.0.1 is taken.*GOPY_PORT"):
            take_port("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_refused():
    with pytest.raises(Refused, match=r"does not let us use port 8000 of 192\.0\.2\.1"):
        take_port("192.0.2.1", 8000)


def test_a_free_port_is_held():
    listener = take_port("127.0.0.1", 0)
    assert listener.getsockname()[1] > 0
    listener.close()


def test_the_server_is_one_process_without_access_log_and_trusts_no_forwarded_addresses():
    config = web_server(Settings(), log_level="warning").config
    assert config.workers == 1
    assert config.access_log is False
    assert config.server_header is False
    assert not config.proxy_headers
    assert config.timeout_graceful_shutdown


def test_requests_take_turns_where_the_database_answers_over_the_network():
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/gopy")
    assert isinstance(web_server(settings, log_level="warning").config.app, TakingTurns)
    assert not isinstance(web_server(Settings(), log_level="warning").config.app, TakingTurns)


@pytest.mark.anyio
async def test_a_database_server_that_does_not_answer_is_named_without_its_password():
    settings = Settings(database_url="postgresql://lan:secret@127.0.0.1:1/gopy")
    with pytest.raises(Refused, match=r"cannot be reached.*GOPY_DATABASE_URL") as refusal:
        async with reached(settings):
            pass
    assert "127.0.0.1:1/gopy" in str(refusal.value)
    assert "secret" not in str(refusal.value)


@pytest.mark.anyio
async def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "gopy.sqlite").write_text("Đây không phải là cơ sở dữ liệu. " * 40)
    with pytest.raises(Refused, match="cannot be reached"):
        async with reached(Settings(data=str(tmp_path))):
            pass


def test_an_address_loses_its_password_and_nothing_else():
    assert without_password("postgresql://lan:secret@db.example.vn:5432/gopy") == "postgresql://db.example.vn:5432/gopy"
    assert without_password("postgresql:///gopy?user=lan&password=secret") == "postgresql:///gopy"
    assert without_password("sqlite:////srv/gopy.sqlite") == "sqlite:////srv/gopy.sqlite"


@pytest.mark.anyio
async def test_without_an_administrator_nobody_could_sign_in(settings, database):
    await staff("lan", Role.designer)
    with pytest.raises(Refused, match=r"no administrator yet.*gopy account add"):
        await refuse_unready_database(settings)


@pytest.mark.anyio
async def test_an_administrator_who_was_switched_off_is_none(settings, database):
    administrator = await staff("quan.tri", Role.administrator)
    administrator.active = False
    await administrator.save()
    with pytest.raises(Refused, match="no administrator yet"):
        await refuse_unready_database(settings)


@pytest.mark.anyio
async def test_with_an_administrator_and_a_real_programme_it_is_ready(settings, database):
    await staff("quan.tri", Role.administrator)
    await open_school()
    await refuse_unready_database(settings)


@pytest.mark.anyio
async def test_demo_data_are_not_served_as_real(settings, database):
    await staff("quan.tri", Role.administrator)
    school = await open_school()
    school.programme.key = "demo"
    await school.programme.save()
    with pytest.raises(Refused, match=r"made by gopy demo.*GOPY_DATA"):
        await refuse_unready_database(settings)


@pytest.mark.anyio
async def test_a_database_of_an_earlier_release_waits_for_a_backup(settings, database):
    await staff("quan.tri", Role.administrator)
    await database._run_in_new_connection("DELETE FROM migration")
    with pytest.raises(Refused, match=r"earlier release.*backup.*gopy migrate"):
        await refuse_unready_database(settings)


@pytest.mark.anyio
async def test_an_empty_database_is_given_its_tables(tmp_path):
    settings = Settings(data=str(tmp_path / "new"))
    with pytest.raises(Refused, match="no administrator yet"):
        await refuse_unready_database(settings)
    async with connected(settings.database):
        await open_school()
