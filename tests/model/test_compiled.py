"""Compiled code is kept where it can be, and works where it cannot."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import stance

PROGRAM = """
import numpy as np
from stance.model.trie import larger, new_trie
print(len(larger(new_trie()).parents), len(larger.stats.cache_hits))
"""


OTHER = """
from stance.model.alphabet import alphabet
from stance.model.counting import Counting, WITHIN_WORDS, _room
print(_room(9, 1, alphabet(True, None), Counting(WITHIN_WORDS, 1, 1))[-1].shape[1])
"""


def run(where: Path, program: str = PROGRAM, **more: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1", **more}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture
def installed(tmp_path):
    here = Path(stance.__file__).parent
    shutil.copytree(here, tmp_path / "site/stance", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "site"


def test_code_is_compiled_once_for_all_processes(installed):
    assert [run(installed), run(installed)] == ["64 0", "64 1"]


def test_an_installation_that_cannot_be_written_to_works(installed):
    for folder in [path for path in installed.rglob("*") if path.is_dir()]:
        (folder / "__pycache__").touch()  # which keeps even root from making a folder of that name
    assert run(installed, HOME="/dev/null/home") == "64 0"
    assert not list(installed.rglob("*.nbi"))


def test_code_that_another_file_has_a_part_in_is_compiled_anew_when_that_changes(installed):
    before = int(run(installed, OTHER))
    ngrams = installed / "stance/model/ngrams.py"
    ngrams.write_text(ngrams.read_text("utf-8").replace("LONGEST, MOST = 16, 64", "LONGEST, MOST = 16, 65"), "utf-8")
    assert int(run(installed, OTHER)) == before + 1


INTERRUPTED = """
import random, signal, time
from stance.model.trie import build_trie

random.seed(1)
words = [f"w{i} x{i % 977}" for i in range(20000)]
build_trie(words, True)
signal.signal(signal.SIGALRM, signal.default_int_handler)
n = 0
for _ in range(150):
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, random.uniform(0.001, 0.03))
            build_trie(words, True)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        n += 1
print(n > 0)
"""


def test_ctrl_c_while_a_vocabulary_is_prepared_is_an_interrupt_and_no_crash(installed):
    assert run(installed, INTERRUPTED) == "True"
