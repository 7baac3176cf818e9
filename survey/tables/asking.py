"""Questionnaires and the evaluations that open them for a cohort."""

from __future__ import annotations

import enum

from piccolo.columns import JSON, Boolean, ForeignKey, Integer, OnDelete, Serial, Timestamptz, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from survey.tables.teaching import Cohort, CourseClass


class Purpose(enum.StrEnum):
    needs = "needs"
    daily = "daily"
    end_of_course = "end_of_course"
    follow_up = "follow_up"
    test = "test"


class State(enum.StrEnum):
    draft = "draft"
    open = "open"
    closed = "closed"
    sealed = "sealed"


class Questionnaire(Table):
    """A version of a form. Once published it is closed to changes by a trigger of the database itself."""

    id: Serial
    key = Varchar(length=60)
    version = Integer()
    published = Boolean(default=False)
    definition = JSON()

    unique_version = Unique([key, version])


class Evaluation(Table):
    id: Serial
    cohort = ForeignKey(Cohort, null=False, on_delete=OnDelete.restrict)
    questionnaire = ForeignKey(Questionnaire, null=False, on_delete=OnDelete.restrict)
    purpose = Varchar(length=20, choices=Purpose)
    state = Varchar(length=10, choices=State, default=State.draft)
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    # Minutes after closing in which a started response may still be saved.
    grace_minutes = Integer(default=30)
    # Of how many lessons each trainee is asked, in a balanced rotation; none means all.
    share = Integer(null=True, default=None)
    # Sealed, but the file may still hold deleted pages until they are overwritten: sealing resumes here.
    scrubbed = Boolean(default=False)

    unique_purpose = Unique([cohort, purpose])


class ClassLink(Table, tablename="class_link"):
    """The address on the poster. It is no secret: whoever is in the room may use it, once per phone."""

    id: Serial
    evaluation = ForeignKey(Evaluation, null=False)
    course_class = ForeignKey(CourseClass, null=False)
    code = Varchar(length=20, unique=True)
    # Responses started by this link, counted in the transaction that starts them.
    taken = Integer(default=0)
    # How many it takes; none stands for as many as the class has enrolled.
    most = Integer(null=True, default=None)

    unique_class = Unique([evaluation, course_class])
