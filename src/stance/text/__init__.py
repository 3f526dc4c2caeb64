"""From raw text to sentences with offsets and speakers."""

from stance.text.documents import Document, find_documents, read_document
from stance.text.sentences import Sentence, split_lines, split_sentences
from stance.text.speakers import attribute_speakers

__all__ = [
    "Document",
    "Sentence",
    "attribute_speakers",
    "find_documents",
    "read_document",
    "split_lines",
    "split_sentences",
]
