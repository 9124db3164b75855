"""A shorter way through numba's compiler: what kernels do not need is left out.

Numba makes machine code of every function by itself, then optimises it again inside each function
that calls it, and again inside the callers of those. Nobody calls the machine code of an inner
function: here it is translated once, linked into its callers, and optimised with the function
that Python calls; so are the functions of numba that kernels call. Passes for what kernels do not
have (literal types, parallel loops, whole arrays in one expression) are left out as well.
"""

from __future__ import annotations

import gc
from types import CodeType
from typing import Any

import numpy as np
from llvmlite.binding import Linkage, parse_assembly
from numba import _dynfunc  # type: ignore[attr-defined]
from numba.core import ir, typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.types import NamedTupleClass

from netgraph.compiling.allocation import ALLOCATING
from netgraph.compiling.calls import call_of
from netgraph.compiling.lowering import KernelLowering
from netgraph.compiling.shortcuts import shortcuts


class _LinkedOnly(JITCodeLibrary):
    """Code that waits for the functions that call it: neither linked, optimised nor emitted."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Let every function that comes to call this one have a copy of it."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.external:
                function.linkage = "linkonce_odr"
        self._shared_module = self._final_module
        self._finalized = True

    @property
    def codegen(self) -> Any:
        """Return what gives the machine code its environment: there is neither."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing."""


class _Kept(JITCodeLibrary):
    """Code that Python calls: optimised once, when all that it calls is in it."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Link all that is called, by this function or by what it calls, each once."""
        called = dict.fromkeys(self._linking_libraries)
        for library in (waiting := list(called)):
            if isinstance(library, _LinkedOnly):
                self._reload_init.update(library._reload_init)
                waiting += [more for more in library._linking_libraries if more not in called]
                called.update(dict.fromkeys(library._linking_libraries))
        self._linking_libraries = list(called)
        super().finalize()

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """Give what is kept: the machine code, and of the rest the names that Python asks for.

        Numba keeps all of the code once more, for others to link, and reads through it whenever it
        loads: three quarters of the time that this takes. Nobody links what Python calls.
        """
        self._ensure_finalized()
        names = [
            function.name
            for function in self._final_module.functions
            if not function.is_declaration and function.linkage == Linkage.external
        ]
        stubs = "".join(f'define void @"{name}"() {{ unreachable }}\n' for name in names)
        return (
            self.name, "object",
            (self._get_compiled_object(), parse_assembly(stubs).as_bitcode()),
        )  # fmt: skip

    def _optimize_final_module(self) -> None:
        """Optimise once: numba does so twice, to find who holds which array; here few count.

        What takes the arguments apart for Python runs once a call and stays as it is.
        """
        for function in self._final_module.functions:
            if not function.is_declaration and function.name.startswith(_WRAPPER):
                function.add_function_attribute("noinline")
                function.add_function_attribute("optnone")
        passes, builder = self._codegen._module_pass_manager(opt=2)
        passes.run(self._final_module, builder)


_WRAPPER = "_ZN7cpython"  # how names of numba's wrappers begin


