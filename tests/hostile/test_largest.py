"""At the very bounds, too, nothing takes 5 seconds of computing or 1 GiB: measured, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hostile.bounded import SECONDS
from hostile.largest import LARGEST

MEGABYTES = 1024


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGEST)
def test_largest_input_is_read_or_refused(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hostile.largest", name, str(tmp_path)]
    told = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
        timeout=90,
    )
    taken = json.loads(told.stdout)
    assert taken["megabytes"] < MEGABYTES
    assert taken["seconds"] < SECONDS
