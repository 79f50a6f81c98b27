"""The table of figures: what was reached, and how it is printed."""

import pytest

from bench.figures import Figure, number, table


@pytest.mark.parametrize(
    ("measured", "met"), [(36, "goal"), (36.1, "yes"), (45, "yes"), (45.1, "no")]
)
def test_a_cost_is_met_by_what_is_no_higher(measured, met):
    assert Figure("a read", "µs", measured, floor=45, goal=36).met == met


@pytest.mark.parametrize(
    ("measured", "met"), [(1_200, "goal"), (1_199, "yes"), (800, "yes"), (799, "no")]
)
def test_a_rate_is_met_by_what_is_no_lower(measured, met):
    assert Figure("posting", "a second", measured, floor=800, goal=1_200, rises=True).met == met


def test_what_has_no_limit_is_neither_met_nor_missed():
    assert Figure("a rate", "of nginx's", 0.3).met == ""


@pytest.mark.parametrize(
    ("value", "printed"), [(0.4021, "0.402"), (45, "45"), (12345.6, "12,346"), (0, "0")]
)
def test_numbers_have_three_figures_that_count(value, printed):
    assert number(value) == printed


def test_a_table_has_a_line_for_each_figure():
    figures = [Figure("a read", "µs", 40, floor=45, goal=36, beside="nginx 10 µs")]

    assert (
        table(figures).splitlines()[2] == "| a read | 45 µs | 36 µs | 40 µs | yes | nginx 10 µs |"
    )
