"""What of a programme somebody may see: the cohorts of their units, and nothing of the others."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey.database.reading import one_moment
from survey.forms.shape import Words
from survey.people.guards import visible_units
from survey.problems import Problem, Refusal
from survey.results.cohorts import CohortResults, cohorts_in_order
from survey.tables import Cohort, Programme

LARGEST_ID = 2**31 - 1

Units = Annotated[set[int] | None, "numbers of the units that somebody sees; none means all"]


class SeenProgramme(msgspec.Struct, frozen=True):
    """A programme with those of its cohorts that the reader may see, oldest first."""

    id: int
    names: Words
    cohorts: list[CohortResults]

    @property
    def sealed(self) -> list[CohortResults]:
        return [cohort for cohort in self.cohorts if cohort.sealed]

    def cohort(self, number: int) -> CohortResults:
        for cohort in self.cohorts:
            if cohort.id == number:
                return cohort
        raise Problem(Refusal.unknown_page)


class SeenCohort(msgspec.Struct, frozen=True):
    """A cohort, its programme, and the cohort with results that came before it, if any."""

    programme: SeenProgramme
    cohort: CohortResults
    previous: CohortResults | None

    def alone(self) -> SeenCohort:
        """The cohort without what came before it."""
        return SeenCohort(self.programme, self.cohort, None)

    def both(self) -> list[CohortResults]:
        return [self.previous, self.cohort] if self.previous else [self.cohort]


async def seen_programmes(request: Request) -> list[SeenProgramme]:
    """Every programme of which the reader may see something."""
    async with one_moment():
        units = await visible_units(request.user)
        rows = await Programme.select().order_by(Programme.id).output(load_json=True)
        cohorts = await cohorts_in_order([row["id"] for row in rows])
    cohorts = [cohort for cohort in cohorts if _within(units, cohort.unit)]
    return [
        SeenProgramme(row["id"], row["names"], [cohort for cohort in cohorts if cohort.programme == row["id"]])
        for row in rows
        if _within(units, row["unit"]) or any(cohort.programme == row["id"] for cohort in cohorts)
    ]


async def seen_programme(request: Request, programme_id: FromPath[int]) -> SeenProgramme:
    """The programme of the address.

    Raises:
        Problem: there is no such programme, or nothing of it is of the reader's units.
    """
    async with one_moment():
        return await _seen(request, programme_id)


async def seen_cohort(request: Request, cohort_id: FromPath[int]) -> SeenCohort:
    """The cohort of the address, with the one before it.

    Raises:
        Problem: there is no such cohort, or it is not of the reader's units.
    """
    async with one_moment():
        row = await Cohort.select(Cohort.programme).where(Cohort.id == possible_id(cohort_id)).first()
        if row is None:
            raise Problem(Refusal.unknown_page)
        programme = await _seen(request, row["programme"])
    keys = [cohort.id for cohort in programme.cohorts]
    if cohort_id not in keys:
        raise Problem(Refusal.not_allowed)
    earlier = [cohort for cohort in programme.cohorts[: keys.index(cohort_id)] if cohort.sealed]
    return SeenCohort(programme, programme.cohort(cohort_id), earlier[-1] if earlier else None)


async def sealed_cohort(seen: NamedDependency[SeenCohort]) -> SeenCohort:
    """The cohort of the address, if its results may be shown.

    Raises:
        Problem: its evaluation is not sealed.
    """
    if not seen.cohort.sealed:
        raise Problem(Refusal.not_sealed)
    return seen


async def _seen(request: Request, programme_id: int) -> SeenProgramme:
    row = await Programme.select().where(Programme.id == possible_id(programme_id)).first().output(load_json=True)
    if row is None:
        raise Problem(Refusal.unknown_page)
    units = await visible_units(request.user)
    cohorts = [cohort for cohort in await cohorts_in_order([programme_id]) if _within(units, cohort.unit)]
    if not cohorts and not _within(units, row["unit"]):
        raise Problem(Refusal.not_allowed)
    return SeenProgramme(row["id"], row["names"], cohorts)


def _within(units: Units, unit: int) -> bool:
    return units is None or unit in units


def possible_id(number: int) -> int:
    """A number of an address; refused beyond what a key can be, for PostgreSQL would not take it as a question."""
    if not 0 < number <= LARGEST_ID:
        raise Problem(Refusal.unknown_page)
    return number
