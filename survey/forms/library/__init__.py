"""The questionnaires that come with the product, as TOML files beside this one."""

from __future__ import annotations

from pathlib import Path

from survey.forms.proofreading import read_form
from survey.forms.shape import Form

FOLDER = Path(__file__).parent


def library() -> dict[str, Form]:
    """Every form of the library by its key."""
    forms = [read_form(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {form.key: form for form in forms}
