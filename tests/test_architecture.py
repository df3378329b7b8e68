"""The rules of docs/architecture.md, read from its table and held against the import graph, module by module."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "mwaanet"
DOCUMENT = ROOT / "docs" / "architecture.md"

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50
NETWORK = {"boto3", "botocore", "dns", "http", "requests", "requests_aws4auth", "socket", "ssl", "urllib3"}
"""What talks to AWS or to anybody else."""
MAY_USE_NETWORK = {"collect", "probe"}
SILENT = {("net/address.py", "socket")}
"""`inet_pton` reads an address and sends nothing."""
MAY_PRINT = {"cli"}
NO_MWAA_NOUN = {"net", "graph", "paths"}
MWAA_NOUN = re.compile("mwaa|airflow|celery", re.IGNORECASE)

EVERYTHING = "everything"
PUBLIC_API = "mwaanet"
"""The package's own `__init__`."""

SINGLE_MODULES = {
    "errors": set[str](),
    "status": set[str](),
    "resources": {"errors"},
    "demo": {"errors", "resources"},
    "marked_yaml": {"errors"},
    "__init__": {EVERYTHING},
    "__main__": {"cli"},
}
"""The modules beside the packages, and what each may import."""

SHARED_MODULES = {
    "errors": {EVERYTHING},
    "status": {EVERYTHING},
    "resources": {"checks", "cli", "demo"},
    "demo": {"api", "cli"},
    "marked_yaml": {"model", "checks"},
    PUBLIC_API: {"cli", "pytest_plugin"},
}
"""Which packages and modules may import the modules beside the packages."""

EXCEPTIONS: dict[str, str] = {}
"""`graph/route_table.py` or `graph/route_table.py:transfer` may be longer than the limit; the value says why."""


class Import(NamedTuple):
    """One imported module: the line, the top-level package and, for our own, the package or module in it."""

    line: int
    top: str
    unit: str = ""


class Table(NamedTuple):
    """The packages of the document's table, in its order, each with what it may import."""

    may_import: dict[str, set[str]]

    def allows(self, importer: str, imported: str) -> bool:
        allowed = self.may_import.get(importer) or SINGLE_MODULES.get(importer, set())
        if importer == imported or EVERYTHING in allowed or imported in allowed:
            return True
        return bool({EVERYTHING, importer} & SHARED_MODULES.get(imported, set()))


def read_table(text: str) -> Table:
    """The rows of the table "May import": a package in code style, its purpose, then names, `–` or `all`."""
    rows = re.findall(r"^\| `(\w+)/` \|[^|]*\| ([^|]+) \|$", text, re.MULTILINE)
    words = {"all": {EVERYTHING}, "–": set[str]()}
    return Table({package: words.get(cell, set(cell.split(", "))) for package, cell in rows})


TABLE = read_table(DOCUMENT.read_text(encoding="utf-8"))
MODULES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))

every_module = pytest.mark.parametrize("module", MODULES)


@cache
def source(module: str) -> str:
    return (SOURCE / module).read_text(encoding="utf-8")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(source(module), filename=module)


def unit_of(module: str) -> str:
    """The package a module lies in; a module beside the packages stands for itself."""
    return module.partition("/")[0].removesuffix(".py")


