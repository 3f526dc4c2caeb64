import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stance.model import read_artifact


def test_a_table_trains_by_override_and_prints_headline_and_paths(stance, table):
    ran = stance("train", "corpus=table", f"corpus.path={table}", "corpus.neutral=neither", "name=mine")
    assert ran.code == 0, ran.err
    assert "this model" in ran.out
    assert "majority" in ran.out
    assert ran.out.endswith("model    models/mine/1\nreport   models/mine/1/report.html\n")
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


def test_a_sweep_may_be_asked_for_at_the_end(stance, table):
    ran = stance("train", "corpus=table", f"corpus.path={table}", "learning_curve=[]", "classifier.C=1,3", "-m")
    assert ran.code == 0, ran.err
    assert sorted(p.name for p in Path("models/table").iterdir()) == ["1", "2"]


def test_a_named_folder_keeps_features_from_one_run_to_the_next(stance, table):
    settings = ("corpus=table", f"corpus.path={table}", "feature_cache=kept")
    assert stance("train", *settings, "classifier.C=1").code == 0
    kept = sorted(path for path in Path("kept").rglob("*.pkl"))
    assert kept
    assert stance("train", *settings, "classifier.C=3").code == 0
    assert sorted(path for path in Path("kept").rglob("*.pkl")) == kept
    Path("file").touch()
    ran = stance("train", "corpus=table", f"corpus.path={table}", "feature_cache=file/x")
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "stance: feature_cache=file/x cannot be used: Not a directory.")


def test_folds_are_fitted_on_dask_workers_to_the_same_bytes(stance, table):
    pytest.importorskip("distributed", reason="needs the dask extra")
    settings = ("corpus=table", f"corpus.path={table}", "learning_curve=[]")
    assert stance("train", *settings, "models=here").code == 0
    ran = stance("train", *settings, "models=there", "scheduler=local:2")
    assert ran.code == 0, ran.err
    assert "fold 5 of 5" in ran.err
    assert "tcp://" not in ran.err
    here, there = (Path(models, "table/1") for models in ("here", "there"))
    assert [(p.name, p.read_bytes()) for p in sorted(here.iterdir())] == [
        (p.name, p.read_bytes()) for p in sorted(there.iterdir())
    ]
    ran = stance("train", *settings, "scheduler=locally")
    assert (ran.code, ran.err.splitlines()[-1].split(";")[0]) == (2, "stance: 'locally' is no scheduler")


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
        (["classifier.C=high"], 2, "LogisticRegression cannot be fitted: C is 'high'"),
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


def test_the_page_of_a_saved_model_has_a_title_and_the_verdict(stance, table):
    stance("train", "corpus=table", f"corpus.path={table}", "name=mine", "learning_curve=[]")
    page = Path("models/mine/1/report.html").read_text()
    assert "<title>Evaluation of mine</title>" in page
    assert json.loads(Path("models/mine/1/metrics.json").read_text())["verdict"] in page


def test_a_model_that_misses_the_gate_is_saved_and_the_exit_code_is_5(stance, table):
    gates = ["gate.macro_f1=0.99", "gate.better_than=[majority]"]
    settings = ["corpus=table", f"corpus.path={table}", "classifier=majority", "name=mine", "learning_curve=[]"]
    ran = stance("train", *settings, *gates)
    assert ran.code == 5
    (sentence,) = [line for line in ran.err.splitlines() if line.startswith("stance: ")]
    assert sentence == (
        "stance: models/mine/1 does not pass the quality gate: macro_f1 is 0.167, below 0.99; it is not shown to be "
        "better than majority (+0.000 macro-F1)."
    )
    assert ran.err.endswith(f"{sentence}\n")
    assert ran.out.endswith("model    models/mine/1\nreport   models/mine/1/report.html\n")
    saved = read_artifact(Path("models/mine/1"))  # checks every file
    assert saved.metrics["metrics"]["macro_f1"]["value"] == pytest.approx(1 / 6)  # one label of three, as one in three
    assert saved.contents["report.html"].startswith(b"<!doctype html>")


