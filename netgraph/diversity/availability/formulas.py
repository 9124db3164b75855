"""When a circuit, a group or a site is up, as formulas over atoms, and their exact arithmetic.

An atom is a list of ways that are all needed: a route, or one leg of a link. A formula is an atom,
a series, a parallel, or a parallel that is switched by hand:

* ``("all", parts)`` is up if every part is;
* ``("any", parts)`` is up if some part is;
* ``("hand", atom, other)`` is up if the atom is, or if `other` is and no fault of the atom is in
  the hours in which nobody has switched yet.

Atoms share components, so they are not independent. Let F(S) be the probability that all atoms of
the set S are up: a product over the components on any of them. Then P(up) is the sum of c(S) F(S)
over the sets S of atoms, with whole numbers c(S) that depend on the formula only (inclusion and
exclusion). The failure frequency is the sum over components of rate times the sum of c(S) F(S) over
the sets that the component is on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Atoms, those of hand switching included, up to which a formula is computed exactly.
MOST_ATOMS = 8


class Atom(NamedTuple):
    """A list of ways that are all needed, by number."""

    number: int


class Joined(NamedTuple):
    """All or any of some parts."""

    how: str
    parts: tuple[Formula, ...]


class ByHand(NamedTuple):
    """A working atom and what can be switched to by hand."""

    working: Atom
    other: Formula


Formula = Atom | Joined | ByHand


def all_of(parts: Iterable[Formula]) -> Formula:
    """Series of parts; equal parts count once."""
    return _joined("all", parts)


def any_of(parts: Iterable[Formula]) -> Formula:
    """Parallel of parts; equal parts count once."""
    return _joined("any", parts)


def _joined(how: str, parts: Iterable[Formula]) -> Formula:
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else Joined(how, distinct)


class Ordered(NamedTuple):
    """A formula over the atoms 0 ... n - 1, and which atoms these are."""

    plain: Formula
    atoms: tuple[int, ...]

    @property
    def size(self) -> int:
        """Atoms, and one more for each that is switched away from by hand."""
        return len(self.atoms) + len(_by_hand(self.plain))


def in_order(formula: Formula) -> Ordered:
    """Return a formula with its atoms numbered as they appear."""
    if isinstance(formula, Atom):  # most are: no need to walk
        return Ordered(_ATOMS[0], (formula.number,))
    number: dict[int, int] = {}
    plain = _renumbered(formula, number)
    return Ordered(plain, tuple(number))


#: One object for each of the first atoms: formulas of one shape are then compared at once.
_ATOMS = tuple(Atom(number) for number in range(MOST_ATOMS))


def _renumbered(formula: Formula, number: dict[int, int]) -> Formula:
    if isinstance(formula, Atom):
        position = number.setdefault(formula.number, len(number))
        return _ATOMS[position] if position < MOST_ATOMS else Atom(position)
    if isinstance(formula, ByHand):
        working = _renumbered(formula.working, number)
        return ByHand(working, _renumbered(formula.other, number))  # type: ignore[arg-type]
    return Joined(formula.how, tuple([_renumbered(part, number) for part in formula.parts]))


@cache
def _by_hand(formula: Formula) -> tuple[int, ...]:
    """Atoms that are switched away from by hand, each once."""
    if isinstance(formula, Atom):
        return ()
    if isinstance(formula, ByHand):
        found = (formula.working.number, *_by_hand(formula.other))
    else:
        found = tuple(atom for part in formula.parts for atom in _by_hand(part))
    return tuple(dict.fromkeys(found))


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
    """A formula over the atoms 0 ... n - 1, ready to be computed.

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
def shape_of(formula: Formula) -> Shape:
    """Prepare a formula over the atoms 0 ... n - 1."""
    n_atoms = len(in_order(formula).atoms)
    by_hand = _by_hand(formula)
    n_bits = n_atoms + len(by_hand)
    bit_of = {atom: n_atoms + k for k, atom in enumerate(by_hand)}
    masks = np.arange(2**n_bits)
    is_up = _is_up(formula, masks, bit_of)
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


def _is_up(formula: Formula, masks: NDArray[np.int64], bit_of: dict[int, int]) -> NDArray[np.bool_]:
    """Whether the formula is up when exactly the bits of a mask are; one for each mask."""
    if isinstance(formula, Atom):
        return (masks >> formula.number & 1).astype(bool)
    if isinstance(formula, ByHand):
        is_calm = (masks >> bit_of[formula.working.number] & 1).astype(bool)
        working = _is_up(formula.working, masks, bit_of)
        return is_calm & (working | _is_up(formula.other, masks, bit_of))
    parts = [_is_up(part, masks, bit_of) for part in formula.parts]
    join = np.logical_and if formula.how == "all" else np.logical_or
    return np.asarray(join.reduce(parts), dtype=bool)


def _coefficients(is_up: NDArray[np.bool_], n_bits: int) -> Floats:
    """Differences over subsets: c(S) is the sum over T in S of (-1) ** |S - T| up(T)."""
    values = is_up.astype(np.float64)
    for bit in range(n_bits):
        pairs = values.reshape(-1, 2, 2**bit)
        pairs[:, 1, :] -= pairs[:, 0, :]
    return values
