"""The snapshot format: the table of operations, the reader, and the adapters for foreign layouts."""

from mwaanet.snapshot.document import Document, Kind
from mwaanet.snapshot.manifest import Manifest
from mwaanet.snapshot.operations import OPERATIONS, CallRef, Operation
from mwaanet.snapshot.reader import MOST_BYTES, Refusal, Snapshot

__all__ = ["MOST_BYTES", "OPERATIONS", "CallRef", "Document", "Kind", "Manifest", "Operation", "Refusal", "Snapshot"]
