import re
from dataclasses import fields, replace
from html import unescape

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.annotation import StanceModel
from stance.evaluation import render_article

SPAN = re.compile(
    r'<span class="s (?P<side>[\w-]+)" tabindex="0" data-label="(?P<label>[^"]*)" data-speaker="(?P<speaker>[^"]*)">'
    r'(?P<text>[^<]*)<span class="tip" role="note">(?P<tip>.*?</span>)</span></span>'
)
UNDECIDED = StanceModel(("for", "against"), (), np.zeros((1, 2, 0)), np.zeros((1, 2)))
TEXT = (
    "Minister Ana Ruiz said: “We will build the bridge. It is better.” Nobody smiled.\n\n"
    "Oslo insists that we stop the noise. The clerk left the room.\n"
)


@pytest.fixture(scope="module")
def model(trained):
    return StanceModel(**{f.name: getattr(trained.model, f.name) for f in fields(trained.model)})


def page_of(model, text, name="talk", **asked):
    return render_article([(name, text, model.annotate(text, **asked))], model)


def spans(page):
    return [{k: unescape(v) for k, v in found.groupdict().items()} for found in SPAN.finditer(page)]


def paragraphs(page):
    """The text of each paragraph of the article, without what was added to it."""
    (article,) = re.findall(r"<article>(.*?)</article>", page, re.DOTALL)
    bare = re.sub(r'<span class="who.*?</span>', "", SPAN.sub(lambda m: m["text"], article), flags=re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", p)).split()) for p in re.findall(r"<p>(.*?)</p>", bare, re.DOTALL)]


def test_each_sentence_has_its_text_label_and_speaker(model):
    sentences = model.annotate(TEXT)
    found = spans(page_of(model, TEXT))
    assert [(s["text"], s["label"], s["speaker"]) for s in found] == [(s.text, s.label, s.speaker) for s in sentences]
    assert [s["side"] for s in found] == [f"side-{model.labels.index(s.label)}" for s in sentences]
    assert {s.speaker for s in sentences} == {"Ruiz", "Norway", ""}


def test_the_tip_has_the_probability_of_every_label_who_speaks_and_the_terms_that_speak_for_it(model):
    (first, *_), (shown, *_) = model.annotate(TEXT), spans(page_of(model, TEXT))
    assert f"<strong>{first.label}</strong> " in shown["tip"]
    assert " · ".join(f"{label} {p:.2f}" for label, p in first.scores.items()) in shown["tip"]
    assert "<span>Ruiz, quotation</span>" in shown["tip"]
    terms = re.findall(r"<code>(.*?)</code> \+(\d+\.\d+)", shown["tip"])
    assert [float(weight) for _, weight in terms] == sorted((float(weight) for _, weight in terms), reverse=True)
    assert {term for term, _ in terms} == {"build", "bridge"}  # the words of the sentence that the model knows


def test_who_begins_to_speak_stands_before_the_sentence_and_just_there(model):
    page = page_of(model, TEXT)
    who = re.findall(r'<span class="who [\w-]+">(.*?)</span>', page)
    assert who == ["Ruiz", "narrator", "Norway", "narrator"]
    assert re.search(r'Ruiz</span><span class="s [^>]+>Minister', page)


def test_a_country_is_named_beside_a_speaker_that_is_none(model):
    text = "The Norwegian harbour minister said the bridge is better."
    (sentence,) = model.annotate(text)
    assert sentence.country == "Norway" != sentence.speaker
    assert f"{sentence.speaker} · Norway</span>" in page_of(model, text)


def test_the_text_is_all_there_and_a_blank_line_begins_a_paragraph(model):
    assert paragraphs(page_of(model, f"Home\n\n{TEXT}\nPage 4 of 12\n")) == [
        "Home",
        "Minister Ana Ruiz said: “We will build the bridge. It is better.” Nobody smiled.",
        "Oslo insists that we stop the noise. The clerk left the room.",
        "Page 4 of 12",
    ]


@pytest.mark.parametrize(
    "end",
    [
        "\r\n\r\n",
        "\n\n\n\n",
        pytest.param("\n \n"),
    ],
)
def test_a_blank_line_is_one_however_it_is_written(model, end):
    assert paragraphs(page_of(model, f"We build it.{end}You stop it.")) == ["We build it.", "You stop it."]


@settings(max_examples=15, deadline=None)  # each draws a chart
@given(
    st.lists(st.sampled_from([*"ab<&\"'.? \n", "We build it. ", "“No,” he said. ", "Home\n\n", "&amp; "]), min_size=1)
)
def test_whatever_the_text_is_every_character_of_it_but_white_space_is_shown_once(pieces):
    text = "".join(pieces)
    page = page_of(UNDECIDED, text)
    assert "".join("".join(paragraphs(page)).split()) == "".join(text.split())


def test_what_looks_like_markup_is_shown_and_not_obeyed(model):
    text = 'Minister <b>Ana</b> said: “We build <script>alert("x")</script> & more.” He left.'
    sentences = [replace(s, speaker='"><i onclick="x">') for s in model.annotate(text)]
    page = render_article([('<script>"name"</script>', text, sentences)], model)
    assert not re.findall(r"<(?:script|b|i) ?[^>]*onclick|<script|<b>", page)
    assert page.count("<title>&lt;script&gt;&#34;name&#34;&lt;/script&gt;</title>") == 1
    assert [s["text"] for s in spans(page)] == [s.text for s in sentences]
    assert {s["speaker"] for s in spans(page)} == {'"><i onclick="x">'}
    assert paragraphs(page) == [text]


def test_several_documents_have_their_names_above_them(model):
    documents = [(name, TEXT, model.annotate(TEXT)) for name in ("morning", "evening & night")]
    page = render_article(documents, model)
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["morning", "evening &amp; night"]
    assert "<title>2 documents</title>" in page
    assert len(re.findall(r"<article>", page)) == len(re.findall(r'role="img"', page)) == 2
    assert "<h2>" not in page_of(model, TEXT)


def test_the_figures_by_speaker_are_those_of_the_sentences_shown(model):
    page = page_of(model, TEXT)
    found = [(s["speaker"] or "narrator", s["label"]) for s in spans(page)]
    (body,) = re.findall(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)", row) for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)]
    assert [row[0] for row in rows] == ["Ruiz", "Norway", "narrator"]
    for who, n, *counts in rows:
        assert int(n) == sum(speaker == who for speaker, _ in found)
        assert [int(c) for c in counts] == [found.count((who, label)) for label in model.labels]


def test_a_sentence_on_which_the_model_abstains_says_so_and_what_it_would_have_said(model):
    sentences = model.annotate(TEXT)
    least = min(sentences, key=lambda s: s.score)
    shown = spans(page_of(model, TEXT, abstain_below=least.score + 1e-9))
    (abstained,) = [s for s in shown if s["label"] == "abstained"]
    assert (abstained["text"], abstained["side"]) == (least.text, "abstained")
    assert "<strong>abstained</strong>" in abstained["tip"]
    assert all(f"{label} {p:.2f}" in abstained["tip"] for label, p in least.scores.items())


def test_where_the_model_abstains_throughout_no_figure_is_drawn_and_the_table_is_whole(model):
    page = page_of(model, TEXT, abstain_below=1.0)
    assert "<figure></figure>" not in page
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    assert len({len(re.findall(r"<t[hd]\b", row)) for row in rows}) == 1


def test_the_page_needs_nothing_from_elsewhere_and_is_the_same_bytes_each_time(model):
    page = page_of(model, TEXT)
    assert set(re.findall(r"https?://[^\"'\s<)]+", page)) == {"http://www.w3.org/1999/xlink"}
    assert not re.findall(r"(?:src|href)=\"[^#]|@import|<script|<link| on\w+=", page)
    assert page == page_of(model, TEXT)
