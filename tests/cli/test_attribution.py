import csv
import json
import tomllib

import pytest

from stance.corpus import source_digest
from stance.corpus.gold import GOLD_COLUMNS

TEXT = "“We will build,” said Minister Ana Ruiz. The bridge was closed. Paris wants time.\n"
GOLD = [("“We will build,” said Minister Ana Ruiz.", "Ruiz", "quotation"), ("The bridge was closed.", "", "narration")]
GOLD += [("Paris wants time.", "Oduya", "position")]


@pytest.fixture
def bridge(tmp_path):
    """A corpus of one document with the gold speakers of its three sentences, the last of them wrong."""
    (tmp_path / "seeds/bridge").mkdir(parents=True)
    (tmp_path / "seeds/bridge/one.txt").write_text(TEXT, "utf-8")
    folder = tmp_path / "data/bridge"
    folder.mkdir(parents=True)
    with (folder / "gold.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(GOLD_COLUMNS)
        for piece, speaker, mode in GOLD:
            start, reading = TEXT.index(piece), [speaker, "for", mode]
            writer.writerow(["one", start, start + len(piece), source_digest(piece), *(reading * 3), ""])
    start = TEXT.index("We will build,")
    digest = source_digest("We will build,")
    (folder / "quotations.csv").write_text(f"document,start,end,digest\none,{start},{start + 14},{digest}\n", "utf-8")
    (folder / "documents.csv").write_text("document,register,date,half\none,wire,2002-09-20,development\n", "utf-8")
    return folder


def test_the_table_has_exact_speakers_by_half_register_mode_and_rule(stance, bridge):
    ran = stance("attribution")
    assert ran.code == 0, ran.err
    assert "bridge: 3 sentences\ntwo readers agree on 1.000 of the speakers, 1.000 of the modes" in ran.out
    rows = {line.split("  ")[0].strip() or line.split()[0]: line for line in ran.out.splitlines() if line.strip()}
    assert "0.667 [–]" in rows["all"]
    assert all(part in ran.out for part in ("development", "wire", "quotation", "inverted"))
    assert "quotation spans: precision 1.000, recall 1.000 of 1" in ran.out


def test_json_has_the_same(stance, bridge):
    (report,) = json.loads(stance("attribution", "bridge", "--format", "json").out)
    assert report["overall"]["exact"]["value"] == pytest.approx(2 / 3)
    assert report["by_mode"]["position"]["exact"]["value"] == 0
    assert report["overall"]["narrator"] == report["overall"]["mode"] == 1


def test_errors_are_listed_on_request(stance, bridge):
    assert "gold: Oduya  found: France (subject)" in stance("attribution", "--errors", "development").out
    ran = stance("attribution", "--errors", "held-out")
    assert (ran.code, "has no half 'held-out'; give one of all, development" in ran.err) == (2, True)


def test_the_record_of_the_rules_is_drawn_to_that_of_all(stance, bridge, tmp_path):
    assert stance("attribution", "--rules", "rules.toml").code == 0
    text = (tmp_path / "rules.toml").read_text()
    assert '["inverted"]\nn = 1\nright = 1\nconfidence = 0.722' in text  # (1 + 5 · 2/3) / 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent"], "data/absent has no gold.csv; choose another corpus"),
        (["--data", "nowhere"], "nowhere has no folder with a gold.csv"),
        (["--documents", "nowhere"], "The documents of bridge are not in nowhere/bridge; name their folder"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(stance, bridge, arguments, message):
    ran = stance("attribution", *arguments)
    assert (ran.code, message in ran.err, ran.err.count("\n")) == (3, True, 1)


def test_a_changed_document_is_found_out(stance, bridge, tmp_path):
    (tmp_path / "seeds/bridge/one.txt").write_text(TEXT.replace("closed", "opened"), "utf-8")
    ran = stance("attribution")
    assert (ran.code, "the text is not what was labelled" in ran.err) == (3, True)


def test_documents_other_than_those_of_gold_are_found_out(stance, bridge, tmp_path):
    (tmp_path / "seeds/bridge/one.txt").rename(tmp_path / "seeds/bridge/two.txt")
    ran = stance("attribution")
    assert (ran.code, ran.err) == (
        3,
        "stance: None of the documents that data/bridge/gold.csv labels is in seeds/bridge; "
        "name their folder with --documents.\n",
    )


def test_a_quotation_that_is_not_what_was_read_is_found_out(stance, bridge):
    quotations = bridge / "quotations.csv"
    quotations.write_text(quotations.read_text("utf-8").replace("one,1,", "one,2,"), "utf-8")
    ran = stance("attribution")
    assert (ran.code, ran.err) == (
        3,
        "stance: data/bridge/quotations.csv: one, characters 2-15, is not what was read; restore it.\n",
    )


def test_quotations_that_nobody_read_are_not_scored(stance, bridge):
    (bridge / "quotations.csv").unlink()
    assert "quotation spans" not in stance("attribution").out


def test_a_register_of_ones_own_tells_who_is_meant(stance, bridge, tmp_path):
    (tmp_path / "own.yaml").write_text("- {name: Oduya, aliases: [Paris]}\n")
    (report,) = json.loads(stance("attribution", "--format", "json", "--register", "own.yaml").out)
    assert report["overall"]["exact"]["value"] == 1


def test_a_folder_without_gold_is_no_corpus(stance, bridge):
    (bridge.parent / "other").mkdir()
    assert stance("attribution").code == 0


def test_the_record_of_the_rules_is_of_the_development_half(stance, bridge, tmp_path):
    about = bridge / "documents.csv"
    about.write_text(about.read_text().replace("development", "held-out"))
    assert stance("attribution", "--rules", "rules.toml").code == 0
    assert {rule["n"] for rule in tomllib.loads((tmp_path / "rules.toml").read_text()).values()} == {0}


def test_a_corpus_whose_documents_are_elsewhere_is_left_out_unless_it_is_named(stance, bridge, tmp_path):
    (tmp_path / "data/tunnel").mkdir()
    (tmp_path / "data/tunnel/gold.csv").write_bytes((tmp_path / "data/bridge/gold.csv").read_bytes())
    ran = stance("attribution")
    assert ran.code == 0
    assert "tunnel is left out: its documents are not in seeds" in ran.err
    assert stance("attribution", "tunnel").code == 3
