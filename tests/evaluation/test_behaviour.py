import itertools
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from tests.conftest import CHECKOUT

import stance
from stance.cli.configure import build, compose
from stance.errors import ConfigError, DataError, StanceError
from stance.evaluation.behaviour import BehaviourSuite, BehaviourTest, Failure, Variant, invariances, run_behaviour
from stance.model import LinearModel, TermSettings, TermSpace
from stance.text import default_register

SUITE = CHECKOUT / "configs" / "behaviour" / "iraq2002.yaml"
COUNTRIES = [e.name for e in default_register().entries if e.kind == "country" and e.name != "Iraq"]
ANY_COUNTRY = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(COUNTRIES, key=len, reverse=True)))
MARKS = '"“”„«»'


def model(labels=("for", "against", "neither")) -> LinearModel:
    """Says "for" at "build", "against" at "stop", and what comes last where neither stands."""
    space = TermSpace(TermSettings(norm=None), ("build", "stop"), None)
    return LinearModel(labels, (space,), np.array([[[2.0, 0.0], [0.0, 2.0], [0.0, 0.0]]]), np.array([[0.0, 0.0, 1.0]]))


def read(**test) -> BehaviourTest:
    (found,) = BehaviourSuite({"one": test}).read()
    return found


def run(cases, same=False, with_model=None):
    (result,) = run_behaviour(with_model or model(), [read(cases=cases, same=same)])
    return result


def is_one_sentence(error: StanceError) -> bool:
    return str(error).endswith(".") and "\n" not in str(error)


def test_a_case_is_a_list_of_texts_or_of_texts_by_the_label_that_they_must_get():
    suite = BehaviourSuite(
        {
            "pairs": {"cases": [[{"for": "Build."}, {"against": "Stop."}], [{"neither": "Page two."}]]},
            "names": {"same": True, "cases": [["He spoke.", "She spoke."]]},
        }
    )
    assert suite.read() == (
        BehaviourTest(
            "pairs",
            ((Variant("Build.", "for"), Variant("Stop.", "against")), (Variant("Page two.", "neither"),)),
        ),
        BehaviourTest("names", ((Variant("He spoke."), Variant("She spoke.")),), same=True),
    )


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["who", "what", "where"]),
        st.lists(st.text("abcäß 1'", min_size=1), min_size=1, max_size=4),
        min_size=1,
    ),
    st.booleans(),
)
def test_blanks_are_filled_with_every_choice_of_words_and_alike_in_one_text(fill, labelled):
    text = "We say " + ", ".join(f"{{{blank}}} and {{{blank}}} again" for blank in fill)
    expected = [text.format(**dict(zip(fill, words, strict=True))) for words in itertools.product(*fill.values())]
    found = read(cases=[[{"for": text} if labelled else text, "Page two."]], fill=fill)
    label = "for" if labelled else None
    assert found.cases == ((*(Variant(filled, label) for filled in expected), Variant("Page two.")),)


@pytest.mark.parametrize(
    "test",
    [
        None,
        "Build.",
        ["Build."],
        {},
        {"same": True},
        {"cases": []},
        {"cases": "Build."},
        {"cases": {"for": "Build."}},
        {"cases": ["Build."]},
        {"cases": [None]},
        {"cases": [["Build."], {"for": "Build."}]},
        {"cases": [["Build.", 3]]},
        {"cases": [["Build.", None]]},
        {"cases": [["Build.", ["Stop."]]]},
        {"cases": [[{"for": 3}]]},
        {"cases": [[{}]]},
        {"cases": [[{"for": "Build.", "against": "Stop."}]]},
        {"cases": [["Build."]], "labels": ["for"]},
        {"cases": [["{who} builds."]]},
        {"cases": [["{who} builds {what}."]], "fill": {"who": ["She"]}},
        {"cases": [["{who} builds."]], "fill": ["She"]},
    ],
)
def test_a_malformed_test_is_an_error_of_one_sentence_that_names_it(test):
    with pytest.raises(ConfigError, match=r"^The behaviour test 'one' ") as caught:
        BehaviourSuite({"one": test}).read()
    assert is_one_sentence(caught.value)


