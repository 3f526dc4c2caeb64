"""Which part may import which."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import stance

PACKAGE = Path(stance.__file__).parent
ALLOWED = {
    "text": {"errors"},
    "model": {"errors"},
    "corpus": {"errors", "text", "model"},
    "shares": set(),
    "evaluation": {"errors", "text", "model", "corpus", "shares", "annotation", "rollup"},
    "training": {"errors", "text", "model", "corpus", "evaluation"},
    "annotation": {"errors", "text", "model"},
    "rollup": {"annotation", "model", "shares"},
    "bulk": {"errors", "model", "annotation", ""},
    "errors": set(),
    "cli": {
        "errors",
        "text",
        "model",
        "corpus",
        "evaluation",
        "training",
        "annotation",
        "rollup",
        "shares",
        "bulk",
        "",
    },
}


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add(str(node.module))
    return found


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_it_may(part):
    files = [PACKAGE / f"{part}.py"] if (PACKAGE / f"{part}.py").exists() else sorted((PACKAGE / part).glob("*.py"))
    assert files
    for path in files:
        ours = {[*name.split("."), ""][1] for name in imports(path) if name.split(".")[0] == "stance"}
        assert ours - {part} <= ALLOWED[part], path


def test_every_part_has_its_rule():
    parts = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert parts - {"__init__"} == set(ALLOWED)


def test_hydra_ends_in_the_command_line():
    users = {
        p.relative_to(PACKAGE).parts[0]
        for p in PACKAGE.rglob("*.py")
        if {"hydra", "omegaconf"} & {n.split(".")[0] for n in imports(p)}
    }
    assert users == {"cli"}


def test_only_fetching_and_a_scheduler_reach_for_the_network():
    reaching = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if {"urllib.request", "requests", "http", "httpx", "socket", "huggingface_hub", "distributed"}
        & {name for found in imports(path) for name in (found, found.split(".")[0])}
    }
    assert reaching == {"corpus/fetching.py", "bulk/scheduling.py"}


def test_importing_and_using_a_model_loads_no_scikit_learn_hydra_or_datasets():
    code = (
        "import sys, stance; "
        "from stance.cli import predict; "
        "stance.split_sentences('One. Two.'); "
        "heavy = {'sklearn', 'scipy', 'hydra', 'omegaconf', 'datasets', 'pandas', 'pyarrow', 'joblib', 'distributed'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
