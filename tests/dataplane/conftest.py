"""Where the kernel can be asked, and where not."""

from __future__ import annotations

import pytest

from dataplane.kernel import why_not


@pytest.fixture(scope="session")
def kernel() -> None:
    """Skips where namespaces, links and filters cannot be made: without root, or in a container without rights."""
    if why_not():
        pytest.skip(f"the kernel cannot be asked here: {why_not()}")
