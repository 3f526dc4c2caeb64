"""The wheel, installed in an environment of its own and away from the checkout, trains and predicts."""

import json
import shutil
import subprocess
import sys
import sysconfig
import venv

import pytest
from tests.conftest import CHECKOUT


@pytest.fixture(scope="module")
def away(tmp_path_factory):
    """A folder with a new environment in ``venv``: the wheel, and beside it the dependencies that are here already."""
    folder = tmp_path_factory.mktemp("away")
    source = folder / "source"
    shutil.copytree(
        CHECKOUT, source, ignore=shutil.ignore_patterns(".venv", ".git", "outputs", "seeds", "data", "tests")
    )
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    shutil.rmtree(source)
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv/bin/python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, str(next(folder.glob("*.whl")))], check=True, capture_output=True)
    (site,) = (folder / "venv/lib").glob("python*/site-packages")
    # A path line adds the folder, and does not read the links in it, such as that of the editable install.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run(away, *arguments):
    return subprocess.run(
        [away / "venv/bin/stance", *arguments],
        cwd=away,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin"},
    )


def test_it_is_the_wheel_that_is_imported(away):
    code = "import stance; print(stance.__file__)"
    found = subprocess.run([away / "venv/bin/python", "-c", code], cwd=away, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(away / "venv"))


def test_it_trains_and_predicts_with_the_configs_it_carries(away, table):
    assert "models/table/1" in run(away, "train", "corpus=table", f"corpus.path={table}", "classifier=ridge").stdout
    (away / "article.txt").write_text("We will build the bridge. Stop the noise.")
    out = run(away, "predict", "article.txt", "--model", "table", "--format", "jsonl").stdout
    assert [json.loads(line)["label"] for line in out.splitlines()] == ["for", "against"]


def test_it_carries_the_reference_model(away):
    (away / "talks.txt").write_text("The inspectors must be given more time. The clerk read the minutes.")
    rows = [json.loads(line) for line in run(away, "predict", "talks.txt", "--format", "jsonl").stdout.splitlines()]
    assert [row["label"] for row in rows] == ["pro-inspections", "neutral"]


def test_it_is_typed(away):
    assert list((away / "venv/lib").glob("python*/site-packages/stance/py.typed"))
