"""Judging mutants: a pytest plugin that runs the collected tests once for each mutant, until one of them fails.

Each mutant is judged in a fork of the process that collected the tests. That runs none itself, so that nothing is
imported twice and no cache holds what the code without the mistake answered. A fork's time is CPU time: on a busy
machine no mutant runs out of time that would not on a quiet one.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Container, Iterable
from itertools import pairwise
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, TextIO

import pytest
from coverage import Coverage
from hypothesis import Phase, settings
from tools.mutants import Mutant

ROOT = Path(__file__).resolve().parents[1]
OURS = (f"{ROOT}/src/", f"{ROOT}/tests/")
MOST_BYTES = 2**30

SURVIVED, TIMEOUT = "survived", "timeout"
"""What became of a mutant; of one that was noticed the name of the test is told instead."""

_CACHE = type(functools.cache(len))


class Measured(NamedTuple):
    """What one test does where there is no mistake: the functions it calls, and the seconds of CPU time it takes."""

    functions: list[str]
    seconds: float
    failed: bool


class Judge:
    """The plugin; `done` is told of every mutant what became of it, until the time is up."""

    def __init__(
        self, mutants: Iterable[Mutant], until: float, processes: int, done: Callable[[Mutant, str], None]
    ) -> None:
        self._mutants = list(mutants)
        self._until = until
        self._processes = processes
        self._done = done
        self._noticed: Counter[tuple[str, str]] = Counter()
        # One failing example is enough: none is made smaller.
        settings.register_profile("mutation", deadline=None, phases=(Phase.explicit, Phase.generate))
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests: judge the mutants."""
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        self._functions, self._caches = _functions({mutant.name for mutant in self._mutants}), _caches()
        gc.freeze()
        pid, answer = _forked(lambda: self._measure(session))
        self._measured = {name: Measured(*told) for name, told in json.loads(answer.read()).items()}
        os.waitpid(pid, 0)
        if failing := [name for name, told in self._measured.items() if told.failed]:
            raise session.Interrupted(f"fails without a mistake: {failing[0]}")
        self._judge_all(session)
        return True

    def _measure(self, session: pytest.Session) -> dict[str, Measured]:
        """In a fork: what every test does, each with empty caches and fixtures of its own."""
        bodies = {name: set().union(*map(_body, functions)) for name, functions in self._functions.items()}
        files = {file for body in bodies.values() for file, _ in body}
        tracer = Coverage(data_file=None, config_file=False, include=list(files))
        measured = {}
        for item in session.items:
            self._empty_caches()
            tracer.erase()
            before, start = session.testsfailed, time.process_time()
            with tracer.collect():
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            seconds, failed = time.process_time() - start, session.testsfailed > before
            data = tracer.get_data()
            reached = {(file, line) for file in data.measured_files() for line in data.lines(file) or ()}
            called = [name for name, body in bodies.items() if not body.isdisjoint(reached)]
            measured[item.nodeid] = Measured(called, seconds, failed)
        return measured

    def _judge_all(self, session: pytest.Session) -> None:
        pending = iter(self._mutants)
        running: dict[int, tuple[Mutant, TextIO]] = {}
        while True:
            while len(running) < self._processes and time.monotonic() < self._until and (one := next(pending, None)):
                pid, answer = _forked(functools.partial(self._first_failing, session, one, self._tests(session, one)))
                running[pid] = one, answer
            if not running:
                return
            pid, status = os.wait()
            mutant, answer = running.pop(pid)
            with answer:
                result = TIMEOUT if os.WIFSIGNALED(status) else json.loads(answer.read())
            self._noticed[mutant.name, result] += 1
            self._done(mutant, result)

    def _tests(self, session: pytest.Session, mutant: Mutant) -> list[pytest.Item]:
        """The tests of the package that call the function; first those that noticed most, then the quickest."""
        return sorted(
            (
                item
                for item in session.items
                if item.nodeid.startswith(f"tests/{mutant.package}/")
                and mutant.name in self._measured[item.nodeid].functions
            ),
            key=lambda item: (-self._noticed[mutant.name, item.nodeid], self._measured[item.nodeid].seconds),
        )

    def _first_failing(self, session: pytest.Session, mutant: Mutant, tests: list[pytest.Item]) -> str:
        """In a fork: the first of the tests that fails with the mutant in place."""
        self._empty_caches()
        _put(mutant, self._functions[mutant.name])
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        for item, following in pairwise((*tests, None)):
            assert item
            signal.setitimer(signal.ITIMER_PROF, 2 + 5 * self._measured[item.nodeid].seconds)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return item.nodeid
        return SURVIVED

    def _empty_caches(self) -> None:
        for cache in self._caches:
            cache.cache_clear()


def _forked(work: Callable[[], object]) -> tuple[int, TextIO]:
    """The process that does some work without printing, and from where its answer can be read, as JSON."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, os.fdopen(reader)
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        with os.fdopen(writer, "w") as answer:
            json.dump(work(), answer)
    finally:
        if sys.exception():
            traceback.print_exc()
        os._exit(0)


def _functions(names: Container[str]) -> dict[str, list[FunctionType]]:
    """The functions of these names, also those that a decorator hides."""
    found: dict[str, list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and (name := f"{one.__module__}.{one.__qualname__}") in names:
            found.setdefault(name, []).append(one)
    return found


def _body(function: FunctionType) -> set[tuple[str, int]]:
    """The lines of its body, each with the file."""
    code = function.__code__
    return {(code.co_filename, line) for _, _, line in code.co_lines() if line and line > code.co_firstlineno}


def _caches() -> list[Any]:
    """The caches of our functions and of the tests."""
    caches = [one for one in gc.get_objects() if isinstance(one, _CACHE)]
    return [one for one in caches if one.__wrapped__.__code__.co_filename.startswith(OURS)]


def _put(mutant: Mutant, functions: Iterable[FunctionType]) -> None:
    """Let the function do what it does in the mutant, wherever it is known by name or was decorated."""
    namespace = dict(vars(sys.modules[mutant.module]))
    exec(compile(mutant.after, "<mutant>", "exec"), namespace)
    changed = next(one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__globals__ is namespace)
    for function in functions:
        function.__code__ = changed.__code__
        function.__defaults__ = changed.__defaults__
        function.__kwdefaults__ = changed.__kwdefaults__
