"""A plugin for mutation testing.

What earlier tests left in caches would answer in place of the mutant, so that each test begins without; and no failing
example is made smaller, for one is enough.
"""

from __future__ import annotations

import sys

import pytest
from hypothesis import Phase, settings

settings.register_profile("mutation", phases=(Phase.explicit, Phase.generate))
settings.load_profile("mutation")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("mwaanet."):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()
