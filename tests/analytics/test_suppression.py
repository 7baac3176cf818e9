"""No number that is withheld can be worked out from all that is shown: not in tables, nor over what pages publish."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analytics import COUNTS, ITEMS, SUPPRESSED, FrameError, measures, suppressed_totals
from analytics.privacy import with_withheld
from analytics.solving import solvable
from tests.analytics.answers import some_examples
from tests.analytics.bounding import bounds_of, totals_of

few_examples = settings(some_examples, max_examples=12)


def cube(sizes, *names):
    """A table with a key for each dimension of `sizes`."""
    sizes = np.asarray(sizes)
    rows = [
        {**{n: str(i) for n, i in zip(names, place, strict=True)}, "people": int(sizes[place])}
        for place in product(*(range(length) for length in sizes.shape))
    ]
    return pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "people": pl.Int64})


@st.composite
def cubes(draw, dimensions):
    shape = [draw(st.integers(1, 4 if dimensions == 2 else 3)) for _ in range(dimensions)]
    sizes = draw(
        st.lists(
            st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 20, 40]),
            min_size=int(np.prod(shape)),
            max_size=int(np.prod(shape)),
        )
    )
    return cube(np.reshape(sizes, shape), *("class", "unit", "grade")[:dimensions])


tables = st.one_of(cubes(2), cubes(3))
sizes_of_groups = st.integers(2, 6)


def suppressed(cells, k=5, **options):
    keys = [name for name in cells.columns if name != "people"]
    return suppressed_totals(cells, by=keys, group=keys, smallest_group=k, **options)


def can_be_solved(totals, shown):
    """Independently of `solvable`: a total is a combination of those shown if it adds nothing to their rank."""
    rank = np.linalg.matrix_rank(totals[shown]) if shown.any() else 0
    return np.array([np.linalg.matrix_rank(np.vstack([totals[shown], one])) == rank for one in totals])


@few_examples
@given(tables, sizes_of_groups)
def test_nothing_withheld_is_solved_for_from_all_published_totals(cells, k):
    said = suppressed(cells, k)
    totals, people = totals_of(said, cells, cells.columns[:-1])
    withheld, sizes = said["withheld"].to_numpy(), totals @ people
    assert not (can_be_solved(totals, ~withheld) & withheld & (sizes > 0)).any()
    assert (sizes[~withheld] >= k).all()


@few_examples
@given(tables, sizes_of_groups)
def test_what_is_left_of_a_total_shown_is_never_a_small_group(cells, k):
    """Total less cells shown: nobody, or two cells and more that together reach k."""
    said = suppressed(cells, k)
    keys = cells.columns[:-1]
    totals, people = totals_of(said, cells, keys)
    cell = (said["summed_over"].list.len() == 0).to_numpy()
    shown_cells = totals[cell & ~said["withheld"].to_numpy()].sum(axis=0)
    for total in totals[~cell & ~said["withheld"].to_numpy()]:
        left = total * (1 - shown_cells)
        assert left.sum() == 0 or (left.sum() >= 2 and left @ people >= k)


@few_examples
@given(tables, sizes_of_groups)
def test_no_small_cell_is_bounded_to_a_single_number(cells, k):
    said = suppressed(cells, k)
    totals, people = totals_of(said, cells, cells.columns[:-1])
    small = (said["summed_over"].list.len() == 0).to_numpy() & (totals @ people > 0) & (totals @ people < k)
    bounds = bounds_of(totals, people, shown=~said["withheld"].to_numpy(), judged=small)
    truth = (totals @ people)[small]
    assert (bounds[:, 0] < bounds[:, 1]).all()
    assert ((bounds[:, 0] <= truth) & (truth <= bounds[:, 1])).all()


@few_examples
@given(tables, st.integers(0, 5))
def test_a_larger_smallest_group_never_shows_more(cells, k):
    loose, strict = suppressed(cells, k), suppressed(cells, k + 1)
    assert not (loose["withheld"] & ~strict["withheld"]).any()


@few_examples
@given(cubes(2), sizes_of_groups)
def test_numbers_shown_are_the_sums_and_withheld_ones_null(cells, k):
    said = suppressed(cells, k)
    totals, people = totals_of(said, cells, cells.columns[:-1])
    expected = [None if away else int(n) for n, away in zip(totals @ people, said["withheld"], strict=True)]
    assert said["people"].to_list() == expected


def test_a_table_by_hand():
    """The three of A in Ba Vì are at risk; one more in their row, one more in their column, and these cross."""
    cells = cube([[3, 20, 30], [20, 25, 40], [50, 60, 70]], "class", "unit")
    said = suppressed(cells)
    hidden = said.filter("withheld").select("class", "unit").rows()
    assert hidden == [("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")]


def test_two_withheld_cells_in_each_line_are_not_enough():
    """Two blocks of four, joined by one cell: all lines hold two and more, and yet that cell is solved for."""
    block = np.array([[0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 0, 0]], dtype=bool)
    block[1, 2], shown = False, block
    rows = [np.kron(np.eye(4)[i], np.ones(6)) for i in range(4)]
    columns = [np.kron(np.ones(4), np.eye(6)[j]) for j in range(6)]
    withheld = ~shown
    withheld[2, 4:], withheld[3, 4:] = True, True
    withheld[2, 2] = withheld[3, 2] = withheld[2, 3] = withheld[3, 3] = False
    withheld[2, 2] = True  # the third column: cells (1, 2) and (2, 2), a bridge between the blocks
    totals = np.vstack([np.eye(24), rows, columns])
    known = np.concatenate([~withheld.ravel(), np.ones(10, dtype=bool)])
    given_away = solvable(totals, known)[:24].reshape(4, 6) & withheld
    assert (withheld.sum(axis=1)[:4] >= 2).all() and set(withheld.sum(axis=0)) <= {0, 2}
    assert [tuple(place) for place in np.argwhere(given_away)] == [(1, 2), (2, 2)]


def test_solvable_as_school_algebra_has_it():
    """a + b and b + c and a + c are shown: that is all of them. Without the last it is none."""
    totals = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=float)
    assert solvable(totals, np.array([0, 0, 0, 1, 1, 1], dtype=bool)).all()
    assert solvable(totals, np.array([0, 0, 0, 1, 1, 0], dtype=bool)).tolist() == [False] * 3 + [True] * 2 + [False]
    assert not solvable(totals, np.zeros(6, dtype=bool)).any()


def test_solvable_in_blocks_and_whatever_hangs_together():
    """a + b and c + d and c - d by way of e: the second lot is solved, the first is not, nor is what spans both."""
    totals = np.array(
        [[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 1], [1, 0, 1, 0, 0], [1, 1, 1, 0, 0]],
        dtype=float,
    )
    assert solvable(totals, np.array([1, 1, 1, 1, 0, 0], dtype=bool)).tolist() == [True] * 4 + [False, True]


@few_examples
@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_solvable_agrees_with_the_rank_of_the_equations(rows, cells, seed):
    chance = np.random.default_rng(seed)
    totals = chance.integers(0, 2, (rows, cells)).astype(float)
    shown = chance.random(rows) < 0.6
    assert solvable(totals, shown).tolist() == can_be_solved(totals, shown).tolist()


def test_the_bounds_of_what_is_withheld_as_one_works_them_out_by_hand():
    """Of 3 + 20 withheld together each is between 0 and 23; alone in the table nothing bounds it but nobody."""
    totals, people = np.array([[1, 0], [0, 1], [1, 1]], dtype=float), np.array([3, 20])
    first = np.array([True, False, False])
    assert bounds_of(totals, people, shown=np.array([False, False, True]), judged=first).tolist() == [[0, 23]]
    assert bounds_of(totals, people, shown=np.array([False, True, True]), judged=first).tolist() == [[3, 3]]
    assert bounds_of(totals, people, shown=np.zeros(3, dtype=bool), judged=first).tolist() == [[0, np.inf]]


def sites(*pairs):
    """Sites by two ways of taking part, most of them with people of one way only; no row where there is nobody."""
    return cube(pairs, "site", "way").filter(pl.col("people") > 0)


def crossed(cells, k=5):
    return with_withheld(cells, size="people", smallest_group=k, keys=["site", "way"], group=["site", "way"])


def test_a_table_of_mostly_empty_cells_keeps_the_cells_that_hide_nobody():
    """What a site has in one way alone its own total tells: such a cell cannot hide another, so it is shown."""
    cells = sites([13, 0], [11, 3], [6, 2], [21, 0], [0, 16], [0, 10], [9, 7])
    assert crossed(cells).filter("withheld").rows() == [
        ("1", "0", 11, True), ("1", "1", 3, True), ("2", "0", 6, True), ("2", "1", 2, True),
    ]  # fmt: skip
    said = suppressed_totals(cells, by=["site", "way"], group=["site", "way"])
    assert said.filter("withheld").select("site", "way").rows() == [("1", "0"), ("1", "1"), ("2", "0"), ("2", "1")]


def test_one_small_cell_takes_the_smallest_ring_through_it_and_no_more():
    cells = cube([[2, 40, 30], [50, 60, 9], [20, 70, 9], [8, 80, 90]], "class", "unit")
    hidden = suppressed(cells).filter("withheld").select("class", "unit").rows()
    assert hidden == [("0", "0"), ("0", "2"), ("2", "0"), ("2", "2")]


def test_what_all_tables_give_away_is_still_hidden_where_only_some_are_published():
    """Sites and ways together tell the four of site 1; the whole and the cells of this table must not."""
    cells = sites([10, 0], [4, 9])
    shown = crossed(cells).filter(~pl.col("withheld"))["people"].to_list()
    assert cells["people"].sum() - sum(shown) not in {4}
    assert 9 not in shown


def test_an_empty_table_has_no_totals():
    said = suppressed(cube(np.zeros((0, 0)), "class", "unit"))
    assert said.height == 0
    assert said.schema == {"class": pl.String, "unit": pl.String, **SUPPRESSED}


@pytest.mark.parametrize(("people", "withheld"), [(3, True), (5, False), (0, True)])
def test_one_cell_is_its_own_totals(people, withheld):
    assert suppressed(cube([[people]], "class", "unit"))["withheld"].to_list() == [withheld] * 4


def test_all_below_the_smallest_group_show_their_sum_at_most():
    said = suppressed(cube([[2, 1], [1, 2]], "class", "unit"))
    assert said.filter(~pl.col("withheld")).rows() == [(None, None, ["class", "unit"], 6, False)]
    assert suppressed(cube([[1, 1], [1, 1]], "class", "unit"))["withheld"].all()


def test_only_the_totals_that_are_published_give_away():
    cells = cube([[3, 20, 30], [20, 25, 40]], "class", "unit")
    whole_only = suppressed(cells, totals=[()])
    assert whole_only.filter("withheld").select("class", "unit").rows() == [("0", "0"), ("0", "1")]
    assert suppressed(cells, totals=[])["withheld"].sum() == 1


def test_each_module_is_a_table_of_its_own():
    cells = pl.concat([cube([3, 20, 30], "class").with_columns(module=pl.lit(name)) for name in ("Họp", "Dân vận")])
    said = suppressed_totals(cells, by=["module", "class"], group=["class"])
    assert said.filter("withheld").select("module", "class").rows() == [
        ("Dân vận", "0"), ("Dân vận", "1"), ("Họp", "0"), ("Họp", "1"),
    ]  # fmt: skip
    assert said.filter(pl.col("class").is_null())["people"].to_list() == [53, 53]


def test_strange_cells_are_refused_in_words():
    cells = cube([[3, 20]], "class", "unit")
    with pytest.raises(ValueError, match="The group 'grade' is not among"):
        suppressed_totals(cells, by=["class", "unit"], group=["grade"])
    with pytest.raises(ValueError, match="The total over 'grade' is not of the group"):
        suppressed(cells, totals=[["grade"]])
    with pytest.raises(FrameError, match="The column 'grade' is missing"):
        suppressed_totals(cells, by=["class", "grade"], group=["class"])
    with pytest.raises(FrameError, match="The column 'people' must hold whole numbers"):
        suppressed(cells.cast({"people": pl.Float64}))
    with pytest.raises(FrameError, match="nulls or numbers below 0"):
        suppressed(cells.with_columns(people=-pl.col("people")))


# What pages publish of one cohort, all at once.

MODULES = [("Kỹ năng", "Họp"), ("Kỹ năng", "Dân vận"), ("Kiến thức", "Luật"), ("Kiến thức", "Đất đai")]
TABLES = [("item",), ("component", "item"), ("component", "module", "item")]
USEFUL = pl.DataFrame({"item": ["useful"], "steps": [4], "direction": ["up"]}, schema=ITEMS)


@st.composite
def cohorts(draw, *groups, least=0):
    """Counts of four modules by every group (class, unit), many of them small; `least` in each cell."""
    places = [(c, m, *of) for c, m in MODULES for of in product(*([f"{name}{i}" for i in range(3)] for name in groups))]
    spread = st.lists(st.sampled_from([0, 0, 1, 2, 3, 8]), min_size=4, max_size=4)
    rows = [
        {"cohort": "K1", "component": place[0], "module": place[1], "item": "useful", "step": step, "n": n}
        | dict(zip(groups, place[2:], strict=True))
        for place in places
        for step, n in enumerate(draw(spread.filter(lambda counts: sum(counts) >= least)), start=1)
        if n
    ]
    assume(rows)
    return pl.DataFrame(rows, schema={**COUNTS, **dict.fromkeys(groups, pl.String)})


def solved_for(counts, tables, k):
    """The rows of `tables` that are withheld and can be worked out from the others, in n or in the count of a step."""
    published = [
        (by, row)
        for by in tables
        for row in measures(counts, USEFUL, by=by, smallest_group=k, unanimous_below=0).to_dicts()
    ]
    names = [name for name in counts.columns if name not in {"step", "n"}]
    cells = counts.group_by(names, maintain_order=True).agg(pl.col("n").sum()).to_dicts()
    totals = np.array([[all(row[key] == cell[key] for key in by) for cell in cells] for by, row in published], float)
    truth = totals @ np.array([cell["n"] for cell in cells])
    shown = np.array([not row["withheld"] for _, row in published], dtype=bool)
    # A total leaves out the modules that are withheld: then it is a sum of fewer cells than its keys say.
    small = {row["module"] for by, row in published if by[-2:] == ("module", "item") and row["withheld"]}
    kept = np.array([cell["module"] not in small for cell in cells])
    for place, (by, row) in enumerate(published):
        if not {"module"} & set(by):
            totals[place] *= kept
        if shown[place]:
            assert row["n"] == totals[place] @ np.array([cell["n"] for cell in cells])
    given_away = solvable(totals, shown) & ~shown & (truth > 0) & totals.any(axis=1)
    return [published[place] for place in np.flatnonzero(given_away)]


@few_examples
@given(cohorts("class"), st.integers(2, 6))
def test_no_cell_of_measures_is_solved_for_from_cohort_component_module_and_class_together(counts, k):
    tables = [("cohort", *by) for by in [*TABLES, ("component", "module", "item", "class")]]
    assert solved_for(counts, tables, k) == []


@few_examples
@given(cohorts("class", "unit", least=1), st.integers(2, 6))
def test_classes_by_units_cannot_be_solved_for_from_classes_and_units_of_other_calls(counts, k):
    module = ("cohort", "component", "module", "item")
    tables = [module, (*module, "class"), (*module, "unit"), (*module, "class", "unit")]
    assert solved_for(counts, tables, k) == []


def test_where_crossing_cells_are_empty_only_totals_made_together_are_safe():
    """Class 1 is in unit 2 alone, so its total says what is left for class 0 there: two people."""
    sizes = [[9, 1, 2], [0, 0, 9]]
    cells = cube(sizes, "class", "unit").filter(pl.col("people") > 0)
    options = {"size": "people", "smallest_group": 5}
    units = with_withheld(cells.group_by("unit").agg(pl.col("people").sum()), keys=["unit"], group=["unit"], **options)
    classes = with_withheld(
        cells.group_by("class").agg(pl.col("people").sum()), keys=["class"], group=["class"], **options
    )
    alone = dict(units.filter(~pl.col("withheld")).select("unit", "people").rows())
    assert alone["2"] - dict(classes.filter(~pl.col("withheld")).select("class", "people").rows())["1"] == 2
    together = suppressed(cells)
    totals, people = totals_of(together, cells, ["class", "unit"])
    given_away = can_be_solved(totals, ~together["withheld"].to_numpy())
    assert not (given_away & (totals @ people < 5)).any()


def test_crossing_groups_withhold_what_one_flat_partition_would_show():
    """The only small cell of class A and the only one of unit 0 in class B: flat, the two protect each other."""
    cells = cube([[3, 20, 30], [25, 2, 40]], "class", "unit")
    crossed = with_withheld(cells, size="people", smallest_group=5, keys=["class", "unit"], group=["class", "unit"])
    assert crossed.filter(~pl.col("withheld"))["people"].to_list() == [30, 40]
