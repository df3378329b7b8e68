"""The largest and worst inputs that are still read, each in a process of its own, which tells what it took.

python -m hostile.largest NAME FOLDER
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from mwaanet.errors import MwaanetError
from mwaanet.model.inventory import Inventory
from mwaanet.probe.probe_report import MOST_BYTES as MOST_OF_A_REPORT
from mwaanet.probe.probe_report import decode
from mwaanet.probe.worker_dag import MARKER
from mwaanet.probe.worker_log import MOST_CHARACTERS, document_in
from mwaanet.report.layout import Look
from mwaanet.report.probe_text import probe_text
from mwaanet.snapshot import Snapshot
from mwaanet.snapshot.document import MOST_VALUES
from mwaanet.snapshot.source import MOST_BYTES

Prepared = Callable[[], object]
"""Reads an input that has been made."""
HEADERS = 250
"""Of a MiB each: an archive may hold little more."""


def _member(kind: bytes, content: bytes) -> bytes:
    header = tarfile.TarInfo("x")
    header.type, header.size = kind, len(content)
    return header.tobuf(tarfile.USTAR_FORMAT) + content.ljust(-(-len(content) // 512) * 512, b"\0")


def _archive(folder: Path, members: Iterator[bytes]) -> Prepared:
    path = folder / "estate.tar.gz"
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.writelines(members)
    return lambda: Snapshot.open(path)


def headers_of_tiny_records(folder: Path) -> Prepared:
    """Twenty million keys, none twice."""
    keys = (range(first, first + 80_000) for first in range(10_000_000, 10_000_000 + HEADERS * 80_000, 80_000))
    return _archive(folder, (_member(b"x", b"".join(b"13 %d=\n" % key for key in some)) for some in keys))


def headers_of_wide_texts(folder: Path) -> Prepared:
    """One character makes all of a text take four bytes each."""
    text = "\U0001f600".encode() + b"a" * 1_048_000
    return _archive(folder, (_member(b"x", b"1048021 k%06d=%s\n" % (number, text)) for number in range(HEADERS)))


VPCS = "accounts/111122223333/us-east-1/ec2/describe-vpcs.json"


def _file(folder: Path, unit: bytes, times: int, name: str = VPCS) -> Prepared:
    path = folder / "estate" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"Vpcs":[' + unit * times + b"{}]}")
    return lambda: Inventory.load(Snapshot.open(folder / "estate"))


def file_of_lists(folder: Path) -> Prepared:
    return _file(folder, b"[],", MOST_BYTES // 3 - 10)


def file_of_lists_that_are_few_enough(folder: Path) -> Prepared:
    return _file(folder, b"[],    ", MOST_VALUES // 2 - 10)


def file_of_objects_in_objects(folder: Path) -> Prepared:
    return _file(folder, b'{"":' * 900 + b"1" + b"}" * 900 + b",", MOST_VALUES // 901 - 1)


def small_file_of_lists(folder: Path) -> Prepared:
    """So small that its values are not counted."""
    return _file(folder, b"[],", (8 << 20) // 3 - 10)


def file_of_null(folder: Path) -> Prepared:
    return _file(folder, b'{"a":{},"b":null},', MOST_VALUES // 4 - 10)


def file_of_one_wide_text(folder: Path) -> Prepared:
    return _file(folder, b'{"VpcId":"' + "\U0001f600".encode() + b"a" * (MOST_BYTES - 100) + b'"},', 1)


def foreign_file_of_lists(folder: Path) -> Prepared:
    return _file(folder, b"[],", MOST_BYTES // 3 - 10, "x.json")


def _log(text: str) -> Prepared:
    return lambda: document_in(text, "task.log")


def log_of_lists(_: Path) -> Prepared:
    return _log(f'["{MARKER}",' + "[]," * ((MOST_CHARACTERS - 100) // 3) + "[]]")


def log_of_lines(_: Path) -> Prepared:
    return _log(MARKER + "\n" * (MOST_CHARACTERS - 100))


def log_of_json_lines(_: Path) -> Prepared:
    return _log(MARKER + "\n{}" * ((MOST_CHARACTERS - 100) // 3))


def log_of_runs_that_lack_most(_: Path) -> Prepared:
    line = f"{MARKER} 00000000 1/99999 ||\n"
    runs = range((MOST_CHARACTERS - 100) // len(line))
    return _log("".join(f"{MARKER} {run:08x} 1/99999 ||\n" for run in runs))


def report_of_words(_: Path) -> Prepared:
    document = json.loads((Path(__file__).parents[1] / "golden" / "probe.json").read_bytes())
    document["observations"][0]["meaning"] = ""
    room = MOST_OF_A_REPORT - len(json.dumps(document))
    document["observations"][0]["meaning"] = "a " * (room // 2)
    text = json.dumps(document)
    return lambda: probe_text(decode(text, "worker.json"), Look(width=80, colour=False, unicode=True))


LARGEST: Mapping[str, Callable[[Path], Prepared]] = {
    made.__name__: made
    for made in (
        headers_of_tiny_records,
        headers_of_wide_texts,
        file_of_lists,
        file_of_lists_that_are_few_enough,
        file_of_objects_in_objects,
        small_file_of_lists,
        file_of_null,
        file_of_one_wide_text,
        foreign_file_of_lists,
        log_of_lists,
        log_of_lines,
        log_of_json_lines,
        log_of_runs_that_lack_most,
        report_of_words,
    )
}


def main(name: str, folder: str) -> None:
    read = LARGEST[name](Path(folder))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    began = time.process_time()
    with suppress(MwaanetError, MemoryError):
        read()
    seconds = time.process_time() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
