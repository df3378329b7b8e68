"""requirements.txt as pip reads it: which package indexes, links and files an installation asks for.

The format is pip's (https://pip.pypa.io/en/stable/reference/requirements-file-format/), and so are the lines of the
parser used here; markers are evaluated for the Python of the environment, not for the one that runs this. What MWAA
adds: it supplies constraints where the file names none
(https://docs.aws.amazon.com/mwaa/latest/userguide/working-dags-dependencies.html).

Not modelled: pip.conf, what PIP_CONFIG_FILE names, options that a constraints file outside the bucket may hold.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from posixpath import dirname, join
from urllib.parse import urlsplit

from packaging.markers import Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from pip_requirements_parser import CommentLine, OptionParsingError, get_line_parser, preprocess

HOME = "/usr/local/airflow/"
"""Where MWAA puts what lies in the bucket."""
DEFAULT_INDEX = "https://pypi.org/simple/"
"""Where pip looks where nothing else is said (https://pip.pypa.io/en/stable/cli/pip_install/)."""
_DEFAULT_FILES = "https://files.pythonhosted.org/"
_PORTS = {"http": 80, "https": 443, "ssh": 22, "git": 9418}
_ASSIGNMENT = re.compile(r"\b([A-Z_][A-Z0-9_]*)=(\"[^\"]*\"|'[^']*'|[^\s;&|]*)")
_SHELL_VARIABLE = re.compile(r"\$\{?([A-Z_][A-Z0-9_]*)\}?")
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
_SETTINGS = re.compile(r"\s--config-settings?(?:=|\s+)(?:\"[^\"]*\"|'[^']*'|\S+)")
"""What pip hands to the build of a package, which the parser does not know: nothing that is asked for."""
_SPACES = re.compile(r"(?<![^\S\r\n])(?:[^\S\r\n]|\\\r?\n){200,}+")
"""Spaces, and lines that go on without anything in them, as nobody writes them: the parser takes quadratic time."""
_LOGIN = "the index that the login to CodeArtifact configures"
_CONFIGURING = (
    (re.compile(r"\bcodeartifact\s+login\b"), _LOGIN),
    (re.compile(r"\bpip3?\s+config\b|\bpip\.conf\b"), "pip's configuration by startup.sh"),
)
_DEEPEST = 8
_MOST_CHARACTERS = 1024 * 1024
"""How much is read of all files together, each as often as it is named; what goes beyond counts as unread."""
_LINE = 400
"""What a line counts beside its own characters, for reading it takes time."""
_WORD, _SPACE = 40, 8
"""What each word and each space counts at least: less than a hash has characters, with those before it."""
_LONGEST_LINE = 32 * 1024
"""Three hundred hashes of one package; the parser takes quadratic time."""
_LONGEST_VARIABLE = 128 * 1024
"""No program is handed a longer one: MAX_ARG_STRLEN (https://man7.org/linux/man-pages/man2/execve.2.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSource:
    """One place that pip will ask; without the credentials that its URL may hold.

    `kind` is index, extra-index, find-links, constraint, requirement (a nested file) or direct (a package by URL);
    `default` marks PyPI, asked because nothing else was named. `line` is the line of requirements.txt, 0 elsewhere.
    """

    kind: str
    scheme: str
    host: str
    port: int
    line: int = 0
    default: bool = False
    path: str = field(default="", compare=False)
    """The path of an index's URL, which says nothing about the network."""

    @property
    def url(self) -> str:
        """Scheme, host and port: what makes a question of it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementsFile:
    """What an installation from requirements.txt needs of the network.

    `installs` counts the requirements that apply to the environment's Python; `unread` names files that could add
    sources and were not to be had; `invalid` are lines that pip refuses.
    """

    sources: tuple[PackageSource, ...] = ()
    installs: int = 0
    no_index: bool = False
    trusted: tuple[str, ...] = ()
    hashed: bool = False
    unread: tuple[str, ...] = ()
    invalid: tuple[int, ...] = ()


@dataclass
class _Finder:
    """What pip's finder holds while it reads: later options replace or extend earlier ones."""

    python: str
    texts: Mapping[str, str]
    variables: Mapping[str, str]
    index: list[PackageSource] = field(default_factory=list)
    others: list[PackageSource] = field(default_factory=list)
    installs: int = 0
    no_index: bool = False
    trusted: list[str] = field(default_factory=list)
    hashed: bool = False
    unread: list[str] = field(default_factory=list)
    invalid: list[int] = field(default_factory=list)
    left: int = _MOST_CHARACTERS


def parse_requirements(
    text: str,
    *,
    python: str = "3.11",
    texts: Mapping[str, str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> RequirementsFile:
    """Read a requirements.txt.

    `python` is the environment's version, `texts` other files by their path on the worker (see `HOME`), `variables`
    the environment variables that are known, of which pip takes `PIP_*` as options and others in `${NAME}`.
    """
    finder = _Finder(python=python, texts=texts or {}, variables=variables or {})
    _from_variables(finder)
    _read(finder, text, depth=0, constraint=False)
    return _result(finder)


def startup_variables(script: str) -> dict[str, str]:
    """The variables that a startup script exports, as far as they are plain texts.

    https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html. What the script itself writes to pip's
    configuration (`pip config`, `pip.conf`, the login to CodeArtifact) is not known: it counts as `PIP_CONFIG_FILE`.
    """
    known: dict[str, str] = {}
    exported: dict[str, None] = {}
    lines = [re.sub(r"(^|\s)#.*", "", line) for line in script.splitlines()]
    for line in lines:
        plain = re.sub(r"\$\([^()]*\)|`[^`]*`", "${OUTPUT}", line)
        for command in re.split(r"&&|\|\||;|(?:^|\s)(?:then|do|else)\s", plain):
            is_export = re.match(r"\s*(?:export|declare\s+-x)\b", command) is not None
            assigned = _ASSIGNMENT.findall(command) if is_export or _ASSIGNMENT.fullmatch(command.strip()) else []
            known.update((name, _shell_text(value, known)) for name, value in assigned)
            names = re.findall(r"\b([A-Z_][A-Z0-9_]*)\b", _ASSIGNMENT.sub(" ", command)) if is_export else []
            exported.update(dict.fromkeys([*(name for name, _ in assigned if is_export), *names]))
    found = {name: known[name] for name in exported if name in known}
    configured = [text for pattern, text in _CONFIGURING if any(map(pattern.search, lines))]
    return found | ({"PIP_CONFIG_FILE": configured[-1]} if configured else {})


def _shell_text(value: str, known: Mapping[str, str]) -> str:
    """The text of a value: quotes off, variables replaced where they are known, else written as `${NAME}`."""
    text = value[1:-1] if value[:1] in ("'", '"') else value
    if value[:1] == "'":
        return text
    return _filled(_SHELL_VARIABLE, text, lambda match: known.get(match[1], f"${{{match[1]}}}"), _LONGEST_VARIABLE)


def _filled(pattern: re.Pattern[str], text: str, value: Callable[[re.Match[str]], str], most: int) -> str:
    """The text with its variables replaced; a variable that nobody knows where that would be longer than `most`."""
    length = len(text)
    for match in pattern.finditer(text):
        length += len(value(match)) - len(match[0])
        if length > most:
            return "${TOO_LONG}"
    return pattern.sub(value, text)


def python_of(airflow: tuple[int, ...]) -> str:
    """The Python of an MWAA environment (https://docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html)."""
    for first, python in (((2, 11), "3.12"), ((2, 7), "3.11"), ((2, 4), "3.10")):
        if airflow >= first:
            return python
    return "3.7" if airflow else "3.11"


def source_of(url: str, kind: str = "index", line: int = 0) -> PackageSource | None:
    """The source that a URL means; None where it is no URL of a host, as a local path is none."""
    scheme, _, rest = url.partition("://")
    scheme = scheme.rpartition("+")[2].lower()
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not rest or not host or scheme not in _PORTS:
        return None
    name = host.rstrip(".")
    return PackageSource(kind=kind, scheme=scheme, host=name, port=port or _PORTS[scheme], line=line, path=parts.path)


def _result(finder: _Finder) -> RequirementsFile:
    sources = list(finder.others)
    told = finder.no_index or any(source.kind == "index" for source in finder.index)
    if finder.installs and not finder.no_index:
        sources = [*finder.index, *sources]
        if not told and "PIP_CONFIG_FILE" not in finder.variables:
            defaults = [source_of(url) for url in (DEFAULT_INDEX, _DEFAULT_FILES)]
            sources = [*(replace(source, default=True) for source in defaults if source), *sources]
    return RequirementsFile(
        sources=tuple(dict.fromkeys(sources)),
        installs=finder.installs,
        no_index=finder.no_index,
        trusted=tuple(dict.fromkeys(finder.trusted)),
        hashed=finder.hashed,
        unread=tuple(name for name in dict.fromkeys(finder.unread) if not (told and name == _LOGIN)),
        invalid=tuple(finder.invalid),
    )


def _from_variables(finder: _Finder) -> None:
    """Options by environment variables, which those of the file replace.

    https://pip.pypa.io/en/stable/topics/configuration/#environment-variables
    """
    of = finder.variables.get
    finder.no_index = of("PIP_NO_INDEX", "").lower() in ("1", "true", "yes", "on")
    _add(finder, of("PIP_INDEX_URL", ""), "index", 0)
    for name, kind in (("PIP_EXTRA_INDEX_URL", "extra-index"), ("PIP_FIND_LINKS", "find-links")):
        for url in of(name, "").split():
            _add(finder, url, kind, 0)
    for name, constraint in (("PIP_CONSTRAINT", True), ("PIP_REQUIREMENT", False)):
        for path in of(name, "").split():
            _nested(finder, path, 0, constraint=constraint, depth=1)
    finder.trusted.extend(of("PIP_TRUSTED_HOST", "").split())
    if of("PIP_CONFIG_FILE"):
        finder.unread.append(of("PIP_CONFIG_FILE", ""))


def _add(finder: _Finder, url: str, kind: str, line: int) -> None:
    if not url:
        return
    expanded = _expanded(finder, url)
    netloc = expanded.partition("://")[2].partition("/")[0].rpartition("@")[2] if "://" in expanded else expanded
    if "${" in netloc:
        finder.unread.append(f"the variable in {_VARIABLE.findall(expanded)}")
        return
    source = source_of(expanded, kind, line)
    if kind == "index":
        finder.index = [source] if source else [PackageSource(kind="index", scheme="file", host="", port=0, line=line)]
    elif source is not None:
        (finder.index if kind == "extra-index" else finder.others).append(source)


def _expanded(finder: _Finder, text: str) -> str:
    known = {"AIRFLOW_HOME": HOME.rstrip("/")} | dict(finder.variables)
    return _filled(_VARIABLE, text, lambda match: known.get(match[1], match[0]), _MOST_CHARACTERS)


def _read(finder: _Finder, text: str, *, depth: int, constraint: bool, folder: str = "") -> None:
    parse = get_line_parser()
    if _SPACES.search(text):
        finder.unread.append("a line with more than 200 spaces")
        return
    if not _may_read(finder, len(text) + 1):
        return
    for numbered in preprocess(text.removeprefix("\ufeff")):
        if isinstance(numbered, CommentLine):
            continue
        number = int(numbered[0]) if depth == 0 else 0
        line = _expanded(finder, str(numbered[1]))
        if len(line) > _LONGEST_LINE:
            finder.unread.append(f"a line of more than {_LONGEST_LINE:,} characters")
            continue
        counted = max(len(line), _WORD * len(line.split()), _SPACE * line.count(" "))
        if not _may_read(finder, counted - len(numbered[1]) + _LINE):
            return
        try:
            requirement, options, _ = parse(_SETTINGS.sub(" ", line))
        except (OptionParsingError, ValueError):  # pip refuses the line
            finder.invalid.append(number)
            continue
        values = {name: value for name, value in vars(options).items() if value}
        finder.hashed = finder.hashed or "hashes" in values
        text_of = str(requirement or "").strip() or " ".join(values.get("editables", ()))
        if text_of:
            if not constraint:
                _require(finder, text_of, number)
            continue
        _options(finder, values, number, depth, folder)


def _may_read(finder: _Finder, characters: int) -> bool:
    """Whether so many characters more are read; what is left out is noted."""
    finder.left -= characters
    if finder.left < 0:
        finder.unread.append(f"what goes beyond {_MOST_CHARACTERS:,} characters")
    return finder.left >= 0


def _options(finder: _Finder, values: Mapping[str, object], line: int, depth: int, folder: str) -> None:
    """Options of one line, in pip's own order: a later --index-url replaces every index before it."""
    if values.get("no_index"):
        finder.no_index, finder.index = True, []
    if not finder.no_index:
        _add(finder, str(values.get("index_url", "")), "index", line)
        for url in _listed(values, "extra_index_urls"):
            _add(finder, url, "extra-index", line)
    for url in _listed(values, "find_links"):
        _add(finder, url, "find-links", line)
    finder.trusted.extend(_listed(values, "trusted_hosts"))
    for name, constraint in (("requirements", False), ("constraints", True)):
        for path in _listed(values, name):
            beside = path if source_of(path) else join(folder, path)
            _nested(finder, beside, line, constraint=constraint, depth=depth + 1)


def _listed(values: Mapping[str, object], name: str) -> Iterator[str]:
    found = values.get(name)
    if isinstance(found, list):
        yield from (str(item) for item in found)


def _nested(finder: _Finder, path: str, line: int, *, constraint: bool, depth: int) -> None:
    """A file named by -r or -c: by URL it is asked for, in the bucket it is read, elsewhere its content is unknown."""
    kind = "constraint" if constraint else "requirement"
    source = source_of(path, kind, line)
    if source is not None:
        finder.others.append(source)
    text = finder.texts.get(path)
    if text is not None and depth < _DEEPEST:
        _read(finder, text, depth=depth, constraint=constraint, folder=dirname(path))
    elif not constraint:
        finder.unread.append(path.rpartition("@")[2])


def _require(finder: _Finder, text: str, line: int) -> None:
    """One requirement: by name, by URL or a local path."""
    source, marker = source_of(text.split()[0], "direct", line), None
    if source is None:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            if not re.match(r"[./~]|file:", text):
                finder.invalid.append(line)
                return
        else:
            marker = requirement.marker
            source = source_of(requirement.url, "direct", line) if requirement.url else None
    if marker is not None and not _applies(marker, finder.python):
        return
    finder.installs += 1
    if source is not None:
        finder.others.append(source)


def _applies(marker: Marker, python: str) -> bool:
    """Whether a marker holds on the environment's workers: CPython on Linux."""
    environment = {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
        "extra": "",
    }
    try:
        return marker.evaluate(environment)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True
