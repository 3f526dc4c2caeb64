import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.metrics import log_loss

from stance.training.calibration import fit_temperature


def test_the_closed_form_of_one_score_level_is_found():
    """At scores of +-1 and an accuracy of 3/4, softmax must say 3/4: 2 / T = log 3."""
    scores = np.array([[1.0, -1.0]] * 4)
    assert fit_temperature(scores, np.array([0, 0, 0, 1])) == pytest.approx(2 / np.log(3), rel=1e-6)


@given(st.floats(0.2, 5), st.integers(0, 5))
def test_no_other_temperature_has_less_log_loss(scale, seed):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(200, 3)) * scale
    y = np.array([rng.choice(3, p=row) for row in softmax(scores / 1.5, axis=1)])
    found = fit_temperature(scores, y)
    losses = [log_loss(y, softmax(scores / t, axis=1)) for t in (found, found * 0.98, found * 1.02)]
    assert losses[0] <= min(losses) + 1e-7
