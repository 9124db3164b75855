"""New arrays inside kernels: numba compiles several functions for each kind of them, this none.

``np.empty``, ``np.zeros`` and ``np.full`` of a kernel mean these while it is compiled. Shapes are
whole numbers or tuples of them; arrays are in C order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite.ir import Constant, IntType
from numba.core import cgutils, types
from numba.core.errors import TypingError
from numba.core.typing.npydecl import parse_dtype, parse_shape
from numba.extending import intrinsic
from numba.np.arrayobj import get_itemsize, make_array, populate_array, store_item

if TYPE_CHECKING:
    from collections.abc import Callable

    _Typed = tuple[Any, Callable[[Any, Any, Any, Any], Any]]


@intrinsic
def _empty(_typing: Any, shape: Any, dtype: Any = None) -> _Typed:
    kind = _array_of(shape, dtype)

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array, _n_bytes = _allocate(context, builder, signature, values[0])
        return array._getvalue()

    return _signature(kind, shape, dtype), write


@intrinsic
def _zeros(_typing: Any, shape: Any, dtype: Any = None) -> _Typed:
    kind = _array_of(shape, dtype)

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array, n_bytes = _allocate(context, builder, signature, values[0])
        cgutils.memset(builder, array.data, n_bytes, 0)
        return array._getvalue()

    return _signature(kind, shape, dtype), write


@intrinsic
def _full(_typing: Any, shape: Any, value: Any, dtype: Any = None) -> _Typed:
    kind = _array_of(shape, types.unliteral(value) if _is_left_out(dtype) else dtype)

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array, _n_bytes = _allocate(context, builder, signature, values[0])
        item = context.cast(builder, values[1], signature.args[1], kind.dtype)
        with cgutils.for_range(builder, array.nitems) as loop:
            store_item(context, builder, kind, item, builder.gep(array.data, [loop.index]))
        return array._getvalue()

    return _signature(kind, shape, value, dtype), write


#: What stands for a function of numpy while a kernel is compiled.
ALLOCATING = {"empty": _empty, "zeros": _zeros, "full": _full}


def _array_of(shape: Any, dtype: Any) -> Any:
    """Return the type of the array; numbers of 64 bits with a point if none is said."""
    is_float = _is_left_out(dtype) or getattr(dtype, "typing_key", None) is float
    is_number = isinstance(dtype, types.Number | types.Boolean)
    number: Any = types.float64 if is_float else dtype if is_number else parse_dtype(dtype)
    n_dimensions = parse_shape(shape)
    if number is None or n_dimensions is None:
        message = f"a kernel makes no array of the shape {shape} and type {dtype}"
        raise TypingError(message)
    return types.Array(number, n_dimensions, "C")


def _signature(kind: Any, *given: Any) -> Any:
    return kind(*(types.none if one is None else one for one in given))


def _is_left_out(dtype: Any) -> bool:
    return dtype is None or isinstance(dtype, (types.Omitted, types.NoneType))


def _allocate(context: Any, builder: Any, signature: Any, shape: Any) -> tuple[Any, Any]:
    """Write what gets the memory; return the array and its bytes."""
    kind, shape_kind = signature.return_type, signature.args[0]
    is_number = isinstance(shape_kind, types.Integer)
    lengths = [
        context.cast(builder, length, length_kind, types.intp)
        for length, length_kind in (
            [(shape, shape_kind)]
            if is_number
            else zip(cgutils.unpack_tuple(builder, shape), shape_kind, strict=True)
        )
    ]
    word = context.get_value_type(types.intp)
    strides = [Constant(word, get_itemsize(context, kind))]
    for length in reversed(lengths[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    n_bytes = builder.mul(strides[0], lengths[0])
    align = Constant(IntType(32), context.get_preferred_array_alignment(kind.dtype))
    memory = context.nrt.meminfo_alloc_aligned(builder, n_bytes, align)  # raises where none is left
    item = context.get_data_type(kind.dtype).as_pointer()
    array = make_array(kind)(context, builder)
    populate_array(
        array,
        data=builder.bitcast(context.nrt.meminfo_data(builder, memory), item),
        shape=cgutils.pack_array(builder, lengths, ty=word),
        strides=cgutils.pack_array(builder, strides, ty=word),
        itemsize=strides[-1],
        meminfo=memory,
    )
    return array, n_bytes
