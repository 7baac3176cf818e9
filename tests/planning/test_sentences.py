"""Every refusal of planning can be said in Vietnamese."""

import pytest

from survey.planning import (
    cohorts,
    controller,
    deeds,
    evaluations,
    naming,
    personal,
    programmes,
    questionnaires,
    rosters,
    slips,
)
from survey.web.languages import catalogue

NOT_SAID = {personal.CSV, personal.XLSX, rosters.ROW}
SENTENCES = [
    sentence
    for module in (
        programmes,
        cohorts,
        questionnaires,
        evaluations,
        slips,
        naming,
        deeds,
        personal,
        rosters,
        controller,
    )
    for name, value in vars(module).items()
    if name.isupper()
    for sentence in (value.values() if isinstance(value, dict) else [value])
    if isinstance(sentence, str) and sentence not in NOT_SAID
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_refusal_has_its_vietnamese(sentence):
    assert catalogue("vi").get(sentence)
