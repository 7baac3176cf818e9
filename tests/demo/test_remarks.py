"""What the demo's trainees write: varied, clearly invented, fitted to the version that was taught."""

from survey.demo.answers import filled_in
from survey.demo.remarks import read_stock
from survey.demo.school import programme_outline
from survey.forms.checking import check_sheet
from survey.forms.library import library
from survey.forms.places import places
from survey.forms.shape import Offered

STOCK = read_stock()
OFFERED = [
    Offered(module.key, module.key, component.key, module.taught.titles)
    for component in programme_outline().components
    for module in component.modules
]


def test_the_stock_is_varied():
    texts = STOCK.low + STOCK.high + STOCK.course + [text for about in STOCK.about for text in about.texts]
    assert len(texts) >= 60
    assert len(texts) == len(set(texts))


def test_every_sheet_passes_the_form_s_own_checking():
    asked = places(library()["core"], OFFERED)
    for cohort in (1, 2, 3, 4):
        assert not [slip for _, fields in filled_in(OFFERED, cohort) for slip in check_sheet(asked, fields).slips]


def test_a_share_of_the_cohort_writes_and_nobody_is_drowned():
    sheets = [dict(fields) for _, fields in filled_in(OFFERED, 1)]
    texts = [value for sheet in sheets for name, value in sheet.items() if name.endswith(("remark", "one_change"))]
    assert 40 < len(texts) < 120


def test_remarks_on_a_revised_module_speak_of_the_version_that_was_taught():
    old, new = (set(about.texts) for about in STOCK.about if about.module == "15")

    def written(cohort):
        return {value for _, fields in filled_in(OFFERED, cohort) for name, value in fields if name == "15.remark"}

    assert written(2) & old and not written(2) & new
    assert not written(3) & old


def test_the_same_remarks_come_out_every_time():
    assert list(filled_in(OFFERED, 3)) == list(filled_in(OFFERED, 3))
