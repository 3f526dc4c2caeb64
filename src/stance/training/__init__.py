"""Objects in, model out: vectorizer, fit, calibration."""

from stance.training.cues import CueClassifier, cue_vectorizer
from stance.training.linearize import to_pipeline
from stance.training.logistic import SizedLogisticRegression
from stance.training.train import TrainingResult, train
from stance.training.vectorizer import FastCountVectorizer, FastTfidfVectorizer

__all__ = [
    "CueClassifier",
    "FastCountVectorizer",
    "FastTfidfVectorizer",
    "SizedLogisticRegression",
    "TrainingResult",
    "cue_vectorizer",
    "to_pipeline",
    "train",
]
