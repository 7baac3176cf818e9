"""Every table, a file per family of nouns. The order is the order in which rows can be inserted."""

from survey.tables.answers import Comment, Response, Ticket, TicketKind, TicketLot
from survey.tables.asking import ClassLink, Evaluation, Purpose, Questionnaire, State
from survey.tables.curriculum import Component, Module, ModuleVersion, Programme
from survey.tables.people import Account, AuditEntry, Role, Session, SignInLink, SignInTry
from survey.tables.sealed import FrozenCount, SealedRatings
from survey.tables.teaching import Cohort, CourseClass, Lecturer, Lesson, LessonLecturer, Trainee
from survey.tables.units import Unit

TABLES = [
    Unit,
    Programme,
    Component,
    Module,
    ModuleVersion,
    Cohort,
    CourseClass,
    Lecturer,
    Lesson,
    LessonLecturer,
    Trainee,
    Questionnaire,
    Evaluation,
    ClassLink,
    TicketLot,
    Ticket,
    Response,
    Comment,
    SealedRatings,
    FrozenCount,
    Account,
    Session,
    SignInLink,
    SignInTry,
    AuditEntry,
]

__all__ = [
    "TABLES",
    "Account",
    "AuditEntry",
    "ClassLink",
    "Cohort",
    "Comment",
    "Component",
    "CourseClass",
    "Evaluation",
    "FrozenCount",
    "Lecturer",
    "Lesson",
    "LessonLecturer",
    "Module",
    "ModuleVersion",
    "Programme",
    "Purpose",
    "Questionnaire",
    "Response",
    "Role",
    "SealedRatings",
    "Session",
    "SignInLink",
    "SignInTry",
    "State",
    "Ticket",
    "TicketKind",
    "TicketLot",
    "Trainee",
    "Unit",
]
