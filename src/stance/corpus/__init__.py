"""Labelled sentences: reading, checking, labelling, near duplicates, leak-safe splits."""

from stance.corpus.agreement import alpha_of_counts, krippendorff_alpha
from stance.corpus.corpus import Corpus, check_labels, join_corpora, sentence_key
from stance.corpus.cues import CueLexicon
from stance.corpus.duplicates import duplicate_clusters, near_duplicates
from stance.corpus.gold import DROPPED, GoldSentence, read_gold, source_digest
from stance.corpus.labelling import COLUMNS, LabelledSentence, label_documents, to_dataset
from stance.corpus.leaks import LeakReport, TrainingRecord
from stance.corpus.metadata import Metadata, read_metadata
from stance.corpus.semeval import read_semeval
from stance.corpus.splits import Split, folds, hold_out, replay, split_digest
from stance.corpus.splitters import LeaveOneSpeakerOut, TemporalSplit
from stance.corpus.tables import read_table
from stance.corpus.weak import (
    LabellingFunction,
    cast_votes,
    dawid_skene,
    labelling_functions,
    majority,
    summarise_functions,
)

__all__ = [
    "COLUMNS",
    "DROPPED",
    "Corpus",
    "CueLexicon",
    "GoldSentence",
    "LabelledSentence",
    "LabellingFunction",
    "LeakReport",
    "LeaveOneSpeakerOut",
    "Metadata",
    "Split",
    "TemporalSplit",
    "TrainingRecord",
    "alpha_of_counts",
    "cast_votes",
    "check_labels",
    "dawid_skene",
    "duplicate_clusters",
    "folds",
    "hold_out",
    "join_corpora",
    "krippendorff_alpha",
    "label_documents",
    "labelling_functions",
    "majority",
    "near_duplicates",
    "read_gold",
    "read_metadata",
    "read_semeval",
    "read_table",
    "replay",
    "sentence_key",
    "source_digest",
    "split_digest",
    "summarise_functions",
    "to_dataset",
]
