"""What the documents show is what the commands print."""

import contextlib
import io
import re
import shutil
import subprocess

import pytest
from tests.conftest import CHECKOUT


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Everything that ``make demo`` prints, by the commands of the Makefile, in a copy of what they read."""
    folder = tmp_path_factory.mktemp("demo")
    for name in ("seeds", "data"):
        shutil.copytree(CHECKOUT / name, folder / name)
    recipe = (CHECKOUT / "Makefile").read_text().split("demo: .venv/ready\n")[1].split("\n\n")[0]
    printed = []
    for line in recipe.splitlines():
        command = line.strip().removeprefix("@").replace("$(BIN)", str(CHECKOUT / ".venv/bin"))
        ran = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
        printed += ran.stdout.splitlines()
    return printed


def blocks(document: str) -> list[list[str]]:
    return [
        block.splitlines()
        for block in re.findall(r"```console\n(.*?)```", (CHECKOUT / document).read_text(), re.DOTALL)
    ]


def same(shown: str, printed: str) -> bool:
    """Whether two lines are alike but for what another processor's rounding can do to a figure."""
    decimal = r"\d+\.\d+"
    if re.sub(decimal, "#", shown.rstrip()) != re.sub(decimal, "#", printed.rstrip()):
        return False
    pairs = zip(re.findall(decimal, shown), re.findall(decimal, printed), strict=True)
    return all(float(a) == pytest.approx(float(b), abs=0.0101) for a, b in pairs)


@pytest.mark.parametrize("document", ["README.md", "data/iraq2002/README.md"])
def test_a_console_block_shows_what_is_printed_in_its_order(document, demo):
    for block in blocks(document):
        shown = [line for line in block if line not in ("...", "") and not line.startswith("$")]
        assert shown
        rest = iter(demo)
        assert [line for line in shown if not any(same(line, printed) for printed in rest)] == []


def test_the_page_on_speakers_shows_what_the_command_prints():
    command = [CHECKOUT / ".venv/bin/stance", "attribution", "iraq2002"]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    for block in blocks("docs/speakers.md"):
        shown = [line.rstrip() for line in block if line not in ("...", "") and not line.startswith("$")]
        assert [line for line in shown if line not in ran.stdout.splitlines()] == []


@pytest.mark.parametrize("corpus", ["iraq-inquiry", "iraq2002-plain", "ungdc-57"])
def test_a_dataset_card_shows_how_far_its_readers_agree(corpus):
    command = [CHECKOUT / ".venv/bin/stance", "agreement", corpus]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    printed = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    found = blocks(f"data/{corpus}/README.md")
    assert found
    for block in found:
        shown = [" ".join(line.split()) for line in block if line not in ("...", "") and not line.startswith("$")]
        assert [line for line in shown if not any(same(line, other) for other in printed)] == []


def test_the_page_on_speakers_has_an_example_that_runs():
    (example,) = re.findall(r"```python\n(.*?)```", (CHECKOUT / "docs/speakers.md").read_text(), re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(example, {})
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["Ruiz", "France"]


def test_the_readmes_library_example_runs(demo, tmp_path_factory, monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", (CHECKOUT / "README.md").read_text(), re.DOTALL)
    monkeypatch.chdir(next(p for p in tmp_path_factory.getbasetemp().iterdir() if p.name.startswith("demo")))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(example, {})
    assert out.getvalue().count("pro-inspections") > 3


def test_the_page_on_tables_has_an_example_that_runs(tmp_path, monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", (CHECKOUT / "docs/bulk.md").read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "posts.csv").write_text("body\nThe inspectors must be given more time.\n")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(example, {})
    assert out.getvalue().splitlines() == ["0", "1", "1 rows, 0 without a text"]
    assert (tmp_path / "labelled.parquet").exists()


def test_documents_link_to_what_exists():
    for document in [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md"), *CHECKOUT.glob("data/*/README.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8")):
            assert (document.parent / link).exists(), f"{document.name} links to {link}"


def test_every_exit_code_that_the_documents_name_is_an_errors():
    from stance import errors

    codes = {e.exit_code for e in vars(errors).values() if isinstance(e, type)}
    assert codes <= {
        int(n) for n in re.findall(r"(?:^|[ ,·])(\d+) [a-z]", (CHECKOUT / "CONTRIBUTING.md").read_text(), re.M)
    }
