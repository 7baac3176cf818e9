"""How long the pages of results take, and how that grows with the cohorts: D1 and H2 over sealed cohorts of 100."""

from __future__ import annotations

import asyncio
import tempfile
import time

import httpx
import msgspec
import numpy as np
from piccolo.table import Table

from survey.app import create_app
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.forms.library import library
from survey.people.sessions import COOKIE, open_session
from survey.results.comparison_page import comparison_page
from survey.results.modules_page import modules_page
from survey.settings import Settings
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
    Role,
    SealedRatings,
    State,
    Unit,
)

COHORTS = (2, 5, 10, 20)
MODULES, COMPONENTS, PEOPLE = 32, 5, 100
ROUNDS = 40
TARGET_MS = 100


def bench_results() -> None:
    """Print p50 and p95 of D1 and H2 with 2 to 20 cohorts, and the growth between them."""
    asyncio.run(_bench())


async def _bench() -> None:
    measured: dict[tuple[str, str], dict[int, np.ndarray]] = {}
    for cohorts in COHORTS:
        with tempfile.TemporaryDirectory() as folder:
            for series, times in (await _times(Settings(data=folder), cohorts)).items():
                measured.setdefault(series, {})[cohorts] = times
    print(f"Results pages, SQLite, {MODULES} modules, cohorts of {PEOPLE}, milliseconds in the server, {ROUNDS} rounds")
    for (page, view), by_cohorts in measured.items():
        for cohorts, times in by_cohorts.items():
            p50, p95 = np.percentile(times, [50, 95])
            print(f"  {page} {view:11} {cohorts:2} cohorts: p50 {p50:6.1f}  p95 {p95:6.1f}  (target p95 {TARGET_MS})")
        growth = np.median(by_cohorts[COHORTS[-1]]) / np.median(by_cohorts[COHORTS[0]])
        print(f"  {page} {view:11} growth x{growth:.2f} over x{COHORTS[-1] / COHORTS[0]:g} cohorts (linear or less)")


async def _times(settings: Settings, cohorts: int) -> dict[tuple[str, str], np.ndarray]:
    """Milliseconds of each page: where its statistics are new ("first view"), and where they are remembered."""
    async with connected(settings.database):
        await migrate()
    app = create_app(settings)
    async with app.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench") as client:
        programme, keys = await seed_sealed_cohorts(cohorts)
        client.cookies.set(COOKIE, await signed_in_as(Role.administrator, settings))
        pages = {
            "D1": f"/cohorts/{keys[-1]}",
            "H2": f"/programmes/{programme}/compare?before={keys[-2]}&after={keys[-1]}",
        }
        return {
            (page, view): await _measured(client, address, new=view == "first view")
            for page, address in pages.items()
            for view in ("first view", "seen before")
        }


async def _measured(client: httpx.AsyncClient, address: str, *, new: bool) -> np.ndarray:
    taken = []
    await client.get(address)
    for _ in range(ROUNDS):
        if new:
            modules_page.forget()
            comparison_page.forget()
        start = time.perf_counter()
        answer = await client.get(address, headers={"accept-encoding": "br"})
        taken.append(1000 * (time.perf_counter() - start))
        assert answer.status_code == 200, answer.text
    return np.array(taken)


async def signed_in_as(role: Role, settings: Settings, unit: int | None = None) -> str:
    """The cookie of a session of a new account."""
    account = Account(login=f"{role}@example.vn", name=role.title(), role=role, unit=unit)
    await account.save()
    return (await open_session(account.id, settings)).value or ""


async def seed_sealed_cohorts(
    cohorts: int, *, titles: list[str] | None = None, components: list[str] | None = None, people: int = PEOPLE
) -> tuple[int, list[int]]:
    """A programme with sealed cohorts, their counts frozen directly; gives its number and those of its cohorts."""
    random = np.random.default_rng(20260101)
    titles = titles or [f"Chuyên đề {number}: kỹ năng lãnh đạo, quản lý" for number in range(1, MODULES + 1)]
    components = components or [f"Hợp phần {number}" for number in range(1, COMPONENTS + 1)]
    unit = await _saved(Unit(key="academy", names={"vi": "Học viện", "en": "Academy"}))
    names = {"vi": "Bồi dưỡng lãnh đạo cấp xã", "en": "Leadership of communes"}
    programme = await _saved(Programme(key="communes", names=names, unit=unit.id))
    versions = await _curriculum(programme, titles, components)
    form = library()["core"]
    questionnaire = await _saved(
        Questionnaire(key=form.key, version=1, published=True, definition=msgspec.json.encode(form).decode())
    )
    quality = random.normal(0, 0.35, len(titles))
    return programme.id, [
        await _sealed_cohort(programme, questionnaire, number, versions, quality, people, random)
        for number in range(1, cohorts + 1)
    ]


