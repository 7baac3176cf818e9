"""Every refusal of planning can be said in Vietnamese."""

import pytest

from survey.planning import cohorts, evaluations, programmes, questionnaires, slips
from survey.web.languages import catalogue

SENTENCES = [
    sentence
    for module in (programmes, cohorts, questionnaires, evaluations, slips)
    for name, value in vars(module).items()
    if name.isupper()
    for sentence in (value.values() if isinstance(value, dict) else [value])
    if isinstance(sentence, str)
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_refusal_has_its_vietnamese(sentence):
    assert catalogue("vi").get(sentence)
