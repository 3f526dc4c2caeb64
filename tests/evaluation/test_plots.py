import re
import warnings
import xml.etree.ElementTree as ET

import matplotlib as mpl
import pytest

from stance.evaluation import CurvePoint, Estimate
from stance.evaluation.confidence import CoveragePoint, ReliabilityBin
from stance.evaluation.plots import (
    plot_confusion,
    plot_coverage,
    plot_curve,
    plot_estimates,
    plot_reliability,
    plot_shares,
)

LINK = "{http://www.w3.org/1999/xlink}href"
MIDDLE = Estimate(0.5, 0.25, 0.75)
ALONE = Estimate(0.5)
POINTS = [CurvePoint(n, Estimate(f, f - 0.1, f + 0.1), MIDDLE) for n, f in ((50, 0.4), (100, 0.5), (200, 0.6))]
PLOTS = {
    "estimates": lambda said: plot_estimates([("a", MIDDLE), ("b", ALONE)], "accuracy", said),
    "confusion": lambda said: plot_confusion([[3, 1], [0, 0]], ["for", "against"], said),
    "reliability": lambda said: plot_reliability([ReliabilityBin(0.4, 0.5, 9, 0.45, MIDDLE)], said),
    "coverage": lambda said: plot_coverage([CoveragePoint(0.4, 1.0, 0.7), CoveragePoint(0.9, 0.5, 0.9)], said),
    "curve": lambda said: plot_curve(POINTS, said),
    "shares": lambda said: plot_shares([("Ruiz", {"for": 0.25, "against": 0.75})], said),
}


def texts(svg):
    return ["".join(e.itertext()).strip() for e in ET.fromstring(svg).iter("text")]


def numbers(path):
    """The coordinates of a path of straight lines."""
    found = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(found[::2], found[1::2], strict=True))


def dots(svg):
    return [(float(e.get("x")), float(e.get("y"))) for e in ET.fromstring(svg).iter("use")]


def lines(svg, colour="accent"):
    drawn = re.compile(rf"fill: none; (.*; )?stroke: var\(--{colour}\)")
    paths = [e for e in ET.fromstring(svg).iter("path") if drawn.match(e.get("style", ""))]
    return [numbers(path.get("d")) for path in paths]


@pytest.mark.parametrize("plot", PLOTS.values(), ids=list(PLOTS))
def test_a_plot_is_an_image_that_says_what_it_shows(plot):
    said = 'Shares of "A" & <b>'
    root = ET.fromstring(plot(said))
    assert (root.tag, root.get("role"), root.get("aria-label")) == ("svg", "img", said)
    assert root.find("title").text == said
    assert root.get("viewBox")
    assert root.get("width") is root.get("height") is None  # the page scales it


@pytest.mark.parametrize("plot", PLOTS.values(), ids=list(PLOTS))
def test_a_plot_has_the_colours_of_the_page_and_no_own(plot):
    svg = plot("said")
    assert "var(--" in svg
    colours = re.findall(r"(?:fill|stroke|color)[:=]\s*\"?([^;\"]+)", svg)
    assert {c for c in colours if not c.startswith("var(--")} == {"none"}
    assert not re.findall(r"(?<!url\()(?<!href=\")#[0-9a-f]{3,8}\b", svg)
    assert all("fill: var(--" in e.get("style") for e in ET.fromstring(svg).iter("text"))  # else it is black


@pytest.mark.parametrize("plot", PLOTS.values(), ids=list(PLOTS))
def test_a_plot_is_the_same_bytes_each_time_and_its_parts_are_there(plot):
    svg = plot("said")
    assert svg == plot("said")
    root = ET.fromstring(svg)
    used = {e.get(LINK)[1:] for e in root.iter("use")} | set(re.findall(r"url\(#([^)]+)\)", svg))
    assert used == {e.get("id") for e in root.iter() if e.get("id")}


def test_the_users_own_settings_of_matplotlib_change_no_plot():
    with mpl.rc_context({"font.size": 30, "xtick.labelsize": 7, "axes.grid": True, "font.family": "serif"}):
        odd = plot_shares([("Ruiz", {"for": 1.0})], "said")
    assert odd == plot_shares([("Ruiz", {"for": 1.0})], "said")


def test_drawing_leaves_the_users_own_settings_as_they_are():
    before = dict(mpl.rcParams)
    plot_estimates([("a", MIDDLE)], "accuracy", "said")
    assert dict(mpl.rcParams) == before


def test_estimates_stand_where_they_are_from_top_to_bottom():
    rows = [("first", Estimate(0.2, 0.1, 0.4)), ("second", Estimate(0.6)), ("third", Estimate(0.4, 0.3, 0.8))]
    svg = plot_estimates(rows, "macro-F1", "said")
    (x1, y1), (x2, y2), (x3, y3) = dots(svg)
    unit = (x2 - x1) / 0.4
    assert x3 - x1 == pytest.approx(0.2 * unit, abs=0.01)
    assert y1 < y2 < y3
    first, third = lines(svg)  # a figure without an interval has no whisker
    assert [x for x, _ in first] == pytest.approx([x1 - 0.1 * unit, x1 + 0.2 * unit], abs=0.01)
    assert [x for x, _ in third] == pytest.approx([x3 - 0.1 * unit, x3 + 0.4 * unit], abs=0.01)
    assert {y for _, y in first} == {y1}
    labels = [t for t in texts(svg) if t in ("first", "second", "third")]
    assert labels == ["first", "second", "third"]
    assert "macro-F1" in texts(svg)


