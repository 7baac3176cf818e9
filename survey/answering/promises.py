"""What a trainee is promised before the first question: three plain sentences for each purpose."""

from __future__ import annotations

from survey.tables import Purpose

_NAMELESS = "Kept: your ratings and your words, without your name, number, phone or the time you answered."
_CODE = (
    "A random mark on this phone and a code let only you change your answers until it closes. "
    "Then the codes are deleted."
)

# What is kept and what is not; who reads it and when; how it stays yours until then.
PROMISES: dict[Purpose, tuple[str, str, str]] = {
    Purpose.needs: (
        _NAMELESS,
        "Read by: those who plan this course, after it has closed, to decide what it should cover.",
        _CODE,
    ),
    Purpose.daily: (
        "Kept: today's ratings and words, without your name, number, phone or the time you answered; "
        "your answers of different days are not joined.",
        "Read by: the curriculum designers and the heads of department, only after the whole course has closed, "
        "and never for fewer than five people.",
        _CODE,
    ),
    Purpose.end_of_course: (
        _NAMELESS,
        "Read by: the curriculum designers and the heads of department, only after it has closed, "
        "and never for fewer than five people.",
        _CODE,
    ),
    Purpose.follow_up: (
        _NAMELESS,
        "Read by: the curriculum designers and the heads of department, after it has closed, to see what was of use "
        "at work. Your superiors at work see nothing of it.",
        _CODE,
    ),
    Purpose.test: (
        "This is a trial: what you enter is kept like real answers, without your name, number or phone.",
        "Read by: those who try the form out. Nothing of it counts as feedback on a course.",
        _CODE,
    ),
}
