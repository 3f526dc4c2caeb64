"""Train, evaluate and use text classifiers of speaker stance."""

from stance.annotation import AnnotatedSentence, StanceModel, load
from stance.errors import StanceError
from stance.text import attribute_speakers, split_sentences

__version__ = "0.1.0"

__all__ = [
    "AnnotatedSentence",
    "StanceError",
    "StanceModel",
    "__version__",
    "attribute_speakers",
    "load",
    "split_sentences",
]
