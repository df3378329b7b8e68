"""The descriptions of AWS's services that boto3 makes its clients from, read once and without what is never called.

Of EC2's hundreds of operations a client would get a method each; here it has those of the table of operations alone.
"""

from __future__ import annotations

import gzip
import threading
from pathlib import Path
from typing import Any, Final

import msgspec
from botocore import xform_name
from botocore.loaders import JSONFileLoader, Loader

from mwaanet.snapshot.operations import OPERATIONS

_LOGGING_IN: Final = "sts"
"""The service of which boto3 needs more than the table lists, to assume roles."""
_KEPT: Final = frozenset({*OPERATIONS, ("s3", "head-bucket")})
"""What a client can call; boto3 itself looks up the Region of a bucket that lies elsewhere."""
_SERVICES: Final = frozenset(service for service, _ in OPERATIONS) - {_LOGGING_IN}


class Models:
    """Botocore's `data_loader` component; what several threads ask for at once is read once."""

    def __init__(self, search_path: str | None) -> None:
        folders = [str(Path(folder).expanduser()) for folder in (search_path or "").split(":") if folder]
        self._loader: Any = Loader(extra_search_paths=folders, file_loader=_Files())
        self._models: dict[tuple[str, str | None], dict[str, Any]] = {}
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def load_data(self, name: str) -> Any:
        """The content of a file."""
        with self._lock:
            return self._loader.load_data(name)

    def load_data_with_path(self, name: str) -> Any:
        """The content of a file, and where it lies."""
        with self._lock:
            return self._loader.load_data_with_path(name)

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """A part of the description of a service; of its operations only those that may be called."""
        with self._lock:
            if type_name != "service-2" or service_name not in _SERVICES:
                return self._loader.load_service_model(service_name, type_name, api_version=api_version)
            key = (service_name, api_version)
            if key not in self._models:
                model = self._loader.load_service_model(service_name, type_name, api_version=api_version)
                self._models[key] = {**model, "operations": _callable(service_name, model["operations"])}
            return self._models[key]


class _Files(JSONFileLoader):
    """Botocore's reader of JSON files, with a faster decoder; a path comes without its ending."""

    def load_file(self, file_path: str) -> Any:
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return msgspec.json.decode(plain.read_bytes())
        return msgspec.json.decode(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


def _callable(service: str, operations: dict[str, Any]) -> dict[str, Any]:
    return {name: model for name, model in operations.items() if (service, xform_name(name, "-")) in _KEPT}
