"""A console that shows what inventories hold without letting it disturb the terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import ConsoleOptions, RenderableType

#: What a name must not do to the line that it stands in: move the cursor, turn the direction.
_UNSEEN = dict.fromkeys((
    *range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0),
    0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),
))  # fmt: skip


class CleanConsole(Console):
    """A console that leaves control and direction marks out of what it shows.

    Its reader may go away (`netgraph ... | head`) without ending the run.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Render text as it may be shown; marks have no width, so that columns stay in line."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(segment.text.translate(_UNSEEN), segment.style)

    def on_broken_pipe(self) -> None:
        """Drop the rest; the exit code stays what the run says."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)
