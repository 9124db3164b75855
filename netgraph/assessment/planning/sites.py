"""Which sites a plan is for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.errors import InputError, UsageError
from netgraph.inventory.encodings import find_text
from netgraph.messages import Message
from netgraph.near_names import find_near_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from netgraph.assessment.results import Results

_SHOWN = 5


def read_site_ids(path: str | Path) -> tuple[str, ...]:
    """Read site ids from a text file, one a line; a first line `id` or `site_id` is a heading.

    Of a CSV file the first column is read.

    Raises
    ------
    InputError
        If the file cannot be read, or names no site.
    """
    return _read_ids(path, Message("site"), {"id", "site_id"})


def read_work_ids(path: str | Path) -> tuple[str, ...]:
    """Read ids of works likewise; the heading may be `project_id`.

    Raises
    ------
    InputError
        If the file cannot be read, or names no work.
    """
    return _read_ids(path, Message("work"), {"id", "project_id"})


def _read_ids(path: str | Path, what: Message, headings: Collection[str]) -> tuple[str, ...]:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            [Message("{0}: cannot be read as a list of {1}s ({2}).", path, what, error)]
        ) from error
    text = find_text(content, None)
    if text is None:
        raise InputError(
            [Message("{0}: is neither UTF-8 nor GB 18030 text; save it as UTF-8.", path)]
        )
    lines = text[0].splitlines()
    ids = [line.split(",")[0].strip().strip('"') for line in lines]
    if ids and ids[0].lower() in headings:
        ids = ids[1:]
    found = tuple(dict.fromkeys(name for name in ids if name))
    if not found:
        raise InputError(
            [Message("{0}: the file names no {1}. Write one {1} id a line.", path, what)]
        )
    return found


def chosen_places(
    results: Results, sites: Sequence[str], tiers: Collection[str]
) -> tuple[int, ...]:
    """Places of the scored sites that are asked for; all when nothing is.

    Raises
    ------
    UsageError
        If a site or tier is unknown (near names are given), or no site is left.
    """
    places = results.network.places
    scored = {str(places.ids[place]): place for place in results.scores.by_place}
    unknown = [name for name in sites if name not in scored]
    if unknown:
        shown = [_unknown(name, scored) for name in unknown[:_SHOWN]]
        if len(unknown) > _SHOWN:
            shown.append(Message("{0} more are unknown.", len(unknown) - _SHOWN))
        raise UsageError(shown)
    known = [tier.id for tier in results.scores.card.tiers]
    wrong = [tier for tier in tiers if tier not in known]
    if wrong:
        message = Message("there is no tier {0!r}; the tiers are {1}", wrong[0], ", ".join(known))
        raise UsageError(message)
    wanted = [scored[name] for name in sites] if sites else sorted(scored.values())
    if tiers:
        wanted = [place for place in wanted if results.tiers[place] in set(tiers)]
    if not wanted:
        message = (
            Message(
                "no site is left to plan for: the tiers and the list of sites exclude each other"
            )
            if sites
            else Message("no scored site has the tier {0}", ", ".join(tiers))
        )
        raise UsageError(message)
    return tuple(dict.fromkeys(wanted))


def _unknown(name: str, scored: Collection[str]) -> str:
    near = find_near_names(name, scored, 3)
    hint = Message(" Near names: {0}.", ", ".join(near)) if near else ""
    return Message("There is no scored site {0!r}.{1}", name, hint)
