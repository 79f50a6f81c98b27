"""The table of counts: one row for each process, added up for the node."""

import os

import pytest
import sqlalchemy as sa

from discuss.base import metrics
from discuss.base.metrics import Metrics

SHELF = "discuss_shelf_answers_total"


@pytest.fixture
def table():
    return Metrics()


def in_another_process(work):
    if (pid := os.fork()) == 0:
        try:
            work()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def test_what_every_process_counts_is_added_up(table):
    table.open("parent", "worker-1", "worker-2")

    def work(name):
        table.enter(name)
        for _ in range(3):
            table.count(table.shelf_hit)

    for name in ("worker-1", "worker-2"):
        in_another_process(lambda: work(name))  # noqa: B023
    table.count(table.shelf_hit)

    assert (table.total(table.shelf_hit), table.total(table.shelf_miss)) == (7, 0)


def test_a_process_that_comes_back_goes_on_counting_where_the_dead_one_was(table):
    table.open("parent", "worker-1")

    def work():
        table.enter("worker-1")
        table.count(table.shelf_miss)

    in_another_process(work)
    in_another_process(work)

    assert table.total(table.shelf_miss) == 2


def test_what_a_dead_process_had_in_hand_is_gone_with_it(table):
    in_hand = table.gauge("in_hand", "Things held.").cell()
    table.open("parent", "worker-1")

    def work(by):
        table.enter("worker-1")
        table.count(in_hand, by)

    in_another_process(lambda: work(5))
    assert table.total(in_hand) == 5
    in_another_process(lambda: work(1))

    assert table.total(in_hand) == 1


def test_every_combination_of_labels_has_a_cell_of_its_own(table):
    doors = table.counter("doors_total", "Doors.", side=("in", "out"), colour=("red", "blue"))
    table.open("parent")
    table.count(doors.cell("out", "red"))

    counts = {values: table.total(cell) for values, cell in doors.cells()}

    assert {values for values, count in counts.items() if count} == {("out", "red")}
    assert all(doors.cell(*values) == cell for values, cell in doors.cells())
    assert len({cell for _, cell in doors.cells()} | {table.shelf_hit, metrics.PID}) == 6


def test_what_was_rolled_back_is_not_counted(app, session):
    table = metrics.of(app)
    session.execute(sa.text("SELECT 1"))
    metrics.count_committed(SHELF, "miss")
    session.rollback()
    session.execute(sa.text("SELECT 1"))
    metrics.count_committed(SHELF, "hit")
    assert table.total(table.shelf_hit) == 0  # not before it is through

    session.commit()

    assert (table.total(table.shelf_hit), table.total(table.shelf_miss)) == (1, 0)
