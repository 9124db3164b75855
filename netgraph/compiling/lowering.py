"""What kernels are made of, in fewer instructions: parts of arrays and of named tuples.

Numba writes a whole array (seven values) and a whole named tuple (all its arrays) to reach one of
their parts, and leaves it to the optimiser to find out that the rest is not needed.
"""

from __future__ import annotations

from typing import Any

from llvmlite.ir import Constant, IntType
from numba.core import types
from numba.core.lowering import Lower
from numba.np.arrayobj import load_item, store_item

_DATA, _SHAPE = 4, 5  # fields of numba's arrays


class KernelLowering(Lower):
    """Numba's own, but for the commonest steps."""

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        """Read one item of an array in C order, by whole numbers."""
        array = signature.args[0]
        if not _is_by_numbers(array, signature.args[1]) or self.typeof(value.name) != array:
            return super().lower_getitem(resty, expr, value, index, signature)
        place = self._place(value, index, signature.args[1])
        item = load_item(self.context, self.builder, array, place)
        return self.context.cast(self.builder, item, signature.return_type, resty)

    def lower_setitem(self, target_var: Any, index_var: Any, value_var: Any, signature: Any) -> Any:
        """Write one item of an array in C order, by whole numbers."""
        array, index, _item = signature.args
        if not _is_by_numbers(array, index) or self.typeof(target_var.name) != array:
            return super().lower_setitem(target_var, index_var, value_var, signature)
        kind = self.typeof(value_var.name)
        item = self.context.cast(self.builder, self.loadvar(value_var.name), kind, array.dtype)
        place = self._place(target_var, index_var, index)
        return store_item(self.context, self.builder, array, item, place)

    def lower_expr(self, resty: Any, expr: Any) -> Any:
        """Read one field of a named tuple."""
        if expr.op == "getattr":
            owner = self.typeof(expr.value.name)
            fields = owner.fields if isinstance(owner, types.BaseNamedTuple) else ()  # type: ignore[attr-defined]
            if expr.attr in fields:
                number = fields.index(expr.attr)
                field, kind = self._part(expr.value.name, number), owner[number]
                self.incref(kind, field)
                return self.context.cast(self.builder, field, kind, resty)
        return super().lower_expr(resty, expr)

    def _place(self, value: Any, index: Any, index_kind: Any) -> Any:
        """Return where an item is; what is below zero counts from the end."""
        builder, word = self.builder, self.context.get_value_type(types.intp)
        found = self.context.cast(
            builder, self.loadvar(index.name), self.typeof(index.name), index_kind
        )
        is_tuple = isinstance(index_kind, types.BaseTuple)
        kinds = tuple(index_kind) if is_tuple else (index_kind,)
        offset = None
        for axis, kind in enumerate(kinds):
            one = builder.extract_value(found, axis) if is_tuple else found
            one = self.context.cast(builder, one, kind, types.intp)
            if kind.signed or axis > 0:
                length = self._part(value.name, _SHAPE, axis)
            if kind.signed:
                is_negative = builder.icmp_signed("<", one, Constant(word, 0))
                one = builder.select(is_negative, builder.add(one, length), one)
            offset = one if offset is None else builder.add(builder.mul(offset, length), one)
        return builder.gep(self._part(value.name, _DATA), [offset])

    def _part(self, name: str, *path: int) -> Any:
        """Return a part of a variable, without reading the rest of it."""
        if name in self._blk_local_varmap and not self._disable_sroa_like_opt:
            return self.builder.extract_value(self._blk_local_varmap[name], path)
        steps = [Constant(IntType(32), step) for step in (0, *path)]
        return self.builder.load(self.builder.gep(self.getvar(name), steps, inbounds=True))


def _is_by_numbers(array: Any, index: Any) -> bool:
    if not isinstance(array, types.Array) or array.layout != "C" or not array.aligned:
        return False
    if not isinstance(array.dtype, types.Number | types.Boolean):
        return False
    if isinstance(index, types.UniTuple):
        return isinstance(index.dtype, types.Integer) and len(index) == array.ndim
    return isinstance(index, types.Integer) and array.ndim == 1
