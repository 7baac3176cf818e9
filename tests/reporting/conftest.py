"""The command `gopy report`, run on a file that a test writes."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from survey.reporting import report


@pytest.fixture
def run(tmp_path):
    """Writes the file and runs the command on it, in English unless told otherwise."""

    def run(content, *options, name="answers.csv", language="en"):
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        if content is not None:
            path.write_bytes(content)
        return CliRunner().invoke(report, [str(path), "--language", language, *options])

    return run


@pytest.fixture
def rows(run):
    """The rows of the JSON that the command gives for a file that it takes."""

    def rows(content, *options, **others):
        result = run(content, "--format", "json", *options, **others)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return rows


@pytest.fixture
def said(run):
    """The sentences that the command prints for a file that it takes, a line each."""

    def said(content, *options, **others):
        result = run(content, "--format", "text", *options, **others)
        assert result.exit_code == 0, result.stderr
        return result.stdout.splitlines()

    return said