@pytest.mark.parametrize(
    "plot",
    [
        *(lambda v=v: plot_estimates([("a", Estimate(v, v, v))], "accuracy", "said") for v in (0.0, 1.0)),
        *(
            pytest.param(lambda c=c, v=v: plot_reliability([ReliabilityBin(c, c, 9, c, Estimate(v))], "said"))
            for c, v in ((1.0, 1.0), (0.5, 0.0))
        ),
        lambda: plot_coverage([CoveragePoint(0.4, 1.0, 0.7), CoveragePoint(0.9, 0.5, 1.0)], "said"),
        lambda: plot_curve(POINTS, "said"),
    ],
    ids=["none right", "all right", "sure and right", "never right", "coverage", "curve"],
)
def test_a_dot_at_the_end_of_an_axis_is_whole(plot):
    root = ET.fromstring(plot())
    radii = {e.get("id"): float(e.get("d").split()[2]) for e in root.iter("path") if e.get("id")}
    (clip,) = root.iter("clipPath")
    left, top, width, height = (float(clip[0].get(name)) for name in ("x", "y", "width", "height"))
    for group in (g for g in root.iter("g") if g.find("use") is not None and g.get("clip-path")):
        for dot in group.findall("use"):
            x, y, radius = float(dot.get("x")), float(dot.get("y")), radii[dot.get(LINK)[1:]]
            assert left <= x - radius < x + radius <= left + width
            assert top <= y - radius < y + radius <= top + height


def test_a_row_of_the_confusion_matrix_has_counts_and_its_shares():
    svg = plot_confusion([[1500, 500], [0, 0]], ["for", "against"], "said")
    shown = texts(svg)
    assert [t for t in shown if re.fullmatch(r"[\d,]+", t)] == ["1,500", "500", "0", "0"]
    assert [t for t in shown if t.endswith("%")] == ["75%", "25%", "0%", "0%"]
    strength = [float(a) for a in re.findall(r"opacity: ([\d.]+)", svg)]
    assert strength[0] > strength[1] > strength[2] == strength[3] > 0


def test_bars_are_as_long_as_their_shares_and_together_fill_the_row():
    rows = [
        ("Ruiz", {"for": 0.25, "against": 0.5, "neither": 0.25}),
        ("Hale", {"for": 0.0, "against": 0.1, "neither": 0.9}),
    ]
    svg = plot_shares(rows, "said")
    bars = [
        (re.search(r"fill: var\(--(side-\d)\)", e.get("style"))[1], numbers(e.get("d")))
        for e in ET.fromstring(svg).iter("path")
        if "var(--side-" in e.get("style", "")
    ]
    assert [side for side, _ in bars] == ["side-0", "side-1", "side-2"] * 2
    spans = [(min(x for x, _ in d), max(x for x, _ in d)) for _, d in bars]
    start, end = spans[0][0], spans[2][1]
    lengths = [(b - a) / (end - start) for a, b in spans]
    assert lengths == pytest.approx([0.25, 0.5, 0.25, 0.0, 0.1, 0.9], abs=1e-4)
    assert spans[5][1] == pytest.approx(end)
    assert [t for t in texts(svg) if t in ("Ruiz", "Hale")] == ["Ruiz", "Hale"]


def test_a_seventh_label_has_a_colour_too():
    svg = plot_shares([("Ruiz", {f"label {i}": 0.125 for i in range(8)})], "said")
    assert re.findall(r"fill: var\(--(side-\d)\)", svg) == [f"side-{i % 6}" for i in range(8)]


def test_perfect_confidence_lies_on_the_diagonal():
    right = [ReliabilityBin(c - 0.05, c + 0.05, 9, c, Estimate(c, c - 0.1, c)) for c in (0.45, 0.65, 0.85)]
    svg = plot_reliability(right, "said")
    (((x0, y0), (x1, y1)),) = lines(svg, "muted")
    for x, y in dots(svg):
        assert (x - x0) / (x1 - x0) == pytest.approx((y - y0) / (y1 - y0), abs=1e-3)


def test_each_doubling_of_the_sentences_is_a_step_of_the_same_length():
    svg = plot_curve(POINTS, "said")
    (x1, y1), (x2, y2), (x3, y3) = dots(svg)
    assert x2 - x1 == pytest.approx(x3 - x2)
    assert y1 - y2 == pytest.approx(y2 - y3)
    assert [t for t in texts(svg) if t.isdigit()] == ["50", "100", "200"]


def test_coverage_is_drawn_from_all_sentences_to_the_surest():
    points = [CoveragePoint(0.4, 1.0, 0.7), CoveragePoint(0.6, 0.75, 0.8), CoveragePoint(0.9, 0.5, 0.9)]
    (x1, y1), (x2, y2), (x3, y3) = dots(plot_coverage(points, "said"))
    assert x1 - x2 == pytest.approx(x2 - x3, abs=1e-3) != 0
    assert y1 - y2 == pytest.approx(y2 - y3, abs=1e-3) != 0
    assert x1 > x2
    assert y1 > y2  # upwards is less


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("US$ 5 or A$ 7"),
        pytest.param(r"$\dollar$ shop"),
        pytest.param("王毅"),
        pytest.param("#010101"),
        pytest.param('a id="b"'),
        *("محمد", "Renée O’Neill-Ångström", "x_1^2 \\ {brace}", "<b>R&D</b> \"now\" 'then'", "%d {} %s"),
    ],
)
def test_a_name_is_drawn_as_it_is_and_without_a_warning(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = plot_estimates([(name, MIDDLE)], "accuracy", "said")
    assert name in texts(svg)
