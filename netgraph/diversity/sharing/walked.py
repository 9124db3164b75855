"""What is walked to find shared stretches, flat, and the columns in which they come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]
    Int32s = NDArray[np.int32]

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

    Attributes
    ----------
    span, class_, trench, cable
        Of each piece of the rows: its span, the class of that and of its trench, and its cable; -1
        for none.
    start, stop, metres, inside
        Places where it begins and ends, its length (0 where not known), and the home that it lies
        in, -1 outside.
    is_indoors
        Rows with a piece inside.
    link
        Link of each piece that is one with nothing recorded below, maybe as a carrier; else -1.
    """

    route_ptr: Ints
    row: Ints
    section: Ints
    piece_ptr: Ints
    span: Int32s
    class_: Int32s
    trench: Int32s
    cable: Ints
    start: Int32s
    stop: Int32s
    metres: Floats
    inside: Int32s
    is_indoors: NDArray[np.bool_]
    link: Int32s


class Things(NamedTuple):
    """What elements and places are.

    Attributes
    ----------
    first, first_span
        First place, network element and building of the numbering of elements, and first span.
    kind
        Of elements and, after them, risk groups.
    link, cable, span
        Class of each link, cable and span.
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
