"""Make the pictures of docs/pictures/ again, with a Chromium that is installed.

    python tools/screenshots.py

HTML reports of the demo: healthy, broken in one VPC, and broken on the way through two accounts to a site.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
PAGES = {
    "report-broken": (["diagnose", "env", "--demo", "--format", "html"], "1400,1150"),
    "report-healthy": (["diagnose", "env", "--demo", "healthy", "--format", "html"], "1400,1150"),
    "report-large": (
        ["diagnose", "env", "--demo", "nexus-no-return-route", "--path", "nexus", "--format", "html"],
        "2500,2100",
    ),
}


def main() -> int:
    """Make them; 2 where no Chromium is installed."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("no Chromium is installed", file=sys.stderr)
        return 2
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, (command, size) in PAGES.items():
            page = Path(folder, f"{name}.html")
            subprocess.run([Path(sys.executable).with_name("mwaanet"), *command, "--output", str(page)], check=False)
            shot = f"--screenshot={PICTURES / name}.png"
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={size}"]
            subprocess.run([chromium, *options, shot, page.as_uri()], check=True, stderr=subprocess.DEVNULL)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