def test_an_error_names_the_case_or_the_blank():
    with pytest.raises(ConfigError, match=r"; look at case 2\.$"):
        read(cases=[["Build."], ["Stop.", 3]])
    with pytest.raises(ConfigError, match=r"has no words for {who}; name some under fill\.$"):
        read(cases=[["{what} by {who}."]], fill={"what": ["Work"]})


@pytest.mark.parametrize(
    "test",
    [
        {"cases": 3},
        {"cases": [[]]},  # nothing can fail
        {"cases": [["{who} builds."]], "fill": ["who"]},
        {"cases": [["{who} builds."]], "fill": {"who": 3}},
        {"cases": [["{who} builds."]], "fill": {"who": "She"}},  # not S, h and e
        {"cases": [["{who} builds."]], "fill": {"who": []}},
        {"cases": [["She builds."]], "fill": "She"},
        {"cases": [["Build.", "Stop."]], "same": "false"},  # not true
    ],
)
def test_what_fits_the_format_just_by_chance_is_an_error_too(test):
    with pytest.raises(ConfigError) as caught:
        BehaviourSuite({"one": test}).read()
    assert is_one_sentence(caught.value)


@pytest.mark.parametrize("suite", [{"tests": None}, {"tests": ["one"]}, {"files": None}, {"files": "absent.yaml"}])
def test_settings_of_the_wrong_kind_are_an_error_of_one_sentence(suite):
    with pytest.raises(StanceError, match=r"absent\.yaml|tests|files") as caught:
        BehaviourSuite(**suite).read()
    assert is_one_sentence(caught.value)


def test_tests_may_come_from_files_that_name_them_with_or_without_a_heading(tmp_path):
    bare, headed = tmp_path / "bare.yaml", tmp_path / "headed.yaml"
    bare.write_text("pairs:\n  cases:\n    - [{for: Build.}, {against: Stop.}]\n")
    headed.write_text("tests:\n  names:\n    same: true\n    cases: [[Hä., Hé.]]\n", "utf-8")
    suite = BehaviourSuite({"one": {"cases": [["Build."]]}}, [str(bare), str(headed)])
    assert [(t.name, t.same) for t in suite.read()] == [("one", False), ("pairs", False), ("names", True)]
    assert suite.read()[2].cases == ((Variant("Hä."), Variant("Hé.")),)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- one",
        b"Build.",
        b"tests: 3",
        b"tests:",
        b"one: [",
        b"one: \x00",
        "one: {cases: [[Hä.]]}".encode("latin-1"),
        b"one: !!python/object:os.system {}",
        pytest.param(b"one: 2002-13-01"),
    ],
)
def test_a_file_without_tests_is_an_error_of_one_sentence_that_names_it(tmp_path, content):
    path = tmp_path / "suite.yaml"
    path.write_bytes(content)
    with pytest.raises(DataError, match=re.escape(str(path))) as caught:
        BehaviourSuite(files=[str(path)]).read()
    assert is_one_sentence(caught.value)


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    for path in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(DataError, match=re.escape(f"{path} cannot be read")) as caught:
            BehaviourSuite(files=[str(path)]).read()
        assert is_one_sentence(caught.value)


@pytest.mark.parametrize(
    ("case", "same", "passes"),
    [
        ([{"for": "Build it."}, {"against": "Stop it."}], False, True),
        ([{"for": "Build it."}, {"against": "Build it."}], False, False),
        ([{"neither": "Build it."}], False, False),
        ([{"neither": "Page two."}], False, True),
        (["Build it.", "Build that."], True, True),
        (["Build it.", "Stop it."], True, False),
        (["Build it.", "Stop it."], False, True),  # nothing is asked
        ([{"for": "Build it."}, "Build that."], True, True),
        ([{"for": "Build it."}, "Stop it."], True, False),  # labels as they must be, but not the same
        ([{"for": "Stop it."}, {"for": "Stop that."}], True, False),  # the same, but not as they must be
    ],
)
def test_a_case_passes_if_each_text_gets_its_label_and_all_the_same_where_asked(case, same, passes):
    assert run([case], same).n_passed == passes


