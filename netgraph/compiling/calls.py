"""How kernels and the functions inside them are called: with what they need, and where it is.

Numba hands over an array as seven numbers and a tuple of ten arrays as seventy, taken apart before
the call and put together behind it; and looks four times at how a call has ended. Here a tuple
stays where it is in memory, an array in C order is its memory, its data and its lengths, and
whatever belongs to an argument is read once, when the function begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite.ir import Constant, IntType
from numba.core import cgutils, types
from numba.core.callconv import CPUCallConv, errcode_t
from numba.core.imputils import impl_ret_new_ref
from numba.np.arrayobj import get_itemsize, make_array, populate_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MEMORY, DATA, SHAPE = 0, 4, 5  # fields of numba's arrays


class Stored:
    """A value in memory that nobody changes as long as a function runs, or a part of it."""

    def __init__(
        self, pointer: Any, path: tuple[int, ...] = (), known: dict[Any, Any] | None = None
    ) -> None:
        self._pointer, self._path = pointer, path
        self._known = {} if known is None else known

    def part(self, builder: Any, *path: int) -> Any:
        """Return a part; it is read when the function begins."""
        whole = (*self._path, *path)
        if whole not in self._known:
            address = self.inside(*path).address(builder)
            with builder.goto_entry_block():
                self._known[whole] = builder.load(address)
        return self._known[whole]

    def inside(self, *path: int) -> Stored:
        """Return what is in memory there."""
        return Stored(self._pointer, (*self._path, *path), self._known)

    def address(self, builder: Any) -> Any:
        """Return where it begins."""
        if not self._path:
            return self._pointer
        key = "address", self._path
        if key not in self._known:
            with builder.goto_entry_block():
                self._known[key] = address_of(builder, self._pointer, *self._path)
        return self._known[key]


class InVariable:
    """The value of a variable that has memory, as it is now."""

    def __init__(self, pointer: Any) -> None:
        self._pointer = pointer

    def part(self, builder: Any, *path: int) -> Any:
        """Read a part."""
        return builder.load(address_of(builder, self._pointer, *path) if path else self._pointer)

    def address(self, _builder: Any) -> Any:
        """Return where it begins."""
        return self._pointer


class InParts:
    """An array that was handed over as its memory, its data and its lengths."""

    def __init__(self, context: Any, kind: Any, given: Sequence[Any]) -> None:
        self._context, self._kind, self._given = context, kind, given
        self._whole: Any = None

    def part(self, builder: Any, *path: int) -> Any:
        """Return a part of it; the whole array is made when the function begins."""
        memory, data, *lengths = self._given
        if path == (DATA,):
            return data
        if path[:1] == (SHAPE,) and len(path) == 2:
            return lengths[path[1]]
        if self._whole is None:
            with builder.goto_entry_block():
                self._whole = self._make(builder, memory, data, lengths)
        return builder.extract_value(self._whole, path) if path else self._whole

    def _make(self, builder: Any, memory: Any, data: Any, lengths: Sequence[Any]) -> Any:
        context, word = self._context, self._context.get_value_type(types.intp)
        strides = [Constant(word, get_itemsize(context, self._kind))]
        for length in reversed(lengths[1:]):
            strides.insert(0, builder.mul(strides[0], length))
        array = make_array(self._kind)(context, builder)
        populate_array(
            array,
            data=data,
            shape=cgutils.pack_array(builder, lengths, ty=word),
            strides=cgutils.pack_array(builder, strides, ty=word),
            itemsize=strides[-1],
            meminfo=memory,
        )
        return array._getvalue()


#: Values that are not to be had as a whole without writing instructions for it.
HELD = (Stored, InVariable, InParts)


def address_of(builder: Any, pointer: Any, *path: int) -> Any:
    """Return where a part of what is in memory begins."""
    return builder.gep(pointer, [Constant(IntType(32), step) for step in (0, *path)], inbounds=True)


def new_room(builder: Any, kind: Any) -> Any:
    """Return memory for a value, whatever is in it."""
    with builder.goto_entry_block():
        return builder.alloca(kind)


def part_of_value(builder: Any, value: Any, *path: int) -> Any:
    """Return a part of a value, or all of it."""
    if isinstance(value, HELD):
        return value.part(builder, *path)
    return builder.extract_value(value, path) if path else value


class Handing(tuple[Any, ...]):
    """Types of arguments that are handed over this way."""

    __slots__ = ()


def is_stored(kind: Any) -> bool:
    """Whether values of a type are handed over by where they are in memory."""
    return isinstance(kind, types.BaseTuple) and any(
        isinstance(part, types.Array | types.BaseTuple)
        for part in kind  # type: ignore[attr-defined]
    )


def is_in_parts(kind: Any) -> bool:
    """Whether values of a type are handed over as arrays in three or more parts."""
    return isinstance(kind, types.Array) and kind.layout == "C"


class _Packer:
    """What numba calls a packer of arguments."""

    def __init__(self, context: Any, kinds: Handing) -> None:
        self._context, self._kinds = context, kinds
        self._expected = [self._types(kind) for kind in kinds]
        self.argument_types = tuple(kind for some in self._expected for kind in some)

    def _types(self, kind: Any) -> list[Any]:
        value = self._context.get_value_type(kind)
        if is_stored(kind):
            return [value.as_pointer()]
        if is_in_parts(kind):
            word = self._context.get_value_type(types.intp)
            return [value.elements[MEMORY], value.elements[DATA], *[word] * kind.ndim]
        return [value]

    def as_arguments(self, builder: Any, values: Iterable[Any]) -> list[Any]:
        """Return what is handed over."""
        given: list[Any] = []
        for value, kind in zip(values, self._kinds, strict=True):
            if is_stored(kind):
                given.append(_address_of(builder, value))
            elif is_in_parts(kind):
                paths = [(MEMORY,), (DATA,), *[(SHAPE, axis) for axis in range(kind.ndim)]]
                given += [part_of_value(builder, value, *path) for path in paths]
            else:
                given.append(part_of_value(builder, value))
        return given

    def from_arguments(self, _builder: Any, given: Sequence[Any]) -> list[Any]:
        """Return the arguments as the function knows them."""
        values: list[Any] = []
        for kind, parts in self._per_argument(given):
            if is_stored(kind):
                values.append(Stored(parts[0]))
            else:
                values.append(
                    InParts(self._context, kind, parts) if is_in_parts(kind) else parts[0]
                )
        return values

    def assign_names(self, given: Sequence[Any], _names: Sequence[str]) -> None:
        """Say of memory that nobody writes to it."""
        for kind, parts in self._per_argument(given):
            if is_stored(kind):
                for what in ("noalias", "captures(none)", "nonnull"):
                    parts[0].add_attribute(what)

    def _per_argument(self, given: Sequence[Any]) -> Iterable[tuple[Any, Sequence[Any]]]:
        first = 0
        for kind, expected in zip(self._kinds, self._expected, strict=True):
            yield kind, given[first : first + len(expected)]
            first += len(expected)


def _address_of(builder: Any, value: Any) -> Any:
    if isinstance(value, Stored | InVariable):
        return value.address(builder)
    room = new_room(builder, value.type)
    builder.store(value, room)
    return room


_numba_packer = CPUCallConv._get_arg_packer


def packer_of(convention: Any, kinds: Any) -> Any:
    """Return what packs arguments of these types."""
    if isinstance(kinds, Handing):
        return _Packer(convention.context, kinds)
    return _numba_packer(convention, kinds)


def hand_over(described: Any) -> None:
    """Let a function be called this way, if all of its arguments are given."""
    if not any(isinstance(kind, types.Omitted) for kind in described.argtypes):
        described.argtypes = Handing(described.argtypes)


def call_of(described: Any, library: Any) -> Callable[..., Any]:
    """Return what writes a call of an inner function; who calls it fails with it."""

    def write(context: Any, builder: Any, _signature: Any, values: Any, loc: Any = None) -> Any:  # noqa: ARG001 -- numba's
        function = context.declare_function(builder.module, described)
        room = new_room(builder, context.call_conv.get_return_type(described.restype).pointee)
        given = packer_of(context.call_conv, described.argtypes).as_arguments(builder, values)
        own_failure = builder.function.args[1]
        code = builder.call(function, [room, own_failure, *given])
        with cgutils.if_unlikely(builder, builder.icmp_signed("!=", code, Constant(errcode_t, 0))):
            builder.ret(code)
        made = context.get_returned_value(builder, described.restype, builder.load(room))
        return impl_ret_new_ref(context, builder, described.restype, made)

    write.libs = (library,)  # type: ignore[attr-defined]
    write.is_kernel = True  # type: ignore[attr-defined]
    return write
