"""Which variables of a kernel need no memory of their own, and which arrays nobody has to count.

Numba gives memory to every variable that more than one block knows, and counts at each step who
holds an array; the optimiser then removes nearly all of it again. Here a variable that is set once,
before all that read it, is a value; and what belongs to an argument is borrowed, for who calls
holds it until the end.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from numba.core import ir, types
from numba.core.analysis import compute_cfg_from_blocks

from netgraph.compiling.calls import is_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Variables(NamedTuple):
    """Names of the variables of one function that are treated in a way of their own."""

    values: set[str]  # those without memory
    borrowed: set[str]  # those among them that are an argument, or a part of one


_Places = dict[str, list[tuple[int, int]]]  # block and step where a variable is read


def variables_of(
    blocks: Mapping[int, Any], kinds: Any, is_counted: Callable[[Any], bool]
) -> Variables:
    """Find the variables that are values; blocks are translated in the order of their numbers."""
    given, read, deleted = _steps(blocks)
    above = compute_cfg_from_blocks(blocks).dominators()
    found = Variables(set(), set())
    for name, (block, place, value) in given.items():
        reads = read.get(name, [])
        is_local = all(at == block and when > place for at, when in reads)
        is_earlier = is_local or all(
            when > place if at == block else at > block and block in above[at] for at, when in reads
        )
        if is_earlier and _is_borrowed(value, kinds, kinds[name], found.borrowed):
            found.values.add(name)
            found.borrowed.add(name)
        elif (is_earlier and not is_counted(kinds[name]) and not is_stored(kinds[name])) or (
            is_local and deleted[name] <= {block}
        ):
            found.values.add(name)
    return found


def _steps(
    blocks: Mapping[int, Any],
) -> tuple[dict[str, tuple[int, int, Any]], _Places, dict[str, set[int]]]:
    """Return where variables are set that are set once, where they are read, and their ends."""
    given: dict[str, tuple[int, int, Any]] = {}
    read: _Places = defaultdict(list)
    deleted: dict[str, set[int]] = defaultdict(set)
    often = set()
    for number, block in sorted(blocks.items()):
        for place, step in enumerate(block.body):
            if isinstance(step, ir.Del):
                deleted[step.value].add(number)
                continue
            reading = step
            if isinstance(step, ir.Assign):
                name, reading = step.target.name, step.value
                if name in given:
                    often.add(name)
                given[name] = number, place, reading
            for variable in _variables(reading):
                read[variable.name].append((number, place))
    return {name: one for name, one in given.items() if name not in often}, read, deleted


def _variables(reading: Any) -> list[Any]:
    if isinstance(reading, ir.Var):
        return [reading]
    return reading.list_vars() if isinstance(reading, ir.Inst) else []


def _is_borrowed(value: Any, kinds: Any, kind: Any, borrowed: set[str]) -> bool:
    """Whether a value of that kind is an argument or a part of what is borrowed."""
    if isinstance(value, ir.Arg):
        return bool(kinds["arg." + value.name] == kind)
    owner = value if isinstance(value, ir.Var) else getattr(value, "_kws", {}).get("value")
    if not isinstance(owner, ir.Var) or owner.name not in borrowed:
        return False
    whole = kinds[owner.name]
    if isinstance(value, ir.Var) or value.op in {"cast", "exhaust_iter"}:
        return bool(whole == kind)
    part = part_of(value, whole)
    return part is not None and bool(whole[part] == kind)


def part_of(value: Any, whole: Any) -> int | None:
    """Return the number of the part of a tuple that an expression asks for, if it does."""
    if value.op == "getattr" and isinstance(whole, types.BaseNamedTuple):
        fields: tuple[str, ...] = whole.fields  # type: ignore[attr-defined]
        return fields.index(value.attr) if value.attr in fields else None
    if value.op == "static_getitem" and isinstance(whole, types.BaseTuple):
        index = value.index
        return index if type(index) is int and 0 <= index < len(whole) else None
    return None
