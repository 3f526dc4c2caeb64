"""The benchmarks of speed run and check their answers; what they measure is not tested."""

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def number(figure):
    return float(figure.replace(",", ""))


@pytest.fixture
def benchmark_module(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and BENCHMARKS in Path(sys.modules[name].__file__).parents:
            del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("scoring", {"sentences": 2000, "rounds": 1}),
        ("latency", {"sentences": 2000, "rounds": 1}),
        ("vectorizing", {"sentences": 2000, "rounds": 1}),
        ("training", {"sentences": 2000, "rounds": 1, "exact": 1}),
        ("bulk", {"rows": 3000}),
    ],
)
def test_each_gives_a_table(benchmark_module, name, sizes):
    rows = benchmark_module(name).measure(**sizes)
    table = benchmark_module("fair").table(rows).splitlines()
    assert len(table) == len(rows) + 2
    assert {line.count("|") for line in table} == {7}


def test_answers_that_differ_end_the_run_before_any_time_is_taken(benchmark_module, monkeypatch):
    scoring = benchmark_module("scoring")
    monkeypatch.setattr(scoring.fair, "median_seconds", lambda *_: pytest.fail("a time was taken"))
    right = scoring.LinearModel.predict_proba
    monkeypatch.setattr(scoring.LinearModel, "predict_proba", lambda *a: right(*a) + 1e-6)
    with pytest.raises(SystemExit, match="The answers differ"):
        scoring.measure(sentences=2000, rounds=1)


def test_the_guide_to_speed_has_the_figures_that_were_measured():
    """To as many digits as it gives; what other runs gave stands in no file."""
    measured = {number(found) for found in NUMBER.findall((BENCHMARKS / "RESULTS.md").read_text("utf-8"))}
    measured |= {value / 1e6 for value in measured}
    rows = [
        row for row in (BENCHMARKS.parent / "docs/speed.md").read_text("utf-8").splitlines() if row.startswith("| ")
    ]
    told = [found for row in rows[1:] for found in NUMBER.findall(row.split("|")[3].partition("; other runs")[0])]
    assert len(told) > 15
    for figure in told:
        digits = len(figure.replace(",", "").lstrip("0.").replace(".", ""))
        digits -= len(figure) - len(figure.rstrip("0")) if "," in figure else 0
        assert any(f"{value:.{digits}g}" == f"{number(figure):.{digits}g}" for value in measured), figure


def test_an_aim_is_met_or_missed(benchmark_module):
    row = benchmark_module("fair").Row
    assert row("w", "b", "1", 2.0, 2.0).cells()[-1] == "met"
    assert row("w", "b", "1", 1.99, 2.0).cells()[-1] == "**missed**"
    assert row("w", "b", "1").cells()[-2:] == ["", ""]


def test_made_up_sentences_have_labels_that_can_be_learnt_and_are_the_same_again(benchmark_module):
    fair = benchmark_module("fair")
    texts, y = fair.sentences(500)
    again, same = fair.sentences(500)
    assert texts == again
    assert np.array_equal(y, same)
    assert set(y) == set(fair.LABELS)
    assert 0.05 < sum(not text.isascii() for text in texts) / 500 < 0.9
