"""Who may pass, and whose units they see."""

from __future__ import annotations

import pytest
from litestar.testing import RequestFactory

from survey.people.guards import may_see_unit, needs, signed_in, visible_units
from survey.people.sessions import Staff
from survey.problems import Problem, Refusal
from survey.tables import Role, Unit
from tests.cast import saved

ROLES = {"lan": Role.designer, "minh": Role.head, "chi": Role.administrator}


def somebody(login: str, unit: int | None = None) -> Staff:
    return Staff(id=1, login=login, name=login.title(), role=ROLES[login], unit=unit)


def refusal_of(guard, staff: Staff | None) -> Refusal | None:
    request = RequestFactory().get("/", user=staff)
    try:
        guard(request, None)
    except Problem as problem:
        return problem.refusal
    return None


def test_dung_has_no_business_here():
    assert refusal_of(signed_in, None) is Refusal.sign_in
    assert refusal_of(needs(Role.designer), None) is Refusal.sign_in


def test_every_member_of_staff_is_signed_in():
    assert [refusal_of(signed_in, somebody(login)) for login in ROLES] == [None, None, None]


def test_a_page_of_designers_is_for_designers_and_administrators():
    assert {login: refusal_of(needs(Role.designer), somebody(login)) for login in ROLES} == {
        "lan": None,
        "minh": Refusal.not_allowed,
        "chi": None,
    }


def test_a_page_of_two_roles_takes_both():
    assert refusal_of(needs(Role.designer, Role.head), somebody("minh")) is None


def test_a_page_of_administrators_is_for_nobody_else():
    assert refusal_of(needs(Role.administrator), somebody("lan")) is Refusal.not_allowed
    assert refusal_of(needs(), somebody("minh")) is Refusal.not_allowed


async def unit(key: str, parent: Unit | None = None) -> Unit:
    return await saved(Unit(key=key, names={"vi": key}, parent=parent.id if parent else None))


@pytest.fixture
async def tree(database):
    """Hà Nội over two districts over two communes, and a province beside it."""
    city = await unit("city")
    north, south = await unit("north", city), await unit("south", city)
    units = {"city": city, "north": north, "south": south, "beside": await unit("beside")}
    units |= {"commune": await unit("commune", north), "other": await unit("other", south)}
    return {key: row.id for key, row in units.items()}


@pytest.mark.anyio
@pytest.mark.parametrize("login", ["lan", "minh"])
@pytest.mark.parametrize(
    ("of", "seen"),
    [
        ("city", {"city", "north", "south", "commune", "other"}),
        ("north", {"north", "commune"}),
        ("commune", {"commune"}),
        ("beside", {"beside"}),
    ],
)
async def test_a_head_or_designer_sees_their_unit_and_all_beneath_it(tree, login, of, seen):
    staff = somebody(login, tree[of])
    assert await visible_units(staff) == {tree[key] for key in seen}
    assert {key for key, number in tree.items() if await may_see_unit(staff, number)} == seen


@pytest.mark.anyio
async def test_an_administrator_sees_every_unit(tree):
    assert await visible_units(somebody("chi")) is None
    assert await may_see_unit(somebody("chi"), tree["beside"])


@pytest.mark.anyio
@pytest.mark.parametrize("login", ["lan", "minh"])
async def test_a_head_or_designer_without_a_unit_sees_nothing(tree, login):
    assert await visible_units(somebody(login)) == set()
    assert not await may_see_unit(somebody(login), tree["city"])


@pytest.mark.anyio
async def test_a_ring_of_units_does_not_hang_the_page(tree):
    await Unit.update({Unit.parent: tree["commune"]}).where(Unit.id == tree["north"])
    assert await visible_units(somebody("minh", tree["north"])) == {tree["north"], tree["commune"]}