def imports(parsed: ast.Module, module: str) -> Iterator[Import]:
    """Every import of a module, those inside functions and under TYPE_CHECKING too."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield one_import(node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, module)
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "mwaanet" else [base]
            for name in names:
                yield one_import(node.lineno, name)


def absolute(node: ast.ImportFrom, module: str) -> str:
    """The full name of what `from … import` names, relative ones resolved."""
    if not node.level:
        return node.module or ""
    package = ["mwaanet", *module.split("/")[:-1]]
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def one_import(line: int, name: str) -> Import:
    top, *rest = name.split(".")
    if top != "mwaanet":
        return Import(line, top)
    known = set(TABLE.may_import) | set(SINGLE_MODULES) | {path.name for path in SOURCE.iterdir() if path.is_dir()}
    return Import(line, top, rest[0] if rest and rest[0] in known else PUBLIC_API)


def wrong_imports(parsed: ast.Module, module: str) -> list[str]:
    unit = unit_of(module)
    return [
        f"{module}:{found.line}: {unit} may not import {found.unit}"
        for found in imports(parsed, module)
        if found.unit and not TABLE.allows(unit, found.unit)
    ]


def network_imports(parsed: ast.Module, module: str) -> list[str]:
    if unit_of(module) in MAY_USE_NETWORK:
        return []
    return [
        f"{module}:{found.line}: {found.top}"
        for found in imports(parsed, module)
        if found.top in NETWORK and (module, found.top) not in SILENT
    ]


def prints(parsed: ast.Module, module: str) -> list[str]:
    if unit_of(module) in MAY_PRINT:
        return []
    return [
        f"{module}:{node.lineno}: print("
        for node in ast.walk(parsed)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def long_functions(parsed: ast.Module, module: str) -> dict[str, int]:
    """The functions over the limit, as `module:function`, with their lines."""
    functions = (node for node in ast.walk(parsed) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = {f"{module}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    return {name: lines for name, lines in lengths.items() if lines > MAX_FUNCTION_LINES}


def long_module(text: str, module: str) -> dict[str, int]:
    lines = len(text.splitlines())
    return {module: lines} if lines > MAX_MODULE_LINES else {}


def uncollected_chains(kind: type[msgspec.Struct]) -> list[str]:
    """The structs made of a kind, or of those, that may hold another of their own and are kept from the collector."""
    found = [name for each in kind.__subclasses__() for name in uncollected_chains(each)]
    if kind is not msgspec.Struct and not kind.__struct_config__.gc:
        own = re.compile(rf"\b{kind.__name__}\b")
        texts = [str(kind.__annotations__.get(name, "")) for name in kind.__struct_fields__]
        found.extend(kind.__qualname__ for text in texts if own.search(text))
    return found


def mwaa_nouns(text: str, module: str) -> list[str]:
    """The lines that name MWAA or what runs in it; the project's own name is none of them."""
    if unit_of(module) not in NO_MWAA_NOUN:
        return []
    lines = [module, *text.splitlines()]
    return [
        f"{module}:{number}: {line.strip()}"
        for number, line in enumerate(lines)
        if MWAA_NOUN.search(re.sub(r"\bmwaanet\b", "", line))
    ]


class TestDocument:
    def test_table_is_found(self) -> None:
        assert {"net", "snapshot", "model", "graph", "paths", "checks", "cli"} <= set(TABLE.may_import)

    def test_imports_point_one_way(self) -> None:
        """A package may import only those above its own row, so that no circle can arise."""
        seen: set[str] = set()
        for package, allowed in TABLE.may_import.items():
            assert allowed - {EVERYTHING} <= seen, f"{package} may import a package that has no row above its own"
            seen.add(package)

    @pytest.mark.parametrize("unit", sorted({unit_of(module) for module in MODULES}))
    def test_every_package_has_a_row(self, unit: str) -> None:
        assert unit in TABLE.may_import or unit in SINGLE_MODULES, f"give {unit} a row in {DOCUMENT.name}"


