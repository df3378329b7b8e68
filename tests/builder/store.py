"""Where records wait to be written: one `Store` per folder of the snapshot, all of them in one `World`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from builder.identity import CREATED, Record, aws_id, zone_prefix
from builder.operations import (
    GLOBAL_CALLS,
    GLOBAL_LISTS,
    HOME_ONLY,
    REGIONAL_CALLS,
    REGIONAL_LISTS,
)

GLOBAL = "global"


class Place(NamedTuple):
    """One file of the snapshot."""

    account: str
    region: str
    service: str
    operation: str

    @property
    def path(self) -> str:
        return f"accounts/{self.account}/{self.region}/{self.service}/{self.operation}.json"


class Store:
    """What one account answers in one Region (or, for `global`, in none)."""

    def __init__(self, world: World, account: str, region: str) -> None:
        self.world = world
        self.account = account
        self.region = region
        self.lists: dict[tuple[str, str], list[Record]] = {}
        self.calls: dict[tuple[str, str], list[Record]] = {}
        self.whole: dict[tuple[str, str], Record] = {}
        tables = (GLOBAL_LISTS, GLOBAL_CALLS) if region == GLOBAL else (REGIONAL_LISTS, REGIONAL_CALLS)
        for service, operations in tables[0].items():
            self.lists.update({(service, operation): [] for operation in operations})
        home = world.home_region(account)
        for service, names in tables[1].items():
            if service not in HOME_ONLY or region == home:
                self.calls.update({(service, name): [] for name in names})

    def id(self, prefix: str, *parts: str) -> str:
        """A new id: from the parts alone, unless they were used before in this account and Region."""
        return self.world.unique(prefix, self.account, self.region, *parts)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def add(self, service: str, operation: str, record: Record) -> Record:
        """Put a record into the list of an argument-less operation; the record stays open to changes."""
        self.lists[service, operation].append(record)
        return record

    def ec2(self, operation: str, record: Record) -> Record:
        return self.add("ec2", operation, record)

    def call(self, service: str, operation: str, parameters: Record, response: Record) -> Record:
        """Answer one per-resource call; a call with the same parameters is answered anew."""
        calls = self.calls[service, operation]
        for call in calls:
            if call["Parameters"] == parameters:
                call["Response"] = response
                return response
        calls.append({"Parameters": parameters, "Response": response})
        return response

    def fail_call(self, service: str, operation: str, parameters: Record, code: str, message: str = "") -> None:
        """Answer one per-resource call with an error."""
        error = {"Code": code, "Message": message or f"{code}: {operation}"}
        calls = self.calls[service, operation]
        calls[:] = [call for call in calls if call["Parameters"] != parameters]
        calls.append({"Parameters": parameters, "Error": error})

    @property
    def global_store(self) -> Store:
        return self.world.store(self.account, GLOBAL)

    @property
    def home(self) -> Store:
        """The account's home Region, under which its S3 calls lie."""
        return self.world.store(self.account, self.world.home_region(self.account))

    def zone_id(self, zone: str) -> str:
        """`use1-az2` for `use1-az2` and for `az2`."""
        return zone if "-" in zone else f"{zone_prefix(self.region)}-{zone}"

    def zone_name(self, zone_id: str) -> str:
        """What this account calls a zone: names differ from account to account, ids do not."""
        number = int(zone_id.rpartition("az")[2])
        shift = 2 * self.world.account_index(self.account)
        return self.region + "abcdef"[(number - 1 + shift) % self.world.zones(self.region)]

    def document(self, service: str, operation: str) -> Record:
        """The file's content as it stands; its lists are the live ones."""
        key = (service, operation)
        if key in self.whole:
            return self.whole[key]
        if key in self.calls:
            return {"Calls": self.calls[key]}
        table = GLOBAL_LISTS if self.region == GLOBAL else REGIONAL_LISTS
        return {table[service][operation]: self.lists[key]}

    def documents(self) -> dict[Place, Record]:
        keys = sorted({*self.lists, *self.calls, *self.whole})
        return {Place(self.account, self.region, *key): self.document(*key) for key in keys}