async def _curriculum(
    programme: Programme, titles: list[str], components: list[str]
) -> list[tuple[str, str, ModuleVersion]]:
    """Component and module key of every module, and its only version."""
    parts = [
        await _saved(Component(programme=programme.id, key=f"C{i}", position=i, names={"vi": name}))
        for i, name in enumerate(components, 1)
    ]
    versions = []
    for place, title in enumerate(titles):
        part = parts[place * len(parts) // len(titles)]
        key = f"{place + 1:02}"
        module = await _saved(Module(programme=programme.id, component=part.id, key=key, position=place + 1))
        version = ModuleVersion(module=module.id, number=1, titles={"vi": title}, content_note="", approver="")
        versions.append((part.key, key, await _saved(version)))
    return versions


async def _sealed_cohort(
    programme: Programme,
    questionnaire: Questionnaire,
    number: int,
    versions: list[tuple[str, str, ModuleVersion]],
    quality: np.ndarray,
    people: int,
    random: np.random.Generator,
) -> int:
    names = {"vi": f"Khóa {number}", "en": f"Cohort {number}"}
    cohort = await _saved(
        Cohort(programme=programme.id, unit=programme.unit, key=f"k{number}", position=number, names=names)
    )
    lop = await _saved(CourseClass(cohort=cohort.id, key="a", names={"vi": "Lớp A"}, enrolled=people))
    evaluation = await _saved(
        Evaluation(cohort=cohort.id, questionnaire=questionnaire.id, purpose=Purpose.end_of_course, state=State.sealed)
    )
    answered = int(people * random.uniform(0.8, 0.97))
    await _saved(SealedRatings(evaluation=evaluation.id, responses=answered, invalid=0, document=b""))
    rows = [
        FrozenCount(evaluation=evaluation.id, course_class=lop.id, **cell)
        for cell in _cells(versions, quality, answered, random)
    ]
    await _inserted(
        Lesson(cohort=cohort.id, module_version=version.id, key=key, position=place)
        for place, (_, key, version) in enumerate(versions)
    )
    await _inserted(rows)
    await _inserted(
        Comment(
            key=random.bytes(16), evaluation=evaluation.id, place=f"{key}.remark", text="Cần thêm tình huống thực tế."
        )
        for _, key, _ in versions
        for _ in range(int(random.integers(0, 9)))
    )
    return cohort.id


def _cells(versions, quality, answered, random):
    """Counts of every item: ratings by module quality, some absent, some blank, three picks each."""
    weights = np.exp(-3 * quality)
    picked = {
        "revise_first": random.multinomial(3 * answered, weights / weights.sum()),
        "most_useful": random.multinomial(3 * answered, (1 / weights) / (1 / weights).sum()),
    }
    for place, (component, key, version) in enumerate(versions):
        where = {"component": component, "module": key, "module_version": version.id}
        absent, blank = int(random.integers(0, 6)), int(random.integers(0, 3))
        steps = _steps(4 + quality[place] + random.normal(0, 0.08), answered - absent - blank, random)
        for step, n in zip(range(-1, 6), [blank, absent, *steps], strict=True):
            yield {**where, "item": "useful", "step": step, "n": int(n)}
        for item, picks in picked.items():
            chosen = min(int(picks[place]), answered)
            yield {**where, "item": item, "step": 1, "n": chosen}
            yield {**where, "item": item, "step": -1, "n": answered - chosen}
    for item in ("objectives", "practice", "apply"):
        for step, n in enumerate(_steps(4.1, answered, random), 1):
            yield {"component": "", "module": "", "module_version": None, "item": item, "step": step, "n": int(n)}


def _steps(centre: float, people: int, random: np.random.Generator) -> np.ndarray:
    ratings = np.clip(np.rint(random.normal(centre, 0.85, people)), 1, 5).astype(int)
    return np.bincount(ratings, minlength=6)[1:]


async def _saved(row):
    await row.save()
    return row


async def _inserted(rows) -> None:
    rows: list[Table] = list(rows)
    for start in range(0, len(rows), 500):
        await type(rows[0]).insert(*rows[start : start + 500])


if __name__ == "__main__":
    bench_results()
