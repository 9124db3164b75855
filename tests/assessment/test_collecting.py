"""The garbage collector is spared, and left as it was."""

from __future__ import annotations

import gc

import pytest

from netgraph.collecting import uncollected


def test_the_collector_rests_and_comes_back():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_the_user_turned_off_stays_off():
    gc.disable()
    try:
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_collector_comes_back_after_an_error():
    @uncollected()
    def fail() -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - raised two lines above
        fail()
    assert gc.isenabled()
