"""What people see of every variant of the demo, as text, as Markdown, and as what is left to do of the runbook."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demos import examined
from mwaanet import demo
from mwaanet.report.diagnosis_markdown import diagnosis_markdown
from mwaanet.report.runbook_markdown import runbook_markdown
from mwaanet.report.text import diagnosis_text
from mwaanet.runbook.build import runbook

WIDTH = 100


@pytest.mark.parametrize("name", demo.variants())
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    context, diagnosis = examined(name)
    text = diagnosis_text(diagnosis, width=WIDTH, colour=False, unicode=True, all_findings=False)
    golden(f"demo/{name}.txt", text)
    golden(f"demo/{name}.md", diagnosis_markdown(diagnosis))
    golden(f"demo/{name}-todo.md", runbook_markdown(runbook(context, diagnosis), todo=True))


@pytest.mark.parametrize("name", [demo.HEALTHY, demo.DEFAULT])
def test_whole_runbook(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"demo/{name}-runbook.md", runbook_markdown(runbook(*examined(name))))
