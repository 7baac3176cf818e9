"""Codes can be typed by people and not be mistaken."""

from hypothesis import given
from hypothesis import strategies as st

from survey.answering.codes import (
    ALPHABET,
    RECEIPT_LENGTH,
    digest,
    grouped,
    new_code,
    new_receipt,
    read_code,
    receipt_from,
)


def test_no_letter_is_mistaken_for_another():
    assert not set("ILOU") & set(ALPHABET)


def test_a_code_is_read_as_people_type_it():
    code = new_receipt()
    assert read_code(grouped(code).lower().replace("-", " "), RECEIPT_LENGTH) == code
    assert read_code(code.replace("0", "o").replace("1", "l"), RECEIPT_LENGTH) == code


@given(st.integers(0, 10**9), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_every_single_mistyped_letter_is_found(seed, place, letter):
    code = receipt_from(str(seed))
    wrong = code[:place] + letter + code[place + 1 :]
    assert (read_code(wrong, RECEIPT_LENGTH) == wrong) is (wrong == code)


@given(st.integers(0, 10**9), st.integers(0, 14))
def test_swapped_neighbours_are_found(seed, place):
    code = receipt_from(str(seed))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    # Luhn's algorithm cannot see the one pair whose digits are 0 and N - 1.
    if swapped != code and {code[place], code[place + 1]} != {"0", "Z"}:
        assert read_code(swapped, RECEIPT_LENGTH) is None


def test_what_cannot_be_a_code_is_none():
    for text in ("", "ABC", "x" * 400, "!!!!!!!!!!!!!!!!", "Việt"):
        assert read_code(text, RECEIPT_LENGTH) is None


def test_the_same_phone_makes_the_same_receipt_and_another_phone_another():
    assert receipt_from("phone", "K4") == receipt_from("phone", "K4") != receipt_from("other", "K4")


def test_one_secret_has_different_hashes_for_different_purposes():
    assert digest("response", "x") != digest("ticket", "x")


def test_codes_are_not_repeated():
    assert len({new_code(12) for _ in range(2000)}) == 2000
