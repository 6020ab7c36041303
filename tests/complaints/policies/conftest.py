"""Hypothesis profiles: HYPOTHESIS_PROFILE=nightly runs every property on 10,000 examples."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("everyday", max_examples=200, deadline=None, derandomize=True)
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "everyday"))
