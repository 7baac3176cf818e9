"""Seeding the demo: whole, once, to the end after an interruption, and never among real data."""

import datetime

import pytest

from survey.answering.evaluations import offered_modules
from survey.demo import seeding
from survey.demo.marks import refuse_real_data
from survey.demo.seeding import ALL_STEPS, seed
from survey.refusals import Refused
from survey.tables import (
    Account,
    Cohort,
    Comment,
    CourseClass,
    Evaluation,
    FrozenCount,
    ModuleVersion,
    Programme,
    Response,
    Role,
    SealedRatings,
    State,
    Ticket,
    Trainee,
    Unit,
)
from tests.cast import open_school, staff

pytestmark = pytest.mark.anyio

TODAY = datetime.date.today()


def unseen(done):
    pass


async def numbers():
    """How much there is of everything that the demo makes."""
    tables = [Account, Cohort, Comment, FrozenCount, ModuleVersion, Programme, Response, SealedRatings, Ticket, Trainee]
    return {table.__name__: await table.count() for table in tables}


async def test_three_cohorts_are_sealed_and_the_fourth_is_being_asked(database):
    shown = []
    evaluation = await seed(TODAY, shown.append)
    states = await Evaluation.select(Evaluation.state).order_by(Evaluation.cohort.position)
    assert [row["state"] for row in states] == [State.sealed, State.sealed, State.sealed, State.open]
    assert evaluation.state == State.open
    assert 36 <= await Response.count() <= 44
    assert await Response.count().where(Response.evaluation == evaluation.id) == await Response.count()
    assert shown == sorted(shown)
    assert shown[-1] == ALL_STEPS


async def test_cohorts_have_two_classes_and_ninety_trainees(database):
    await seed(TODAY, unseen)
    classes = await CourseClass.select(CourseClass.enrolled)
    assert [row["enrolled"] for row in classes] == [45] * 8
    assert await Trainee.count() == 360
    cohorts = await Cohort.select(Cohort.id)
    assert [len(await offered_modules(row["id"])) for row in cohorts] == [32] * 4


async def test_revised_modules_have_a_second_version_with_a_reason(database):
    await seed(TODAY, unseen)
    rows = await ModuleVersion.select(
        ModuleVersion.module.key.as_alias("module"),
        ModuleVersion.content_note,
        ModuleVersion.approver,
        ModuleVersion.approved_on,
    ).where(ModuleVersion.number == 2)
    assert sorted(row["module"] for row in rows) == ["12", "15", "22"]
    assert all(row["content_note"] and row["approved_on"] for row in rows)
    assert {row["approver"] for row in rows} == {"Chủ tịch UBND thành phố (ví dụ)"}


async def test_the_three_roles_have_accounts_without_passwords(database):
    await seed(TODAY, unseen)
    rows = await Account.select(Account.login, Account.role, Account.password).order_by(Account.login)
    assert [(row["login"], row["role"]) for row in rows] == [
        ("lan", Role.designer),
        ("minh", Role.head),
        ("quantri", Role.administrator),
    ]
    assert {row["password"] for row in rows} == {None}


async def test_units_stand_in_three_levels(database):
    await seed(TODAY, unseen)
    assert await Unit.exists().where(Unit.parent.parent.is_not_null())
    assert await Unit.count().where(Unit.parent.is_null()) == 1


async def test_a_second_time_changes_nothing(database):
    first = await seed(TODAY, unseen)
    before = await numbers()
    second = await seed(TODAY, unseen)
    assert second.id == first.id
    assert await numbers() == before


@pytest.mark.parametrize("step", [1, 60, 250])
async def test_a_seeding_that_was_cut_off_is_finished_the_next_time(database, step):
    class PowerCutError(Exception):
        pass

    def cut(done):
        if done >= step:
            raise PowerCutError

    with pytest.raises(BaseException):  # noqa: B017  the first of many saves in a group may be the one that is cut off
        await seed(TODAY, cut)
    await seed(TODAY, unseen)
    finished = await numbers()
    assert finished["Cohort"] == 4
    assert finished["SealedRatings"] == 3
    assert sorted(row["responses"] for row in await SealedRatings.select(SealedRatings.responses)) == [75, 77, 84]
    assert finished["Response"] == finished["Ticket"] == 39


async def test_who_comes_back_weeks_later_finds_it_open_again(database):
    evaluation = await seed(TODAY, unseen)
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=9)
    await Evaluation.update({Evaluation.closes_at: past}).where(Evaluation.id == evaluation.id)
    await seed(TODAY, unseen)
    row = await Evaluation.select(Evaluation.closes_at).where(Evaluation.id == evaluation.id).first()
    assert row["closes_at"] > datetime.datetime.now(datetime.UTC)


async def test_an_evaluation_that_a_visitor_sealed_stays_sealed(database):
    evaluation = await seed(TODAY, unseen)
    await seeding.close_evaluation(evaluation.id, at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1))
    await seeding.seal_evaluation(evaluation.id)
    assert (await seed(TODAY, unseen)).state == State.sealed
    assert await Response.count() == 0


async def test_a_real_programme_is_left_alone(database):
    await open_school()
    before = await numbers()
    with pytest.raises(Refused, match="holds real data"):
        await seed(TODAY, unseen)
    assert await numbers() == before


async def test_accounts_that_wait_for_their_programme_are_left_alone(database):
    await staff("an.quan", Role.administrator)
    with pytest.raises(Refused, match="holds real data"):
        await seed(TODAY, unseen)


async def test_an_account_added_to_the_demo_does_not_make_it_real(database):
    await seed(TODAY, unseen)
    await staff("dung", Role.administrator)
    await refuse_real_data()
