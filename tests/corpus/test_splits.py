from dataclasses import replace

import numpy as np
import pytest
from sklearn.model_selection import KFold, StratifiedGroupKFold, StratifiedKFold

from stance.corpus import TemporalSplit, folds, hold_out, replay, split_digest
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


def test_the_digest_tells_splits_apart_and_knows_one_again_in_another_order(corpus):
    split, other = hold_out(corpus, GROUPED), hold_out(corpus, StratifiedGroupKFold(3, shuffle=True, random_state=1))
    assert split_digest(corpus, split) != split_digest(corpus, other)
    shuffled = corpus.select(np.random.default_rng(0).permutation(len(corpus)))
    assert split_digest(shuffled, replay(shuffled, saved(corpus, split))) == split_digest(corpus, split)


def saved(corpus, split):
    digests = corpus.row_digests()
    return {"train": digests[split.train], "test": digests[split.test]}


def test_a_saved_split_is_found_again_in_a_corpus_that_has_grown(corpus):
    small = corpus.select(np.arange(60))
    split = hold_out(small, GROUPED)
    again = replay(corpus, saved(small, split))
    assert again.train.tolist() == split.train.tolist()
    assert again.test.tolist() == split.test.tolist()


def test_a_saved_split_of_other_sentences_is_refused(corpus):
    split = hold_out(corpus, GROUPED)
    with pytest.raises(DataError, match=r"30 sentences of the saved split are not in small"):
        replay(corpus.select(np.sort(np.concatenate([split.train, split.test[30:]]))), saved(corpus, split))


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


@pytest.mark.parametrize("said", ["{}", "{}  ", "He said: “{}”", "{} And that was all."])
def test_a_sentence_that_repeats_one_held_out_is_not_trained_on(corpus, said):
    first = hold_out(corpus, GROUPED)
    texts = [f"{text} This is what was said of it on day {i} of {i + 7} by all." for i, text in enumerate(corpus.texts)]
    longer = replace(corpus, texts=tuple(texts))
    texts[first.train[0]] = said.format(texts[first.test[0]])
    split = hold_out(replace(corpus, texts=tuple(texts)), GROUPED)
    assert hold_out(longer, GROUPED).n_repeats == 0
    assert split.test.tolist() == first.test.tolist()
    assert split.train.tolist() == first.train.tolist()[1:]
    assert split.n_repeats == 1


def test_what_goes_with_an_official_test_set_is_all_trained_on(corpus):
    texts = ["Always the same."] * len(corpus)
    own = np.where(np.arange(len(corpus)) < 60, "train", "test")
    assert len(hold_out(replace(corpus, texts=tuple(texts), split=own), GROUPED).train) == 60


def test_a_splitter_divides_by_the_column_that_it_names(corpus):
    with pytest.raises(ConfigError, match=r"small has no dates, which TemporalSplit divides by"):
        folds(corpus, TemporalSplit(2))
    days = np.array([f"2002-10-{1 + i // 10:02}" for i in range(len(corpus))])
    for split in folds(replace(corpus, dates=days), TemporalSplit(2)):
        assert max(days[split.train].tolist()) < min(days[split.test].tolist())


def test_weak_labels_are_trained_on_and_never_tested_on(corpus):
    weak = np.arange(len(corpus)) % 2 == 1
    for split in folds(replace(corpus, weak=weak, weights=np.where(weak, 0.1, 1.0)), GROUPED):
        assert not weak[split.test].any()
        assert weak[split.train].any()
