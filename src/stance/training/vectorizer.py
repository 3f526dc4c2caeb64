"""scikit-learn's CountVectorizer and TfidfVectorizer, counting with the compiled kernel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from sklearn import get_config
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from stance.errors import DataError
from stance.model.alphabet import Alphabet, alphabet
from stance.model.kernel import counting
from stance.model.terms import DEFAULT_TOKEN
from stance.model.texts import Texts, as_texts
from stance.model.trie import Trie, build_trie
from stance.training.counts import Counted, count_all, count_known, to_csr

_WHOLE = (int, np.integer)
_FLAGS = ("lowercase", "binary", "use_idf", "smooth_idf", "sublinear_tf")


class _Learnt(NamedTuple):
    """A vocabulary with its trie."""

    vocabulary: dict[str, int]
    trie: Trie


class FastCountVectorizer(CountVectorizer):  # type: ignore[misc]  # scikit-learn is untyped
    """scikit-learn's ``CountVectorizer``, its counting compiled and in parallel.

    Parameters, fitted attributes, vocabulary and matrix are those of the class that it extends; the columns of a row
    are in order. Arrow columns are taken as they lie. What the kernel does not count is left to scikit-learn: code for
    an analyzer, other tokens, stop words, a given vocabulary, files and bytes.
    """

    def fit_transform(self, raw_documents: Iterable[Any], y: Any = None) -> csr_matrix | csr_array:
        """Learn the vocabulary; the counts of its terms, shape (n_documents, n_terms)."""
        documents = _documents(raw_documents)
        texts = _texts(documents) if self.vocabulary is None and _is_plain(self) else None
        if texts is None:
            return super().fit_transform(documents, y)
        counted = count_all(texts, counting(self.analyzer, self.ngram_range), self._alphabet())
        nodes = self._kept(counted, len(texts))
        self.fixed_vocabulary_ = False
        self.vocabulary_ = dict(zip(counted.terms(nodes), range(len(nodes)), strict=True))
        matrix = self._matrix(counted.matrix(nodes, self.dtype))
        self._learnt = _Learnt(self.vocabulary_, counted.trie_of(nodes))
        return matrix

    def transform(self, raw_documents: Iterable[Any]) -> csr_matrix | csr_array:
        """The counts of the vocabulary's terms, shape (n_documents, n_terms)."""
        documents = _documents(raw_documents)
        texts = _texts(documents) if hasattr(self, "vocabulary_") and _is_plain(self) else None
        if texts is None:
            return super().transform(documents)
        parts = count_known(texts, counting(self.analyzer, self.ngram_range), self._alphabet(), self._trie())
        return self._matrix(to_csr(parts, np.arange(len(self.vocabulary_), dtype=np.int32), self.dtype))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_learnt"}

    def _trie(self) -> Trie:
        """The trie of the vocabulary: the one that grew as it was learnt, unless it has been replaced since."""
        learnt: _Learnt | None = getattr(self, "_learnt", None)
        if learnt is not None and learnt.vocabulary is self.vocabulary_:
            return learnt.trie
        return build_trie(sorted(self.vocabulary_, key=self.vocabulary_.__getitem__), self.analyzer == "word")

    def _alphabet(self) -> Alphabet:
        return alphabet(bool(self.lowercase), self.strip_accents)

    def _kept(self, counted: Counted, n_texts: int) -> NDArray[np.int64]:
        """The nodes of the terms that the parameters leave, in order."""
        highest = self.max_df if isinstance(self.max_df, _WHOLE) else self.max_df * n_texts
        lowest = self.min_df if isinstance(self.min_df, _WHOLE) else self.min_df * n_texts
        frequency = counted.document_frequency
        if not frequency.any():
            raise ValueError("empty vocabulary; perhaps the documents only contain stop words")
        if highest < lowest:
            raise ValueError("max_df corresponds to < documents than min_df")
        nodes = np.flatnonzero((frequency > 0) & (frequency <= highest) & (frequency >= lowest))
        nodes = counted.in_order(nodes)
        if self.max_features is not None and len(nodes) > self.max_features:
            totals = (frequency if self.binary else counted.frequency)[nodes].astype(self.dtype)
            nodes = nodes[np.sort((-totals).argsort()[: self.max_features])]  # ties as scikit-learn has them
        if not len(nodes):
            raise ValueError("After pruning, no terms remain. Try a lower min_df or a higher max_df.")
        return nodes

    def _matrix(self, parts: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]) -> csr_matrix | csr_array:
        if self.binary:
            parts[0].fill(1)
        arrays = get_config().get("sparse_interface") == "sparray"
        return (csr_array if arrays else csr_matrix)(parts, shape=(len(parts[2]) - 1, len(self.vocabulary_)))


class FastTfidfVectorizer(TfidfVectorizer, FastCountVectorizer):  # type: ignore[misc]
    """scikit-learn's ``TfidfVectorizer``, its counting compiled and in parallel, as in ``FastCountVectorizer``."""


def _is_plain(vectorizer: CountVectorizer) -> bool:
    """Whether the parameters are valid, and such as the kernel counts by; scikit-learn says what is wrong otherwise."""
    v = vectorizer
    shares = [
        (isinstance(x, _WHOLE) and x >= 1) or (isinstance(x, float) and 0 <= x <= 1) for x in (v.max_df, v.min_df)
    ]
    return bool(
        (v.input, v.preprocessor, v.tokenizer, v.stop_words) == ("content", None, None, None)
        and v.token_pattern == DEFAULT_TOKEN
        and v.analyzer in ("word", "char", "char_wb")
        and v.strip_accents in (None, "ascii", "unicode")
        and isinstance(v.ngram_range, tuple)
        and [isinstance(n, _WHOLE) for n in v.ngram_range] == [True, True]
        and 1 <= v.ngram_range[0] <= v.ngram_range[1]
        and getattr(v, "norm", None) in (None, "l1", "l2")
        and all(isinstance(getattr(v, name, True), bool | np.bool_) for name in _FLAGS)
        and all(shares)
        and (v.max_features is None or (isinstance(v.max_features, _WHOLE) and v.max_features >= 1))
        and np.dtype(v.dtype).kind in "if"
    )


def _documents(given: Iterable[Any]) -> Iterable[Any]:
    """What was given, where it can be looked at twice; else a list of it."""
    return given if hasattr(given, "__len__") else list(given)


def _texts(documents: Iterable[Any]) -> Texts | None:
    """The documents as texts; none where there are none or one is no string, for scikit-learn to read or to refuse."""
    try:
        texts = as_texts(documents)
    except DataError:
        return None
    kinds = set(map(type, texts)) if isinstance(texts, list) else set()
    return texts if len(texts) and all(issubclass(kind, str) for kind in kinds) else None