def test_a_failure_tells_each_text_the_label_due_and_the_one_it_got():
    result = run([[{"for": "Build."}], [{"against": "Build."}, "Stop."]])
    assert result.failures == (Failure((("Build.", "against", "for"), ("Stop.", None, "against"))),)


def test_all_failures_are_counted_and_the_first_ones_told():
    result = run([[{"against": f"Build {i}."}] for i in range(40)] + [[{"for": "Build."}]] * 10)
    assert (result.name, result.n, result.n_passed, result.rate) == ("one", 50, 10, 0.2)
    told = [failure.variants[0][0] for failure in result.failures]
    assert told == [f"Build {i}." for i in range(len(told))]
    assert 1 <= len(told) < 40


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 30))
def test_rates_have_wilsons_interval(n_right, n_wrong):
    if n_right + n_wrong:
        result = run([[{"for": "Build."}]] * n_right + [[{"for": "Stop."}]] * n_wrong)
        assert result.rate == pytest.approx(n_right / (n_right + n_wrong))
        expected = proportion_confint(n_right, n_right + n_wrong, method="wilson")
        assert (result.low, result.high) == pytest.approx(expected, abs=1e-9)


def test_tests_whose_labels_the_model_does_not_have_are_left_out():
    tests = BehaviourSuite(
        {
            "known": {"cases": [[{"for": "Build."}]]},
            "unknown": {"cases": [[{"for": "Build."}], ["Build.", {"maybe": "Page two."}]]},
            "none named": {"cases": [["Build.", "Stop."]], "same": True},
        }
    ).read()
    assert [r.name for r in run_behaviour(model(), tests)] == ["known", "none named"]
    assert [r.name for r in run_behaviour(model(("yes", "no", "neither")), tests)] == ["none named"]
    assert run_behaviour(model(), []) == ()


def test_a_model_of_several_targets_is_asked_about_the_first():
    one = model()
    both = replace(
        one,
        coef=np.concatenate([one.coef, -one.coef]),
        intercept=np.repeat(one.intercept, 2, axis=0),
        targets=("bridge", "tunnel"),
    )
    assert run([[{"for": "Build."}]], with_model=both).rate == 1
    reversed_ = replace(both, coef=both.coef[::-1])
    assert run([[{"for": "Build."}]], with_model=reversed_).rate == 0


@pytest.fixture(scope="module")
def shipped():
    return BehaviourSuite(files=[str(SUITE)]).read()


def test_the_shipped_suite_is_what_a_configuration_gives(shipped):
    config = compose("evaluate", ["artifact=reference"])
    assert build(config.behaviour).read() == shipped


def test_the_shipped_suite_asks_no_text_twice_and_each_of_its_cases_can_fail(shipped):
    texts = Counter(" ".join(v.text.split()) for test in shipped for case in test.cases for v in case)
    assert [text for text, n in texts.items() if n > 1] == []
    for test in shipped:
        for case in test.cases:
            assert (test.same and len(case) > 1) or all(v.label for v in case)
            assert not test.same or len({v.label for v in case}) == 1  # else none could pass


def test_the_shipped_suite_is_for_the_labels_of_the_reference_model_which_does_not_pass_it_all(shipped):
    results = run_behaviour(stance.load(), shipped)
    assert [r.name for r in results] == [t.name for t in shipped]
    assert {v.label for t in shipped for case in t.cases for v in case} - {None} == set(stance.load().labels)
    assert sum(r.n_passed for r in results) < sum(r.n for r in results)


def test_phrases_alone_do_not_pass_the_shipped_suite(shipped):
    lexicon = build(compose("evaluate", ["artifact=reference"]).labeling).model()
    results = run_behaviour(lexicon, shipped)
    assert len(results) == len(shipped)
    assert sum(r.n_passed for r in results) < sum(r.n for r in results)


