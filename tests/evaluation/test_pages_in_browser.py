"""The pages as a reader sees them: in a headless Chromium, which is told where its driver is and loads nothing."""

import json
import shutil
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from stance.annotation import StanceModel, load
from stance.cli.main import main
from stance.evaluation import render_article, render_html
from stance.training import train

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
DEMO = Path(__file__).parents[2] / "seeds" / "demo" / "article.txt"
PHONE, DESK = 360, 1280
LONG = "the Intergovernmental Undersecretariat for Harbours-and-Waterways"

# The contrast of each element that has a text of its own with what is painted behind it, and the text.
CONTRASTS = """
const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const paint = colours => {
  context.globalAlpha = 1; context.fillStyle = '#fff'; context.fillRect(0, 0, 1, 1);
  for (const [colour, alpha] of colours) {
    context.globalAlpha = alpha; context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
  }
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const luminance = rgb => rgb.map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
const behind = e => {
  const found = [];
  for (let up = e; up; up = up.parentElement) found.unshift([getComputedStyle(up).backgroundColor, 1]);
  const box = e.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  for (const area of e.closest('svg')?.querySelectorAll('path') ?? []) {
    const style = getComputedStyle(area), at = area.getBoundingClientRect();
    if (style.fill !== 'none' && at.left < x && x < at.right && at.top < y && y < at.bottom)
      found.push([style.fill, style.opacity * style.fillOpacity]);
  }
  return found;
};
return [...document.querySelectorAll(arguments[0])].filter(e => e.getClientRects().length &&
  [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim())).map(e => {
  const style = getComputedStyle(e), under = behind(e);
  const [a, b] = [paint(under), paint([...under, [e.closest('svg') ? style.fill : style.color, 1]])].map(luminance);
  return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.textContent.trim().slice(0, 60)];
});
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium, which drives the browser")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.skip("needs Chromium and chromedriver (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    service = webdriver.ChromeService(executable_path=driver, log_output=subprocess.DEVNULL)
    started = webdriver.Chrome(options=options, service=service)
    yield started
    started.quit()


@pytest.fixture(scope="module")
def pages(corpus, trained, tmp_path_factory):
    """The pages to look at: reports, the article with the reference model, and one on which a model abstains."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "small.html").write_text(render_html(trained.report, "Evaluation of small"))
    (folder / "report.html").write_text(render_html(full_report(corpus), "Evaluation of small"))
    assert main(["predict", str(DEMO), "--format", "html", "--output", str(folder / "article.html")]) == 0
    model = StanceModel(**{f.name: getattr(trained.model, f.name) for f in fields(trained.model)})
    text = "Ana Ruiz told reporters to vote yes. Nobody smiled."
    unsure = render_article([("unsure", text, model.annotate(text, abstain_below=0.9999))], model)
    (folder / "unsure.html").write_text(unsure)
    return {path.stem: path for path in folder.iterdir()}


def full_report(corpus):
    """A report with every kind of section, some long names and some errors."""
    rows = np.arange(len(corpus))
    many = replace(
        corpus,
        y=np.where(rows % 7 == 0, np.roll(corpus.y, 1), corpus.y),
        speakers=np.array(["Ruiz", "Hale", "", LONG])[rows % 4],
        dates=np.array([f"2002-{1 + i // 6 % 3:02}-03" for i in rows]),
        facts={"mode": np.array(["quotation", "narration"])[rows % 2]},
        readings=np.stack([corpus.y, corpus.y], axis=1),
        neutral="neither",
    )
    splitter = StratifiedGroupKFold(3, shuffle=True, random_state=1)
    parts = TfidfVectorizer(), LogisticRegression(), splitter
    return train(many, *parts, random_state=1, curve=(0.25, 0.5), left_out=("speakers",)).report


@pytest.fixture
def look(browser, pages):
    """Opens a page at a width, with light or dark colours, on a screen or on paper, and runs scripts in it."""

    def opened(name, width=DESK, scheme="light", media="screen", height=800):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
        browser.get(pages[name].as_uri())
        return browser.execute_script

    return opened


ALL = ("small", "report", "article", "unsure")


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", ALL)
def test_nothing_reaches_beyond_the_page(look, name, width):
    run = look(name, width)
    wide = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    assert run("return innerWidth") == width
    scroll, client = run(wide)
    assert scroll <= client <= width
    run("document.querySelectorAll('details').forEach(e => e.open = true)")
    scroll, client = run(wide)
    assert scroll <= client <= width


