import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stance.errors import ArtifactError, ConfigError
from stance.model import find_artifacts, resolve, save_artifact

CONTENTS = {"manifest.json": b"{}", "weights.npz": b"0" * 5000}


def test_versions_count_up_and_are_never_overwritten(tmp_path):
    first, second = save_artifact(tmp_path, "m", CONTENTS), save_artifact(tmp_path, "m", {"manifest.json": b"new"})
    assert [p.name for p in (first, second)] == ["1", "2"]
    assert (first / "manifest.json").read_bytes() == b"{}"


def test_savers_at_once_get_a_version_each(tmp_path):
    threads = [threading.Thread(target=save_artifact, args=(tmp_path, "m", CONTENTS)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(p.name) for p in (tmp_path / "m").iterdir()) == list(range(1, 17))


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from stance.errors import ArtifactError
from stance.model import save_artifact
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    save_artifact(Path(sys.argv[1]), "m", {"manifest.json": b"{}", "weights.npz": b"0" * 5000})
except ArtifactError as error:
    print(error)
"""


def test_when_the_disk_refuses_nothing_is_left_behind(tmp_path):
    """A limit on the size of files stands in for a full disk: writing fails half-way through the second file."""
    ran = subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "was not saved" in ran.stdout
    assert "nothing was left behind" in ran.stdout
    assert list((tmp_path / "m").iterdir()) == []


def test_an_interrupted_save_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_artifact(tmp_path, "m", CONTENTS)
    assert list((tmp_path / "m").iterdir()) == []


@pytest.mark.parametrize("name", ["../m", "", "a/b", ".hidden", "7"])
def test_a_name_that_is_no_folder_name_is_refused(tmp_path, name):
    with pytest.raises(ConfigError, match="cannot be named"):
        save_artifact(tmp_path, name, CONTENTS)


def test_a_reference_is_a_path_a_name_a_version_or_nothing(tmp_path):
    store = tmp_path / "models"
    one, two, ten = (save_artifact(store, "m", CONTENTS) for _ in range(3))
    ten = ten.rename(store / "m" / "10")
    other = save_artifact(store, "other", CONTENTS)
    assert resolve("m", store) == resolve(store / "m", store) == ten
    assert resolve("m/1", store) == resolve(one, store) == one
    assert resolve("other", store) == other
    assert find_artifacts(store) == [one, two, ten, other]


def test_a_folder_of_years_in_the_current_folder_hides_no_model(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m" / "2020").mkdir(parents=True)
    saved = save_artifact(tmp_path / "models", "m", CONTENTS)
    (tmp_path / "models" / "m" / "²").mkdir()
    assert resolve("m", tmp_path / "models") == saved


def test_a_reference_to_nothing_says_what_there_is(tmp_path):
    save_artifact(tmp_path, "m", CONTENTS)
    with pytest.raises(ArtifactError, match=r"There is no model 'n': .* has m"):
        resolve("n", tmp_path)
    with pytest.raises(ArtifactError, match="has no model yet; run stance train"):
        resolve("n", tmp_path / "absent")
    with pytest.raises(ArtifactError, match="is not a saved model"):
        resolve(Path("/"), tmp_path)


def test_the_reference_model_has_its_name_wherever_one_is(tmp_path):
    assert resolve("reference", tmp_path) == resolve()
