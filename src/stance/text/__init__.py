"""From raw text to sentences with offsets and speakers."""

from stance.text.documents import Document, find_documents, read_document
from stance.text.quotations import find_quotations
from stance.text.register import Register, default_register, read_register
from stance.text.sentences import Sentence, split_lines, split_sentences
from stance.text.speakers import MODES, Attribution, attribute_speakers

__all__ = [
    "MODES",
    "Attribution",
    "Document",
    "Register",
    "Sentence",
    "attribute_speakers",
    "default_register",
    "find_documents",
    "find_quotations",
    "read_document",
    "read_register",
    "split_lines",
    "split_sentences",
]
