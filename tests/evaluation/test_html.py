import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from stance.evaluation import BehaviourTest, evaluate, prior_model, render_html
from stance.evaluation.behaviour import Variant
from stance.evaluation.html import marked
from stance.training import train

VOID = ("meta", "link", "img", "br", "hr", "input", "base", "embed")


class Page(HTMLParser):
    """The elements of a page in order, each as its tag, attributes and all text in it."""

    def __init__(self, source):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(source)
        self.close()
        assert not self._open, f"never closed: {[e['tag'] for e in self._open]}"

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.elements.append({"tag": tag, "text": "", **dict(attrs)})

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag):
        return [e for e in self.elements if e["tag"] == tag]

    def texts(self, tag):
        return [e["text"] for e in self.all(tag)]

    def section(self, name):
        return next(e["text"] for e in self.all("section") if e.get("id") == name)


def learnt(corpus, **settings):
    splitter = StratifiedGroupKFold(3, shuffle=True, random_state=1)
    return train(corpus, TfidfVectorizer(), LogisticRegression(), splitter, random_state=1, **settings).report


def with_facts(corpus):
    """The small corpus with speakers, days, modes and readings, and a country named in every fourth sentence."""
    rows = np.arange(len(corpus))
    return replace(
        corpus,
        texts=tuple(f"{t} As in Norway, say." if i % 4 == 0 else t for i, t in enumerate(corpus.texts)),
        speakers=np.array(["Ruiz", "Hale", "", "the harbour office"])[rows % 4],
        dates=np.array([f"2002-{1 + i // 6 % 3:02}-03" for i in rows]),
        facts={"mode": np.array(["quotation", "narration"])[rows % 2]},
        readings=np.stack([corpus.y, corpus.y[rows - (rows % 9 == 0)]], axis=1),
        neutral="neither",
    )


@pytest.fixture(scope="module")
def full(corpus):
    """A report that has every section."""
    behaviour = [BehaviourTest("negation", ((Variant("Build it.", "against"), Variant("Stop it.", "against")),))]
    return learnt(with_facts(corpus), behaviour=behaviour, curve=(0.25, 0.5), left_out=("speakers",))


@pytest.fixture(scope="module")
def source(full):
    return render_html(full, "Evaluation of small")


@pytest.fixture(scope="module")
def page(source):
    return Page(source)


def test_the_page_has_the_headline_with_intervals_and_every_baseline(full, page):
    assert page.texts("title")[0] == page.texts("h1")[0] == "Evaluation of small"
    assert any(full.verdict == text for text in page.texts("p"))
    headline = next(e["text"] for e in page.all("dl"))
    for estimate in (full.metrics.macro_f1, full.metrics.stance_f1, full.metrics.accuracy, full.readers.macro_f1):
        assert f"{estimate.value:.3f}{estimate.low:.3f} to {estimate.high:.3f}" in headline
    names = {"this model", "cross-validated on the training side", "majority", "names kept"}
    assert names <= set(page.texts("th"))


def test_every_section_is_in_the_navigation_and_every_link_leads_to_one(page):
    sections = [e["id"] for e in page.all("section")]
    assert [e["href"] for e in page.all("a")] == [f"#{name}" for name in sections]
    assert sections == [
        *("figures", "labels", "confidence", "slices", "left-out", "behaviour"),
        *("errors", "terms", "curve", "shift", "leaks"),
    ]


def test_a_section_of_which_nothing_is_known_is_neither_shown_nor_linked_to(trained):
    page = Page(render_html(trained.report, "t"))
    absent = {"slices", "left-out", "behaviour", "curve"}
    assert not absent & {e.get("id") for e in page.elements}
    assert not absent & {e["href"].removeprefix("#") for e in page.all("a")}


def check_tables(source):
    """Each row has as many cells as the first, those that reach over several columns or rows counted as several."""
    tables = re.findall(r"<table>.*?</table>", source, re.DOTALL)
    for table in tables:
        over, widths = 0, []
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL):
            cells = re.findall(r"<t[hd]\b([^>]*)>", row)
            columns = [int(n) for cell in cells for n in re.findall(r'colspan="(\d+)"', cell)]
            rows = [int(n) for cell in cells for n in re.findall(r'rowspan="(\d+)"', cell)]
            widths.append(len(cells) + sum(columns) - len(columns) + (over > 0))
            over = rows[0] - 1 if rows else over - 1
        assert set(widths) == {widths[0]}, table
    return len(tables)


