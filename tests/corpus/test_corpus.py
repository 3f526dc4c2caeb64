from dataclasses import replace

import numpy as np
import pytest

from stance.corpus import check_labels, join_corpora, sentence_key
from stance.errors import DataError


def test_the_digest_sees_every_text_label_group_and_the_order(corpus):
    changed = [
        replace(corpus, texts=("Other.", *corpus.texts[1:])),
        replace(corpus, y=np.roll(corpus.y, 1)),
        replace(corpus, groups=np.roll(corpus.groups, 6)),
        replace(corpus, targets=np.full(len(corpus), "bridge")),
        corpus.select(np.arange(len(corpus))[::-1]),
    ]
    digests = {corpus.digest, *(c.digest for c in changed)}
    assert len(digests) == 6
    assert replace(corpus, name="other").digest == corpus.digest


def test_counts_follow_the_order_of_the_labels(corpus):
    assert list(corpus.counts.items()) == [("for", 30), ("against", 30), ("neither", 30)]


def test_a_sentence_is_known_again_whatever_its_white_space_and_apart_by_target():
    assert sentence_key("We  will\nwait.") == sentence_key("We will wait.")
    assert sentence_key("We will wait.", "bridge") != sentence_key("We will wait.")


def test_a_corpus_with_one_label_or_a_lost_one_is_refused(corpus):
    with pytest.raises(DataError, match="one label only, 'for'"):
        check_labels(corpus.select(np.flatnonzero(corpus.y == "for")), "it")
    with pytest.raises(DataError, match="The test side has no sentence labelled 'against'"):
        check_labels(corpus.select(np.flatnonzero(corpus.y != "against")), "The test side", corpus.labels)


def test_corpora_are_joined_with_their_groups_apart_and_gaps_filled(corpus):
    first = replace(corpus, name="a", speakers=np.array(["Hale"] * len(corpus)))
    second = replace(corpus, name="b", dates=np.array(["2002-10-01"] * len(corpus)))
    both = join_corpora([first, second], "both", part_weights=[1, 0.5])
    assert len(both) == 2 * len(corpus)
    assert set(both.groups.tolist()) == {f"{part}/{group}" for part in "ab" for group in set(corpus.groups.tolist())}
    assert both.speakers.tolist() == ["Hale"] * len(corpus) + [""] * len(corpus)
    assert both.dates.tolist() == [""] * len(corpus) + ["2002-10-01"] * len(corpus)
    assert both.weights.tolist() == [1.0] * len(corpus) + [0.5] * len(corpus)
    assert both.weak is None
    assert both.digest != join_corpora([first, second], "both").digest


def test_corpora_that_do_not_fit_are_not_joined(corpus):
    with pytest.raises(DataError, match="different labels"):
        join_corpora([corpus, replace(corpus, name="b", neutral=None)], "both")
    with pytest.raises(DataError, match="test set of its own"):
        join_corpora([corpus, replace(corpus, name="b", split=np.full(len(corpus), "test"))], "both")
