"""The book as a browser shows it: every page, light and dark, wide and narrow, with every fold open.

    pip install playwright axe-playwright-python       # and a Chromium: apt install chromium
    python tests/browser/check.py [--shots FOLDER] [--only PART_OF_A_NAME] [--jobs N]

Fails on: an accessibility finding, a message in the console, a request off the host, an address that is not there,
text wider than a phone, a page that is lost without JavaScript, or a live figure that does not move.

A window for each theme and width is opened once and shows one page after another. To try a new live figure, write a
function below that takes it, under `@live("stem.name", on="stem/page.html")`; its page must be among those of `--only`.
"""
import argparse
import math
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
PORT = 3917
WIDE = {"width": 1280, "height": 900}


def serve():
    """The book's own server, from the pages that `cargo run -- build` made."""
    binary = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/book"
    child = subprocess.Popen([binary, "serve", "--no-open", "--port", str(PORT)], cwd=ROOT, env={**os.environ, "NO_RELOAD": "1"}, stderr=subprocess.PIPE, text=True)
    for line in child.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            return child, found.group()
    sys.exit("the server did not start")


@contextmanager
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"])
        yield browser
        browser.close()


class Watch:
    """What the pages in one window say that they should not, each finding under the address that it belongs to."""

    def __init__(self, page, base):
        self.page, self.base, self.found = page, base, []
        page.on("console", lambda m: self.note(f"console {m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.note(f"error: {e}"))
        page.on("request", lambda r: None if r.url.startswith((base, "data:", "blob:")) else self.note(f"asks for {r.url}", r))
        page.on("response", lambda r: self.note(f"{r.status} {r.url}", r.request) if r.status >= 400 else None)

    def note(self, what, request=None):
        # What is still on its way when the window goes on belongs to the page that asked for it.
        address = request.url if request and request.is_navigation_request() else self.page.url
        self.found.append((address.removeprefix(self.base), what))

    def take(self):
        found, self.found = self.found, []
        return found


# What axe looks at once, it need not look at a thousand times: a line of source like the one above it, the visible half
# of a formula (the other half is what a screen reader reads), the shapes of a drawing; and, once a window has shown the
# table of contents, its entries other than the page's own. What is emptied keeps its room on the page.
LEAN = """known => {
  const attributes = e => e.tagName + [...e.attributes].filter(a => !['id', 'href'].includes(a.name)).map(a => a.name + a.value);
  const kind = e => { let k = [...e.querySelectorAll('*')].map(attributes); for (; e && !e.matches('pre, main'); e = e.parentElement) k += '|' + attributes(e); return k; };
  const seen = new Set(), again = [...document.querySelectorAll('pre code span')].filter(e => seen.has(kind(e)) || !seen.add(kind(e)));
  const room = [...again, ...document.querySelectorAll('.katex-html:not(:has(a, [tabindex]))')].map(e => [e, e.getBoundingClientRect()]);
  for (const [e, r] of room) { e.textContent = ''; e.style.cssText += `;display:inline-block;width:${r.width}px;height:${r.height}px`; }
  for (const e of document.querySelectorAll('svg :is(path, circle, rect, line, polyline, polygon):not([role], [tabindex], [aria-label])')) e.remove();
  if (known) for (const e of document.querySelectorAll('#mdbook-sidebar li:not(:has(.active))')) e.remove();
}"""


class Window:
    """One theme and one size, in which a page is looked at after another."""

    def __init__(self, browser, base, theme, width, scale=1):
        self.base, self.theme, self.width, self.known = base, theme, width, False
        context = browser.new_context(viewport={"width": width, "height": 900}, device_scale_factor=scale, reduced_motion="reduce")
        context.add_init_script(f"localStorage.setItem('mdbook-theme', '{theme}')")
        self.page = context.new_page()
        self.watch = Watch(self.page, base)

    def look(self, name, shots):
        """The findings on the page `name`, and those that came late from the page before it."""
        page, bad = self.page, []
        page.goto(self.base + name, wait_until="load")
        page.evaluate("document.fonts.ready")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.add_style_tag(content="* { content-visibility: visible !important; }")  # what is far down, too
        # The text scrolls in a box of its own, which the width of the document does not tell of.
        wide = page.evaluate("Math.max(...[document.documentElement, ...document.querySelectorAll('.content')].map(e => e.scrollWidth - e.clientWidth))")
        if wide > 0:
            bad.append((name, f"{wide} px wider than its place on the screen"))
        if shots and (self.theme, self.width) != ("navy", 360):
            # Full pages are tall: let everything that waits for the view come into it first.
            page.evaluate("async () => { for (let y = 0; y < document.body.scrollHeight; y += 700) { scrollTo(0, y); await new Promise(r => setTimeout(r, 20)); } scrollTo(0, 0); }")
            page.wait_for_timeout(150)
            page.screenshot(path=shots / f"{name.replace('/', '-').removesuffix('.html')}-{self.theme}-{self.width}.png", full_page=True)
        if self.width == 1280:
            page.evaluate(LEAN, self.known)
            page.evaluate(AXE)
            self.known = self.known or not name.startswith("source/")  # those have no table of contents
            # The second theme changes colours, and nothing else that axe can see.
            rules = "" if self.theme == "light" else ", runOnly: ['color-contrast', 'link-in-text-block']"
            for v in page.evaluate("axe.run(document, { resultTypes: ['violations']" + rules + " })")["violations"]:
                bad.append((name, f"axe {v['id']}: {v['nodes'][0]['html'][:140]}"))
        return [f"{at} ({self.theme}, {self.width} px): {what}" for at, what in bad + self.watch.take()]


def without_javascript(page, base, name):
    bad = []
    page.goto(base + name)
    if page.locator("main .katex").count() == 0 and "pca/line" in name:
        bad.append(f"{name}: no formulas without JavaScript")
    for still in page.locator(".live .still").all():
        if not still.is_visible():
            bad.append(f"{name}: a live figure hides its still picture without JavaScript")
    for live in page.locator(".live .stage").all():
        if live.is_visible():
            bad.append(f"{name}: a live figure shows controls that do nothing without JavaScript")
    return bad


def look(base, names, shots):
    """The findings on all these pages, in a browser of their own."""
    found = []
    with chromium() as browser:
        bright, dark = Window(browser, base, "light", 1280), Window(browser, base, "navy", 360)
        more = [Window(browser, base, "navy", 1280), Window(browser, base, "light", 390, 2)]
        plain = browser.new_context(java_script_enabled=False).new_page()
        for name in names:
            # Pages of source code are of one kind: wide in one theme, narrow in the other, and without scripts of their own.
            source, bad = name.startswith("source/"), []
            try:
                for window in [bright, dark] if source else [bright, dark, *more]:
                    bad += window.look(name, None if source else shots)
                if not source:
                    bad += without_javascript(plain, base, name)
            except Error as e:
                bad.append(f"{name}: {e.message}")
            print("FAIL" if bad else "ok  ", name, flush=True)
            found += bad
    return found


class Live:
    """A live figure on its page, as a reader finds it: ready, in view, with nothing pressed."""

    def __init__(self, page, name, bad):
        self.page, self.name, self.bad = page, name, bad
        self.figure = page.locator(f'[data-live="{name}"]')
        self.canvas = self.figure.locator("canvas")
        (self.canvas if self.canvas.is_visible() else self.figure).scroll_into_view_if_needed()
        page.wait_for_selector(f'[data-live="{name}"].ready')

    def wrong(self, what):
        self.bad.append(f"live {self.name}: {what}")

    def say(self, what):
        print(f"     live {self.name}: {what}", flush=True)

    def press(self, name):
        self.figure.get_by_role("button", name=name, exact=True).click()

    def control(self, label):
        """The slider, choice or field with this label."""
        return self.figure.get_by_label(label)

    def keys(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def status(self):
        """The words below the figure, once they have come to rest: they wait a second for the hand to do so."""
        self.page.wait_for_timeout(1200)
        return self.figure.locator(".status").text_content()

    def numbers(self, text=None):
        """All numbers in the status, or in a text, with the minus of typography or of a keyboard."""
        text = self.status() if text is None else text
        return [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\u2212", "-"))]

    def rest(self, act, word):
        """Wait until the button `act`, which names what it would do, says `word` again."""
        self.page.wait_for_function(f"document.querySelector('[data-live=\"{self.name}\"] [data-act={act}]').textContent === '{word}'", timeout=60_000)

    def cost(self, what, setup, each, rounds, most=8):
        """Milliseconds that Rust takes for one frame's work, the mean of so many rounds `i`; 60 frames a second need 8 at most, and work that has a frame to itself 16."""
        cost = self.page.evaluate(f"""async () => {{
          const {{ instance }} = await WebAssembly.instantiateStreaming(fetch(path_to_root + 'live/{self.name.split(".")[0]}.wasm')), rust = instance.exports, {setup};
          const start = performance.now();
          for (let i = 0; i < {rounds}; i++) {{ {each}; }}
          return (performance.now() - start) / {rounds};
        }}""")
        self.say(f"{cost:.2f} ms to {what}")
        if cost > most:
            self.wrong(f"{cost:.1f} ms a frame leaves no room for 60 frames a second")


LIVES = []


def live(name, on):
    """Mark a function as the trial of the live figure `name` on a page."""
    return lambda trial: LIVES.append((name, on, trial))


def try_live(browser, base, name, address, trial, bad):
    page = browser.new_page(viewport=WIDE)
    watch = Watch(page, base)
    try:
        page.goto(base + address)
        trial(Live(page, name, bad))
        if page.url.split("#")[0] != base + address:
            bad.append(f"live {name}: a key turned the page to {page.url}")
    except Error as e:
        bad.append(f"live {name}: {e.message}")
    bad.extend(f"live {name}: {what}" for _, what in watch.take())
    page.close()


@live("pca.descent", on="pca/network.html")
def descent(live):
    """Chapter 1's figure moves by drag, by click and by keyboard, and fast enough."""
    page, canvas = live.page, live.canvas
    opening = live.status()
    live.press("One step")
    if live.numbers()[0] != 1:
        live.wrong(f"one click is not one step: {live.status()}")
    box = canvas.bounding_box()
    at = lambda x, y: (box["x"] + box["width"] / 2 + x * box["width"] / 7.2, box["y"] + box["height"] / 2 - y * box["width"] / 7.2)
    before = live.numbers()
    page.mouse.move(*at(2.4, 1.7))
    page.mouse.down()
    frames = int(live.figure.get_attribute("data-frames"))
    start = time.time()
    for i in range(120):
        page.mouse.move(*at(2.4 - 0.03 * i, 1.7 - 0.02 * i))
    seconds = time.time() - start
    drawn = int(live.figure.get_attribute("data-frames")) - frames
    page.mouse.up()
    after = live.numbers()
    if after[2] == before[2]:
        live.wrong("a drag changes nothing")
    live.say(f"{drawn} frames in {seconds:.2f} s of dragging, {drawn / seconds:.0f} a second")
    live.cost(
        "place a point, fit, step and read the state",
        "cloud = rust.pca_new()",
        "rust.pca_place(cloud, 3, Math.sin(i), Math.cos(i)); rust.pca_descend(cloud, 1); new Float64Array(rust.memory.buffer, rust.pca_state(cloud), 11)",
        500,
    )
    canvas.focus()
    live.keys("n", *["ArrowUp"] * 6)
    if live.numbers()[2] == after[2]:
        live.wrong("the keyboard moves no point")
    live.figure.get_by_role("button", name="Descend").focus()
    live.keys("Enter")
    live.rest("run", "Descend")
    loss, least, degrees, length = live.numbers()[1:5]
    if abs(loss - least) > 1e-3 or degrees > 0.1 or abs(length - 1) > 0.01:
        live.wrong(f"the descent does not land on the line: {live.status()}")
    live.say(f"{opening} → {live.status()}")


@live("factor_analysis.noisy", on="factor_analysis/shared.html")
def noisy(live):
    """Chapter 2's figure answers to both sliders, by keyboard."""
    opening = live.numbers()  # noise, 3, unit, three entries, three loadings, 3, a share
    noise, unit = (live.figure.get_by_role("slider", name=name) for name in ["noise", "unit"])
    noise.focus()
    live.keys("End")
    loud = live.numbers()
    if loud[5] < 0.98 or opening[5] > 0.7 or any(abs(a - b) > 0.15 for a, b in zip(loud[6:9], opening[6:9])):
        live.wrong(f"the noise should turn PCA and not the loadings: {opening} → {loud}")
    live.keys("Home")
    unit.focus()
    live.keys(*["ArrowRight"] * 30)
    large = live.numbers()
    if large[5] < 0.98 or any(abs(a - b) > 0.05 for a, b in zip(large[6:10], opening[6:10])):
        live.wrong(f"the unit should turn PCA and nothing else: {opening} → {large}")
    live.press("Reset")
    if live.numbers() != opening:
        live.wrong("the reset does not bring the opening back")
    live.cost("draw 200 rows and fit", "cloud = rust.factor_analysis_new()", "rust.factor_analysis_set(cloud, 0.1 + 0.05 * i, 1 + 0.05 * i)", 100)
    live.say(f"{opening} → {loud}")


@live("elbo.bar", on="elbo/bar.html")
def bar(live):
    """Chapter 3's bar keeps its height, by slider, by button and by keyboard, for both models."""

    def holds(what, text, tight):
        evidence, bound, gap = live.numbers(text)[:3]
        if abs(evidence - bound - gap) > 2e-4 or ("is tight" in text) != tight:
            live.wrong(f"{what}: {text}")
        return evidence, gap

    opening = live.status()
    evidence, gap = holds("at first", opening, False)
    live.control("m, the mean of q").focus()
    live.keys(*["ArrowRight"] * 10)
    after, closer = holds("after ten arrows", live.status(), False)
    if after != evidence or closer >= gap:
        live.wrong(f"ten arrows to the right gave {after}, {closer}")
    live.press("To the posterior")
    holds("at the posterior", live.status(), True)
    live.control("model").select_option("1")
    live.press("To the best Gaussian")
    if abs(holds("three pixels", live.status(), False)[1] - 0.0241) > 1e-4:
        live.wrong(f"the best Gaussian leaves {live.status()}")
    live.figure.get_by_role("button", name="Reset").focus()
    live.keys("Enter")
    live.control("model").select_option("0")
    if live.status() != opening:
        live.wrong(f"reset gives {live.status()}")
    live.say(opening)


@live("em.staircase", on="em/climb.html")
def staircase(live):
    """Chapter 4's figure climbs by button, by keyboard, by pointer and by itself, and goes back."""
    chain = lambda: live.numbers(" ".join(live.figure.locator(".chain td").all_text_contents()))
    opening = chain()
    live.press("E step")
    if abs(chain()[4]) > 1e-4 or abs(chain()[1] - chain()[2]) > 1e-4:
        live.wrong(f"an E step does not close the gap: {chain()}")
    live.press("M step")
    old, bound, new, earned, given = chain()
    if not old < bound < new or abs((new - old) - (earned + given)) > 2e-4:
        live.wrong(f"the chain does not hold after an M step: {chain()}")
    live.press("Back")
    live.press("Back")
    if chain() != opening:
        live.wrong(f"two steps back are not the start: {chain()}")
    live.canvas.focus()
    live.keys("ArrowRight", "m", "ArrowLeft", "ArrowRight")
    if chain() != [old, bound, new, earned, given]:
        live.wrong(f"the keys do not climb as the buttons do: {chain()}")
    live.press("Play")
    live.rest("play", "Play")
    if "summit is at −1.4189" not in live.status() or abs(chain()[2] + 1.4189) > 2e-3:
        live.wrong(f"the climb does not reach the summit: {live.status()}")
    live.figure.locator("input").fill("1.2")
    box = live.canvas.bounding_box()
    live.page.mouse.click(box["x"] + 300, box["y"] + 60)
    if "start of your own" not in live.status():
        live.wrong(f"a click starts nothing: {live.status()}")
    live.say(live.status())


@live("mixture.em", on="mixture/geyser.html")
def em_of_a_mixture(live):
    """Chapter 5's cloud climbs, goes back, takes points by pointer and by keyboard, and tells of a collapse."""
    chain = lambda: live.numbers(" ".join(live.figure.locator(".chain td").all_text_contents()))
    opening = chain()
    live.press("E step")
    if abs(chain()[1]) > 0.01 or abs(chain()[2] + 1542.36) > 0.01:
        live.wrong(f"an E step does not close the gap: {chain()}")
    live.press("M step")
    if abs(chain()[2] + 520.00) > 0.01 or chain()[1] < 0.01:
        live.wrong(f"the first M step leads to {chain()}")
    live.press("Back")
    live.press("Back")
    if chain() != opening:
        live.wrong(f"two steps back are not the start: {chain()}")
    live.press("Good start")
    live.press("Play")
    live.rest("play", "Play")
    if abs(chain()[2] + 385.46) > 0.01:
        live.wrong(f"the good start ends at {chain()}")
    live.press("Onto a point")
    live.press("Play")
    live.rest("play", "Play")
    if "has collapsed onto row" not in live.status():
        live.wrong(f"a collapse is told as: {live.status()}")
    live.press("Clear the cloud")
    box = live.canvas.bounding_box()
    for x, y in [(0.2, 0.7), (0.25, 0.75), (0.22, 0.8), (0.7, 0.2)]:
        live.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    live.canvas.focus()
    live.keys("ArrowRight", "Shift+ArrowRight", "ArrowUp", "Enter", "s", "s")
    if "of 5 points" not in live.status() or "Half steps: 2" not in live.status():
        live.wrong(f"four clicks, Enter and two half steps give: {live.status()}")
    live.say(live.status())


@live("mixture.templates", on="mixture/pixels.html")
def templates(live):
    """Chapter 5's templates learn by button and by keyboard, as many as the reader asks for."""
    live.press("One step")
    if "Step 1: the bound is \u221210979.13" not in live.status():
        live.wrong(f"the first step: {live.status()}")
    live.press("Play")
    live.rest("play", "Play")
    live.figure.locator("input").fill("5")
    live.canvas.focus()
    live.keys("ArrowRight")
    if "Step 1:" not in live.status() or live.status().count(",") < 4:
        live.wrong(f"five templates after one step by keyboard: {live.status()}")
    live.cost("take a step with six templates", "t = rust.mixture_templates_new(); rust.mixture_templates_restart(t, 6, 1)", "rust.mixture_templates_step(t)", 20)


@live("mean_field.correlated", on="mean_field/correlated.html")
def correlated(live):
    """Chapter 6's staircase goes back, leaves a gap, and leaves none without correlation."""
    opening = live.numbers()
    live.press("Half step")
    live.canvas.focus()
    live.keys("ArrowRight", "ArrowLeft", "ArrowLeft")
    if live.numbers() != opening:
        live.wrong(f"two steps back are not the start: {live.status()}")
    live.press("Play")
    live.rest("play", "Play")
    if "0.8304 nats, and never below 0.8304" not in live.status():
        live.wrong(f"the climb should end at the gap: {live.status()}")
    live.say(live.status())
    live.figure.get_by_role("slider", name="correlation").fill("0")
    live.press("Half step")
    live.press("Half step")
    if "0.0000 nats" not in live.status():
        live.wrong(f"without correlation there is no gap: {live.status()}")
    box = live.canvas.bounding_box()
    live.page.mouse.click(box["x"] + 120, box["y"] + 90)
    if "start of your own" not in live.status():
        live.wrong(f"a click starts nothing: {live.status()}")


@live("mean_field.pruning", on="mean_field/mixture.html")
def pruning(live):
    """Chapter 6's mixture prunes six components to two, and one is done in one step."""
    opening = live.numbers()[:4]
    live.press("One step")
    live.canvas.focus()
    live.keys("ArrowRight")
    if "step 2:" not in live.status():
        live.wrong(f"a click and an arrow are not two steps: {live.status()}")
    live.press("Play")
    live.rest("play", "Play")
    if "2 of them have rows" not in live.status() or -443.2979 not in live.numbers():
        live.wrong(f"six do not become two: {live.status()}")
    live.say(live.status())
    choice = live.figure.get_by_role("combobox")
    choice.select_option("1")
    live.press("One step")
    if "1 components" not in live.status() or "settled" not in live.status():
        live.wrong(f"one component is not done in one step: {live.status()}")
    choice.select_option("6")
    if live.numbers()[:4] != opening:
        live.wrong(f"six again is not the opening: {live.status()}")


@live("vae.plane", on="vae/latent.html")
def plane(live):
    """Chapter 7's decoder follows a drag and the arrows, and tells holes from crowds."""
    page, prior = live.page, lambda x, y: math.exp(-0.5 * (x * x + y * y)) / (2 * math.pi)

    def holds(what):
        x, y, codes, expected = live.numbers()[:4]
        if abs(expected - prior(x, y)) > 2e-3:  # the place is told to two decimals
            live.wrong(f"{what}: the prior at ({x}, {y}) is not {expected}")
        return x, y, codes, expected

    if holds("at first")[:2] != (0, 0):
        live.wrong(f"it does not begin in the middle: {live.status()}")
    box = live.canvas.bounding_box()
    side = min(box["width"], box["height"])
    at = lambda x, y: (box["x"] + (x + 3.5) / 7 * side, box["y"] + (3.5 - y) / 7 * side)
    page.mouse.move(*at(0, 0))
    page.mouse.down()
    frames = int(live.figure.get_attribute("data-frames"))
    start = time.time()
    for i in range(60):
        page.mouse.move(*at(0.02 * i, -0.01 * i))
    seconds, drawn = time.time() - start, int(live.figure.get_attribute("data-frames")) - frames
    page.mouse.move(*at(1.5, -0.5))
    page.mouse.up()
    live.say(f"{drawn} frames in {seconds:.2f} s of dragging")
    x, y, *_ = holds("after a drag")
    if abs(x - 1.5) > 0.03 or abs(y + 0.5) > 0.03:
        live.wrong(f"the ring was dragged to {x}, {y}")
    live.canvas.focus()
    live.keys("ArrowLeft", "ArrowLeft", "Shift+ArrowUp")
    if [round(v, 1) for v in holds("after three arrows")[:2]] != [round(x - 0.2, 1), round(y + 0.5, 1)]:
        live.wrong(f"two arrows left and one up, far, led to {live.status()}")
    live.press("A hole")
    x, y, codes, expected = holds("in a hole")
    if "A hole" not in live.status() or codes > 0.5 * expected:
        live.wrong(f"the hole is none: {live.status()}")
    live.say(live.status())
    live.keys("Tab")
    live.press("The crowd")
    if holds("in the crowd")[2] <= expected:
        live.wrong(f"the crowd is none: {live.status()}")
    live.cost("move z", "p = rust.vae_plane_new()", "rust.vae_plane_place(p, Math.sin(i), Math.cos(i))", 200)


@live("vae.random", on="vae/random.html")
def random(live):
    """Chapter 7's draws move or stay, and the spreads are those of the closed forms."""
    opening = live.numbers()

    def spreads():
        # The mean, its slope, moving draws' word and spread, staying draws' word and spread.
        found = re.search(r"is ([\d.−]+); its slope in m is ([\d.−]+)\. .*? say ([\d.−]+), .*? of ([\d.−]+|no bound); .*? say ([\d.−]+), .*? has ([\d.−]+|no bound)\. In", live.status())
        return [math.inf if v == "no bound" else float(v.replace("−", "-")) for v in found.groups()] if found else [math.nan] * 6

    if [round(v, 2) for v in (lambda s: (s[0], s[1], s[3], s[5]))(spreads())] != [5, 4, 2, 9.33]:
        live.wrong(f"z² at 2 ± 1 has the mean 5, the slope 4, and spreads of 2 and √87: {live.status()}")
    live.control("m, the mean of q").focus()
    live.keys(*["ArrowLeft"] * 20)  # to 1
    mean, slope, _, moves, _, stays = spreads()
    if (mean, slope, moves) != (2, 2, 2) or abs(stays - math.sqrt(30)) > 0.01:
        live.wrong(f"z² at 1 ± 1: {live.status()}")
    live.press("Reset")
    live.figure.get_by_role("combobox", name="draws").select_option("1")
    live.control("s, the standard deviation of q").fill("1.5")
    if not math.isinf(spreads()[5]) or math.isinf(spreads()[3]):
        live.wrong(f"draws that stay cannot serve a q half as wide again: {live.status()}")
    live.press("New draws")
    if math.isinf(spreads()[5]):
        live.wrong(f"new draws are not made where q is: {live.status()}")
    live.figure.get_by_role("combobox", name="f", exact=True).select_option("1")
    if "The bound is" not in live.status():
        live.wrong(f"the bound is not told: {live.status()}")
    live.say(live.status())
    live.canvas.focus()
    live.keys("r")
    if live.numbers() != opening:
        live.wrong(f"reset gives {live.status()}")
    live.cost("move q", "r = rust.vae_random_new(); rust.vae_random_choose(r, 1)", "rust.vae_random_place(r, Math.sin(i), 1)", 100)


@live("vae.gaps", on="vae/amortisation.html")
def gaps(live):
    """Chapter 7's two gaps add up, for every image, by click and by keyboard."""

    def parts():
        text = live.status()
        evidence, bound, amortisation, approximation = live.numbers(text.split("log p(x)")[1])[:4]
        if abs(evidence - bound - amortisation - approximation) > 2e-4 or min(amortisation, approximation) < 0:
            live.wrong(f"the parts do not add up: {text}")
        return evidence, bound, amortisation, approximation

    opening = parts()
    live.control("m, the mean of q").focus()
    live.keys(*["ArrowRight"] * 10)
    moved = parts()
    if moved[0] != opening[0] or moved[3] != opening[3] or moved[2] == opening[2] or "q is yours" not in live.status():
        live.wrong(f"ten arrows to the right: {live.status()}")
    live.press("To the best Gaussian")
    if parts()[2] != 0:
        live.wrong(f"the best Gaussian leaves {live.status()}")
    live.press("To the encoder's q")
    if parts() != opening:
        live.wrong(f"the encoder does not say again what it said: {live.status()}")
    evidences = [opening[0]]
    for pixel in [3, 2, 3, 1, 3, 2, 3]:  # every image once
        live.figure.get_by_role("button", name=f"pixel {pixel}").click()
        evidences.append(parts()[0])
    if abs(sum(math.exp(e) for e in evidences) - 1) > 1e-3:
        live.wrong(f"the eight images have the probability {sum(math.exp(e) for e in evidences)}")
    live.say(live.status())
    live.cost("move q", "g = rust.vae_gaps_new()", "rust.vae_gaps_place(g, Math.sin(i), 1)", 100)


@live("vae.beta", on="vae/training.html")
def beta(live):
    """Chapter 7's network trains by button, by keyboard and by itself, and a large β empties its code."""

    def told():
        epoch, step = live.numbers(live.status().split("poch")[-1])[:2]
        fit, cost, bound = live.numbers(live.status().split("fit is")[1])[:3]
        if abs(fit - cost - bound) > 0.02:
            live.wrong(f"fit less cost is not the bound: {live.status()}")
        return epoch, step, fit, cost, bound

    opening = told()
    live.press("One epoch")
    first = told()
    live.canvas.focus()
    live.keys("ArrowRight")
    second = told()
    if (first[:2], second[:2]) != ((1, 30), (2, 60)) or not opening[4] < first[4] < second[4]:
        live.wrong(f"two epochs: {opening}, {first}, {second}")
    live.press("Play")
    frames, start = int(live.figure.get_attribute("data-frames")), time.time()
    live.page.wait_for_timeout(4000)
    live.press("Pause")
    drawn = int(live.figure.get_attribute("data-frames")) - frames
    if told()[1] < 70 or "Both units are active" not in live.status():
        live.wrong(f"four seconds of training: {live.status()}")
    live.say(f"{told()[1] - 60:.0f} steps and {drawn} pictures in {time.time() - start:.1f} s")
    live.control("β, by which").fill("6")
    for _ in range(12):
        live.press("One epoch")
    if told()[3] > 0.05 or "No unit is active" not in live.status() or "β = 64" not in live.status():
        live.wrong(f"with β = 64 the code should be empty: {live.status()}")
    live.say(live.status())
    live.control("β, by which").fill("0")
    live.press("Reset")
    if told() != opening:
        live.wrong(f"reset gives {live.status()}")
    live.cost("take a step", "b = rust.vae_beta_new()", "rust.vae_beta_step(b)", 60)
    live.cost("place the codes and draw the mesh", "b = rust.vae_beta_new()", "rust.vae_beta_look(b)", 20)
    live.cost("tell the bound", "b = rust.vae_beta_new()", "rust.vae_beta_score(b)", 20, most=16)


@live("blurriness.modes", on="blurriness/direction.html")
def two_peaks(live):
    """Chapter 8's peaks part by drag, by click and by keyboard, and the fits of either divergence follow."""
    page = live.page
    page.wait_for_selector('[data-live="blurriness.modes"][data-fork]', timeout=60_000)

    def told():
        """a, the share, the wide fit with its divergence, and mean, standard deviation and divergence of each other fit."""
        text = live.status()
        head = re.search(r"and ([\d.]+), share of the left one ([\d.]+)\. KL\(p ‖ q\) chooses N\(([\d.−]+), ([\d.]+)²\) at ([\d.]+) nats", text)
        fits = re.findall(r"N\(([\d.−]+), ([\d.]+)²\) at ([\d.−]+) nats", text)[1:]
        if not head:
            live.wrong(f"it says: {text}")
        value = lambda v: float(v.replace("−", "-"))
        return [value(v) for v in head.groups()] if head else [math.nan] * 5, [tuple(value(v) for v in f) for f in fits]

    (half, share, mean, sd, wide), fits = told()
    if (half, share, mean, sd, wide) != (3, 0.5, 0, 3.16, 0.462) or [abs(f[0]) for f in fits] != [2.98, 2.98, 0] or fits[0][2] != 0.6888:
        live.wrong(f"the opening is not that of the table: {live.status()}")
    live.press("Close peaks")
    (half, *_), fits = told()
    if half != 1 or len(fits) != 1 or abs(fits[0][1] - 1.39) > 0.011:
        live.wrong(f"close peaks have one fit: {live.status()}")
    live.say(live.status())
    # The left panel is 56 hundredths of the width, from z = −8 to 8.
    box = live.canvas.bounding_box()
    at = lambda z: (box["x"] + 8 + (z + 8) / 16 * (0.56 * box["width"] - 8), box["y"] + box["height"] - 60)
    page.mouse.move(*at(1))
    page.mouse.down()
    frames, start = int(live.figure.get_attribute("data-frames")), time.time()
    for i in range(60):
        page.mouse.move(*at(1 + 0.03 * i))
    seconds, drawn = time.time() - start, int(live.figure.get_attribute("data-frames")) - frames
    page.mouse.move(*at(2.5))
    page.mouse.up()
    live.say(f"{drawn} frames in {seconds:.2f} s of dragging")
    (half, *_), fits = told()
    if abs(half - 2.5) > 0.06 or len(fits) != 3 or fits[0][0] != 0:
        live.wrong(f"at a = 2.5 the middle is still the best of three: {live.status()}")
    live.canvas.focus()
    live.keys("Shift+ArrowRight", "Shift+ArrowRight")
    (half, *_), fits = told()
    if abs(half - 3) > 0.06 or len(fits) != 3 or fits[0][0] == 0:
        live.wrong(f"at a = 3 a peak is better than the middle: {live.status()}")
    live.keys("ArrowUp", "ArrowUp")
    page.wait_for_function("""document.querySelector('[data-live="blurriness.modes"]').dataset.fork == 0.6""", timeout=60_000)
    (_, share, mean, *_), fits = told()
    if share != 0.6 or mean >= 0 or fits[0][0] > -2.9 or fits[0][2] >= fits[1][2]:
        live.wrong(f"the heavier peak should win: {live.status()}")
    live.say(live.status())
    slider = live.figure.get_by_role("slider", name="a, half")
    slider.focus()
    live.keys("End")
    if told()[0][0] != 4:
        live.wrong(f"the slider does not move the peaks: {live.status()}")
    live.cost("move the peaks", "t = rust.blurriness_modes_new(); while (rust.blurriness_modes_advance(t))", "rust.blurriness_modes_place(t, (i % 80) / 20, 0.5)", 160)
    live.cost("move the mass", "t = rust.blurriness_modes_new(); while (rust.blurriness_modes_advance(t))", "rust.blurriness_modes_place(t, 3, 0.05 + 0.05 * (i % 19))", 160)


@live("blurriness.pixels", on="blurriness/average.html")
def two_pixels(live):
    """Chapter 8's picture is the weighted mean, until the reader drags it; and draws are what the choice says."""
    page = live.page

    def told():
        text = live.status()
        found = re.search(r"est picture \(([\d.]+), ([\d.]+)\) misses the images by (\d\.\d+)", text) or re.search(r"the best one, \(([\d.]+), ([\d.]+)\), by (\d\.\d+)", text)
        contrast = re.search(r"images (\d\.\d+), picture (\d\.\d+), draws (\d\.\d+)", text)
        if not found or not contrast:
            live.wrong(f"it says: {text}")
            return [math.nan] * 6
        return [float(v) for v in (*found.groups(), *contrast.groups())]

    opening = told()
    if opening != [0.5, 0.5, 0.5, 1, 0, 0]:
        live.wrong(f"two images make one grey: {live.status()}")
    live.control("weight of image 1").focus()
    live.keys(*["ArrowRight"] * 20)
    if told()[:3] != [0.7, 0.3, 0.42]:
        live.wrong(f"seven to three: {live.status()}")
    live.canvas.scroll_into_view_if_needed()
    box = live.canvas.bounding_box()
    side = box["height"] - 2
    at = lambda x, y: (box["x"] + (x + 0.4) / 1.8 * side + 1, box["y"] + side - (y + 0.4) / 1.8 * side + 1)
    page.mouse.move(*at(0.7, 0.3))
    page.mouse.down()
    frames, start = int(live.figure.get_attribute("data-frames")), time.time()
    for i in range(60):
        page.mouse.move(*at(0.7, 0.3 + 0.01 * i))
    seconds, drawn = time.time() - start, int(live.figure.get_attribute("data-frames")) - frames
    page.mouse.up()
    live.say(f"{drawn} frames in {seconds:.2f} s of dragging")
    if "Your picture" not in live.status() or told()[:3] != [0.7, 0.3, 0.42]:
        live.wrong(f"another picture misses by more: {live.status()}")
    live.say(live.status())
    live.canvas.focus()
    live.keys("b")
    if "Your picture" in live.status():
        live.wrong(f"B does not bring the best picture back: {live.status()}")
    live.keys("n", "ArrowUp", "ArrowUp")  # image 1, from (1, 0) to (1, 0.04)
    if told()[1] != 0.33:
        live.wrong(f"the keyboard moves no image: {live.status()}")
    kinds = live.figure.get_by_role("combobox", name="draws")
    contrasts = []
    for kind in "3210":
        kinds.select_option(kind)
        contrasts.append(told()[5])
    if not contrasts[0] > 0.9 > contrasts[1] > contrasts[3]:
        live.wrong(f"the contrasts of the images, of tosses, of noise and of the picture: {contrasts}")
    live.figure.get_by_role("combobox", name="images").select_option("3")
    if told()[:2] == opening[:2]:
        live.wrong(f"a third image changes nothing: {live.status()}")
    live.press("Reset")
    if told() != opening:
        live.wrong(f"reset gives {live.status()}")
    live.cost("weigh", "w = rust.blurriness_pixels_new()", "rust.blurriness_pixels_weigh(w, (i % 100) / 100)", 200)


@live("blurriness.sharpness", on="blurriness/decoders.html")
def sharp(live):
    """Chapter 8's decoders: every run is blunter in its means than digits are, by slider, by keyboard and by choice."""
    live.page.wait_for_timeout(1500)

    def told():
        text = live.status()
        digits, again, means, draws = live.numbers(text.split("Sharpness: ")[1])[:4]
        if not max(again, means) < 0.8 * digits or means > draws:
            live.wrong(f"means as sharp as digits, or sharper than draws: {text}")
        return digits, again, means, draws

    opening = told()
    run = live.figure.get_by_role("slider", name="run")
    run.focus()
    live.keys("Home")
    wide = told()
    if wide[3] < 3 * wide[0] or wide[2] >= opening[2] or "σ = 1" not in live.status():
        live.wrong(f"σ = 1 draws noise over a smear: {live.status()}")
    live.keys("End")
    thin = told()
    if thin[3] >= thin[0] or thin[2] <= opening[2] or "σ = 0.1" not in live.status():
        live.wrong(f"σ = 0.1 has the sharpest means, and calm draws: {live.status()}")
    live.say(live.status())
    live.canvas.focus()
    live.keys("ArrowLeft")
    if "σ learned" not in live.status():
        live.wrong(f"the arrow should lead to the learned σ: {live.status()}")
    live.figure.get_by_role("combobox", name="digits").select_option("1")
    tight = told()
    live.canvas.focus()
    live.keys("ArrowLeft")
    loose = told()
    if "β = 4" not in live.status() or loose[2] >= tight[2]:
        live.wrong(f"β = 4 should be blunter: {tight} → {live.status()}")
    picture = lambda: live.canvas.evaluate("canvas => canvas.toDataURL()")
    before = picture()
    live.keys("n")
    if told()[:2] != loose[:2] or picture() == before:
        live.wrong(f"new draws: {loose} → {live.status()}")
    before = picture()
    live.press("Other digits")
    live.status()
    if picture() == before:
        live.wrong("other digits are the same digits")
    live.say(live.status())
    live.cost("choose a run", "a = rust.blurriness_sharpness_new()", "rust.blurriness_sharpness_choose(a, i % 6)", 60)
    live.cost("score a run", "a = rust.blurriness_sharpness_new()", "rust.blurriness_sharpness_advance(a)", 6, most=16)


def controls(browser, base, bad):
    """Search, the theme and the table of contents work by keyboard."""
    page = browser.new_page(viewport=WIDE)
    page.goto(base + "pca/line.html")
    page.keyboard.press("s")
    page.keyboard.type("projector")
    try:
        page.wait_for_function("document.querySelectorAll('#mdbook-searchresults li').length > 0", timeout=8000)
    except Exception:
        bad.append("search finds no `projector`")
    page.keyboard.press("Escape")
    page.locator("#mdbook-theme-toggle").click()
    page.locator("#mdbook-theme-navy").click()
    if "navy" not in page.evaluate("document.documentElement.className"):
        bad.append("the theme does not change")
    toggle, shown = page.locator("#mdbook-sidebar-toggle"), lambda: page.evaluate("document.documentElement.classList.contains('sidebar-visible')")
    first = shown()
    toggle.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    if shown() == first:
        bad.append("Enter does not open or close the table of contents")
    page.close()


def cards(browser, base, bad):
    """What a term means shows under the pointer and the focus, stays on the page, and goes with Escape."""
    for width in (600, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(base + "elbo/divergence.html")
        for term in page.locator(".term").all():
            card, name = term.locator(".card"), term.locator("a").text_content()
            if card.is_visible():
                bad.append(f"the card of {name} shows unasked")
            term.locator("a").focus()
            box = card.bounding_box()
            if not box or box["x"] < 0 or box["x"] + box["width"] > width or not card.text_content().strip():
                bad.append(f"the card of {name} does not show within {width} px: {box}")
            page.keyboard.press("Escape")
            if card.is_visible():
                bad.append(f"Escape leaves the card of {name}")
        if not page.locator(".term").count():
            bad.append("no term to try a card on")
        page.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1), help="browsers side by side")
    options = parser.parse_args()
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    out = ROOT / "book/html"
    pages = [p.relative_to(out).as_posix() for p in sorted(out.rglob("*.html"))]
    # The table of contents is the frame of those who have no JavaScript, and print.html is all pages once more.
    pages = [p for p in pages if p not in ("toc.html", "print.html") and options.only in p]
    jobs = max(1, min(options.jobs, len(pages) // 8))  # a browser takes as long to start as a few pages to look at
    lives = [live for live in LIVES if options.only in live[1]]
    child, base = serve()
    try:
        with multiprocessing.get_context("spawn").Pool(jobs) as pool:
            bad = sum(pool.starmap(look, [(base, pages[i::jobs], options.shots) for i in range(jobs)]), [])
        # What moves is timed, so it has the machine to itself.
        if lives:
            with chromium() as browser:
                if not options.only:
                    for trial in (controls, cards):
                        try:
                            trial(browser, base, bad)
                        except Error as e:
                            bad.append(f"{trial.__name__}: {e.message}")
                for live in lives:
                    try_live(browser, base, *live, bad)
    finally:
        child.kill()
    print("\n".join(bad) or f"{len(pages)} pages, nothing found")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
