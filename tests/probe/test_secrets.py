from __future__ import annotations

import pytest

from mwaanet.probe.secrets import HIDDEN, Secrets


@pytest.mark.parametrize("written", ["pa/ss+word", "pa%2Fss%2Bword", "pa/ss+word\n"])
def test_a_secret_in_any_writing(written: str) -> None:
    assert Secrets("pa/ss+word").hide(f"token={written}").startswith(f"token={HIDDEN}")


def test_blanks_are_no_secret() -> None:
    assert Secrets(" " * 8, "").hide("a word") == "a word"
