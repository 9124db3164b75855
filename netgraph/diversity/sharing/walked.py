"""What is walked to find shared stretches, flat, and the columns in which they come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

#: Kinds of shared stretch, strongest first; a piece gets the strongest that applies.
BY_LINK, BY_CABLE, BY_TRENCH, NOT_SHARED = range(4)
#: Columns of the records of stretches.
UNIT, KIND, FROM_PLACE, TO_PLACE, SECTION, FIRST_MEMBER, END_MEMBER, FIRST_PIECE, END_PIECE = range(
    9
)
N_COLUMNS = 9
#: Columns of the metres of stretches, and of units.
LENGTH_M, START_M = range(2)
TOTAL_M, UNPROTECTED_M, SHARED_M = range(3)


class WalkedUnits(NamedTuple):
    """Units: their working routes (`ptr`, `route`, `is_protected`), home of A, and shared set.

    What is shared are classes of elements, and risk groups, which are numbered after them.
    """

    ptr: Ints
    route: Ints
    is_protected: NDArray[np.bool_]
    a_home: Ints
    shared_ptr: Ints
    shared: Ints


class Ways(NamedTuple):
    """Route to rows ``2 * link + is_reversed`` with the section of each, and row to pieces.

    `inside` is the home that a piece lies in, -1 outside.
    """

    route_ptr: Ints
    row: Ints
    section: Ints
    piece_ptr: Ints
    piece: Ints
    cable: Ints
    a: Ints
    b: Ints
    length_m: Floats
    inside: Ints


class Things(NamedTuple):
    """What elements and places are.

    Attributes
    ----------
    first, first_span
        First place, network element and building of the numbering of elements, and first span.
    kind
        Of elements and, after them, risk groups.
    link, cable, span, trench
        Class of each link, cable and span, and of the trench of each span (-1 without one).
    n_elements, n_classes
        How many there are.
    touched_ptr, touched
        Link to its classes with a cable, span or trench in them.
    open_ptr, open_member
        Class to its points, offices, network elements and buildings; risk group to itself.
    location, building
        Of a network element, and of a place; -1 where there is none.
    member_ptr, member
        Risk group to elements.
    """

    first: tuple[int, int, int]
    first_span: int
    kind: Ints
    link: Ints
    cable: Ints
    span: Ints
    trench: Ints
    n_elements: int
    n_classes: int
    touched_ptr: Ints
    touched: Ints
    open_ptr: Ints
    open_member: Ints
    location: Ints
    building: Ints
    member_ptr: Ints
    member: Ints
    is_building: NDArray[np.bool_]
    is_lasting: NDArray[np.bool_]
