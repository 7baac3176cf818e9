"""Cohorts, their classes, the lessons they were taught and by whom, and who was enrolled."""

from __future__ import annotations

from piccolo.columns import JSON, Date, ForeignKey, Integer, OnDelete, Serial, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from survey.tables.curriculum import ModuleVersion, Programme
from survey.tables.units import Unit


class Cohort(Table):
    id: Serial
    programme = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=40)
    # The order of the cohorts of a programme; dates may be missing, the order may not.
    position = Integer()
    names = JSON()
    starts_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)

    unique_key = Unique([programme, key])
    unique_position = Unique([programme, position])


class CourseClass(Table, tablename="class"):
    id: Serial
    cohort = ForeignKey(Cohort, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=40)
    names = JSON()
    enrolled = Integer()

    unique_key = Unique([cohort, key])


class Lecturer(Table):
    id: Serial
    name = Varchar(length=200)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)


class Lesson(Table):
    """One module version taught to one cohort on a date."""

    id: Serial
    cohort = ForeignKey(Cohort, null=False, on_delete=OnDelete.restrict)
    module_version = ForeignKey(ModuleVersion, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=20)
    position = Integer()
    taught_on = Date(null=True, default=None)

    unique_key = Unique([cohort, key])


class LessonLecturer(Table, tablename="lesson_lecturer"):
    id: Serial
    lesson = ForeignKey(Lesson, null=False)
    lecturer = ForeignKey(Lecturer, null=False, on_delete=OnDelete.restrict)

    unique_pair = Unique([lesson, lecturer])


class Trainee(Table):
    """A person on the roster. No row of an answer points here, and none ever may (docs/anonymity.md)."""

    id: Serial
    course_class = ForeignKey(CourseClass, null=False, on_delete=OnDelete.restrict)
    number = Varchar(length=40)
    name = Varchar(length=200)
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)

    unique_number = Unique([course_class, number])
