"""A few parts of the plant that one demand joins: disjoint sets over their numbers."""

from __future__ import annotations

#: Names of the site's and the centre's own parts; they index an array from its end.
SITE_PART, CENTRE_PART = -3, -2
#: Where no route may run through.
DEAD = -1


class Joins:
    """Parts that belong together for one demand; its own ends never fail for it."""

    def __init__(self, source: int, sinks: frozenset[int]) -> None:
        self.source, self.sinks = source, sinks
        self._parent: dict[int, int] = {SITE_PART: SITE_PART, CENTRE_PART: CENTRE_PART}

        if source in sinks:
            self.unite(SITE_PART, CENTRE_PART)

    @property
    def is_connected(self) -> bool:
        """Whether the site and its centre are joined."""
        return self.find(SITE_PART) == self.find(CENTRE_PART)

    def name(self, node: int, part: int = DEAD) -> int:
        """Name of the part at a node: the demand's own ends never fail for it."""
        if node == self.source:
            return SITE_PART
        return CENTRE_PART if node in self.sinks else part

    def known(self) -> list[int]:
        """Names that were joined to anything."""
        return list(self._parent)

    def find(self, name: int) -> int:
        """Name that stands for a joined set; that of the site or centre where it holds one."""
        while self._parent.get(name, name) != name:
            name = self._parent[name]
        return name

    def unite(self, a: int, b: int) -> None:
        """Join two names; a dead end joins nothing."""
        if DEAD in {a, b}:
            return
        first, second = sorted((self.find(a), self.find(b)))
        self._parent[second] = first
        self._parent.setdefault(first, first)