def test_every_table_is_whole(source):
    assert check_tables(source) > 12


def test_a_later_evaluation_shows_how_its_sentences_differ_from_those_held_out(trained, corpus):
    report = evaluate(trained.model, corpus, {}, trained_profile=trained.report.profile, includes_trained=True)
    source = render_html(report, "t")
    check_tables(source)
    page = Page(source)
    assert "Distances are total variation" in page.section("shift")
    assert any(
        "trained on are among those evaluated" in e["text"] for e in page.all("p") if e.get("class") == "warning"
    )
    assert "that the model has not seen" not in "".join(page.texts("p"))


def test_a_figure_on_one_group_has_no_interval(trained, corpus):
    one = evaluate(trained.model, corpus.select(np.flatnonzero(corpus.groups == "doc00")), {})
    page = Page(render_html(one, "t"))
    accuracy = next(e["text"] for e in page.all("dl"))
    assert f"{one.metrics.accuracy.value:.3f}–" in accuracy
    assert "None" not in "".join(page.texts("main"))


def test_a_model_without_an_error_says_so(trained, corpus):
    right = corpus.select(np.flatnonzero(trained.model.predict(corpus.texts) == corpus.y))
    page = Page(render_html(evaluate(trained.model, right, {"majority": prior_model(corpus)}), "t"))
    assert "There are none." in page.section("errors")


def test_a_slice_of_few_sentences_is_marked_as_small(full, page):
    rows = [e["text"] for e in page.all("tr") if e.get("class") == "small"]
    small = [s for s in (*full.slices, *full.left_out) if s.n < 30]
    assert len(rows) == len(small) > 0
    assert all(row.startswith(f"{s.value} (small){s.n}{s.n_groups}") for row, s in zip(rows, small, strict=True))


def test_every_plot_says_what_it_shows(full, page):
    plots = page.all("svg")
    assert len(plots) == 5 + len({s.fact for s in full.slices}) + 1
    assert {plot["role"] for plot in plots} == {"img"}
    models = {"this model": full.metrics, "cross-validated": full.cross_validated, **full.baselines}
    assert all(f"{name} {m.macro_f1}" in plots[0]["aria-label"] for name, m in models.items())
    assert f"two readers {full.readers.macro_f1}" in plots[0]["aria-label"]
    assert all(len(plot["aria-label"]) > 20 for plot in plots)


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(source, page):
    assert set(re.findall(r"https?://[^\"'\s<)]+", source)) == {"http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"(?:href|src)\s*=\s*\"([^#])", source)) == set()
    assert set(re.findall(r"url\(([^#])", source)) == set()
    assert "@import" not in source
    assert not page.all("script") + page.all("link") + page.all("img") + page.all("iframe") + page.all("object")
    assert not [name for e in page.elements for name in e if name.startswith("on")]


def test_what_a_plot_refers_to_is_on_the_page(source):
    named = set(re.findall(r'\bid="([^"]+)"', source))
    assert set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", source)) <= named


def test_the_same_report_gives_the_same_bytes(full, source):
    assert render_html(full, "Evaluation of small").encode() == source.encode()


def test_a_report_without_sentences_holds_none(corpus):
    """Neither as an error, nor as a label to look at again, nor as a case of a test made of the corpus."""
    country = {"for": "Norway builds", "against": "Sweden stops", "neither": "Nobody meets"}
    texts = tuple(f"{country[label]} {text.lower()}" for text, label in zip(corpus.texts, corpus.y, strict=True))
    wrong = np.where(np.arange(len(corpus)) % 5 == 0, np.roll(corpus.y, 1), corpus.y)
    report = learnt(replace(corpus, texts=texts, y=wrong))
    page, bare = (Page(render_html(r, "t")) for r in (report, report.without_sentences()))
    shown = [e.text for e in (*report.errors, *report.suspects)]
    shown += [text for b in report.behaviour for f in b.failures for text, _, _ in f.variants]
    assert all((report.errors, report.suspects, *(b.failures for b in report.behaviour)))
    assert all(text in page.texts("body")[0] for text in shown)
    assert not [text for text in (*texts, *shown) if text in bare.texts("body")[0]]
    assert all(e.id in bare.section("errors") for e in (*report.errors, *report.suspects))


