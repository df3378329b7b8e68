"""The snapshot format: the table of operations, the reader, and the adapters for foreign layouts."""

from mwaanet.snapshot.document import Document, Kind
from mwaanet.snapshot.manifest import Home, Manifest, ManifestError
from mwaanet.snapshot.operations import GLOBAL, OPERATIONS, CallRef, Operation
from mwaanet.snapshot.place import UNKNOWN_ACCOUNT, UNKNOWN_REGION
from mwaanet.snapshot.reader import Refusal, Snapshot, says_absent
from mwaanet.snapshot.source import MOST_BYTES

__all__ = [
    "GLOBAL",
    "MOST_BYTES",
    "OPERATIONS",
    "UNKNOWN_ACCOUNT",
    "UNKNOWN_REGION",
    "CallRef",
    "Document",
    "Home",
    "Kind",
    "Manifest",
    "ManifestError",
    "Operation",
    "Refusal",
    "Snapshot",
    "says_absent",
]
