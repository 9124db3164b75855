"""What kernels are made of, in fewer instructions.

Numba writes a whole array (seven values) and a whole named tuple (all its arrays) to reach one of
their parts, four blocks for each truth value that it reads, and a division for each loop; it leaves
it to the optimiser to find out that the rest is not needed.
"""

from __future__ import annotations

from typing import Any

from llvmlite.ir import Constant, Undefined
from numba.core import cgutils, ir, types
from numba.core.lowering import Lower
from numba.core.runtime.nrtdynmod import incref_decref_ty
from numba.np.arrayobj import store_item

from netgraph.compiling.calls import (
    DATA,
    HELD,
    MEMORY,
    SHAPE,
    InVariable,
    Stored,
    address_of,
    hand_over,
    is_in_parts,
    is_stored,
    new_room,
    part_of_value,
)  # fmt: skip
from netgraph.compiling.variables import part_of, variables_of


class KernelLowering(Lower):
    """Numba's own, but for the commonest steps."""

    _is_calling_kernel = False

    def init(self) -> None:
        """Settle how it is called, and what has memory."""
        hand_over(self.fndesc)
        super().init()

    def _find_singly_assigned_variable(self) -> None:
        self._singly_assigned_vars, self._borrowed = variables_of(
            self.func_ir.blocks, self.fndesc.typemap, self._is_counted
        )
        self._blk_local_varmap: dict[str, Any] = {}

    def _is_counted(self, kind: Any) -> bool:
        """Whether somebody has to count who holds a value of that kind."""
        context = self.context
        return bool(context.enable_nrt and context.data_model_manager[kind].contains_nrt_meminfo())

    def lower_block(self, block: Any) -> None:
        """Write a block, without making ready for errors that kernels do not have."""
        self.pre_block(block)
        for step in block.body:
            self.loc = step.loc
            self.lower_inst(step)
        self.post_block(block)

    def lower_inst(self, step: Any) -> Any:
        """Write one step; nobody counts what is borrowed."""
        if isinstance(step, ir.Assign):
            name = step.target.name
            if name in self._borrowed:
                self._blk_local_varmap[name] = self._borrow(step.value)
            else:
                self.storevar(self.lower_assign(self.typeof(name), step), name)
            return None
        if isinstance(step, ir.Del):
            if step.value not in self._borrowed and self._is_counted(self.typeof(step.value)):
                self.delvar(step.value)
            return None
        if isinstance(step, ir.Return) and step.value.name in self._borrowed:
            self.incref(self.typeof(step.value.name), self.loadvar(step.value.name))
        return super().lower_inst(step)

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Keep the value of a variable; of what was there only the arrays are let go of."""
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
            return
        kind = self.typeof(name)
        if self._is_counted(kind) and _memories_of(kind) is None:
            super().storevar(value, name, argidx)
            return
        room = self.getvar(name)
        for path in self._counted(kind):
            self._count("NRT_decref", InVariable(room).part(self.builder, *path))
        self.builder.store(value, room)

    def delvar(self, name: str) -> None:
        """Let go of what a variable holds, and forget it: this may come twice."""
        kind = self.typeof(name)
        if name in self._blk_local_varmap or _memories_of(kind) is None:
            super().delvar(name)
            return
        self._singly_assigned_vars.discard(name)
        room = self.getvar(name)
        for path in self._counted(kind):
            memory_at = address_of(self.builder, room, *path)
            self._count("NRT_decref", self.builder.load(memory_at))
            self.builder.store(Constant(cgutils.voidptr_t, None), memory_at)

    def incref(self, kind: Any, value: Any) -> None:
        """Count one who holds the arrays of a value."""
        self._count_all("NRT_incref", kind, value, super().incref)

    def decref(self, kind: Any, value: Any) -> None:
        """Count one less."""
        self._count_all("NRT_decref", kind, value, super().decref)

    def _count_all(self, how: str, kind: Any, value: Any, otherwise: Any) -> None:
        if _memories_of(kind) is None:
            otherwise(kind, value)
            return
        for path in self._counted(kind):
            self._count(how, self.builder.extract_value(value, path))

    def _counted(self, kind: Any) -> list[tuple[int, ...]]:
        return (_memories_of(kind) or []) if self.context.enable_nrt else []

    def _count(self, how: str, memory: Any) -> None:
        function = cgutils.get_or_insert_function(self.module, incref_decref_ty, how)
        for promise in ("noalias", "captures(none)"):
            function.args[0].add_attribute(promise)
        self.builder.call(function, [memory])

    def lower_assign(self, kind: Any, step: Any) -> Any:
        """Return the value that a variable is set to."""
        if isinstance(step.value, ir.Arg) and isinstance(self.fnargs[step.value.index], HELD):
            whole = self.fnargs[step.value.index].part(self.builder)
            self.incref(kind, whole)
            return whole
        return super().lower_assign(kind, step)

    def loadvar(self, name: str) -> Any:
        """Return the whole value of a variable."""
        if name in self._blk_local_varmap:
            return part_of_value(self.builder, self._blk_local_varmap[name])
        return self.builder.load(self.getvar(name))

    def _borrow(self, value: Any) -> Any:
        if isinstance(value, ir.Arg):
            return self.fnargs[value.index]
        owner = value if isinstance(value, ir.Var) else value.value
        held = self._blk_local_varmap[owner.name]
        whole = self.typeof(owner.name)
        part = None if isinstance(value, ir.Var) else part_of(value, whole)
        if part is None:
            return held
        if isinstance(held, Stored) and isinstance(whole[part], types.BaseTuple | types.Array):
            return held.inside(part)
        return part_of_value(self.builder, held, part)

    def _lower_call_normal(self, called: Any, expr: Any, signature: Any) -> Any:
        called_by = self.context.get_function(called, signature)
        self._is_calling_kernel = getattr(called_by, "is_kernel", False)
        try:
            return super()._lower_call_normal(called, expr, signature)
        finally:
            self._is_calling_kernel = False

    def _cast_var(self, variable: Any, kind: Any) -> Any:
        if (
            self._is_calling_kernel
            and (is_stored(kind) or is_in_parts(kind))
            and isinstance(variable, ir.Var)
            and self.typeof(variable.name) == kind
        ):
            if variable.name in self._blk_local_varmap:
                return self._blk_local_varmap[variable.name]
            return InVariable(self.getvar(variable.name))
        return super()._cast_var(variable, kind)

    def lower_getitem(self, resty: Any, expr: Any, value: Any, index: Any, signature: Any) -> Any:
        """Read one item of an array in C order, by whole numbers."""
        array = signature.args[0]
        if not _is_by_numbers(array, signature.args[1]) or self.typeof(value.name) != array:
            return super().lower_getitem(resty, expr, value, index, signature)
        place = self._place(value, index, signature.args[1])
        item = self.builder.load(place)
        if isinstance(array.dtype, types.Boolean):
            item = self.builder.icmp_unsigned("!=", item, Constant(item.type, 0))
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
        """Read one field of a named tuple, or go on in a loop over whole numbers."""
        builder = self.builder
        if expr.op == "getattr":
            owner = self.typeof(expr.value.name)
            fields = owner.fields if isinstance(owner, types.BaseNamedTuple) else ()  # type: ignore[attr-defined]
            if expr.attr in fields:
                number = fields.index(expr.attr)
                field, kind = self._part(expr.value.name, number), owner[number]
                self.incref(kind, field)
                return self.context.cast(builder, field, kind, resty)
        elif expr.op == "getiter" and self._counts_up(expr.value.name, resty):
            return self._begin(expr.value.name, resty)
        elif expr.op == "iternext" and isinstance(
            self.typeof(expr.value.name), types.RangeIteratorType
        ):
            return self._go_on(expr.value.name, resty)
        elif expr.op in {"pair_first", "pair_second"}:
            part = builder.extract_value(
                self.loadvar(expr.value.name), int(expr.op == "pair_second")
            )
            self.incref(resty, part)
            return part
        return super().lower_expr(resty, expr)

    def _counts_up(self, name: str, kind: Any) -> bool:
        """Whether something is ``range`` with steps of one."""
        made = self.func_ir._definitions[name]
        return (
            isinstance(self.typeof(name), types.RangeType)
            and kind.yield_type.signed
            and len(made) == 1
            and isinstance(made[0], ir.Expr)
            and made[0].op == "call"
            and len(made[0].args) < 3
        )

    def _begin(self, name: str, kind: Any) -> Any:
        """Return an iterator: how often it goes on is known without a division."""
        builder, numbers = self.builder, self.loadvar(name)
        start, stop = builder.extract_value(numbers, 0), builder.extract_value(numbers, 1)
        iterator = self.context.get_value_type(kind)(Undefined)
        parts = start, stop, Constant(start.type, 1), builder.sub(stop, start)
        for place, part in enumerate(parts):
            value = part
            if place in {0, 3}:
                value = new_room(builder, part.type)
                builder.store(part, value)
            iterator = builder.insert_value(iterator, value, place)
        return iterator

    def _go_on(self, name: str, kind: Any) -> Any:
        """Return the next number, and whether there is one."""
        builder, iterator = self.builder, self.loadvar(name)
        number_at, _stop, step, count_at = (
            builder.extract_value(iterator, place) for place in range(4)
        )
        number, count = builder.load(number_at), builder.load(count_at)
        is_there = builder.icmp_signed(">", count, Constant(count.type, 0))
        builder.store(builder.sub(count, Constant(count.type, 1)), count_at)
        builder.store(builder.add(number, step), number_at)
        pair = builder.insert_value(self.context.get_value_type(kind)(Undefined), number, 0)
        return builder.insert_value(pair, is_there, 1)

    def alloca_lltype(self, name: str, lltype: Any, datamodel: Any = None) -> Any:  # noqa: ARG002 -- numba's
        """Return memory for a variable; zeros stand for arrays that are not there yet."""
        if self._is_counted(self.typeof(name)):
            return cgutils.alloca_once(self.builder, lltype)
        return new_room(self.builder, lltype)

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
                length = self._part(value.name, SHAPE, axis)
            if kind.signed:
                is_negative = builder.icmp_signed("<", one, Constant(word, 0))
                one = builder.select(is_negative, builder.add(one, length), one)
            offset = one if offset is None else builder.add(builder.mul(offset, length), one)
        return builder.gep(self._part(value.name, DATA), [offset])

    def _part(self, name: str, *path: int) -> Any:
        """Return a part of a variable, without reading the rest of it."""
        if name in self._blk_local_varmap:
            return part_of_value(self.builder, self._blk_local_varmap[name], *path)
        return InVariable(self.getvar(name)).part(self.builder, *path)


def _memories_of(kind: Any) -> list[tuple[int, ...]] | None:
    """Return where in a value the memories of arrays are; none if there is more to count."""
    if isinstance(kind, types.Array):
        return [(MEMORY,)]
    if isinstance(kind, types.BaseTuple):
        found: list[tuple[int, ...]] = []
        for place, part in enumerate(kind):  # type: ignore[arg-type, var-annotated]
            inside = _memories_of(part)
            if inside is None:
                return None
            found += [(place, *path) for path in inside]
        return found
    return [] if isinstance(kind, types.Number | types.Boolean) else None


def _is_by_numbers(array: Any, index: Any) -> bool:
    if not isinstance(array, types.Array) or array.layout != "C" or not array.aligned:
        return False
    if not isinstance(array.dtype, types.Number | types.Boolean):
        return False
    if isinstance(index, types.UniTuple):
        return isinstance(index.dtype, types.Integer) and len(index) == array.ndim
    return isinstance(index, types.Integer) and array.ndim == 1