@pytest.mark.parametrize("name", ALL)
def test_the_page_asks_for_nothing_and_runs_nothing(look, browser, pages, name):
    browser.get_log("performance")
    run = look(name)
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert asked == [pages[name].as_uri()]
    assert run("return document.scripts.length") == 0


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_section_headline_and_plot_of_a_report_is_there_to_be_seen(look, pages, width):
    run = look("report", width)
    shown = "return [...document.querySelectorAll(arguments[0])].map(e => [e.checkVisibility(), e.innerText])"
    sections = run(shown, "main > section > h2")
    assert len(sections) == 10
    assert all(visible and text for visible, text in sections)
    figures = run(shown, "#headline dd")
    assert [bool(visible and 0 <= float(text.split()[0]) <= 1) for visible, text in figures] == [True] * 4
    for name, n in (("report", 9), ("article", 1)):
        run = look(name, width)
        plots = run(
            "return [...document.querySelectorAll('svg')].map(e => [e.getAttribute('role'), "
            "e.getAttribute('aria-label'), e.getBoundingClientRect().width, e.getBoundingClientRect().height])"
        )
        assert len(plots) == n
        assert all(role == "img" and said and w > 200 and h > 40 for role, said, w, h in plots)


def test_every_link_of_the_navigation_leads_to_its_section(look, browser):
    run = look("report")
    for link in browser.find_elements("css selector", "nav a"):
        link.click()
        section = run("return document.querySelector(location.hash).querySelector('h2').getBoundingClientRect().top")
        bottom = run("return innerHeight + scrollY >= document.documentElement.scrollHeight - 1")
        assert -1 < section < 60 or bottom
        run("scrollTo(0, 0)")


def test_a_plot_is_read_aloud_as_an_image_by_its_description(look, browser):
    look("report")
    plots = browser.find_elements("css selector", "figure svg")
    assert {plot.aria_role for plot in plots} <= {"img", "image"}
    assert [plot.accessible_name for plot in plots] == [plot.get_attribute("aria-label") for plot in plots]


