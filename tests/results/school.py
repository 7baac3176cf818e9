"""A programme whose cohorts are sealed already: their counts stand there as sealing leaves them.

Modules 01 to 04 in two components. Ratings are given as how many chose the steps 1, 2, 3, 4, 5.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from piccolo.table import Table

from survey.forms.library import library
from survey.forms.shape import Form
from survey.tables import (
    Account,
    Cohort,
    Comment,
    Component,
    CourseClass,
    Evaluation,
    FrozenCount,
    Lesson,
    Module,
    ModuleVersion,
    Programme,
    Purpose,
    Questionnaire,
    Response,
    Role,
    SealedRatings,
    State,
    Unit,
)
from tests.cast import saved, staff
from tests.people.doors import sign_in_by_link

TITLES = {"01": "Dân vận", "02": "Cải cách hành chính", "03": "Điều hành cuộc họp", "04": "Chuyển đổi số"}
GOOD, FAIR, POOR = [0, 1, 8, 21, 30], [0, 4, 20, 25, 11], [12, 20, 16, 10, 2]
Ratings = Mapping[str, Sequence[int]]


class Taught(msgspec.Struct):
    cohort: Cohort
    evaluation: Evaluation
    course_class: CourseClass
    # Module -> number of the row of the version that was taught.
    versions: dict[str, int]


class ResultsSchool(msgspec.Struct):
    """The department, its programme, and how to add cohorts to it."""

    unit: Unit
    programme: Programme
    components: list[Component]
    modules: dict[str, Module]
    cohorts: dict[str, Taught] = {}

    async def sealed(
        self,
        key: str,
        ratings: Ratings,
        *,
        versions: Mapping[str, int] = {},
        picked: Mapping[str, int] = {},
        absent: Mapping[str, int] = {},
        course: Mapping[str, Sequence[int]] = {},
        comments: Sequence[tuple[str, str]] = (),
        form: Form | None = None,
        enrolled: int = 70,
        invalid: int = 0,
    ) -> Taught:
        """A cohort with results: ratings by module, and whatever else its trainees said."""
        taught = await self.opened(key, State.sealed, form=form, enrolled=enrolled, versions=versions, modules=ratings)
        answered = max((sum(steps) for steps in ratings.values()), default=0)
        await saved(
            SealedRatings(evaluation=taught.evaluation.id, responses=answered + invalid, invalid=invalid, document=b"")
        )
        counts = [
            *self._ratings(taught, ratings, absent),
            *self._picks(taught, picked, ratings, answered),
            *(self._count(taught, "", item, enumerate(steps, 1)) for item, steps in course.items()),
        ]
        await inserted(row for some in counts for row in some)
        await inserted(
            Comment(key=secrets.token_hex(16), evaluation=taught.evaluation.id, place=f"{module}.remark", text=text)
            for module, text in comments
        )
        return taught

    async def opened(
        self,
        key: str,
        state: State = State.open,
        *,
        form: Form | None = None,
        enrolled: int = 70,
        versions: Mapping[str, int] = {},
        modules: Mapping[str, object] = TITLES,
        answered: int = 0,
        unit: Unit | None = None,
    ) -> Taught:
        """A cohort with an evaluation in a state, and so many responses."""
        position = len(self.cohorts) + 1
        names = {"vi": f"Khóa {position}", "en": f"Cohort {position}"}
        unit = unit or self.unit
        cohort = await saved(Cohort(programme=self.programme.id, unit=unit.id, key=key, position=position, names=names))
        lop = await saved(CourseClass(cohort=cohort.id, key="a", names={"vi": "Lớp A"}, enrolled=enrolled))
        taught = {module: (await self._version(module, versions.get(module, 1))).id for module in modules}
        await inserted(
            Lesson(cohort=cohort.id, module_version=version, key=module, position=place)
            for place, (module, version) in enumerate(taught.items())
        )
        evaluation = await saved(
            Evaluation(
                cohort=cohort.id,
                questionnaire=(await _questionnaire(form or library()["core"])).id,
                purpose=Purpose.end_of_course,
                state=state,
            )
        )
        said = {"evaluation": evaluation.id, "course_class": lop.id, "sequence": 1, "document": "{}"}
        await inserted(Response(receipt=secrets.token_hex(16), **said) for _ in range(answered))
        self.cohorts[key] = Taught(cohort, evaluation, lop, taught)
        return self.cohorts[key]

    async def _version(self, module: str, number: int) -> ModuleVersion:
        owner = self.modules[module]
        known = (
            await ModuleVersion.objects()
            .where(ModuleVersion.module == owner.id, ModuleVersion.number == number)
            .first()
        )
        titles = {"vi": TITLES[module], "en": f"Module {module}"}
        return known or await saved(
            ModuleVersion(module=owner.id, number=number, titles=titles, content_note="", approver="")
        )

    def _ratings(self, taught: Taught, ratings: Ratings, absent: Mapping[str, int]) -> Iterator[list[FrozenCount]]:
        for module, steps in ratings.items():
            yield self._count(taught, module, "useful", [*enumerate(steps, 1), (0, absent.get(module, 0))])

    def _picks(
        self, taught: Taught, picked: Mapping[str, int], ratings: Ratings, answered: int
    ) -> Iterator[list[FrozenCount]]:
        for module in ratings:
            times = picked.get(module, 0)
            yield self._count(taught, module, "revise_first", [(1, times), (-1, answered - times)])

    def _count(self, taught: Taught, module: str, item: str, steps: Iterable[tuple[int, int]]) -> list[FrozenCount]:
        where = {"evaluation": taught.evaluation.id, "course_class": taught.course_class.id, "module": module}
        component = {"01": "C1", "02": "C1", "03": "C2", "04": "C2"}.get(module, "")
        version = taught.versions.get(module)
        return [
            FrozenCount(component=component, module_version=version, item=item, step=step, n=n, **where)
            for step, n in steps
            if n
        ]


async def results_school(key: str = "communes") -> ResultsSchool:
    unit = await saved(Unit(key=f"unit-{key}", names={"vi": "Khoa Bồi dưỡng"}))
    names = {"vi": "Bồi dưỡng cấp xã", "en": "Communes"}
    programme = await saved(Programme(key=key, names=names, unit=unit.id))
    components = [
        await saved(
            Component(
                programme=programme.id, key=f"C{i}", position=i, names={"vi": f"Hợp phần {i}", "en": f"Component {i}"}
            )
        )
        for i in (1, 2)
    ]
    modules = {
        module: await saved(
            Module(programme=programme.id, component=components[place // 2].id, key=module, position=place)
        )
        for place, module in enumerate(TITLES)
    }
    return ResultsSchool(unit, programme, components, modules, {})


async def lan_signs_in(client, school: ResultsSchool) -> Account:
    """Lan, who builds the curriculum."""
    lan = await staff("lan", Role.designer, school.unit)
    await sign_in_by_link(client, lan)
    return lan


async def minh_signs_in(client, school: ResultsSchool) -> Account:
    """Minh, who heads the department."""
    minh = await staff("minh", Role.head, school.unit)
    await sign_in_by_link(client, minh)
    return minh


async def dung_signs_in(client) -> Account:
    """Dung heads another department and has no business here."""
    elsewhere = await saved(Unit(key="elsewhere", names={"vi": "Phòng khác"}))
    dung = await staff("dung", Role.head, elsewhere)
    await sign_in_by_link(client, dung)
    return dung


async def _questionnaire(form: Form) -> Questionnaire:
    known = (
        await Questionnaire.objects()
        .where(Questionnaire.key == form.key, Questionnaire.version == form.version)
        .first()
    )
    definition = msgspec.json.encode(form).decode()
    return known or await saved(
        Questionnaire(key=form.key, version=form.version, published=True, definition=definition)
    )


async def inserted(rows: Iterable[Table]) -> None:
    """All rows in one statement; none is none."""
    if rows := list(rows):
        await type(rows[0]).insert(*rows)
