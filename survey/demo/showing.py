"""What `gopy demo` prints: Vietnamese first, English beside it."""

from __future__ import annotations

import io

import click
import segno

from survey.demo.school import STAFF
from survey.people.links import sign_in_link
from survey.refusals import Refused
from survey.serving import without_password
from survey.settings import Settings
from survey.tables import Account, ClassLink, Evaluation

# White on black whatever the terminal's own colours are: cameras read it in a light one as well as in a dark one.
# `click.echo` leaves the colours out where it writes to a file.
BLACK_AND_WHITE, AS_BEFORE = "\033[38;5;231;48;5;16m", "\033[0m"
ROLES = {
    "designer": "thiết kế chương trình / designer",
    "head": "lãnh đạo đơn vị / head",
    "administrator": "quản trị / administrator",
}
NO_ACCOUNT = "Tài khoản {login} đã bị khóa. / The account {login} is switched off."


async def demo_links(settings: Settings, evaluation: Evaluation) -> str:
    """Everything one needs to try the demo, as text. Makes fresh sign-in links."""
    classes = await (
        ClassLink.select(ClassLink.code, ClassLink.course_class.key.as_alias("key"))
        .where(ClassLink.evaluation == evaluation.id)
        .order_by(ClassLink.course_class)
    )
    addresses = [(row["key"].upper(), f"{settings.base_address}/c/{row['code']}") for row in classes]
    staff = [(login, ROLES[role], await _link(login, settings)) for login, _, role, _ in STAFF]
    return "\n".join([*_for_trainees(addresses, settings), *_for_staff(staff, settings), *_for_the_operator(settings)])


async def _link(login: str, settings: Settings) -> str:
    account = await Account.objects().get((Account.login == login) & Account.active.eq(True))
    if account is None:
        raise Refused(NO_ACCOUNT, login=login)
    return await sign_in_link(account, settings)


def _for_trainees(addresses: list[tuple[str, str]], settings: Settings) -> list[str]:
    lines = ["", click.style("Học viên Khóa 4 góp ý / Trainees of cohort 4 answer", bold=True)]
    lines += [f"  Lớp {key} / class {key}:  {address}" for key, address in addresses]
    if settings.host == "127.0.0.1" and not settings.address:
        lines.append("  (chỉ mở được trên máy này; cho điện thoại: --lan / on this machine only; for phones: --lan)")
    return [*lines, "", qr_code(addresses[0][1])]


def _for_staff(staff: list[tuple[str, str, str]], settings: Settings) -> list[str]:
    minutes = settings.sign_in_minutes
    once = f"mỗi đường dẫn dùng một lần, trong {minutes} phút / each link works once, for {minutes} minutes"
    lines = [click.style("Cán bộ / Staff", bold=True) + f"  ({once})"]
    for login, role, address in staff:
        lines += [f"  {login:8} {role}", f"           {address}"]
    return lines


def _for_the_operator(settings: Settings) -> list[str]:
    place = without_password(settings.database_url) if settings.database_url else settings.data_folder
    return ["", f"Dữ liệu / Data:  {place}"]


def qr_code(address: str) -> str:
    """A QR code in half blocks, small enough for a terminal of 24 lines; a quiet zone of two is enough for cameras."""
    drawn = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(drawn, border=2, compact=True)
    return "\n".join(f"  {BLACK_AND_WHITE}{line}{AS_BEFORE}" for line in drawn.getvalue().splitlines()) + "\n"
