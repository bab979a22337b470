"""What connections say reaches the one who writes: each answer once, the first without delay, all of them together."""

from __future__ import annotations

from threading import Thread
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.runner.delivery import Answers, Said

FOR_EVER_S = 3600.0  # a bell that isn't rung would be waited for


def said(number: int) -> Said:
    return cast(Said, number)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=6))
def test_all_that_are_awaited_come_together_and_each_once(rounds: list[int]) -> None:
    answers = Answers()
    for awaited in rounds:
        threads = [Thread(target=answers.put, args=(said(number),)) for number in range(awaited)]
        for thread in threads:
            thread.start()
        found: list[Said] = []
        while len(found) < awaited:
            found += answers.some(awaited - len(found), FOR_EVER_S)
        assert sorted(cast("list[int]", found)) == list(range(awaited))
        for thread in threads:
            thread.join()


def test_one_answer_is_not_held_back_by_another_that_does_not_come() -> None:
    answers = Answers()
    answers.put(said(1))
    assert answers.some(2, 0.001) == [said(1)]


def test_who_comes_while_the_first_is_written_waits_for_the_next_turn() -> None:
    answers = Answers()
    answers.put(said(1))
    assert answers.some(1, FOR_EVER_S) == [said(1)]
    answers.put(said(2))
    answers.put(said(3))
    assert answers.some(2, FOR_EVER_S) == [said(2), said(3)]
