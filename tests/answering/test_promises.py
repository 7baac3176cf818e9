"""Before the first question stands what is kept, who reads it, and how it stays one's own: for every purpose."""

import pytest

from survey.answering.promises import PROMISES
from survey.tables import Evaluation, Purpose
from survey.web.languages import catalogue
from tests.answering.sheets import look
from tests.cast import open_school


def test_every_purpose_has_three_sentences_in_both_languages():
    assert set(PROMISES) == set(Purpose)
    for sentences in PROMISES.values():
        assert len(sentences) == 3
        assert all(sentence in catalogue("vi") for sentence in sentences)


@pytest.mark.anyio
@pytest.mark.parametrize("purpose", [Purpose.needs, Purpose.end_of_course, Purpose.follow_up, Purpose.test])
async def test_they_stand_before_the_first_question(client, purpose):
    school = await open_school()
    await Evaluation.update({Evaluation.purpose: purpose}).where(Evaluation.id == school.evaluation.id)
    page = (await look(client, f"/c/{school.code}")).text
    for sentence in PROMISES[purpose]:
        assert page.index(catalogue("vi")[sentence]) < page.index("<fieldset")
    assert page.count("Xin không viết tên người") == 5, "beside every text box: four modules and the course"
