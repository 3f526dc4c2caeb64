"""What the dataset card of iraq2002 says of the corpus."""

import csv
import json
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from tests.conftest import CHECKOUT

from stance.cli.main import main
from stance.corpus import DROPPED, label_documents, near_duplicates, read_gold
from stance.text import find_documents, read_document

LABELS = ("pro-resolution", "pro-inspections", "neutral")
SEEDS, DATA = CHECKOUT / "seeds/iraq2002", CHECKOUT / "data/iraq2002"
REGISTERS = ("briefing", "diplomatic", "editorial", "interview", "parliament", "speech", "statement", "wire")


@pytest.fixture(scope="module")
def gold():
    return read_gold(DATA / "gold.csv", LABELS)


@pytest.fixture(scope="module")
def texts(gold):
    documents = {d.name: d for d in map(read_document, find_documents([SEEDS]))}
    return {
        (name, s.start): s.text(documents[name]) for name, spans in gold.items() for s in spans if s.label != DROPPED
    }


def test_it_has_the_size_and_the_balance_that_it_promises(gold):
    counts = Counter(s.label for spans in gold.values() for s in spans)
    assert len(gold) == 80
    assert sum(counts[label] for label in LABELS) >= 1200
    assert counts["neutral"] == max(counts[label] for label in LABELS)
    assert 0.9 < counts["pro-resolution"] / counts["pro-inspections"] < 1.1


@pytest.mark.parametrize("register", REGISTERS)
def test_both_sides_and_neither_occur_in_every_document_of_every_register(gold, register):
    documents = [name for name in gold if name.startswith(register)]
    assert len(documents) == 10
    for name in documents:
        assert {s.label for s in gold[name]} >= set(LABELS)


def test_every_document_has_its_gold_its_register_and_its_date(gold):
    with (DATA / "documents.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["document"] for row in rows} == set(gold) == {p.stem for p in SEEDS.iterdir()}
    assert {row["register"] for row in rows} == set(REGISTERS)
    assert all("2002-09-12" <= row["date"] <= "2002-12-15" for row in rows)


def test_every_digest_matches_its_text(texts):
    assert len(texts) > 1200


def test_no_sentence_stands_in_two_documents_nor_nearly_so(texts):
    places, sentences = list(texts), list(texts.values())
    pairs = [(places[i], places[j]) for i, j, _ in near_duplicates(sentences, 0.5)]
    assert [(a, b) for a, b in pairs if a[0] != b[0]] == []


def test_a_label_that_both_readers_gave_stands(gold):
    for spans in gold.values():
        for s in spans:
            if (s.label_1, s.speaker_1) == (s.label_2, s.speaker_2):
                assert (s.label, s.speaker) == (s.label_1, s.speaker_1)
            else:
                assert s.note or s.label == DROPPED


def test_what_the_splitter_finds_beyond_the_gold_is_nothing(gold):
    from stance.corpus import CueLexicon

    documents = [read_document(p) for p in find_documents([SEEDS])]
    rows = label_documents(
        documents, gold, CueLexicon({"pro-resolution": {"x": 1}, "pro-inspections": {"y": 1}}, "neutral"), LABELS
    )
    assert {row.source for row in rows} == {"gold"}


def test_real_people_of_the_debate_are_not_named():
    """Those of whom a reader of 2002 would think first."""
    people = (
        "Bush Blair Putin Chirac Schröder Powell Rumsfeld Cheney Straw Ivanov Villepin Annan Blix ElBaradei Saddam Aziz"
    )
    for path in SEEDS.iterdir():
        assert not set(people.split()) & set(
            Path(path).read_text("utf-8").replace("’", " ").replace("'", " ").split()
        ), path


def test_the_record_of_the_rules_is_what_the_command_counts(tmp_path):
    """The confidences that ship are those of the rules as they are."""
    path = tmp_path / "rules.toml"
    folders = ["--data", str(CHECKOUT / "data"), "--documents", str(CHECKOUT / "seeds")]
    assert main(["attribution", "iraq2002", *folders, "--rules", str(path)]) == 0
    shipped = tomllib.loads(files("stance.text").joinpath("rules.toml").read_text("utf-8"))
    assert tomllib.loads(path.read_text("utf-8")) == shipped


def test_attribution_is_no_worse_than_when_it_was_last_measured(capsys):
    folders = ["--data", str(CHECKOUT / "data"), "--documents", str(CHECKOUT / "seeds")]
    assert main(["attribution", "iraq2002", *folders, "--format", "json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["by_half"]["development"]["exact"]["value"] >= 0.76
    assert report["by_half"]["held-out"]["exact"]["value"] >= 0.67
    assert report["overall"]["narrator"] >= 0.94
    assert round(report["mode_agreement"], 3) == 0.989  # as the dataset card says
    assert min(report["quotation_precision"], report["quotation_recall"]) >= 0.99
