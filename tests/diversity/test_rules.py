"""Rules of one's own: what they may say."""

from __future__ import annotations

from importlib.resources import files

import pytest

from netgraph.diversity.rules import load_rules
from netgraph.errors import InputError
from netgraph.messages import say_message

SHIPPED = files("netgraph.diversity").joinpath("rules.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "english", "chinese"),
    [
        (
            "undrawn_detour = 3.0", "undrawn_detour = 0.5",
            "undrawn_detour must be a number, 1 or more, not 0.5",
            "undrawn_detour 应为不小于 1 的数，不能为 0.5",
        ),
        (
            "length_margin = 1.05", "length_margin = 0.9",
            "length_margin must be a number, 1 or more, not 0.9",
            "length_margin 应为不小于 1 的数，不能为 0.9",
        ),
        (
            "entry_tolerance_m = 50.0", "entry_tolerance_m = inf",
            "entry_tolerance_m must be a number, 0 or more, not inf",
            "entry_tolerance_m 应为不小于 0 的数，不能为 inf",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_would_hide_what_is_shared_is_refused(tmp_path, old, new, english, chinese):
    """A way shorter than a straight line is nowhere; an endless tolerance forgives everything."""
    assert old in SHIPPED
    path = tmp_path / "rules.toml"
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_rules(path)
    (problem,) = caught.value.problems
    assert english in problem
    assert chinese in say_message(problem, "zh")
