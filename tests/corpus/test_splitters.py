import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.corpus import LeaveOneSpeakerOut, TemporalSplit
from stance.errors import ConfigError

DAYS = st.lists(st.sampled_from(["", *(f"2002-09-{day:02}" for day in range(1, 15))]), min_size=20, max_size=80)


@given(DAYS, st.integers(1, 4))
def test_nothing_later_is_trained_on_than_what_is_tested(days, n_splits):
    groups = np.array(days)
    if len(set(days) - {""}) <= n_splits:
        return
    folds = list(TemporalSplit(n_splits).split(None, None, groups))
    tested = np.concatenate([test for _, test in folds])
    assert len(tested) == len(set(tested.tolist()))
    for train, test in folds:
        assert len(train)
        assert max(groups[train].tolist()) < min(groups[test].tolist())
        assert "" not in {*groups[train], *groups[test]}
    latest = [max(groups[test].tolist()) for _, test in folds]
    assert latest == sorted(latest, reverse=True)
    assert latest[0] == max(days)


def test_periods_have_about_as_many_sentences_each():
    groups = np.array([f"2002-09-{1 + i // 10:02}" for i in range(120)])
    assert [len(test) for _, test in TemporalSplit(5).split(None, None, groups)] == [20] * 5


def test_too_few_days_say_so():
    with pytest.raises(ConfigError, match="There are 2 days, too few for 5 splits in time"):
        list(TemporalSplit(5).split(None, None, np.array(["2002-09-01", "2002-09-02", ""])))


def test_each_speaker_who_says_enough_is_left_out_once_the_most_talkative_first():
    groups = np.array(["Hale"] * 3 + ["Ruiz"] * 5 + ["Moss"] + [""] * 9)
    folds = list(LeaveOneSpeakerOut(3).split(None, None, groups))
    assert [set(groups[test].tolist()) for _, test in folds] == [{"Ruiz"}, {"Hale"}]
    assert all(len(train) + len(test) == len(groups) for train, test in folds)


def test_nobody_who_says_enough_is_an_error_that_says_what_to_do():
    with pytest.raises(ConfigError, match=r"No speaker has 20 sentences .*splitter.min_sentences"):
        list(LeaveOneSpeakerOut().split(None, None, np.array(["Hale", "", ""])))