def test_a_gate_is_no_part_of_how_a_model_was_made(stance, table):
    settings = ["corpus=table", f"corpus.path={table}", "learning_curve=[]", "git_commit=false"]
    assert stance("train", *settings).code == 0
    assert stance("train", *settings, "gate.macro_f1=0.5", "gate.better_than=[majority]").code == 0
    first, second = (Path(f"models/table/{v}/manifest.json").read_bytes() for v in (1, 2))
    assert first == second


def test_a_model_is_held_against_an_earlier_one(stance, table):
    settings = ["corpus=table", f"corpus.path={table}", "learning_curve=[]", "behaviour=none"]
    stance("train", *settings)
    ran = stance("train", *settings, "classifier=majority", "gate.not_worse_than=[table/1]")
    assert ran.code == 5
    assert "models/table/2 does not pass the quality gate: it is worse than table/1 by 0." in ran.err
    assert list(json.loads(Path("models/table/2/metrics.json").read_text())["baselines"]) == ["majority", "table/1"]


def test_each_document_is_left_out_of_the_training_in_turn_on_request(stance, corpus, tmp_path):
    longer = [f"meeting {int(group.removeprefix('doc')) // 3}" for group in corpus.groups.tolist()]
    rows = zip(longer, corpus.texts, corpus.y, strict=True)
    Path("longer.csv").write_text("".join(["document,text,label\n", *(f'{g},"{t}",{y}\n' for g, t, y in rows)]))
    ran = stance(
        *("train", "corpus=table", "corpus.path=longer.csv", "leave_one_out=[groups]", "learning_curve=[]"),
        *("splitter.n_splits=3", "behaviour=none"),
    )
    assert ran.code == 0, ran.err
    report = json.loads(Path("models/longer/1/metrics.json").read_text())
    assert [(s["fact"], s["value"], s["n"], s["n_groups"]) for s in report["left_out"]] == [
        ("groups", f"meeting {i}", 18, 1) for i in range(5)
    ]
    page = Path("models/longer/1/report.html").read_text()
    section = page[page.index('<section id="left-out">') :].split("</section>")[0]
    assert "<h3>By groups</h3>" in section
    assert all(f'<th scope="row">meeting {i} (small)</th><td class="n">18</td>' in section for i in range(5))
    assert report["learning_curve"] == []
    assert 'id="curve"' not in page
    assert "Learning curve" not in page


def test_what_cannot_be_left_out_is_an_error_of_usage(stance, table):
    for asked, message in (
        ("speakers", "table has no speakers to leave out"),
        ("months", "table has no months to leave out"),
    ):
        ran = stance("train", "corpus=table", f"corpus.path={table}", f"leave_one_out=[{asked}]", "learning_curve=[]")
        assert (ran.code, message in ran.err) == (2, True)
        assert not Path("models").exists()


def test_the_learning_curve_ends_with_the_model_itself(stance, table):
    stance("train", "corpus=table", f"corpus.path={table}", "learning_curve=[0.5]", "behaviour=none")
    report = json.loads(Path("models/table/1/metrics.json").read_text())
    half, whole = report["learning_curve"]
    assert whole["n"] == 72
    assert half["n"] == 36
    assert whole["macro_f1"] == report["metrics"]["macro_f1"]
    assert "Would more labels help?" in Path("models/table/1/report.html").read_text()


@pytest.mark.parametrize("shares", ["[half]", "[2]", "[-0.5]"])
def test_a_share_that_is_none_is_an_error_of_usage(stance, table, shares):
    ran = stance("train", "corpus=table", f"corpus.path={table}", f"learning_curve={shares}", "behaviour=none")
    assert (ran.code, "learning_curve" in ran.err.splitlines()[-1]) == (2, True)


def test_a_report_without_sentences_holds_none_in_any_file_of_the_model(stance, table, corpus):
    settings = ["corpus=table", f"corpus.path={table}", "learning_curve=[]"]
    stance("train", *settings)
    stance("train", *settings, "report_sentences=false")
    held = [
        {
            path.name
            for path in Path(f"models/table/{v}").iterdir()
            for t in corpus.texts
            if t.encode() in path.read_bytes()
        }
        for v in (1, 2)
    ]
    assert held == [{"report.html", "metrics.json"}, set()]
