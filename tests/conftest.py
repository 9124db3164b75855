"""What holds for every test: one language, and time enough for properties on a busy machine."""

from __future__ import annotations

import gc
import os
import signal

from hypothesis import HealthCheck, settings

# Everything speaks the language of the locale unless told otherwise; tests read English.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("NETGRAPH_LANG", None)

# A shell starts what runs in the background deaf to Ctrl-C, and that is inherited; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests assert no times. Hypothesis has a profile of its own for continuous integration, where what
# it draws is the same at every run; elsewhere it draws anew.
if settings.get_current_profile_name() == "default":
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")


def pytest_sessionstart() -> None:
    """What is collected stays to the end: the search for cycles would find nothing in it."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Spare the search for cycles another walk over all modules and tests, every time."""
    gc.enable()
    gc.collect()
    gc.freeze()