@register_pass(mutates_CFG=True, analysis_only=False)
class _Translate(typed_passes.NativeLowering):
    """The lowering of inner functions: no machine code."""

    _name = "netgraph_translate"
    lowering_class = KernelLowering

    def run_pass(self, state: Any) -> bool:
        state.library = _LinkedOnly(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        state.targetctx.enable_nrt = not _only_borrows(state)
        super().run_pass(state)
        lowered = state["cr"]
        # What numba makes of a function that has no wrapper for Python; it serves as a key.
        key = _dynfunc.make_function(
            lowered.fndesc.lookup_module(), state.func_id.func_name, "", 0, lowered.env,
            (state.library,),
        )  # fmt: skip
        call = call_of(lowered.fndesc, state.library)
        state.targetctx._defns[key].append(call, lowered.fndesc.argtypes)
        state.reload_init.extend(state.library._reload_init)
        state["cr"] = lowered._replace(cfunc=key)
        return True


# What gives arrays (or tuples of them) that somebody else holds: parts and views of arguments.
_BORROWING = frozenset((
    "getattr", "static_getitem", "exhaust_iter", "cast", "pair_first", "build_tuple", "getiter",
    "iternext",
))  # fmt: skip


def _only_borrows(state: Any) -> bool:
    """Whether a function neither makes an array nor hands one out."""
    types = state.typemap

    def is_counted(kind: Any) -> bool:
        return bool(state.targetctx.data_model_manager[kind].contains_nrt_meminfo())

    def is_borrowed(made: ir.Expr) -> bool:
        if made.op == "getitem":  # by number or slice; lists of numbers make a copy
            return not is_counted(types[made.index.name])
        if made.op == "call":
            return isinstance(types[made.func.name], NamedTupleClass)
        return made.op in _BORROWING

    assigned = (
        step
        for block in state.func_ir.blocks.values()
        for step in block.find_insts(ir.Assign)
        if isinstance(step.value, ir.Expr)
    )
    return not is_counted(state.return_type) and all(
        is_borrowed(step.value) for step in assigned if is_counted(types[step.target.name])
    )


@register_pass(mutates_CFG=True, analysis_only=False)
class _Emit(typed_passes.NativeLowering):
    """The lowering of what Python calls."""

    _name = "netgraph_emit"
    lowering_class = KernelLowering

    def run_pass(self, state: Any) -> bool:
        state.library = _Kept(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return super().run_pass(state)


@register_pass(mutates_CFG=False, analysis_only=False)
class _Allocate(FunctionPass):
    """Put our own functions for numpy's that make arrays."""

    _name = "netgraph_allocate"

    def __init__(self) -> None:
        super().__init__()

    def run_pass(self, state: Any) -> bool:
        found = state.func_ir._definitions
        for block in state.func_ir.blocks.values():
            for step in block.find_insts(ir.Assign):
                meant = ALLOCATING.get(_numpy_name(step.value, found))
                if meant is not None:
                    step.value = ir.Global("allocate", meant, step.loc)
                    found[step.target.name] = [step.value]
        return True


def _numpy_name(value: Any, found: Any) -> str:
    if not isinstance(value, ir.Expr) or value.op != "getattr":
        return ""
    meant = found[value.value.name]
    is_numpy = all(isinstance(one, ir.Global) and one.value is np for one in meant)
    return value.attr if is_numpy else ""


class _Passes(PassManager):
    """Passes one after the other, without numba's checks of each of them."""

    def _runPass(self, index: int, one: Any, state: Any) -> None:  # noqa: ARG002, N802 -- numba's
        one.analysis = self._analysis
        one.run_initialization(state)
        one.run_pass(state)
        one.run_finalizer(state)


class _Compiler(CompilerBase):
    _lowering: type[typed_passes.NativeLowering]

    def define_pipelines(self) -> list[PassManager]:
        """Return the passes."""
        passes = _Passes("netgraph")
        constants = self.state.func_id.code.co_consts
        has_comprehension = any(isinstance(constant, CodeType) for constant in constants)
        for step in (
            untyped_passes.TranslateByteCode, untyped_passes.FixupArgs, untyped_passes.IRProcessing,
            *([untyped_passes.InlineClosureLikes] if has_comprehension else []),
            _Allocate, untyped_passes.GenericRewrites, untyped_passes.ReconstructSSA,
            typed_passes.NopythonTypeInference, typed_passes.PreLowerStripPhis,
            typed_passes.IRLegalization, self._lowering, typed_passes.NoPythonBackend,
        ):  # fmt: skip
            passes.add_pass(step, "netgraph")
        passes.finalize()
        return [passes]


class InnerCompiler(_Compiler):
    """For what only compiled functions call."""

    _lowering = _Translate


class EntryCompiler(_Compiler):
    """For what Python calls."""

    _lowering = _Emit

    def compile_extra(self, function: Any) -> Any:
        """Compile it; what it calls of numba is linked only."""
        codegen = self.state.targetctx.codegen()
        own, is_collecting = codegen._library_class, gc.isenabled()
        codegen._library_class = _LinkedOnly
        gc.disable()  # the compiler keeps nearly all that it makes: looking for waste finds none
        try:
            with shortcuts():
                return super().compile_extra(function)
        finally:
            codegen._library_class = own
            if is_collecting:
                gc.enable()
