import json

from tests.conftest import CHECKOUT


def test_the_agreement_of_a_corpus_is_printed_with_intervals_and_the_rules_that_settled_differences(stance):
    ran = stance("agreement", "iraq2002", "--data", CHECKOUT / "data")
    assert ran.code == 0
    assert "iraq2002: 2,060 sentences labelled by two readers, in 80 groups" in ran.out
    assert "Krippendorff's alpha          0.98" in ran.out
    assert "34 differences adjudicated" in ran.out
    assert max(map(len, ran.out.splitlines()[:12])) <= 80


def test_every_corpus_is_measured_if_none_is_named_and_json_has_all_figures(stance):
    ran = stance("agreement", "--data", CHECKOUT / "data", "--format", "json")
    found = json.loads(ran.out)
    assert {"iraq2002", "iraq-inquiry", "ungdc-57"} <= set(found)
    assert all(report["alpha"]["low"] < report["alpha"]["value"] < report["alpha"]["high"] for report in found.values())


def test_a_corpus_without_gold_and_an_unknown_neutral_label_are_one_sentence_each(stance, tmp_path):
    (tmp_path / "data" / "talks").mkdir(parents=True)
    assert stance("agreement", "talks").err == (
        "stance: data/talks has no gold.csv; choose another corpus or another --data folder.\n"
    )
    assert "data has no folder with a gold.csv" in stance("agreement").err
    ran = stance("agreement", "iraq2002", "--data", CHECKOUT / "data", "--neutral", "none")
    assert ran.code == 2
    assert "has no label 'none'" in ran.err
