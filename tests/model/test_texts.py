"""Texts are taken from any column, and Arrow's without a copy."""

import datasets
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from stance.errors import DataError
from stance.model import LinearModel, TermSettings, TermSpace
from stance.model.texts import as_texts, utf8_blocks

TEXTS = ["a bridge", "", "Der Tunnel, ΣΑΣ", "a\x00null", "𝒜 漢字 bridge"]
DATASET = datasets.Dataset.from_dict({"n": [1, 2, 3, 4, 5], "text": TEXTS})


@pytest.fixture(scope="module")
def model():
    terms = ["bridge", "der", "null", "tunnel", "σας", "漢字"]
    coef = np.random.default_rng(0).normal(size=(1, 2, len(terms)))
    return LinearModel(("a", "b"), (TermSpace(TermSettings(), terms, None),), coef, np.zeros((1, 2)))


COLUMNS = {
    "tuple": tuple(TEXTS),
    "generator": None,
    "numpy": np.array(TEXTS),
    "numpy objects": np.array(TEXTS, dtype=object),
    "pandas": pd.Series(TEXTS),
    "pandas objects": pd.Series(TEXTS, dtype=object),
    "pandas reindexed": pd.Series(TEXTS, index=[9, 8, 7, 6, 5]),
    "arrow": pa.array(TEXTS),
    "large": pa.array(TEXTS, pa.large_string()),
    "view": pa.array(TEXTS, pa.string_view()),
    "dictionary": pa.array(TEXTS).dictionary_encode(),
    "slice": pa.array(["before", *TEXTS, "after"])[1:-1],
    "chunks": pa.chunked_array([TEXTS[:2], [], TEXTS[2:]]),
    "table column": pa.table({"text": TEXTS})["text"],
    "arrow scalars": [pa.scalar(text) for text in TEXTS],
    "dataset": DATASET["text"],
    "selected dataset": DATASET.select([4, 3, 2, 1, 0]).select([4, 3, 2, 1, 0])["text"],
    "joined dataset": datasets.concatenate_datasets([DATASET.select([0, 1]), DATASET.select([2, 3, 4])])["text"],
    "dataset of arrays": DATASET.with_format("numpy")["text"],
}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("kind", COLUMNS)
def test_any_column_of_strings_gives_the_same_scores(model, kind, compiled):
    texts = COLUMNS[kind] if kind != "generator" else (text for text in TEXTS)
    expected = LinearModel(model.labels, model.spaces, model.coef, model.intercept).scores(TEXTS)
    chosen = model.compile() if compiled else LinearModel(model.labels, model.spaces, model.coef, model.intercept)
    np.testing.assert_allclose(chosen.scores(texts), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("array", [pa.array(TEXTS), pa.array(TEXTS, pa.large_string()), pa.array(["x", *TEXTS])[1:]])
def test_the_bytes_of_an_arrow_column_are_taken_as_they_lie(array):
    (block,) = utf8_blocks(as_texts(array), 100)
    assert block.raw.ctypes.data == array.buffers()[2].address


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("a bridge", "single string"),
        (pd.DataFrame({"text": TEXTS}), "choose its column"),
        (pa.table({"text": TEXTS}), "choose its column"),
        (DATASET, "choose its column"),
        (["a", 3], "Text 1 is not a string but int"),
        (pd.Series(["a", None]), "Text 1 is missing"),
        (pd.Series(["a", 3], dtype=object), "Text 1 is not a string but int"),
        (pa.array(["a", "b", None]), "Text 2 is missing"),
        (pa.array([1, 2]), "of type int64 and not of strings"),
        (pa.array([None]), "of type null"),
        (np.array([1.5]), "Text 0 is not a string but float64"),
        (pa.array([b"\xff\xfe"]).view(pa.string()), "no valid UTF-8"),
    ],
)
@pytest.mark.parametrize("compiled", [False, True])
def test_what_is_no_column_of_strings_is_refused(model, texts, message, compiled):
    chosen = model.compile() if compiled else LinearModel(model.labels, model.spaces, model.coef, model.intercept)
    with pytest.raises(DataError, match=message):
        chosen.scores(texts)


def test_no_texts_have_no_scores(model):
    for none in ([], pa.array([], pa.string()), pd.Series([], dtype=str)):
        assert model.compile().scores(none).shape == (0, 2)
