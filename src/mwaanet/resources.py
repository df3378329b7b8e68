"""The folders that come with mwaanet: the built-in checks and the demo.

In a checkout they are the top-level folders `checks/` and `demo/`; a wheel carries them as `mwaanet/_checks/` and
`mwaanet/_demo/`.
"""

from __future__ import annotations

from pathlib import Path

from mwaanet.errors import InputError

_PACKAGE = Path(__file__).resolve().parent


def checks_folder() -> Path:
    """The folder of the built-in checks, one YAML file each."""
    return _folder("checks")


def demo_folder() -> Path:
    """The folder of the embedded demo."""
    return _folder("demo")


def _folder(name: str) -> Path:
    shipped = _PACKAGE / f"_{name}"
    checkout = _PACKAGE.parents[1] / name
    for folder in (shipped, checkout):
        if folder.is_dir():
            return folder
    raise InputError(str(shipped), "", "the folder is missing: install mwaanet again")
