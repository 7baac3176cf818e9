"""The small cast and their school: a programme of four modules in two components, one cohort, one class.

Lan builds the curriculum, Minh heads the department, An answers a form, and Dung has no business here.
"""

from __future__ import annotations

import datetime

import msgspec

from survey.answering.tickets import make_lot
from survey.forms.library import library
from survey.tables import (
    Account,
    ClassLink,
    Cohort,
    Component,
    CourseClass,
    Evaluation,
    Lesson,
    Module,
    ModuleVersion,
    Programme,
    Purpose,
    Questionnaire,
    Role,
    State,
    TicketKind,
    Unit,
)

NOW = datetime.datetime.now(datetime.UTC)
TITLES = ["Lý luận", "Chính quyền địa phương", "Kỹ năng lãnh đạo", "Chuyển đổi số"]


class School(msgspec.Struct):
    unit: Unit
    programme: Programme
    cohort: Cohort
    course_class: CourseClass
    evaluation: Evaluation
    code: str


async def saved(row):
    await row.save()
    return row


async def open_school(*, form: str = "core", key: str = "k1", modules: int = 4, enrolled: int = 30) -> School:
    """A department with an open evaluation; its class link is `/c/{code}`."""
    unit = await saved(Unit(key=f"unit-{key}", names={"vi": "Khoa Bồi dưỡng", "en": "Training department"}))
    programme = await saved(
        Programme(key=f"p-{key}", names={"vi": "Chương trình thử", "en": "Trial programme"}, unit=unit.id)
    )
    components = [
        await saved(
            Component(
                programme=programme.id, key=f"C{i}", position=i, names={"vi": f"Hợp phần {i}", "en": f"Component {i}"}
            )
        )
        for i in (1, 2)
    ]
    cohort = await saved(
        Cohort(programme=programme.id, unit=unit.id, key=key, position=1, names={"vi": "Khóa 1", "en": "Cohort 1"})
    )
    course_class = await saved(
        CourseClass(cohort=cohort.id, key="a", names={"vi": "Lớp A", "en": "Class A"}, enrolled=enrolled)
    )
    for number in range(1, modules + 1):
        title = TITLES[(number - 1) % len(TITLES)]
        module = await saved(
            Module(programme=programme.id, component=components[number % 2].id, key=f"{number:02}", position=number)
        )
        version = await saved(
            ModuleVersion(
                module=module.id, number=1, titles={"vi": title, "en": f"Module {number}"}, approver="", content_note=""
            )
        )
        await saved(Lesson(cohort=cohort.id, module_version=version.id, key=f"{number:02}", position=number))
    definition = library()[form]
    questionnaire = await Questionnaire.objects().get((Questionnaire.key == form) & (Questionnaire.version == 1))
    questionnaire = questionnaire or await saved(
        Questionnaire(key=form, version=1, published=True, definition=msgspec.json.encode(definition).decode())
    )
    evaluation = await saved(
        Evaluation(
            cohort=cohort.id,
            questionnaire=questionnaire.id,
            purpose=Purpose(definition.purpose),
            state=State.open,
            opens_at=NOW - datetime.timedelta(days=1),
            closes_at=NOW + datetime.timedelta(days=7),
        )
    )
    code = f"LOP{key.upper()}"
    await saved(ClassLink(evaluation=evaluation.id, course_class=course_class.id, code=code))
    return School(unit, programme, cohort, course_class, evaluation, code)


async def make_tickets(evaluation: int, course_class: int, kind: TicketKind, number: int) -> list[str]:
    _, secrets = await make_lot(evaluation, course_class, kind, number)
    return secrets


async def staff(login: str, role: Role, unit: Unit | None = None) -> Account:
    return await saved(Account(login=login, name=login.title(), role=role, unit=unit.id if unit else None))
