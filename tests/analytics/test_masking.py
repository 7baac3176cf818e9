"""What looks like a person in a comment is masked for review; what only looks so stays."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import MASKED, masked_comments
from tests.analytics.answers import some_examples
from tests.analytics.written import comments, demo_texts, demo_titles


def masked(*texts, **options):
    return masked_comments(comments(*texts), smallest_group=1, **options)["masked"].to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thầy Minh dạy hay", "Thầy [tên] dạy hay"),
        ("cảm ơn cô Lan và anh An.", "cảm ơn cô [tên] và anh [tên]."),
        ("thầy giáo Minh", "thầy giáo [tên]"),
        ("giảng viên Lan nói nhanh", "giảng viên [tên] nói nhanh"),
        ("PGS.TS. Nguyễn Văn An", "PGS.TS. [tên]"),
        ("ThS. Lan và TS Minh", "ThS. [tên] và TS [tên]"),
        ("đ/c Dung, đồng chí An", "đ/c [tên], đồng chí [tên]"),
        ("ông Chủ tịch Lan", "ông Chủ tịch [tên]"),
        ("thầy TS. Lan, cô giáo Anh Minh", "thầy TS. [tên], cô giáo [tên]"),
        ("chủ tịch xã Nguyễn Văn An", "chủ tịch xã [tên]"),
        ("Nguyễn Thị Lan trả lời rõ", "[tên] trả lời rõ"),
        ("bạn Trần An ở tổ tôi", "bạn [tên] ở tổ tôi"),
        ("Le Van An, Nguyen Thi Lan", "Le Van An, [tên]"),  # "Le" is also an article
        ("NGUYỄN VĂN AN", "[tên]"),
        ("Mr. Minh", "Mr. [tên]"),
    ],
)
def test_names_are_masked(text, expected):
    assert masked(text) == [expected]


@pytest.mark.parametrize(
    "number",
    [
        "0900000000",
        "0900 000 000",
        "0900.000.000",
        "0900-000-000",
        "090 000 0000",
        "0900 00 00 00",
        "+84 900 000 000",
        "+84900000000",
        "(+84) 900 000 000",
        "024 0000 0000",
        "(024) 0000 0000",
        "84900000000",
    ],
)
def test_telephone_numbers_are_masked_in_their_usual_writings(number):
    assert masked(f"gọi {number}, xin cảm ơn") == ["gọi [số điện thoại], xin cảm ơn"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("viết cho lan@example.org.", "viết cho [thư điện tử]."),
        ("an.dung+xa@mail.example.vn nhé", "[thư điện tử] nhé"),
        ("CCCD 000000000000", "CCCD [số định danh]"),
        ("số 000 000 000 000", "số [số định danh]"),
        ("CMND số 000000000", "CMND số [số định danh]"),
    ],
)
def test_addresses_of_mail_and_numbers_of_identity_are_masked(text, expected):
    assert masked(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nhà tôi ở số nhà 12", "nhà tôi ở [địa chỉ]"),
        ("số 12/3 phố Dung, quận Minh", "[địa chỉ]"),
        ("12 ngõ 5 phố Minh", "[địa chỉ]"),
        ("thôn An, xã Dung ngập nặng", "[địa chỉ] ngập nặng"),
        ("ở xóm 3", "ở [địa chỉ]"),
        ("tổ dân phố số 5 của tôi", "[địa chỉ] của tôi"),
        ("tổ 5, phường Minh", "[địa chỉ]"),
        ("bản Dung, xã Minh", "[địa chỉ]"),
        ("đường Nguyễn Văn An", "[địa chỉ]"),
    ],
)
def test_addresses_are_masked(text, expected):
    assert masked(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Sở Nội vụ Hà Nội tổ chức tốt",
        "Học viện Chính trị quốc gia Hồ Chí Minh",
        "thành phố Hồ Chí Minh",
        "Chủ tịch Hồ Chí Minh",
        "Trường Chính trị Lê Hồng Phong",
        "huyện Trần Văn Thời, Bà Rịa - Vũng Tàu, Hà Nam",
        "các thầy cô Học viện rất nhiệt tình",
        "anh chị Hà Nội, chị em Phụ nữ",
        "các anh chị CBCC xã, các bác CCB",
        "ông Chủ tịch rất hay, thầy thầy Phó trưởng phòng cũng vậy",
        "chủ tịch UBND xã, bí thư Đảng ủy",
        "Cảm ơn thầy. Nội dung rất hay",
        "Hồ sơ nhiều, Lý thuyết dài, Đào tạo ngắn",
        "Nghị định 30/2020/NĐ-CP và Thông tư 10/2017/TT-BNV",
        "từ 05.06.2024 đến 07.08.2024, 05-06-2024, 05/06/2024",
        "500.000.000 đồng, 100.000.000.000 đồng, 10 000 000 000 đồng",
        "khóa 2016-2020, 25 ngày, 32 chuyên đề",
        "tổ 5 thảo luận, mỗi tổ 15 người",
        "nông thôn 2025, văn bản Luật, con đường Đổi mới",
    ],
)
def test_institutions_places_dates_and_sums_stay(text):
    assert masked(text) == [text]


def test_the_demos_comments_and_titles_of_modules_stay():
    texts = [*demo_texts(), *demo_titles()]
    assert masked(*texts) == texts


def test_what_somebody_names_as_known_stays():
    assert masked("Chuyên đề bà Trưng hay") == ["Chuyên đề bà [tên] hay"]
    assert masked("Chuyên đề bà Trưng (1) hay", known=["bà Trưng (1)"]) == ["Chuyên đề bà Trưng (1) hay"]


def test_what_its_docstring_says_it_misses_it_misses():
    missed = "thầy minh nói hay; anh Minh, Lan cũng vậy"
    assert masked(missed) == ["thầy minh nói hay; anh [tên], Lan cũng vậy"]


def test_places_and_kinds_are_those_of_the_original_text():
    [row] = masked_comments(comments("Gọi cô Lan 0900 000 000 👍 hoặc an@example.org"), smallest_group=1).rows(
        named=True
    )
    places = [(row["text"][place["start"] : place["end"]], place["kind"]) for place in row["places"]]
    assert places == [("Lan", "name"), ("0900 000 000", "phone"), ("an@example.org", "email")]


def test_the_frame_keeps_its_order_and_has_its_schema():
    shown = masked_comments(comments("cô Lan", "hay", "anh An"), smallest_group=1)
    assert dict(shown.schema) == dict(MASKED)
    assert shown["text"].to_list() == ["cô Lan", "hay", "anh An"]
    assert shown["places"].list.len().to_list() == [1, 0, 1]
    assert dict(masked_comments(comments()).schema) == dict(MASKED)
    assert dict(masked_comments(comments("hay"), smallest_group=1).schema) == dict(MASKED)


def test_texts_of_few_people_are_not_given_out():
    written = pl.concat([comments(*["cô Lan"] * 10), comments(*["cô Lan"] * 9, module="Nhỏ")])
    assert masked_comments(written)["module"].unique().to_list() == ["Họp"]


PIECES = (
    "thầy", "cô", "Lan", "Minh", "An", "Nguyễn", "Văn", "Hồ Chí Minh", "TS.", "Anh", "đ/c", "chủ tịch", "Chủ tịch",
    "xã", "phường", "đường", "số nhà", "số", "tổ", "thôn", "5", "12", "0900 000 000", "+84", "900", "000",
    "000000000000", "CCCD", "CBCC",
    "lan@example.org", "[tên]", "[số điện thoại]", "[địa chỉ]", "Hà Nội", "Học viện", ",", ".", "(", ")", "và", "\n",
)  # fmt: skip
sentences = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join).filter(str.strip)


@some_examples
@given(st.lists(sentences, min_size=1, max_size=20))
def test_masking_twice_is_masking_once(texts):
    once = masked(*texts)
    assert masked(*once) == once


@some_examples
@given(st.lists(sentences, min_size=1, max_size=20))
def test_putting_back_what_was_masked_gives_the_text(texts):
    marks = {"name": "[tên]", "phone": "[số điện thoại]", "email": "[thư điện tử]"}
    marks |= {"id_number": "[số định danh]", "address": "[địa chỉ]"}
    for row in masked_comments(comments(*texts), smallest_group=1).rows(named=True):
        rebuilt, at = "", 0
        for place in row["places"]:
            rebuilt += row["text"][at : place["start"]] + marks[place["kind"]]
            at = place["end"]
        assert rebuilt + row["text"][at:] == row["masked"]