class TestModules:
    @every_module
    def test_imports(self, module: str) -> None:
        assert wrong_imports(tree(module), module) == []

    @every_module
    def test_uses_the_network_only_where_allowed(self, module: str) -> None:
        assert network_imports(tree(module), module) == []

    @every_module
    def test_prints_only_where_allowed(self, module: str) -> None:
        assert prints(tree(module), module) == []

    @every_module
    def test_size(self, module: str) -> None:
        too_long = long_module(source(module), module) | long_functions(tree(module), module)
        assert {name: lines for name, lines in too_long.items() if name not in EXCEPTIONS} == {}

    @pytest.mark.parametrize("folder", ["tests", "tools", "bench"])
    def test_size_of_what_is_around_it(self, folder: str) -> None:
        too_long: dict[str, int] = {}
        for file in sorted((ROOT / folder).rglob("*.py")):
            name, text = file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
            too_long |= long_module(text, name) | long_functions(ast.parse(text), name)
        assert too_long == {}

    def test_structs_that_make_chains_are_known_to_the_collector(self) -> None:
        """Python frees a long chain of what its collector knows in a loop, any other by recursion until it crashes."""
        for module in MODULES:
            import_module(f"mwaanet.{module.removesuffix('.py').replace('/', '.')}".removesuffix(".__init__"))
        assert uncollected_chains(msgspec.Struct) == []

    @pytest.mark.parametrize("module", [module for module in MODULES if unit_of(module) in NO_MWAA_NOUN])
    def test_names_nothing_of_mwaa(self, module: str) -> None:
        assert mwaa_nouns(source(module), module) == []

    def test_exceptions_are_needed_and_say_why(self) -> None:
        too_long: set[str] = set()
        for module in MODULES:
            too_long |= {*long_module(source(module), module), *long_functions(tree(module), module)}
        assert set(EXCEPTIONS) <= too_long
        assert all(EXCEPTIONS.values())


class TestTheRulesThemselves:
    """Each rule must be able to fail."""

    @pytest.mark.parametrize(
        ("module", "line"),
        [
            ("net/x.py", "from mwaanet.model.vpc import Vpc"),
            ("net/x.py", "from mwaanet import snapshot"),
            ("net/x.py", "import mwaanet.graph.flight"),
            ("net/x.py", "from ..model import vpc"),
            ("net/x.py", "from .. import model"),
            ("net/x.py", "from mwaanet import Environment"),
            ("net/x.py", "def f():\n    from mwaanet.cli import main"),
            ("graph/x.py", "from mwaanet.resources import demo_folder"),
            ("errors.py", "from mwaanet.net import Intervals"),
        ],
    )
    def test_refuses_import(self, module: str, line: str) -> None:
        assert len(wrong_imports(ast.parse(line), module)) == 1

    @pytest.mark.parametrize(
        ("module", "line"),
        [
            ("net/x.py", "import ipaddress, mwaanet.errors"),
            ("net/x.py", "from .intervals import Intervals"),
            ("net/x.py", "from mwaanet import errors"),
            ("graph/x.py", "from mwaanet.net import PacketSet"),
            ("cli/x.py", "from mwaanet import report, __version__"),
            ("checks/x.py", "from mwaanet.resources import checks_folder"),
            ("__init__.py", "from .paths import Question"),
        ],
    )
    def test_allows_import(self, module: str, line: str) -> None:
        assert wrong_imports(ast.parse(line), module) == []

    def test_refuses_network_and_print(self) -> None:
        parsed = ast.parse("import boto3\nfrom botocore.config import Config\nimport socket\nprint(1)")
        assert len(network_imports(parsed, "model/x.py")) == 3
        assert len(prints(parsed, "model/x.py")) == 1
        assert network_imports(parsed, "collect/x.py") == prints(parsed, "cli/x.py") == []

    def test_refuses_length(self) -> None:
        text = "def f():\n" + "    pass\n" * 400
        assert long_module(text, "net/x.py") == {"net/x.py": 401}
        assert long_functions(ast.parse(text), "net/x.py") == {"net/x.py:f": 401}

    def test_refuses_a_chain_that_the_collector_does_not_know(self) -> None:
        class Base(msgspec.Struct, gc=False):
            name: str

        class Chain(Base, gc=False):
            before: Chain | None

        class Known(Base, gc=True):
            before: Known | None

        assert [name.rpartition(".")[2] for name in uncollected_chains(Base)] == ["Chain"]

    def test_refuses_mwaa_noun(self) -> None:
        assert mwaa_nouns("import mwaanet\n# the Airflow queue", "paths/x.py") == ["paths/x.py:2: # the Airflow queue"]
        assert mwaa_nouns("", "graph/mwaa_environment.py") == ["graph/mwaa_environment.py:0: graph/mwaa_environment.py"]
        assert mwaa_nouns("# the Airflow queue", "checks/x.py") == []
