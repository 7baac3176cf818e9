"""What remains of an evaluation after its end: shuffled ratings and frozen counts."""

from __future__ import annotations

from piccolo.columns import BigInt, Bytea, ForeignKey, Integer, OnDelete, Serial, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from survey.tables.asking import Evaluation
from survey.tables.curriculum import ModuleVersion
from survey.tables.teaching import CourseClass


class SealedRatings(Table, tablename="sealed_ratings"):
    """A row per response in random order, a small-integer column per place, as one document that
    `analytics.count_files` reads: a stream of Arrow, which for a cohort is smaller than Parquet and read in a fraction
    of the time; Parquet, where it was sealed before."""

    id: Serial
    evaluation = ForeignKey(Evaluation, null=False, unique=True, on_delete=OnDelete.restrict)
    responses = Integer()
    # Of these, set apart by the policy of the questionnaire: kept here, not counted.
    invalid = Integer()
    document = Bytea()


class FrozenCount(Table, tablename="frozen_count"):
    """How many gave a step. `step` 0 is not attended, -1 blank; `module` is empty for the whole course."""

    id: Serial
    evaluation = ForeignKey(Evaluation, null=False, on_delete=OnDelete.restrict)
    course_class = ForeignKey(CourseClass, null=False, on_delete=OnDelete.restrict)
    component = Varchar(length=20)
    module = Varchar(length=20)
    module_version = ForeignKey(ModuleVersion, null=True, default=None, on_delete=OnDelete.restrict)
    item = Varchar(length=60)
    step = Integer()
    n = BigInt()

    unique_cell = Unique([evaluation, course_class, module, item, step])
