"""A shorter way through numba's compiler for functions that only compiled functions call.

Numba makes machine code of every function by itself, then optimises it again inside each function
that calls it, and again inside the callers of those. Nobody calls the machine code of an inner
function: here it is translated once, linked into its callers, and optimised with the function
that Python calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import _dynfunc  # type: ignore[attr-defined]
from numba.core import ir
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering
from numba.core.types import NamedTupleClass

if TYPE_CHECKING:
    from numba.core.compiler_machinery import PassManager


class _LinkedOnly(JITCodeLibrary):
    """Code that waits for the functions that call it: linked, neither optimised nor emitted."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """Leave it to the callers."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _Translate(NativeLowering):
    """Numba's own lowering, less the machine code."""

    _name = "netgraph_translate"

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
        state.targetctx.insert_user_function(key, lowered.fndesc, [state.library])
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


class InnerCompiler(CompilerBase):
    """The passes of numba, the last but one replaced."""

    def define_pipelines(self) -> list[PassManager]:
        """Return the passes."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state, name="netgraph_inner")
        passes.passes = [
            (_Translate if step is NativeLowering else step, why) for step, why in passes.passes
        ]
        passes.finalize()
        return [passes]
