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


def run(where: Path, as_nobody: bool, **more: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(where), "PYTHONDONTWRITEBYTECODE": "1", **more}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        user=65534 if as_nobody else None,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture
def installed(tmp_path):
    shutil.copytree(
        Path(stance.__file__).parent, tmp_path / "site/stance", ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path / "site"


def test_code_is_compiled_once_for_all_processes(installed):
    assert [run(installed, False), run(installed, False)] == ["64 0", "64 1"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become a user who may write nowhere")
def test_an_installation_that_cannot_be_written_to_works(installed):
    for path in [installed, *installed.rglob("*"), *installed.parents]:
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    assert run(installed, True, HOME="/nonexistent") == "64 0"
    assert not list(installed.rglob("*.nbi"))
