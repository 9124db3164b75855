"""Lists over columns behave as lists do."""

from __future__ import annotations

import pytest

from netgraph.diversity.views import View


class Squares(View[int]):
    """Squares of the numbers below n, made when asked for."""

    def __init__(self, n: int) -> None:
        self.n, self.made = n, 0

    def __len__(self) -> int:
        return self.n

    def _one(self, at: int) -> int:
        self.made += 1
        return at * at


@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_view_reads_as_the_tuple_of_its_entries(n):
    view, plain = Squares(n), tuple(i * i for i in range(n))
    assert tuple(view) == plain
    cuts = (None, -7, -2, 0, 1, 3, 9)
    for piece in (slice(a, b, c) for a in cuts for b in cuts for c in (None, -2, 1, 2)):
        assert view[piece] == plain[piece]
    for at in range(-n, n):
        assert view[at] == plain[at]
    for at in (-n - 1, n):
        with pytest.raises(IndexError):
            view[at]


def test_an_entry_is_made_only_when_it_is_asked_for():
    view = Squares(1000)
    assert view[-1] == 999**2
    assert view.made == 1
