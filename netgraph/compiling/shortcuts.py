"""Steps of numba done once or not at all: what stands in for them while a kernel is compiled."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from llvmlite.ir import Function, FunctionType, IntType, IRBuilder
from numba.core import base, ir, transforms, types
from numba.core.callconv import CPUCallConv
from numba.core.postproc import PostProcessor, VariableLifetime
from numba.core.pythonapi import NativeValue, PythonAPI
from numba.core.types.functions import BaseFunction
from numba.core.typing.context import BaseContext

from netgraph.compiling.calls import new_room, packer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_resolve = BaseFunction.get_call_type
_resolved: dict[tuple[Any, tuple[Any, ...]], Any] = {}


def _resolve_once(function: Any, context: Any, args: Any, kws: Any) -> Any:
    """Find out what a call of numba's own functions means, once for the types of its arguments.

    Numba tries all that is registered for it at each of a kernel's operators, and again when it
    writes the instructions.
    """
    question = (function, tuple(args))
    answer = None if kws else _resolved.get(question)
    if answer is None:
        answer = _resolve(function, context, args, kws)
        if not kws:
            _resolved[question] = answer
    return answer


_process = PostProcessor.run


def _process_late(processor: Any, *given: bool, **named: bool) -> None:
    """Find out how long variables live when their ends are put in, not after each step before."""
    function = processor.func_ir
    if any(given[:1]) or named.get("emit_dels") or function.is_generator:
        _process(processor, *given, **named)
        return
    function.blocks = transforms.canonicalize_cfg(function.blocks)
    function.variable_lifetime = VariableLifetime(function.blocks)
    function.generator_info = None


def _list_variables(step: Any) -> list[Any]:
    found: list[Any] = []
    _gather(step.__dict__.values(), found)
    return found


def _list_of_expression(expression: Any) -> list[Any]:
    found: list[Any] = []
    _gather(expression._kws.values(), found)
    return found


def _gather(parts: Iterable[Any], found: list[Any]) -> None:
    """Gather the variables among the parts of a step, in order; most parts are none."""
    for part in parts:
        kind = type(part)
        if kind is ir.Var:
            found.append(part)
        elif kind is ir.Expr:
            _gather(part._kws.values(), found)
        elif kind is list or kind is tuple:
            _gather(part, found)
        elif kind is dict:
            _gather(part.values(), found)
        elif isinstance(part, ir.Inst):
            found += part.list_vars()


_LISTS = "functions", "attributes", "globals", "getattrs", "setattrs", "casts", "constants"
_refreshed: dict[int, int] = {}  # registries of a context: how much was declared in them


def _refresh_if_new(refresh: Callable[[Any], None]) -> Callable[[Any], None]:
    """Look through numba's registries where something was declared since, not at every function."""

    def refresh_if_new(context: Any) -> None:
        known = id(context._registries)
        if _refreshed.get(known) != _n_declared(context):
            refresh(context)
            _refreshed[known] = _n_declared(context)

    return refresh_if_new


def _n_declared(context: Any) -> int:
    return sum(
        len(getattr(registry, name, ())) for registry in context._registries for name in _LISTS
    )


_hash_of = types.Type.__hash__
_hashes: dict[int, tuple[Any, int]] = {}  # with the type, which lives as long as its number


def _hash_once(kind: Any) -> int:
    """Hash a type of many parts once."""
    if not isinstance(kind, types.BaseTuple):
        return _hash_of(kind)
    found = _hashes.get(id(kind))
    if found is None:
        found = _hashes[id(kind)] = kind, _hash_of(kind)
    return found[1]


_take = PythonAPI.to_native_value


def _take_by_call(api: Any, kind: Any, held: Any) -> Any:
    """Take an array from Python by a function that a kernel has once for each type of arrays."""
    if type(kind) is not types.Array:
        return _take(api, kind, held)
    value, name = api.context.get_value_type(kind), f"netgraph.take.{kind}"
    function = api.module.globals.get(name)
    if function is None:
        arguments = [held.type, value.as_pointer()]
        function = Function(api.module, FunctionType(IntType(1), arguments), name)
        function.linkage = "internal"
        function.attributes.add("noinline")
        inside = IRBuilder(function.append_basic_block())
        taken = _take(api.context.get_python_api(inside), kind, function.args[0])
        inside.store(taken.value, function.args[1])
        inside.ret(taken.is_error)
    room = new_room(api.builder, value)
    is_error = api.builder.call(function, [held, room])
    return NativeValue(api.builder.load(room), is_error=is_error)


_SHORTCUTS: tuple[tuple[Any, str, Any], ...] = (
    (BaseFunction, "get_call_type", _resolve_once),
    (CPUCallConv, "_get_arg_packer", packer_of),
    (PostProcessor, "run", _process_late),
    (ir.Stmt, "list_vars", _list_variables),
    (ir.Expr, "list_vars", _list_of_expression),
    (base.BaseContext, "refresh", _refresh_if_new(base.BaseContext.refresh)),
    (BaseContext, "refresh", _refresh_if_new(BaseContext.refresh)),
    (types.Type, "__hash__", _hash_once),
    (PythonAPI, "to_native_value", _take_by_call),
    (base, "_has_loc", functools.cache(base._has_loc)),
)


@contextmanager
def shortcuts() -> Iterator[None]:
    """Take them within a block."""
    own = [getattr(owner, name) for owner, name, _ in _SHORTCUTS]
    for owner, name, shortcut in _SHORTCUTS:
        setattr(owner, name, shortcut)
    try:
        yield
    finally:
        for (owner, name, _), before in zip(_SHORTCUTS, own, strict=True):
            setattr(owner, name, before)
