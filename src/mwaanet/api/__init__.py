"""The Python API, whose names `mwaanet` exports."""

from mwaanet.api.answer import Answer, Verdict, Witness
from mwaanet.api.assertions import Assertion, Proof, load_assertions
from mwaanet.api.network import Environment, Network, load, load_demo
from mwaanet.checks.result import Diagnosis, Finding
from mwaanet.net import Packet

__all__ = [
    "Answer",
    "Assertion",
    "Diagnosis",
    "Environment",
    "Finding",
    "Network",
    "Packet",
    "Proof",
    "Verdict",
    "Witness",
    "load",
    "load_assertions",
    "load_demo",
]