@pytest.mark.parametrize("name", ["report", "article"])
def test_dark_is_dark(look, name):
    brightness = {}
    for scheme in ("light", "dark"):
        colour = look(name, scheme=scheme)("return getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(int(c) for c in colour.removeprefix("rgb(").rstrip(")").split(","))
    assert brightness["dark"] < 200 < 600 < brightness["light"]


TEXT = "body *:not(svg *):not(.who)"


@pytest.mark.parametrize(
    ("name", "scheme", "what", "least"),
    [
        *((name, scheme, TEXT, 10) for name in ALL for scheme in ("light", "dark")),
        ("report", "light", "svg *", 60),
        pytest.param(*("report", "dark", "svg *", 60)),
        *(("article", scheme, "svg *", 10) for scheme in ("light", "dark")),
        pytest.param(*("article", "light", ".who", 8)),
        ("article", "dark", ".who", 8),
        *(pytest.param(*("unsure", scheme, ".who", 1)) for scheme in ("light", "dark")),
    ],
)
def test_text_stands_out_from_what_is_behind_it(look, name, scheme, what, least):
    """4.5 to 1, as WCAG 2.2 asks for (success criterion 1.4.3)."""
    run = look(name, scheme=scheme)
    run("document.querySelectorAll('details').forEach(e => e.open = true)")
    found = run(CONTRASTS, what)
    assert len(found) >= least
    assert [(round(ratio, 2), text) for ratio, text in found if ratio < 4.5] == []


def test_contrast_is_measured_as_it_is_defined(look):
    run = look("small")
    run('document.body.innerHTML = \'<p style="color: #767676; background: #fff">a</p><p style="color: #000">b</p>\'')
    run("document.body.style.background = '#fff'")
    assert [round(ratio, 2) for ratio, _ in run(CONTRASTS, "p")] == [4.54, 21.0]  # WebAIM's contrast checker


def test_on_paper_there_is_no_navigation_no_tip_and_no_dark(look):
    run = look("report", scheme="dark", media="print")
    assert run("return getComputedStyle(document.querySelector('nav')).display") == "none"
    assert run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    run = look("article", media="print")
    run("document.querySelector('.s').focus()")
    assert set(run("return [...document.querySelectorAll('.tip')].map(e => getComputedStyle(e).display)")) == {"none"}


def test_each_sentence_of_the_article_says_its_label_and_speaker(look):
    sentences = load().annotate(DEMO.read_text())
    found = look("article")(
        "return [...document.querySelectorAll('article .s')].map(e => "
        "[e.firstChild.data, e.dataset.label, e.dataset.speaker])"
    )
    assert found == [[s.text, s.label, s.speaker] for s in sentences]


TIPS = "return [...document.querySelectorAll('.tip')].map(e => getComputedStyle(e).display === 'block')"
INSIDE = """
const tip = arguments[0].querySelector('.tip'), box = tip.getBoundingClientRect();
return [tip, ...tip.querySelectorAll('*')].every(e => {
  const b = e.getBoundingClientRect();
  return b.left >= 0 && b.right <= document.documentElement.clientWidth && b.top >= 0 && b.bottom <= innerHeight &&
    e.scrollWidth <= Math.ceil(b.width) && b.bottom <= box.bottom && b.height > 0;
});
"""


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_tip_is_shown_while_its_sentence_has_the_focus_and_fits(look, browser, width):
    run = look("article", width, height=640)
    sentences = browser.find_elements("css selector", ".s")
    assert run(TIPS) == [False] * len(sentences)
    for i, sentence in enumerate(sentences):
        run("arguments[0].focus()", sentence)
        assert run(TIPS) == [j == i for j in range(len(sentences))]
        assert run(INSIDE, sentence)
    found = run(CONTRASTS, ".s:focus .tip *")
    assert min(ratio for ratio, _ in found) >= 4.5
    run("document.activeElement.blur()")
    assert run(TIPS) == [False] * len(sentences)


def test_a_tip_is_shown_under_the_pointer(look, browser):
    from selenium.webdriver.common.action_chains import ActionChains

    run = look("article")
    sentence = browser.find_elements("css selector", ".s")[1]
    ActionChains(browser).move_to_element(sentence).perform()
    assert [i for i, shown in enumerate(run(TIPS)) if shown] == [1]


def tabbed(browser, run):
    """Each sentence in turn, reached by the tab key, and whether something of it stands above its tip."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    seen = []
    for _ in range(3 + run("return document.querySelectorAll('.s').length")):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        seen += run(
            "const e = document.activeElement; if (!e.matches('.s')) return [];"
            "const top = e.querySelector('.tip').getBoundingClientRect().top;"
            "return [[e.firstChild.data, [...e.getClientRects()].some(b => b.top >= 0 && b.bottom <= top)]]"
        )
    return seen


def test_every_sentence_is_reached_by_the_tab_key_in_order(look, browser):
    run = look("article")
    assert [text for text, _ in tabbed(browser, run)] == [s.text for s in load().annotate(DEMO.read_text())]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_no_tip_covers_the_sentence_that_it_is_about(look, browser, width):
    """Focus is not obscured, as WCAG 2.2 asks for (success criterion 2.4.11)."""
    run = look("article", width, height=640)
    assert [text for text, clear in tabbed(browser, run) if not clear] == []


@pytest.mark.parametrize("name", ["report", "article"])
def test_the_text_of_a_plot_can_be_read_on_a_phone(look, name):
    sizes = look(name, PHONE)(
        "return [...document.querySelectorAll('svg text')].map(e => parseFloat(getComputedStyle(e).fontSize) * "
        "e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width)"
    )
    assert min(sizes) >= 9


def test_no_two_texts_of_a_plot_overlap(look):
    overlaps = look("report")("""
        return [...document.querySelectorAll('svg')].flatMap(svg => {
          const texts = [...svg.querySelectorAll('text')].map(e => {
            const b = e.getBoundingClientRect(), ink = .25 * b.height;  // a line of figures has no descenders
            return [e.textContent, b.left, b.right, b.top + ink / 2, b.bottom - ink];
          });
          return texts.flatMap(([a, l, r, t, b], i) => texts.slice(i + 1).filter(([, l2, r2, t2, b2]) =>
            Math.min(r, r2) - Math.max(l, l2) > 1 && Math.min(b, b2) - Math.max(t, t2) > 1).map(o => [a, o[0]]));
        });
    """)
    assert overlaps == []


@pytest.mark.parametrize("name", ["report", "article"])
def test_the_whole_of_a_plot_is_seen_on_a_phone(look, name):
    cut = look(name, PHONE)(
        "return [...document.querySelectorAll('figure')].filter(e => e.scrollWidth > e.clientWidth)"
        ".map(e => e.querySelector('svg').getAttribute('aria-label').slice(0, 40))"
    )
    assert cut == []
