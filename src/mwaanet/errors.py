"""Every error that mwaanet raises on purpose.

    MwaanetError                 exit code 2 unless a subclass says otherwise
    ├── UsageError               the command line or API call asks for something that does not exist
    │   └── EmptySelectionError  a selector that means nothing in the snapshot at hand
    ├── UndecidedError           an answer that is neither a proven yes nor a proven no was taken for one of them
    └── InputError               a file that cannot be used; names the file and the place in it
        ├── SnapshotError        a snapshot folder or one of its files
        ├── SiteFileError        the site file, mwaanet.yaml
        └── CheckFileError       a file of checks or assertions

Each prints as one line; the command line adds nothing but `error:`.
"""

from __future__ import annotations


class MwaanetError(Exception):
    """Root of all errors raised on purpose; `exit_code` is what the command line returns for it."""

    exit_code = 2


class UsageError(MwaanetError):
    """The caller asked for something that does not exist; the message names the nearest that does."""


class UndecidedError(MwaanetError):
    """An answer of the Python API that is unknown, or true in part only, was used as true or false."""


class EmptySelectionError(UsageError):
    """A selector that could mean something, but nothing in the snapshot at hand."""


class InputError(MwaanetError):
    """An input that cannot be used.

    `file` is the path as the user gave it, `place` a JSON pointer (`/Vpcs/3/CidrBlock`) or `line 12`
    (empty for the whole file), `problem` what was expected.
    """

    def __init__(self, file: str, place: str, problem: str) -> None:
        self.file = file
        self.place = place
        self.problem = problem
        super().__init__(": ".join(part for part in (file, place, problem) if part))


class SnapshotError(InputError):
    """A snapshot folder, or one of its files, that cannot be read."""


class SiteFileError(InputError):
    """A site file with an unknown key, a wrong type or an impossible value."""


class CheckFileError(InputError):
    """A file of checks with a typo or an impossible value; `line` and `column` are 0 where it has no such place."""

    line = 0
    column = 0
