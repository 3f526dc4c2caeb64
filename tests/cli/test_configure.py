import itertools
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from stance.cli.configure import build, check_targets, config_dir
from stance.errors import ConfigError

CONFIGS = Path(config_dir())


PATHS: dict[str, list[str]] = {"reference": []}  # it has the paths of its parts


def options(group: str) -> list[str]:
    return sorted(path.stem for path in (CONFIGS / group).glob("*.yaml"))


def composed(name: str, *overrides: str):
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        return compose(name, list(overrides))


TRAININGS = [f"{g}={o}" for g in ("vectorizer", "classifier", "splitter", "labeling") for o in options(g)]


@pytest.mark.parametrize("override", TRAININGS)
def test_every_part_composes_and_builds(override):
    config = composed("train", override)
    for part in ("vectorizer", "classifier", "splitter"):
        built = build(config[part])
        assert hasattr(built, "split" if part == "splitter" else "get_params")


@pytest.mark.parametrize(
    ("classifier", "vectorizer"), list(itertools.product(options("classifier"), ["word", "char", "word_char"]))
)
def test_every_pair_fits_and_is_saved_as_data(classifier, vectorizer, corpus):
    from stance.training.fit import fit

    if classifier == "cue_lexicon":
        pytest.skip("comes with a vectorizer of its own")
    config = composed("train", f"classifier={classifier}", f"vectorizer={vectorizer}")
    assert fit(corpus, build(config.vectorizer), build(config.classifier)).labels == corpus.labels


@pytest.mark.parametrize("experiment", options("experiment"))
def test_every_experiment_composes_and_its_own_values_win(experiment):
    config = composed("train", f"experiment={experiment}", *PATHS.get(experiment, ["corpus.path=FILE"]))
    assert config.corpus.name == experiment
    assert config.splitter._target_.endswith("StratifiedKFold") or config.refit
    check_targets(config)


@pytest.mark.parametrize("corpus", options("corpus"))
@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_every_corpus_composes(command, corpus):
    config = composed(command, f"corpus={corpus}", *PATHS.get(corpus, ["corpus.path=FILE"]))
    parts = config.corpus.parts.values() if corpus == "reference" else [config.corpus]
    assert all(part._target_.startswith("stance.corpus.read_") for part in parts)


def test_label_composes():
    assert build(composed("label").labeling).labels == ("pro-resolution", "pro-inspections", "neutral")


def test_the_random_state_reaches_every_part():
    config = composed("train", "random_state=7")
    assert (config.splitter.random_state, config.classifier.random_state) == (7, 7)


def test_yaml_lists_reach_scikit_learn_as_tuples():
    config = composed("train", "vectorizer=word_char")
    parts = build(config.vectorizer).transformer_list
    assert [(name, part.ngram_range) for name, part in parts] == [("word", (1, 2)), ("char", (2, 5))]


@pytest.mark.parametrize(
    "target",
    [
        "os.system",
        "joblib.load",
        "builtins.eval",
        "stance.cli.main.os.system",
        "sklearn.externals._packaging.version.re.compile",
        "sklearn.utils._testing.assert_run_python_script_without_output",
        "sklearn.datasets.fetch_openml",
        "stance.model.save_artifact",
    ],
)
def test_a_target_that_is_neither_ours_nor_scikit_learns_is_refused_however_reached(target):
    with pytest.raises(ConfigError, match="if you trust it, add allow_targets"):
        build(OmegaConf.create({"nested": [{"_target_": target}]}))


def test_a_target_that_the_user_names_is_taken():
    config = OmegaConf.create({"_target_": "collections.Counter"})
    assert build(config, allowed=("collections.Counter",)) == {}
