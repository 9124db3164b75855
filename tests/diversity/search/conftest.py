"""Networks whose answers can be read off a drawing; all of them are invented."""

from __future__ import annotations

import pytest
from small_networks import SmallNetwork


@pytest.fixture
def trap():
    """The shortest route s-a-b-t uses up what both disjoint routes need.

    ::

        s --(0) 1-- a --(1) 1-- b --(2) 1-- t        s 3, a 1, b 2, t 0: the sink
        |           |           |           |
        |           '----(4) 3--|-----------'
        '-------(3) 3-----------'
    """
    return SmallNetwork(4, ((3, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (3, 2, 3.0), (1, 0, 3.0)))


@pytest.fixture
def lollipop():
    """A ring behind a bridge behind a ring; the sink is 0, edges in brackets.

    ::

        0 --(0)-- 1             5 --(7)-- 6
        |         |             |         |
       (1)       (2)           (6)       (5)
        |         |             |         |
        2 --(3)-- 3 ----(4)---- 4 --------'
    """
    ends = ((0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (4, 6), (4, 5), (5, 6))
    return SmallNetwork(7, tuple((u, v, 5.0 if (u, v) == (3, 4) else 10.0) for u, v in ends))


@pytest.fixture
def label_gap():
    """Three routes with the risks {0, 1}, {1, 2} and {0, 2}: no pair, and no risk that cuts.

    ::

           .--(0) risks 0, 1--.
        1 ----(1) risks 1, 2---- 0
           '--(2) risks 0, 2--'
    """
    risks = tuple((frozenset(edges), frozenset()) for edges in ({0, 2}, {0, 1}, {1, 2}))
    return SmallNetwork(2, ((1, 0, 1.0), (1, 0, 2.0), (1, 0, 3.0)), risks=risks)


@pytest.fixture
def stars():
    """Two risks, each a star at one node, lie across the two short routes.

    ::

              .--(0)-- a --(1)--.         s 4, a 1, b 2, c 3, t 0: the sink
              |                 |         by c 4 in all, by a or b 2
        s ----'--(2)-- b --(3)--'---- t   risk 0: edges 0 and 2, both at s
        '--------(4)-- c --(5)--------'   risk 1: edges 1 and 3, both at t
    """
    edges = ((4, 1, 1.0), (1, 0, 1.0), (4, 2, 1.0), (2, 0, 1.0), (4, 3, 2.0), (3, 0, 2.0))
    risks = ((frozenset({0, 2}), frozenset()), (frozenset({1, 3}), frozenset()))
    return SmallNetwork(5, edges, risks=risks)
