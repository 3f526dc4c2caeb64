"""Plots as inline SVG: drawn by Matplotlib, coloured by the page's style sheet, read aloud by their descriptions."""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from stance.evaluation.bootstrap import Estimate
from stance.evaluation.confidence import CoveragePoint, ReliabilityBin
from stance.evaluation.curve import CurvePoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Stand-ins that become the style sheet's variables, so that a plot is dark on a dark page.
_INK, _MUTED, _RULE, _ACCENT, _PAPER = "#010101", "#020202", "#030303", "#040404", "#050505"
_SIDES = ("#060606", "#070707", "#080808", "#090909", "#0a0a0a", "#0b0b0b")
_VARIABLES = {_INK: "ink", _MUTED: "muted", _RULE: "rule", _ACCENT: "accent", _PAPER: "paper"} | {
    colour: f"side-{i}" for i, colour in enumerate(_SIDES)
}
_SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "svg.hashsalt": "stance",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _MUTED,
    "axes.edgecolor": _RULE,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _MUTED,
    "ytick.color": _INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 6,
    "ytick.major.pad": 6,
    "grid.color": _RULE,
    "axes.axisbelow": True,
}
_WIDTH = 4.5  # inches; the page scales it


def plot_estimates(rows: Sequence[tuple[str, Estimate]], what: str, description: str) -> Markup:
    """One dot with whiskers for each row, from top to bottom."""

    def draw(axes: Axes) -> None:
        for i, (_, estimate) in enumerate(rows):
            low, high = estimate.low, estimate.high
            if low is not None and high is not None:
                axes.plot([low, high], [i, i], color=_ACCENT, linewidth=2, solid_capstyle="round")
            axes.plot([estimate.value], [i], "o", color=_ACCENT, markersize=6)
        axes.set_yticks(range(len(rows)), [name for name, _ in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel(what)
        axes.grid(axis="x")
        axes.spines["left"].set_visible(False)

    return _svg(draw, 0.75 + 0.28 * len(rows), description)


def plot_confusion(confusion: Sequence[Sequence[int]], labels: Sequence[str], description: str) -> Markup:
    """Counts and shares of each row, darker where the share is larger."""

    def draw(axes: Axes) -> None:
        for i, row in enumerate(confusion):
            total = max(sum(row), 1)
            for j, n in enumerate(row):
                axes.add_patch(_square(j, i, n / total))
                axes.text(j, i, f"{n:,}\n{n / total:.0%}", ha="center", va="center")
        axes.set_xticks(range(len(labels)), [f"predicted\n{label}" for label in labels])
        axes.set_yticks(range(len(labels)), [f"true\n{label}" for label in labels])
        axes.set_xlim(-0.5, len(labels) - 0.5)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return _svg(draw, 0.7 + 0.62 * len(labels), description)


def _square(x: int, y: int, share: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=_ACCENT, alpha=0.05 + 0.35 * share, linewidth=0)


def plot_reliability(bins: Sequence[ReliabilityBin], description: str) -> Markup:
    """Accuracy by confidence; on the diagonal confidence is what it says."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=_MUTED, linewidth=1, linestyle="--")
        for b in bins:
            if b.accuracy.low is not None and b.accuracy.high is not None:
                axes.plot([b.confidence] * 2, [b.accuracy.low, b.accuracy.high], color=_ACCENT, linewidth=1.5)
        axes.plot([b.confidence for b in bins], [b.accuracy.value for b in bins], "o-", color=_ACCENT, clip_on=False)
        axes.set_xlim(min([0.3, *(b.low for b in bins)]), 1)
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("confidence")
        axes.set_ylabel("share that is right")
        axes.grid()

    return _svg(draw, 3.2, description)


def plot_coverage(points: Sequence[CoveragePoint], description: str) -> Markup:
    """Accuracy of the answers against the share of sentences answered."""

    def draw(axes: Axes) -> None:
        axes.plot(
            [p.coverage for p in points], [p.accuracy for p in points], "o-", color=_ACCENT, markersize=4, clip_on=False
        )
        axes.set_xlim(0, 1.02)
        axes.set_ylim(min([0.5, *(p.accuracy for p in points)]), 1.02)
        axes.set_xlabel("share of sentences answered, the surest first")
        axes.set_ylabel("share that is right")
        axes.grid()

    return _svg(draw, 3.2, description)


def plot_curve(points: Sequence[CurvePoint], description: str) -> Markup:
    """Macro-F1 by the number of sentences trained on."""

    def draw(axes: Axes) -> None:
        for p in points:
            if p.macro_f1.low is not None and p.macro_f1.high is not None:
                axes.plot([p.n] * 2, [p.macro_f1.low, p.macro_f1.high], color=_ACCENT, linewidth=1.5)
        axes.plot([p.n for p in points], [p.macro_f1.value for p in points], "o-", color=_ACCENT)
        axes.set_xscale("log", base=2)
        axes.set_xticks([p.n for p in points], [f"{p.n:,}" for p in points])
        axes.minorticks_off()
        axes.set_xlabel("sentences trained on")
        axes.set_ylabel("macro-F1")
        axes.grid()

    return _svg(draw, 3.0, description)


def plot_shares(rows: Sequence[tuple[str, Mapping[str, float]]], description: str) -> Markup:
    """One bar for each row, divided by the shares of labels, which all rows have in the same order."""

    def draw(axes: Axes) -> None:
        for i, (_, shares) in enumerate(rows):
            left = 0.0
            for k, share in enumerate(shares.values()):
                colour = _SIDES[k % len(_SIDES)]
                axes.barh(i, share, left=left, height=0.7, color=colour, edgecolor=_PAPER, linewidth=1)
                left += share
        axes.set_yticks(range(len(rows)), [name for name, _ in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        for spine in axes.spines.values():
            spine.set_visible(False)

    return _svg(draw, 0.55 + 0.3 * len(rows), description)


def _svg(draw: Any, height: float, description: str) -> Markup:
    """What ``draw`` draws, as an SVG element of the page's width that says what it shows."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    logging.getLogger("matplotlib").setLevel(logging.WARNING)  # it tells of every font that it finds
    with mpl.rc_context(), warnings.catch_warnings():
        # The browser has the letters that Matplotlib's own font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)  # type: ignore[arg-type]  # its names are literals
        figure: Figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return Markup(_restyled(buffer.getvalue(), description))  # noqa: S704  # Matplotlib escapes, and so do we


def _restyled(svg: str, description: str) -> str:
    """An SVG document as an element of a page: its colours as variables, without ids that nothing refers to."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.DOTALL)
    used = set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", body))

    def restyled(tag: re.Match[str]) -> str:
        kept = re.sub(r' id="([^"]+)"', lambda m: m.group() if m.group(1) in used else "", tag.group())
        for colour, name in _VARIABLES.items():
            kept = kept.replace(colour, f"var(--{name})")
        return kept

    body = re.sub(r"<[^>]+>", restyled, body)  # in tags, not in what is written in the plot
    view = re.search(r'viewBox="[^"]+"', body)
    assert view
    inside = body[body.index(">") + 1 :]
    head = (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" {view.group()} role="img" aria-label="{escape(description)}">'
    )
    return f"{head}<title>{escape(description)}</title>{inside}"
