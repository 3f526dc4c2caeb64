from stance.corpus import CueLexicon, GoldSentence, Metadata, label_documents, source_digest, to_dataset
from stance.text import Document

LEXICON = CueLexicon({"for": {"build": 1.0}, "against": {"stop": 1.0}}, "neither")
TEXT = "Home\n\nMinister Ana Ruiz said we must build. The clerk smiled. “Stop,” said Envoy Luc Maurel.\n"
LABELS = ("for", "against", "neither")


def gold(piece: str, label: str, speaker: str = "") -> GoldSentence:
    start = TEXT.index(piece)
    mode = "indirect" if speaker else "narration"
    read = [speaker, label, mode]
    return GoldSentence("d", start, start + len(piece), source_digest(piece), *(read * 3))


def test_without_gold_labels_are_weak_and_say_how_sure_they_are():
    rows = list(label_documents([Document("d", TEXT)], {}, LEXICON, LABELS))
    assert [(r.speaker, r.label, r.source) for r in rows] == [
        ("Ruiz", "for", "weak"),
        ("", "neither", "weak"),
        ("Maurel", "against", "weak"),
    ]
    assert all(1 / 3 < r.confidence < 1 for r in rows)


def test_gold_wins_where_there_is_some_and_weak_labels_fill_the_rest():
    spans = [gold("The clerk smiled.", "against", "the clerk"), gold("Home", "dropped")]
    rows = list(label_documents([Document("d", TEXT)], {"d": spans}, LEXICON, LABELS))
    assert [(r.index, r.label, r.source, r.confidence == 1) for r in rows] == [
        (0, "for", "weak", False),
        (1, "against", "gold", True),
        (2, "against", "weak", False),
    ]
    assert rows[1].speaker == "the clerk"


def test_what_gold_drops_does_not_come_back_as_a_weak_sentence():
    spans = [gold("The clerk smiled.", "dropped")]
    rows = list(label_documents([Document("d", TEXT)], {"d": spans}, LEXICON, LABELS))
    assert [r.text[:3] for r in rows] == ["Min", "“St"]


def test_the_table_has_class_labels_in_a_fixed_order_and_the_documents_metadata():
    rows = list(label_documents([Document("d", TEXT)], {}, LEXICON, LABELS))
    metadata = Metadata({"d": {"register": "wire", "date": "2002-10-01"}}, {}, ("register", "date"))
    table = to_dataset(rows, LABELS, metadata)
    assert table.features["label"].names == list(LABELS)
    assert table["label"][:] == [0, 2, 1]
    assert table["register"][:] == ["wire"] * 3
    assert all(TEXT[r["start"] : r["end"]] == r["text"] for r in table)