def pairs(corpus, texts) -> dict[str, list[tuple[str, str]]]:
    """The cases that ``invariances`` makes of ``texts``, by the last word of the test's name."""
    changed = replace(
        corpus.select(np.zeros(len(texts), dtype=np.intp)),
        texts=tuple(texts),
    )
    found = invariances(changed)
    assert all(t.same and t.name.startswith("corpus: ") for t in found)
    assert all(v.label is None for t in found for case in t.cases for v in case)
    return {t.name.split()[-1]: [tuple(v.text for v in case) for case in t.cases] for t in found}


WORDS = ["Iraq", "the", "Iraq's", "‘no’", "Chadwick", "turkey", "French", "(again)", "Hale", "it's", "3,000", "vote,"]
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from(COUNTRIES), st.sampled_from(["“Yes,”", '"No"', "»so«", "„"]))


@settings(deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8).map(" ".join))
def test_invariances_swap_countries_and_drop_quotation_marks_and_nothing_else(corpus, text):
    found = pairs(corpus, [text])
    named = ANY_COUNTRY.findall(text)
    assert ("named" in found) == bool(named)
    for before, after in found.get("named", []):
        swapped = ANY_COUNTRY.findall(after)
        assert before == text
        assert ANY_COUNTRY.sub("@", after) == ANY_COUNTRY.sub("@", text)
        assert all(a != b for a, b in zip(named, swapped, strict=True))
        assert len(set(named)) == len(set(swapped))  # two countries stay two
    assert ("dropped" in found) == any(mark in text for mark in MARKS)
    for before, after in found.get("dropped", []):
        assert before == text
        assert after.split() == "".join(c for c in text if c not in MARKS).split()


def test_any_country_of_the_register_is_swapped_for_another_one_but_iraq(corpus):
    found = pairs(corpus, [f"{name} is for the bridge, Iraq is not." for name in COUNTRIES])["named"]
    assert len(found) == len(COUNTRIES)
    after = {text.removesuffix(" is for the bridge, Iraq is not.") for _, text in found}
    assert after == set(COUNTRIES)


def test_sentences_that_name_no_country_and_quote_nobody_give_no_test(corpus):
    assert pairs(corpus, ["Iraq must comply.", "We eat turkey.", "‘No’, they’d say."]) == {}
    assert pairs(corpus, ["France agrees.", "We agree.", "France agrees."])["named"] == [
        ("France agrees.", pairs(corpus, ["France agrees."])["named"][0][1])
    ]


def test_a_model_that_looks_at_countries_or_quotation_marks_is_found_out(corpus):
    for pattern, term, text in ((r"\w+", "france", "France wants a bridge."), ("“", "“", "“A bridge,” they said.")):
        space = TermSpace(TermSettings(norm=None, token_pattern=pattern), (term,), None)
        looking = LinearModel(("for", "against"), (space,), np.array([[[1.0], [0.0]]]), np.array([[0.0, 0.5]]))
        small = replace(corpus.select(np.arange(2)), texts=(text, "Kenya wants a „tunnel“, or so."))
        rates = {r.name.split()[-1]: r.rate for r in run_behaviour(looking, invariances(small))}
        assert rates == ({"named": 0.5, "dropped": 1} if term == "france" else {"named": 1, "dropped": 0})


def test_tests_about_other_labels_are_left_out_and_a_label_misspelt_in_an_own_file_is_told(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("mine: {cases: [[{for: Build it.}]]}")
    shipped = {"theirs": {"cases": [["The same."]], "same": True}}
    suite = BehaviourSuite(shipped, [str(own)], labels=["pro", "contra"])
    assert [t.name for t in suite.read(["for", "against"])] == ["mine"]
    assert [t.name for t in suite.read(["pro", "contra", "for"])] == ["theirs", "mine"]
    own.write_text("mine: {cases: [[{fro: Build it.}]]}")
    with pytest.raises(ConfigError, match="the test 'mine' asks for 'fro', and the model knows for, against only"):
        suite.read(["for", "against"])
