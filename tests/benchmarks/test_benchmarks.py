"""That the benchmarks run; what they find on a busy machine is nobody's failure."""

from __future__ import annotations

import math

import pytest

from tests.benchmarks.cases import CASES


@pytest.mark.benchmark
@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", CASES)
def test_a_case_runs_and_prints_its_figures(name: str) -> None:
    table = CASES[name](quick=True)
    if table.skipped:
        pytest.skip(table.skipped)
    assert table.figures
    assert all(math.isfinite(figure.value) for figure in table.figures)
    lines = list(table.lines())
    assert len(lines) == len(table.figures) + 1
    assert any("goal" in line and line.endswith("met") for line in lines)
