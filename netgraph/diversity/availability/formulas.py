"""When a circuit, a group or a site is up, as formulas over atoms, and their exact arithmetic.

An atom is a list of ways that are all needed: a route, or one leg of a link. A shape is an atom, a
series, a parallel, or a parallel that is switched by hand:

* ``("all", parts)`` is up if every part is;
* ``("any", parts)`` is up if some part is;
* ``("hand", atom, other)`` is up if the atom is, or if `other` is and no fault of the atom is in
  the hours in which nobody has switched yet.

A formula is a shape over the atoms 0 ... n - 1, and which atoms these are: there are thousands of
formulas, and a handful of shapes.

Atoms share components, so they are not independent. Let F(S) be the probability that all atoms of
the set S are up: a product over the components on any of them. Then P(up) is the sum of c(S) F(S)
over the sets S of atoms, with whole numbers c(S) that depend on the shape only (inclusion and
exclusion). The failure frequency is the sum over components of rate times the sum of c(S) F(S) over
the sets that the component is on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Atoms, those of hand switching included, up to which a formula is computed exactly.
MOST_ATOMS = 8
#: Position of the shape of a single atom.
ATOM = 0


class Atom(NamedTuple):
    """A list of ways that are all needed, by position."""

    number: int


class Joined(NamedTuple):
    """All or any of some parts."""

    how: str
    parts: tuple[Plain, ...]


class ByHand(NamedTuple):
    """A working atom and what can be switched to by hand."""

    working: Atom
    other: Plain


Plain = Atom | Joined | ByHand


class Formula(NamedTuple):
    """A shape (its position in :class:`Shapes`), and its atoms in the order of the shape."""

    shape: int
    atoms: tuple[int, ...]


def atom_of(number: int) -> Formula:
    """Make the formula of one atom."""
    return Formula(ATOM, (number,))


class Shapes:
    """The shapes that formulas have, each once.

    Attributes
    ----------
    plain
        The shapes, over the atoms 0 ... n - 1 in the order in which they appear.
    sizes
        Atoms of each shape, and one more for each that is switched away from by hand.
    """

    def __init__(self) -> None:
        self.plain: list[Plain] = [Atom(0)]
        self.sizes = [1]
        self._number: dict[Plain, int] = {Atom(0): ATOM}
        self._joined: dict[tuple[str, tuple[Formula, ...]], int] = {}

    def all_of(self, parts: Iterable[Formula]) -> Formula:
        """Put parts in series; equal parts count once."""
        return self._join("all", tuple(dict.fromkeys(parts)))

    def any_of(self, parts: Iterable[Formula]) -> Formula:
        """Put parts in parallel; equal parts count once."""
        return self._join("any", tuple(dict.fromkeys(parts)))

    def by_hand(self, working: Formula, other: Formula) -> Formula:
        """Switch from one atom to another formula by hand; nothing to switch if they are equal."""
        return working if working == other else self._join("hand", (working, other))

    def parts(self, formula: Formula) -> tuple[Formula, ...]:
        """Give the parts of a series; the formula itself if it is none."""
        plain = self.plain[formula.shape]
        if not (isinstance(plain, Joined) and plain.how == "all"):
            return (formula,)
        return tuple(self._formula(part, formula.atoms) for part in plain.parts)

    def _formula(self, plain: Plain, atoms: Sequence[int]) -> Formula:
        number: dict[int, int] = {}
        shape = self._add(_renumbered(plain, number))
        return Formula(shape, tuple(atoms[position] for position in number))

    def _join(self, how: str, parts: tuple[Formula, ...]) -> Formula:
        if len(parts) == 1:
            return parts[0]
        number: dict[int, int] = {}
        told = tuple(
            Formula(shape, tuple(number.setdefault(atom, len(number)) for atom in atoms))
            for shape, atoms in parts
        )
        shape = self._joined.get((how, told))
        if shape is None:
            shape = self._joined[how, told] = self._add(self._plain(how, told))
        return Formula(shape, tuple(number))

    def _plain(self, how: str, parts: tuple[Formula, ...]) -> Plain:
        told = tuple(_placed(self.plain[shape], positions) for shape, positions in parts)
        if how != "hand":
            return Joined(how, told)
        working, other = told
        if not isinstance(working, Atom):
            msg = "only an atom is switched away from by hand"
            raise TypeError(msg)
        return ByHand(working, other)

    def _add(self, plain: Plain) -> int:
        number = self._number.setdefault(plain, len(self.plain))
        if number == len(self.plain):
            self.plain.append(plain)
            self.sizes.append(len(_atoms(plain)) + len(_by_hand(plain)))
        return number


def _placed(plain: Plain, positions: Sequence[int]) -> Plain:
    """Put other atoms in the place of those of a shape."""
    if isinstance(plain, Atom):
        return Atom(positions[plain.number])
    if isinstance(plain, ByHand):
        return ByHand(Atom(positions[plain.working.number]), _placed(plain.other, positions))
    return Joined(plain.how, tuple(_placed(part, positions) for part in plain.parts))


def _renumbered(plain: Plain, number: dict[int, int]) -> Plain:
    """Give atoms the numbers in which they appear."""
    if isinstance(plain, Atom):
        return Atom(number.setdefault(plain.number, len(number)))
    if isinstance(plain, ByHand):
        working = Atom(number.setdefault(plain.working.number, len(number)))
        return ByHand(working, _renumbered(plain.other, number))
    return Joined(plain.how, tuple([_renumbered(part, number) for part in plain.parts]))


@cache
def _by_hand(plain: Plain) -> tuple[int, ...]:
    """Atoms that are switched away from by hand, each once."""
    if isinstance(plain, Atom):
        return ()
    if isinstance(plain, ByHand):
        found = (plain.working.number, *_by_hand(plain.other))
    else:
        found = tuple(atom for part in plain.parts for atom in _by_hand(part))
    return tuple(dict.fromkeys(found))


def _atoms(plain: Plain) -> set[int]:
    if isinstance(plain, Atom):
        return {plain.number}
    if isinstance(plain, ByHand):
        return {plain.working.number} | _atoms(plain.other)
    return set().union(*map(_atoms, plain.parts))


@dataclass(frozen=True, eq=False)
class Solved:
    """What a formula comes to, case by case; arrays of shape (cases,).

    `down` is the share of time in which it is down, `failures` how often a year it goes down,
    `shared_down` the share of time due to what takes it down alone, whatever is switched.
    """

    down: Floats
    failures: Floats
    shared_down: Floats


@dataclass(frozen=True, eq=False)
class Shape:
    """A shape, ready to be computed.

    Attributes
    ----------
    n_atoms, n_bits
        Atoms, and bits of a mask: the bits above the atoms stand for the first hours of the faults
        of atoms that are switched by hand.
    with_first_hours
        For each mask of atoms, the same with those bits added; shape (2 ** n_atoms,).
    """

    n_atoms: int
    n_bits: int
    with_first_hours: NDArray[np.int64]
    _coefficients: Floats
    _meets: Floats
    _cuts: NDArray[np.bool_]

    def solve(self, log_up: Floats, rate: Floats, log_up_of_atoms: Floats) -> Solved:
        """Compute cases.

        Parameters
        ----------
        log_up, rate
            Sums over the components by their mask; shape (cases, 2 ** n_bits).
        log_up_of_atoms
            Sums of the logarithms of the full repair times by the mask of atoms; shape (cases,
            2 ** n_atoms).

        Returns
        -------
        Solved
            Exact for components that fail independently; cost 4 ** n_bits a case.
        """
        lost = np.expm1(log_up @ self._meets)  # F(S) - 1, without the loss of digits
        kept = self._coefficients * (1.0 + lost)
        return Solved(
            down=np.maximum(-(lost @ self._coefficients), 0.0),
            failures=np.maximum((rate * (kept @ self._meets.T)).sum(axis=1), 0.0),
            shared_down=-np.expm1(log_up_of_atoms @ self._cuts.astype(np.float64)),
        )


@cache
def prepare(plain: Plain) -> Shape:
    """Prepare a shape."""
    n_atoms = len(_atoms(plain))
    by_hand = _by_hand(plain)
    n_bits = n_atoms + len(by_hand)
    bit_of = {atom: n_atoms + k for k, atom in enumerate(by_hand)}
    masks = np.arange(2**n_bits)
    is_up = _is_up(plain, masks, bit_of)
    atom_masks = np.arange(2**n_atoms)
    with_first = atom_masks.astype(np.int64)
    for atom, bit in bit_of.items():
        with_first |= (atom_masks >> atom & 1) << bit
    without = (2**n_bits - 1) & ~atom_masks
    return Shape(
        n_atoms=n_atoms,
        n_bits=n_bits,
        with_first_hours=with_first,
        _coefficients=_coefficients(is_up, n_bits),
        _meets=(masks[:, None] & masks[None, :] != 0).astype(np.float64),
        _cuts=~is_up[without],
    )


def _is_up(plain: Plain, masks: NDArray[np.int64], bit_of: dict[int, int]) -> NDArray[np.bool_]:
    """Whether a shape is up when exactly the bits of a mask are; one for each mask."""
    if isinstance(plain, Atom):
        return (masks >> plain.number & 1).astype(bool)
    if isinstance(plain, ByHand):
        is_calm = (masks >> bit_of[plain.working.number] & 1).astype(bool)
        working = _is_up(plain.working, masks, bit_of)
        return is_calm & (working | _is_up(plain.other, masks, bit_of))
    parts = [_is_up(part, masks, bit_of) for part in plain.parts]
    join = np.logical_and if plain.how == "all" else np.logical_or
    return np.asarray(join.reduce(parts), dtype=bool)


def _coefficients(is_up: NDArray[np.bool_], n_bits: int) -> Floats:
    """Differences over subsets: c(S) is the sum over T in S of (-1) ** |S - T| up(T)."""
    values = is_up.astype(np.float64)
    for bit in range(n_bits):
        pairs = values.reshape(-1, 2, 2**bit)
        pairs[:, 1, :] -= pairs[:, 0, :]
    return values
