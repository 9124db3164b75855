"""What holds for every test: properties may take the time that a busy machine needs."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Tests assert no times. Hypothesis has a profile of its own for continuous integration, where what
# it draws is the same at every run; elsewhere it draws anew.
if settings.get_current_profile_name() == "default":
    settings.register_profile(
        "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("patient")
