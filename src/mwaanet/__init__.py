"""mwaanet: network connectivity diagnostics for Amazon MWAA.

    import mwaanet

    network = mwaanet.load("snapshot/", site="mwaanet.yaml")
    answer = network.reach("mwaa.worker", "service:sqs", tcp=443)
    if answer != "yes":
        print(answer.explain())

The names below are stable (docs/python-api.md); everything else may change. They are imported when they are first used,
so that `import mwaanet` costs nothing.
"""

from importlib import import_module

from mwaanet.errors import InputError, MwaanetError, UndecidedError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:  # as typing has it, which takes longer to import than all of this
    from mwaanet.api import (
        Answer,
        Assertion,
        Diagnosis,
        Environment,
        Finding,
        Network,
        Packet,
        Proof,
        Verdict,
        Witness,
        load,
        load_assertions,
        load_demo,
    )

__all__ = [
    "Answer",
    "Assertion",
    "Diagnosis",
    "Environment",
    "Finding",
    "InputError",
    "MwaanetError",
    "Network",
    "Packet",
    "Proof",
    "UndecidedError",
    "UsageError",
    "Verdict",
    "Witness",
    "load",
    "load_assertions",
    "load_demo",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module("mwaanet.api"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
