import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_table_trains_by_override_and_prints_headline_and_paths(stance, table):
    ran = stance("train", "corpus=table", f"corpus.path={table}", "corpus.neutral=neither", "name=mine")
    assert ran.code == 0, ran.err
    assert "this model" in ran.out
    assert "majority" in ran.out
    assert ran.out.endswith("model    models/mine/1\nreport   models/mine/1/report.md\n")
    assert "cross-validating" not in ran.out  # progress goes to standard error
    assert "cross-validating on" in ran.err


def test_the_artifact_says_where_it_comes_from(stance, table):
    stance("train", "corpus=table", f"corpus.path={table.name}", "classifier.C=3")
    manifest = json.loads(Path("models/table/1/manifest.json").read_text())
    assert manifest["config"]["classifier"]["C"] == 3
    assert manifest["data"]["n_train"] + manifest["data"]["n_test"] == 90
    assert {"stancekit", "scikit-learn", "numpy"} <= manifest["libraries"].keys()
    for name, entry in manifest["files"].items():
        assert hashlib.sha256(Path("models/table/1", name).read_bytes()).hexdigest() == entry["sha256"]
    assert {p.name for p in Path("models/table/1").iterdir()} == manifest["files"].keys() | {"manifest.json"}


def test_the_same_data_and_configuration_give_the_same_bytes_whatever_hash_seed_threads_and_jobs(tmp_path, table):
    command = [sys.executable, "-m", "stance.cli.main", "train", "corpus=table", f"corpus.path={table}"]
    for seed, threads in (("1", {}), ("2", {"OMP_NUM_THREADS": "1"})):
        environment = os.environ | {"PYTHONHASHSEED": seed} | threads
        run = [*command, f"models={tmp_path / seed}", "vectorizer=word_char", f"n_jobs={seed}"]
        subprocess.run(run, cwd=tmp_path, env=environment, check=True, capture_output=True)
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / s / "table/1").iterdir()} for s in ("1", "2"))
    assert first == second


def test_a_sweep_saves_a_version_for_each_job(stance, table):
    ran = stance("train", "-m", "corpus=table", f"corpus.path={table}", "classifier=ridge,complement_nb,majority")
    assert ran.code == 0, ran.err
    assert sorted(p.name for p in Path("models/table").iterdir()) == ["1", "2", "3"]
    assert "HYDRA" not in ran.out


def test_a_folder_of_ones_own_configs_adds_to_ours(stance, table, tmp_path):
    (tmp_path / "mine" / "classifier").mkdir(parents=True)
    (tmp_path / "mine" / "classifier" / "lasso.yaml").write_text(
        "_target_: sklearn.linear_model.SGDClassifier\npenalty: l1\nrandom_state: ${random_state}\n"
    )
    ran = stance("train", "--config-dir", "mine", "classifier=lasso", "corpus=table", f"corpus.path={table}")
    assert ran.code == 0, ran.err


def test_cfg_job_shows_what_would_run_and_runs_nothing(stance):
    ran = stance("train", "--cfg", "job", "classifier=ridge")
    assert (ran.code, "RidgeClassifier" in ran.out, Path("models").exists()) == (0, True, False)


@pytest.mark.parametrize(
    ("settings", "code", "message"),
    [
        (["clasifier=ridge"], 2, "there is no setting 'clasifier'"),
        (["classifier=svm"], 2, "There is no classifier/svm; there are complement_nb"),
        (["experiment=nope"], 2, "There is no experiment/nope; there are reference, semeval2016"),
        (["+classifier.foo=1"], 2, "unexpected keyword argument 'foo'"),
        (["classifier.C=high"], 2, "LogisticRegression cannot be fitted: The 'C' parameter"),
        (["random_state"], 2, "missing EQUAL"),
        (["name=2024"], 2, "cannot be named '2024'"),
        (["classifier._target_=sklearn.linear_model.LogisticRegresion"], 2, "check its spelling"),
        (["name=../up"], 2, "cannot be named '../up'"),
        (
            ["classifier._target_=os.system"],
            2,
            "'os.system' is neither an estimator or splitter of scikit-learn's nor one of stance's",
        ),
        (["classifier=cue_lexicon", "labeling=none"], 2, "needs a cue lexicon"),
        (["classifier=cue_lexicon"], 2, "The cue lexicon is for other labels"),
        (["splitter.n_splits=80"], 3, "too few for 80 folds"),
        (["n_jobs=0"], 2, "n_jobs is 0"),
        (["models=table.csv"], 4, "table.csv is no folder"),
        (["corpus.path=absent.csv"], 3, "absent.csv does not exist"),
        (["corpus.text=body"], 3, "has no column 'body'; it has document, text, label"),
        (["corpus.labels=[for,against]"], 3, "row 3: unknown label 'neither'"),
        (["corpus.label_names={for: x, against: x, neither: null}"], 3, "one label only, 'x'"),
        (["corpus=table", "corpus.path=???"], 2, "A setting is missing: corpus.path; give it as corpus.path=VALUE"),
    ],
)
def test_a_mistake_is_one_sentence_an_exit_code_and_no_artifact(stance, table, settings, code, message):
    ran = stance("train", "corpus=table", f"corpus.path={table}", *settings)
    assert ran.code == code
    lines = [line for line in ran.err.splitlines() if not line.startswith("cross-validating")]
    assert len(lines) == 1
    assert message in lines[0]
    assert not list(Path().glob("models/*/*"))


def test_the_bundled_corpus_away_from_its_checkout_says_what_to_do(stance):
    ran = stance("train")
    assert (
        ran.code,
        "sentences.parquet does not exist; run `stance label documents=seeds/iraq2002` first" in ran.err,
    ) == (3, True)


def test_hide_names_is_true_or_false(stance, table):
    ran = stance("train", "corpus=table", f"corpus.path={table}", "hide_names=maybe")
    assert (ran.code, "hide_names is 'maybe'; say true or false" in ran.err) == (2, True)


def test_a_split_is_replayed_on_a_table_that_has_grown(stance, table):
    assert stance("train", "corpus=table", f"corpus.path={table}").code == 0
    with table.open("a") as file:
        file.write("doc99,Another bridge to build now.,for\n")
    ran = stance("train", "corpus=table", f"corpus.path={table}", "replay=table/1")
    assert ran.code == 0
    digests = [json.loads(Path(f"models/table/{v}/manifest.json").read_text())["data"]["split_digest"] for v in (1, 2)]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(("splitter", "column"), [("temporal", "dates"), ("speakers", "speakers")])
def test_a_splitter_whose_column_is_missing_says_so(stance, table, splitter, column):
    ran = stance("train", "corpus=table", f"corpus.path={table}", f"splitter={splitter}")
    assert ran.code == 2
    assert f"table has no {column}" in ran.err


def test_the_report_says_what_training_knows_of_the_test_set(stance, table):
    stance("train", "corpus=table", f"corpus.path={table}")
    assert "| the same sentence, word for word | 0 |" in Path("models/table/1/report.md").read_text()
    ran = stance(
        "evaluate", "artifact=table", "corpus=table", f"corpus.path={table}", "include_trained=true", "output=again"
    )
    assert ran.code == 0
    leaks = json.loads(Path("again/metrics.json").read_text())["leaks"]
    assert leaks["n_test"] == 90
    assert leaks["same_sentence"] > 60