class World:
    """All stores of a topology, what was refused, and what is computed just before writing."""

    def __init__(self, account: str, region: str) -> None:
        self.home = (account, region)
        self.stores: dict[tuple[str, str], Store] = {}
        self.late: list[Callable[[], None]] = []
        self.refused: dict[Place, tuple[str, str]] = {}
        self.dropped: set[Place] = set()
        self.dropped_calls: list[tuple[Place, Record]] = []
        self.refused_calls: list[tuple[Place, Record, str, str]] = []
        self.site = ""
        self._ids: set[str] = set()
        self._homes: dict[str, str] = {account: region}

    def home_region(self, account: str) -> str:
        return self._homes.get(account, self.home[1])

    def account_index(self, account: str) -> int:
        return list(self._homes).index(account)

    def zones(self, region: str) -> int:
        """How many Availability Zones a Region has."""
        return {"us-east-1": 6, "us-west-2": 4}.get(region, 3)

    def has(self, account: str, region: str) -> bool:
        return (account, region) in self.stores

    def store(self, account: str, region: str) -> Store:
        if region != GLOBAL:
            self._homes.setdefault(account, region)
        if (account, region) not in self.stores:
            self.stores[account, region] = Store(self, account, region)
        return self.stores[account, region]

    def unique(self, prefix: str, *parts: str) -> str:
        candidate = aws_id(prefix, *parts)
        number = 2
        while candidate in self._ids:
            candidate = aws_id(prefix, *parts, f"#{number}")
            number += 1
        self._ids.add(candidate)
        return candidate

    def regions(self) -> dict[str, list[str]]:
        """The accounts and their Regions, as the manifest lists them."""
        result: dict[str, list[str]] = {}
        for account, region in self.stores:
            if region != GLOBAL:
                result.setdefault(account, []).append(region)
        return result

    def manifest(self) -> Record:
        errors = [
            {**place._asdict(), "code": code, "message": message} for place, (code, message) in self.refused.items()
        ]
        return {
            "format": 1,
            "created": CREATED,
            "tool": "mwaanet 0.1.0",
            "accounts": self.regions(),
            "home": {"account": self.home[0], "region": self.home[1]},
            "errors": errors,
        }

    def documents(self) -> dict[Place, Record]:
        """Every file's content, after the late computations and what the test took away."""
        for compute in self.late:
            compute()
        found = {place: doc for store in self.stores.values() for place, doc in store.documents().items()}
        return {
            place: self._spoiled(place, document)
            for place, document in sorted(found.items())
            if place not in self.dropped and (place not in self.refused or "Calls" in document)
        }

    def _spoiled(self, place: Place, document: Record) -> Record:
        drops = [names for where, names in self.dropped_calls if where == place]
        refusals = [entry[1:] for entry in self.refused_calls if entry[0] == place]
        if not (drops or refusals):
            return document
        calls = []
        for call in document["Calls"]:
            if any(_names(call, names) for names in drops):
                continue
            errors = [{"Code": code, "Message": message} for names, code, message in refusals if _names(call, names)]
            calls.append({"Parameters": call["Parameters"], "Error": errors[-1]} if errors else call)
        return {"Calls": calls}

    def files(self) -> Mapping[str, bytes]:
        files = {place.path: as_bytes(document) for place, document in self.documents().items()}
        files["manifest.json"] = as_bytes(self.manifest())
        if self.site:
            files["mwaanet.yaml"] = self.site.encode()
        return files


def _names(call: Record, parameters: Record) -> bool:
    return all(call["Parameters"].get(key) == value for key, value in parameters.items())


def as_bytes(document: Record) -> bytes:
    """JSON as a person reads it, with a newline at the end."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
