"""A definition of a questionnaire is read whole, and every slip in it is named with its place."""

import pytest

from survey.forms.library import FOLDER, library
from survey.forms.proofreading import WrongDefinition, read_form

GOOD = """
key = "trial"
version = 1
purpose = "end_of_course"
languages = ["vi", "en"]
minutes = 1
title = { vi = "Thử", en = "Trial" }

[[scales]]
key = "useful"
steps = [{ vi = "Kém", en = "Poor" }, { vi = "Tốt", en = "Good" }]

[[sections]]
key = "modules"
per = "module"
title = { vi = "Chuyên đề", en = "Modules" }

[[sections.items]]
kind = "rating"
key = "useful"
scale = "useful"
text = { vi = "Hữu ích?", en = "Useful?" }
"""


def slips(text):
    with pytest.raises(WrongDefinition) as refusal:
        read_form(text)
    return [(slip.place, slip.what) for slip in refusal.value.slips]


def test_a_good_definition_is_read():
    form = read_form(GOOD)
    assert form.sections[0].items[0].text["vi"] == "Hữu ích?"
    assert form.scale("useful").direction == "up"


def test_the_library_has_the_four_forms_in_both_languages():
    forms = library()
    assert set(forms) == {"core", "detailed", "daily", "ten"}
    assert all(form.languages == ("vi", "en") for form in forms.values())


def test_the_core_form_asks_one_rating_per_module_two_picks_of_three_and_three_items_of_the_course():
    modules, picks, course = library()["core"].sections
    assert [item.kind for item in modules.items] == ["rating", "comment"]
    assert [(item.kind, item.up_to) for item in picks.items] == [("pick", 3), ("pick", 3)]
    assert [item.kind for item in course.items] == ["rating", "rating", "rating", "comment"]


def test_the_detailed_form_asks_three_ratings_per_module():
    modules = library()["detailed"].sections[0]
    assert [item.kind for item in modules.items].count("rating") == 3


def test_the_form_on_ten_steps_carries_the_five_percent_rule_with_its_legal_basis():
    form = library()["ten"]
    assert {len(scale.steps) for scale in form.scales} == {10}
    assert form.policy.blank_limit == 0.05
    assert "10/2017/TT-BNV" in form.policy.legal_basis["vi"]


def test_the_daily_form_is_asked_per_lesson():
    assert [section.per for section in library()["daily"].sections] == ["lesson"]


def test_a_missing_language_is_named_with_its_place():
    assert slips(GOOD.replace(', en = "Useful?"', ""))[0][0] == "sections[0].items[0].text.en"


def test_a_language_that_the_form_does_not_list_is_named():
    assert (
        slips(GOOD.replace('en = "Useful?"', 'en = "Useful?", fr = "Utile?"'))[0][0] == "sections[0].items[0].text.fr"
    )


def test_a_scale_with_one_step_is_refused():
    assert slips(GOOD.replace(', { vi = "Tốt", en = "Good" }', ""))[0] == (
        "scales[0].steps",
        "a scale needs two or more steps",
    )


def test_two_steps_with_the_same_words_are_refused():
    assert ("scales[0].steps (en)", "“Poor” stands twice") in slips(GOOD.replace('en = "Good"', 'en = "Poor"'))


def test_an_item_key_that_stands_twice_is_refused():
    twice = GOOD + GOOD[GOOD.index("[[sections.items]]") :]
    assert ("items", "“useful” stands twice") in slips(twice)


def test_a_scale_that_does_not_exist_is_named():
    assert slips(GOOD.replace('scale = "useful"', 'scale = "usful"'))[0] == (
        "sections[0].items[0].scale",
        "there is no scale “usful”",
    )


def test_a_pick_stands_in_a_section_of_the_course():
    pick = '[[sections.items]]\nkind = "pick"\nkey = "first"\ntext = { vi = "a", en = "b" }\n'
    assert slips(GOOD + pick)[0][0] == "sections[0].items[1].kind"


def test_an_unknown_kind_or_field_is_refused_with_its_place():
    assert "sections[0].items[0]" in slips(GOOD.replace('kind = "rating"', 'kind = "stars"'))[0][0]
    assert "colour" in slips(GOOD + 'colour = "red"\n')[0][1]


def test_what_is_no_toml_is_refused_in_words():
    assert slips("key = ")[0][1].startswith("is not TOML")


def test_a_file_is_named_in_the_message(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(GOOD.replace("version = 1", "version = 0"), "utf-8")
    with pytest.raises(WrongDefinition, match=r"wrong\.toml: version: counts from 1"):
        read_form(path)


def test_every_file_of_the_library_is_read():
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(library())


def test_no_item_takes_a_word_of_the_service_s_own():
    assert slips(GOOD.replace('key = "useful"\nscale', 'key = "part"\nscale'))[0][0] == "sections[0].items[0].key"
