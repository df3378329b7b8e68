"""Write the embedded demo, `demo/snapshot/` and `demo/variants.yaml`; with --check, say whether it is up to date.

The snapshot is the healthy estate of the tests' builder (`tests/builder/estate.py`); what the variants break in it
is told in `tools/demo_variants/`.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "tests")]

from tools.demo_variants import demo_variants  # noqa: E402

from builder import mwaa_estate  # noqa: E402

DEMO = ROOT / "demo"
HEADER = """\
# The variants of the demo: what is changed in snapshot/, and what a diagnosis has to find.
# Written by tools/make_demo.py from tools/demo_variants/; src/mwaanet/demo.py explains the pointers.

"""


class _Dumper(yaml.SafeDumper):
    """YAML that people read: lists are indented, long texts folded, nothing is an alias."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def demo_files() -> Mapping[str, bytes]:
    """Path inside `demo/` -> content."""
    estate = mwaa_estate()
    snapshot = {f"snapshot/{path}": content for path, content in estate.files().items()}
    variants = msgspec.to_builtins(demo_variants(estate))
    text = "\n".join(
        yaml.dump({name: variant}, Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=True)
        for name, variant in variants.items()
    )
    return snapshot | {"variants.yaml": (HEADER + text).encode()}


def written_files() -> Mapping[str, bytes]:
    """What lies in `demo/` now."""
    paths = (path for path in DEMO.rglob("*") if path.is_file())
    return {path.relative_to(DEMO).as_posix(): path.read_bytes() for path in paths}


def write() -> None:
    """Write the demo anew; files that it no longer has are removed."""
    shutil.rmtree(DEMO / "snapshot", ignore_errors=True)
    for name, content in demo_files().items():
        path = DEMO / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def check() -> int:
    """Name the files that differ from what would be written; the exit code."""
    made, written = demo_files(), written_files()
    different = [name for name in sorted({*made, *written}) if made.get(name) != written.get(name)]
    for name in different:
        print(f"demo/{name} is out of date: run tools/make_demo.py", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    write()
