"""How a step of the register becomes a command: its own options, and those of all steps."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, get_type_hints

from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.works.options import (
    DEFAULT_REGISTER,
    By,
    City,
    Ids,
    OfKind,
    Person,
    Register,
    Why,
    selection,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netgraph.works import Work

_FIRST = {"by": (By, inspect.Parameter.empty), "ids": (Ids, None)}
_LAST = {
    "city": (City, ""), "kind": (OfKind, ""), "person": (Person, ""), "why": (Why, ""),
    "register": (Register, DEFAULT_REGISTER), "lang": (LangOption, LOCALE_LANG),
}  # fmt: skip


def step_command(
    facts: Callable[..., Mapping[str, object]], *, may_be_all: bool = False
) -> Callable[..., None]:
    """Make a command of what is particular about a step.

    Parameters
    ----------
    facts
        Named like the step, its help as docstring. Takes the step's own options, all with their
        names, and gives what :class:`netgraph.works.WorksRegister` wants to know besides which
        works, who and why.
    may_be_all
        Without a word about which works, all are meant.
    """
    step, hints = str(facts.__name__), get_type_hints(facts, include_extras=True)
    own = {
        name: (hints[name], given.default)
        for name, given in inspect.signature(facts).parameters.items()
    }

    def command(**given: Any) -> None:  # noqa: ANN401 -- typer checks them by the signature
        from netgraph.works import WorksRegister

        told = facts(**{name: given[name] for name in own})
        chosen = selection(
            given["ids"], given["city"], given["kind"], given["person"], may_be_all=may_be_all
        )
        register = WorksRegister(given["register"])
        take: Callable[..., tuple[Work, ...]] = getattr(register, step)
        tell(step, take(chosen, by=given["by"], why=given["why"], **told), given["lang"])

    every = {**_FIRST, **own, **_LAST}
    command.__name__, command.__doc__ = step, facts.__doc__
    command.__annotations__ = {name: hint for name, (hint, _) in every.items()}
    command.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
        for name, (hint, default) in every.items()
    ])  # fmt: skip
    return command
