from dataclasses import replace

import numpy as np
import pytest
from sklearn.model_selection import KFold, StratifiedGroupKFold, StratifiedKFold

from stance.corpus import folds, hold_out
from stance.errors import ConfigError, DataError

GROUPED = StratifiedGroupKFold(3, shuffle=True, random_state=0)


def test_no_document_stands_on_both_sides(corpus):
    for split in [hold_out(corpus, GROUPED), *folds(corpus, GROUPED)]:
        assert not set(corpus.groups[split.train]) & set(corpus.groups[split.test])
        assert sorted([*split.train, *split.test]) == list(range(len(corpus)))


def test_the_corpus_own_test_set_comes_before_the_splitter(corpus):
    own = np.where(np.arange(len(corpus)) < 60, "train", "test")
    split = hold_out(replace(corpus, split=own), GROUPED)
    assert split.test.tolist() == list(range(60, 90))
    with pytest.raises(DataError, match="no row of the split column says 'test'"):
        hold_out(replace(corpus, split=np.full(len(corpus), "dev")), GROUPED)


def test_the_digest_tells_splits_apart_and_repeats(corpus):
    other = StratifiedGroupKFold(3, shuffle=True, random_state=1)
    assert hold_out(corpus, GROUPED).digest == hold_out(corpus, GROUPED).digest != hold_out(corpus, other).digest


def test_a_split_that_loses_a_label_is_refused(corpus):
    ordered = corpus.select(np.argsort(corpus.y, kind="stable"))
    with pytest.raises(DataError, match="The training side of the split of small has no sentence labelled 'against'"):
        hold_out(ordered, KFold(3))


def test_more_folds_than_documents_says_what_to_do(corpus):
    with pytest.raises(DataError, match=r"small has 15 documents .*too few for 200 folds; add some, or set splitter"):
        hold_out(corpus, StratifiedGroupKFold(200))


def test_more_folds_than_a_label_has_sentences_is_an_error_of_configuration(corpus):
    alone = replace(corpus, groups=np.arange(len(corpus)).astype(str))
    with pytest.raises(ConfigError, match="small cannot be split as asked"):
        hold_out(alone, StratifiedKFold(80))


def test_targets_are_spread_over_the_folds(corpus):
    targets = np.where(np.arange(len(corpus)) % 2 == 0, "bridge", "tunnel")
    for split in folds(replace(corpus, targets=targets), StratifiedKFold(3)):
        assert np.sum(targets[split.test] == "bridge") == 15


def test_a_sentence_that_stands_on_both_sides_is_not_tested_on(corpus):
    texts = list(corpus.texts)
    first = hold_out(corpus, GROUPED)
    texts[first.test[0]] = texts[first.train[0]].replace(" ", "  ")
    split = hold_out(replace(corpus, texts=tuple(texts)), GROUPED)
    assert split.train.tolist() == first.train.tolist()
    assert split.test.tolist() == first.test.tolist()[1:]