HOSTILE = {
    "text": "<script>alert(\"x\")</script> & 'so on' </p> {{ title }}",
    "speaker": "<img src=x onerror=alert(1)>",
    "fact": '"><b onclick="x">R&D</b>',
    "label": '<for> & "good"',
    "title": '</title><script>alert("t")</script>',
}


@pytest.fixture(scope="module")
def hostile(corpus):
    """The page of a corpus in which everything is made to be taken for markup."""
    rows = np.arange(len(corpus))
    wrong = np.where(rows % 5 == 0, np.roll(corpus.y, 1), corpus.y)
    named = {"for": HOSTILE["label"], "against": "against", "neither": "neither"}
    report = learnt(
        replace(
            corpus,
            texts=tuple(f"{t} {HOSTILE['text']} {i}" for i, t in enumerate(corpus.texts)),
            y=np.array([named[label] for label in wrong.tolist()]),
            labels=tuple(named.values()),
            speakers=np.array([HOSTILE["speaker"], "Ruiz"])[rows % 2],
            facts={"mode": np.array([HOSTILE["fact"], "narration"])[rows % 2]},
        )
    )
    assert report.errors
    assert report.suspects
    return Page(render_html(report, HOSTILE["title"]))


def test_what_looks_like_markup_is_shown_and_not_obeyed(hostile):
    assert {"script", "img", "b", "for"} & {e["tag"] for e in hostile.elements} == set()
    assert not [name for e in hostile.elements for name in e if name.startswith("on")]
    assert hostile.texts("title")[0] == hostile.texts("h1")[0] == HOSTILE["title"]


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        *(("errors", "text"), ("errors", "speaker"), ("errors", "label"), ("slices", "speaker"), ("slices", "fact")),
        *(("labels", "label"), ("terms", "label"), ("shift", "label")),
    ],
)
def test_hostile_text_is_shown_as_it_is(hostile, section, kind):
    assert HOSTILE[kind] in hostile.section(section)


def test_hostile_names_are_shown_on_plots_as_they_are(hostile):
    drawn = [e["text"] for e in hostile.all("text")]
    assert any(text.startswith(f"{HOSTILE['speaker']} (") for text in drawn)
    assert any(text.startswith(f"{HOSTILE['fact']} (") for text in drawn)
    assert HOSTILE["label"] in drawn


@st.composite
def texts_with_spans(draw):
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
    starts = draw(st.lists(st.integers(0, len(text) - 1), max_size=6))
    return text, [(start, draw(st.integers(start + 1, len(text)))) for start in starts]


@settings(deadline=None)
@given(texts_with_spans())
def test_just_the_characters_of_spans_are_marked_and_the_text_stays_what_it_is(case):
    text, spans = case
    inside = {i for start, end in spans for i in range(start, end)}
    found, shown, depth = set(), "", 0
    for piece in re.split(r"(</?mark>)", str(marked(text, spans))):
        if piece in ("<mark>", "</mark>"):
            depth += 1 if piece == "<mark>" else -1
            assert depth in (0, 1), "marks are not nested"
            continue
        read = unescaped(piece)
        found |= set(range(len(shown), len(shown) + len(read))) if depth else set()
        shown += read
    assert (shown, found) == (text, inside)


def unescaped(piece):
    assert not re.search(r"[<>\"']", piece)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        piece = piece.replace(entity, character)
    return piece


def test_spans_that_overlap_or_touch_are_one_mark():
    assert str(marked("we will build it", [(3, 7), (0, 5), (8, 13)])) == "<mark>we will</mark> <mark>build</mark> it"
    assert str(marked("a<b", [(0, 1), (1, 3)])) == "<mark>a&lt;b</mark>"
    assert str(marked("no & none", [])) == "no &amp; none"
