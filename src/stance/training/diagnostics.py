"""What takes more trainings to know: the learning curve, and how a model does on whom or what it was not trained on."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from stance.corpus import Corpus
from stance.errors import ConfigError, StanceError
from stance.evaluation import CurvePoint, Predictions, Slice, learning_curve_points, measure_slice, predict_corpus
from stance.model import LinearModel
from stance.training.fit import fit
from stance.training.names import speaker_names

log = logging.getLogger(__name__)

SHARES = (0.125, 0.25, 0.5)
_FEWEST = 10
"""Sentences of a speaker or document that is left out, so that its figure means something."""
_MOST = 40


def check_diagnostics(corpus: Corpus, shares: Any, left_out: Any) -> None:
    """Raise unless ``shares`` of a learning curve are numbers from 0 to 1, and ``left_out`` names what can be.

    Raises
    ------
    ConfigError
        If they are not; before anything is trained.
    """
    if isinstance(shares, str) or any(isinstance(s, str | bool) or not 0 < s <= 1 for s in shares):
        raise ConfigError(f"learning_curve is {shares}; give shares from 0 to 1, as in [0.25, 0.5], or [].")
    there = _columns(corpus)
    if isinstance(left_out, str):
        raise ConfigError(f"leave_one_out is {left_out}; give a list, as in [{left_out}].")
    for by in left_out:
        if by not in there:
            raise ConfigError(f"{corpus.name} has no {by} to leave out one by one; there are {', '.join(there)}.")


def _columns(corpus: Corpus) -> dict[str, NDArray[np.str_]]:
    """What can be left out one by one: groups, speakers, and the values of every fact."""
    speakers = {} if corpus.speakers is None else {"speakers": corpus.speakers}
    return {"groups": corpus.groups, **speakers, **corpus.facts}


def learning_curve(
    train_set: Corpus,
    whole: Predictions,
    vectorizer: Any,
    classifier: Any,
    hide_names: bool,
    shares: Sequence[float] = SHARES,
    random_state: int = 0,
) -> tuple[CurvePoint, ...]:
    """Figures on the test set of models that were fitted on a share of the groups, each share within the next.

    ``whole`` has the predictions of the model that was fitted on all of them, which is the last point. A share that
    lacks a label is left out.
    """
    names = np.random.default_rng(random_state).permutation(sorted(set(train_set.groups.tolist())))
    fitted = []
    for share in shares:
        kept = np.isin(train_set.groups, names[: max(1, round(share * len(names)))])
        part = train_set.select(np.flatnonzero(kept))
        if part.present_labels != train_set.present_labels or part.target_names != train_set.target_names:
            continue
        log.info("learning curve: fitting on %d of %d sentences", len(part), len(train_set))
        try:
            model = fit(part, vectorizer, classifier, speaker_names(part) if hide_names else ())
        except StanceError as error:
            log.info("learning curve: left out: %s", error)
            continue
        fitted.append((len(part), predict_corpus(model, whole.corpus)))
    return learning_curve_points([*fitted, (len(train_set), whole)], random_state)


def leave_one_out(
    corpus: Corpus,
    vectorizer: Any,
    classifier: Any,
    hide_names: bool,
    by: str,
    n_jobs: int = 1,
    random_state: int = 0,
) -> tuple[Slice, ...]:
    """Figures on each group, speaker, or value of a fact (``by``), of a model that was trained on all others.

    Those of ten sentences or more are left out in turn, the 40 that say most.
    """
    check_diagnostics(corpus, (), [by])
    column = _columns(corpus)[by]
    weak = np.zeros(len(corpus), dtype=bool) if corpus.weak is None else corpus.weak
    counts = Counter(value for value in column[~weak].tolist() if value)
    left_out = [v for v, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n >= _FEWEST][:_MOST]
    if not left_out:
        log.warning("nothing is left out of %s: none of the %s has %d sentences", corpus.name, by, _FEWEST)
    jobs = (delayed(_without)(corpus, column == value, vectorizer, classifier, hide_names) for value in left_out)
    found: list[Slice] = []
    for value, model in zip(left_out, Parallel(n_jobs=n_jobs, return_as="generator")(jobs), strict=True):
        log.info("leaving one out of %s: %d of %d", by, len(found) + 1, len(left_out))
        if model is not None:
            predictions = predict_corpus(model, corpus.select(np.flatnonzero((column == value) & ~weak)))
            found.append(measure_slice(predictions, by, value, random_state))
    return tuple(found)


def _without(
    corpus: Corpus, out: NDArray[np.bool_], vectorizer: Any, classifier: Any, hide_names: bool
) -> LinearModel | None:
    """A model of the sentences that are not ``out`` and repeat none that is; none where a label goes with them."""
    repeats = np.isin(corpus.clusters, corpus.clusters[out])
    rest = corpus.select(np.flatnonzero(~out & ~repeats))
    if rest.present_labels != corpus.present_labels or rest.target_names != corpus.target_names:
        return None
    try:
        return fit(rest, vectorizer, classifier, speaker_names(rest) if hide_names else ())
    except StanceError as error:
        log.info("left out: %s", error)
        return None
