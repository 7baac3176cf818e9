"""`gopy account`: what the operator types and reads."""

from __future__ import annotations

import asyncio
import datetime

import pytest
from click.testing import CliRunner

from survey.database.engines import connected
from survey.people.commands import account
from survey.people.tokens import token_digest
from survey.tables import Account, AuditEntry, Session, SignInLink, Unit
from tests.cast import saved
from tests.people.doors import with_password

TOMORROW = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)


@pytest.fixture
def gopy(database_url, monkeypatch):
    """Runs `gopy account ...` on an empty database."""
    monkeypatch.setenv("GOPY_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(account, words)


@pytest.fixture
def in_database(database_url):
    """Runs something with the tables connected, as the commands do."""

    def run(deed):
        async def connected_deed():
            async with connected(database_url):
                return await deed()

        return asyncio.run(connected_deed())

    return run


@pytest.fixture
def unit(in_database):
    in_database(lambda: saved(Unit(key="bd", names={"vi": "Khoa Bồi dưỡng"})))
    return "bd"


def make_lan(gopy, unit):
    return gopy("add", "Lan", "--name", "Nguyễn Thị Lan", "--role", "designer", "--unit", unit)


def test_an_account_is_made_without_a_password(gopy, in_database, unit):
    assert make_lan(gopy, unit).exit_code == 0
    row = in_database(lambda: Account.select(Account.all_columns(), Account.unit.key).first())
    assert (row["login"], row["name"], row["role"], row["unit.key"], row["password"], row["active"]) == (
        "lan",
        "Nguyễn Thị Lan",
        "designer",
        "bd",
        None,
        True,
    )


def test_an_administrator_has_no_unit(gopy, unit):
    assert gopy("add", "chi", "--name", "Chi", "--role", "administrator").exit_code == 0
    refused = gopy("add", "ha", "--name", "Hà", "--role", "administrator", "--unit", unit)
    assert refused.exit_code == 1
    assert "leave --unit out" in refused.output


@pytest.mark.parametrize("role", ["designer", "head"])
def test_a_head_or_designer_without_a_unit_is_refused_in_words(gopy, in_database, role):
    refused = gopy("add", "minh", "--name", "Minh", "--role", role)
    assert refused.exit_code == 1
    assert f"A {role} sees one unit and all beneath it: say which with --unit KEY." in refused.output
    assert in_database(Account.count) == 0


def test_an_unknown_unit_is_answered_with_those_that_exist(gopy, unit):
    refused = gopy("add", "minh", "--name", "Minh", "--role", "head", "--unit", "khoa-x")
    assert "There is no unit khoa-x. Units: bd." in refused.output


def test_a_login_is_given_once(gopy, in_database, unit):
    make_lan(gopy, unit)
    refused = make_lan(gopy, unit)
    assert refused.exit_code == 1
    assert "There is an account lan already." in refused.output
    assert in_database(Account.count) == 1


def test_a_link_is_printed_and_only_its_hash_kept(gopy, in_database, unit):
    make_lan(gopy, unit)
    address = gopy("link", "lan").output.splitlines()[0]
    start, _, token = address.rpartition("/in/")
    assert start == "http://127.0.0.1:8000"
    assert in_database(lambda: SignInLink.select(SignInLink.digest)) == [{"digest": token_digest(token)}]


def test_a_forgotten_password_is_taken_away(gopy, in_database, unit):
    make_lan(gopy, unit)
    in_database(give_password)
    gopy("link", "lan")
    assert in_database(lambda: Account.count().where(Account.password.is_not_null())) == 1
    gopy("link", "lan", "--forgotten")
    assert in_database(lambda: Account.count().where(Account.password.is_not_null())) == 0
    assert in_database(Session.count) == 0


async def give_password():
    lan = await with_password(await Account.objects().first())
    await Session.insert(Session(digest=b"x", account=lan.id, csrf="x", expires_at=TOMORROW))


def test_accounts_are_listed(gopy, in_database, unit):
    make_lan(gopy, unit)
    gopy("add", "chi", "--name", "Chi", "--role", "administrator")
    assert gopy("list").output.splitlines() == [
        "chi\tadministrator\t-\tChi\tno password yet",
        "lan\tdesigner\tbd\tNguyễn Thị Lan\tno password yet",
    ]


def test_an_account_that_is_off_keeps_nothing_to_sign_in_with(gopy, in_database, unit):
    make_lan(gopy, unit)
    gopy("link", "lan")
    in_database(give_password)
    assert gopy("off", "lan").exit_code == 0
    assert (in_database(Session.count), in_database(SignInLink.count)) == (0, 0)
    assert gopy("list").output == "lan\tdesigner\tbd\tNguyễn Thị Lan\toff\n"
    assert "There is no account lan in use." in gopy("link", "lan").output


def test_the_register_knows_what_the_operator_did(gopy, in_database, unit):
    make_lan(gopy, unit)
    gopy("link", "lan", "--forgotten")
    gopy("off", "lan")
    entries = in_database(lambda: AuditEntry.select(AuditEntry.deed, AuditEntry.subject).order_by(AuditEntry.id))
    assert [(entry["deed"], entry["subject"]) for entry in entries] == [
        ("account made", "lan"),
        ("password forgotten", "lan"),
        ("link made", "lan"),
        ("account off", "lan"),
    ]


def test_a_database_that_is_not_set_up_yet_is_set_up(tmp_path, monkeypatch):
    monkeypatch.setenv("GOPY_DATA", str(tmp_path / "new"))
    result = CliRunner().invoke(account, ["add", "chi", "--name", "Chi", "--role", "administrator"])
    assert result.exit_code == 0, result.output


def test_a_misspelt_setting_is_said_and_not_ignored(gopy, monkeypatch):
    monkeypatch.setenv("GOPY_DATEN", "x")
    result = gopy("list")
    assert result.exit_code == 1
    assert "GOPY_DATEN is not a setting" in result.output
