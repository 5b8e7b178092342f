"""The book as a browser shows it: every page, light and dark, wide and narrow, with every fold open.

    pip install playwright axe-playwright-python       # and a Chromium: apt install chromium
    python tests/browser/check.py [--shots FOLDER] [--only PART_OF_A_NAME]

Fails on: an accessibility finding, a message in the console, a request off the host, an address that is not there,
text wider than a phone, a page that is lost without JavaScript, or a live figure that does not move.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
PORT = 3917


def serve():
    """The book's own server, from the pages that `cargo run -- build` made."""
    binary = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug/book"
    child = subprocess.Popen([binary, "serve", "--no-open", "--port", str(PORT)], cwd=ROOT, env={**os.environ, "NO_RELOAD": "1"}, stderr=subprocess.PIPE, text=True)
    for line in child.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            return child, found.group()
    sys.exit("the server did not start")


class Watch:
    """What a page says that it should not."""

    def __init__(self, page, base):
        self.found = []
        page.on("console", lambda m: self.found.append(f"console {m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.found.append(f"error: {e}"))
        page.on("request", lambda r: None if r.url.startswith((base, "data:", "blob:")) else self.found.append(f"asks for {r.url}"))
        page.on("response", lambda r: self.found.append(f"{r.status} {r.url}") if r.status >= 400 else None)


def settled(page, url):
    page.goto(url, wait_until="load")
    page.evaluate("document.fonts.ready")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def look(browser, base, name, shots, bad):
    url = f"{base}{name}"
    # Pages of source code are of one kind: wide in one theme, narrow in the other.
    ways = [("light", 1280, 1), ("navy", 360, 1)] if name.startswith("source/") else [("light", 1280, 1), ("navy", 1280, 1), ("light", 390, 2), ("navy", 360, 1)]
    for theme, width, scale in ways:
        context = browser.new_context(viewport={"width": width, "height": 900}, device_scale_factor=scale, reduced_motion="reduce")
        context.add_init_script(f"localStorage.setItem('mdbook-theme', '{theme}')")
        page = context.new_page()
        watch = Watch(page, base)
        settled(page, url)
        where = f"{name} ({theme}, {width} px)"
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            bad.append(f"{where}: {wide} px wider than the screen")
        if width == 1280:
            page.evaluate(AXE)
            for v in page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]:
                bad.append(f"{where}: axe {v['id']}: {v['nodes'][0]['html'][:140]}")
        if shots and (theme, width) != ("navy", 360):
            # Full pages are tall: let everything that waits for the view come into it first.
            page.evaluate("async () => { for (let y = 0; y < document.body.scrollHeight; y += 700) { scrollTo(0, y); await new Promise(r => setTimeout(r, 20)); } scrollTo(0, 0); }")
            page.wait_for_timeout(150)
            page.screenshot(path=shots / f"{name.replace('/', '-').removesuffix('.html')}-{theme}-{width}.png", full_page=True)
        bad.extend(f"{where}: {f}" for f in watch.found)
        context.close()


def without_javascript(browser, base, name, bad):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + name)
    if page.locator("main .katex").count() == 0 and "pca/line" in name:
        bad.append(f"{name}: no formulas without JavaScript")
    for still in page.locator(".live .still").all():
        if not still.is_visible():
            bad.append(f"{name}: a live figure hides its still picture without JavaScript")
    for live in page.locator(".live .stage").all():
        if live.is_visible():
            bad.append(f"{name}: a live figure shows controls that do nothing without JavaScript")
    context.close()


def live_pca(browser, base, bad):
    """Chapter 1's live figure moves by drag, by click and by keyboard, and fast enough."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch = Watch(page, base)
    page.goto(base + "pca/network.html")
    figure, canvas = page.locator('[data-live="pca.descent"]'), page.locator('[data-live="pca.descent"] canvas')
    canvas.scroll_into_view_if_needed()
    page.wait_for_selector('[data-live="pca.descent"].ready')
    status = lambda: (page.wait_for_timeout(1200), figure.locator(".status").text_content())[1]
    numbers = lambda text: [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", text)]
    opening = status()
    figure.get_by_role("button", name="One step").click()
    if numbers(status())[0] != 1:
        bad.append(f"live pca: one click is not one step: {status()}")
    box = canvas.bounding_box()
    at = lambda x, y: (box["x"] + box["width"] / 2 + x * box["width"] / 7.2, box["y"] + box["height"] / 2 - y * box["width"] / 7.2)
    before = numbers(status())
    page.mouse.move(*at(2.4, 1.7))
    page.mouse.down()
    frames = int(figure.get_attribute("data-frames"))
    start = time.time()
    for i in range(120):
        page.mouse.move(*at(2.4 - 0.03 * i, 1.7 - 0.02 * i))
    seconds = time.time() - start
    drawn = int(figure.get_attribute("data-frames")) - frames
    page.mouse.up()
    after = numbers(status())
    if after[2] == before[2]:
        bad.append("live pca: a drag changes nothing")
    print(f"     live pca: {drawn} frames in {seconds:.2f} s of dragging, {drawn / seconds:.0f} a second")
    cost = page.evaluate(COST)
    print(f"     live pca: {cost:.2f} ms to place a point, fit, step and read the state")
    if cost > 8:
        bad.append(f"live pca: {cost:.1f} ms a frame leaves no room for 60 frames a second")
    canvas.focus()
    page.keyboard.press("n")
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    if numbers(status())[2] == after[2]:
        bad.append("live pca: the keyboard moves no point")
    if "network" not in page.url:
        bad.append("live pca: an arrow key turned the page")
    figure.get_by_role("button", name="Descend").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[data-live] [data-act=run]').textContent === 'Descend'", timeout=60_000)
    loss, least, degrees, length = numbers(status())[1:5]
    if abs(loss - least) > 1e-3 or degrees > 0.1 or abs(length - 1) > 0.01:
        bad.append(f"live pca: the descent does not land on the line: {status()}")
    bad.extend(f"live pca: {f}" for f in watch.found)
    print(f"     live pca: {opening} → {status()}")
    page.close()


def live_em(browser, base, bad):
    """Chapter 4's live figure climbs by button, by keyboard, by pointer and by itself, and goes back."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch = Watch(page, base)
    page.goto(base + "em/climb.html")
    figure = page.locator('[data-live="em.staircase"]')
    canvas, press = figure.locator("canvas"), lambda name: figure.get_by_role("button", name=name, exact=True).click()
    figure.scroll_into_view_if_needed()
    page.wait_for_selector('[data-live="em.staircase"].ready')
    chain = lambda: [float(v.replace("\u2212", "-")) for v in figure.locator(".chain td").all_text_contents()]
    status = lambda: (page.wait_for_timeout(1200), figure.locator(".status").text_content())[1]
    opening = chain()
    press("E step")
    if abs(chain()[4]) > 1e-4 or abs(chain()[1] - chain()[2]) > 1e-4:
        bad.append(f"live em: an E step does not close the gap: {chain()}")
    press("M step")
    old, bound, new, earned, given = chain()
    if not old < bound < new or abs((new - old) - (earned + given)) > 2e-4:
        bad.append(f"live em: the chain does not hold after an M step: {chain()}")
    press("Back")
    press("Back")
    if chain() != opening:
        bad.append(f"live em: two steps back are not the start: {chain()}")
    canvas.focus()
    for key in ["ArrowRight", "m", "ArrowLeft", "ArrowRight"]:
        page.keyboard.press(key)
    if chain() != [old, bound, new, earned, given]:
        bad.append(f"live em: the keys do not climb as the buttons do: {chain()}")
    if "climb" not in page.url:
        bad.append("live em: an arrow key turned the page")
    press("Play")
    page.wait_for_function("document.querySelector('[data-live=\"em.staircase\"] [data-act=play]').textContent === 'Play'", timeout=60_000)
    if "summit is at −1.4189" not in status() or abs(chain()[2] + 1.4189) > 2e-3:
        bad.append(f"live em: the climb does not reach the summit: {status()}")
    figure.locator("input").fill("1.2")
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + 300, box["y"] + 60)
    if "start of your own" not in status():
        bad.append(f"live em: a click starts nothing: {status()}")
    bad.extend(f"live em: {f}" for f in watch.found)
    print(f"     live em: {status()}")
    page.close()


def live_elbo(browser, base, bad):
    """Chapter 3's bar keeps its height, by slider, by button and by keyboard, for both models."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch = Watch(page, base)
    page.goto(base + "elbo/bar.html")
    figure = page.locator('[data-live="elbo.bar"]')
    figure.scroll_into_view_if_needed()
    page.wait_for_selector('[data-live="elbo.bar"].ready')
    status = lambda: (page.wait_for_timeout(1200), figure.locator(".status").text_content())[1]
    numbers = lambda text: [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", text.replace("−", "-"))]

    def holds(what, text, tight):
        evidence, bound, gap = numbers(text)[:3]
        if abs(evidence - bound - gap) > 2e-4 or ("is tight" in text) != tight:
            bad.append(f"live elbo, {what}: {text}")
        return evidence, gap

    opening = status()
    evidence, gap = holds("at first", opening, False)
    figure.get_by_label("m, the mean of q").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    after, closer = holds("after ten arrows", status(), False)
    if after != evidence or closer >= gap or "bar" not in page.url:
        bad.append(f"live elbo: ten arrows to the right gave {after}, {closer} on {page.url}")
    figure.get_by_role("button", name="To the posterior").click()
    holds("at the posterior", status(), True)
    figure.get_by_label("model").select_option("1")
    figure.get_by_role("button", name="To the best Gaussian").click()
    if abs(holds("three pixels", status(), False)[1] - 0.0241) > 1e-4:
        bad.append(f"live elbo: the best Gaussian leaves {status()}")
    figure.get_by_role("button", name="Reset").focus()
    page.keyboard.press("Enter")
    figure.get_by_label("model").select_option("0")
    if status() != opening:
        bad.append(f"live elbo: reset gives {status()}")
    bad.extend(f"live elbo: {f}" for f in watch.found)
    print(f"     live elbo: {opening}")
    page.close()


def live_factor_analysis(browser, base, bad):
    """Chapter 2's live figure answers to both sliders, by keyboard."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch = Watch(page, base)
    page.goto(base + "factor_analysis/shared.html")
    figure = page.locator('[data-live="factor_analysis.noisy"]')
    figure.locator(".still").scroll_into_view_if_needed()
    page.wait_for_selector('[data-live="factor_analysis.noisy"].ready')
    numbers = lambda: (page.wait_for_timeout(1200), [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", figure.locator(".status").text_content())])[1]
    opening = numbers()  # noise, 3, unit, three entries, three loadings, 3, a share
    noise, unit = figure.get_by_role("slider", name="noise"), figure.get_by_role("slider", name="unit")
    noise.focus()
    page.keyboard.press("End")
    loud = numbers()
    if loud[5] < 0.98 or opening[5] > 0.7 or any(abs(a - b) > 0.15 for a, b in zip(loud[6:9], opening[6:9])):
        bad.append(f"live factor_analysis: the noise should turn PCA and not the loadings: {opening} → {loud}")
    page.keyboard.press("Home")
    unit.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    large = numbers()
    if large[5] < 0.98 or any(abs(a - b) > 0.05 for a, b in zip(large[6:10], opening[6:10])):
        bad.append(f"live factor_analysis: the unit should turn PCA and nothing else: {opening} → {large}")
    if "shared" not in page.url:
        bad.append("live factor_analysis: an arrow key turned the page")
    figure.get_by_role("button", name="Reset").click()
    if numbers() != opening:
        bad.append("live factor_analysis: the reset does not bring the opening back")
    cost = page.evaluate("""async () => {
      const { instance } = await WebAssembly.instantiateStreaming(fetch(path_to_root + 'live/factor_analysis.wasm')), rust = instance.exports, cloud = rust.factor_analysis_new();
      const start = performance.now();
      for (let i = 0; i < 100; i++) rust.factor_analysis_set(cloud, 0.1 + 0.05 * i, 1 + 0.05 * i);
      return (performance.now() - start) / 100;
    }""")
    print(f"     live factor_analysis: {cost:.2f} ms to draw 200 rows and fit; {opening} → {loud}")
    if cost > 8:
        bad.append(f"live factor_analysis: {cost:.1f} ms a frame leaves no room for 60 frames a second")
    bad.extend(f"live factor_analysis: {f}" for f in watch.found)
    page.close()


def live_mean_field(browser, base, bad):
    """Chapter 6's two live figures: the staircase that leaves a gap, and the mixture that prunes."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch = Watch(page, base)
    numbers = lambda text: [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\u2212", "-"))]

    page.goto(base + "mean_field/correlated.html")
    figure = page.locator('[data-live="mean_field.correlated"]')
    figure.scroll_into_view_if_needed()
    page.wait_for_selector('[data-live="mean_field.correlated"].ready')
    status = lambda: (page.wait_for_timeout(1200), figure.locator(".status").text_content())[1]
    press = lambda name: figure.get_by_role("button", name=name, exact=True).click()
    opening = status()
    press("Half step")
    figure.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    if numbers(status()) != numbers(opening) or "correlated" not in page.url:
        bad.append(f"live mean_field: two steps back are not the start: {status()}")
    press("Play")
    page.wait_for_function("document.querySelector('[data-live=\"mean_field.correlated\"] [data-act=play]').textContent === 'Play'", timeout=60_000)
    if "0.8304 nats, and never below 0.8304" not in status():
        bad.append(f"live mean_field: the climb should end at the gap: {status()}")
    tied = status()
    slider = figure.get_by_role("slider", name="correlation")
    slider.fill("0")
    press("Half step")
    press("Half step")
    if "0.0000 nats" not in status():
        bad.append(f"live mean_field: without correlation there is no gap: {status()}")
    box = figure.locator("canvas").bounding_box()
    page.mouse.click(box["x"] + 120, box["y"] + 90)
    if "start of your own" not in status():
        bad.append(f"live mean_field: a click starts nothing: {status()}")

    page.goto(base + "mean_field/mixture.html")
    figure = page.locator('[data-live="mean_field.pruning"]')
    figure.scroll_into_view_if_needed()
    page.wait_for_selector('[data-live="mean_field.pruning"].ready')
    opening = status()
    press("One step")
    figure.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    if "step 2:" not in status() or "mixture" not in page.url:
        bad.append(f"live mean_field: a click and an arrow are not two steps: {status()}")
    press("Play")
    page.wait_for_function("document.querySelector('[data-live=\"mean_field.pruning\"] [data-act=play]').textContent === 'Play'", timeout=90_000)
    if "2 of them have rows" not in status() or "-443.2979" not in status().replace("\u2212", "-"):
        bad.append(f"live mean_field: six do not become two: {status()}")
    print(f"     live mean_field: {tied} {status()}")
    figure.get_by_role("combobox").select_option("1")
    press("One step")
    if "1 components" not in status() or "settled" not in status():
        bad.append(f"live mean_field: one component is not done in one step: {status()}")
    figure.get_by_role("combobox").select_option("6")
    if numbers(status())[:4] != numbers(opening)[:4]:
        bad.append(f"live mean_field: six again is not the opening: {status()}")
    bad.extend(f"live mean_field: {f}" for f in watch.found)
    page.close()


# 500 rounds of what one frame of dragging while descending asks of Rust.
COST = """async () => {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(path_to_root + 'live/pca.wasm')), rust = instance.exports, cloud = rust.pca_new();
  const start = performance.now();
  for (let i = 0; i < 500; i++) { rust.pca_place(cloud, 3, Math.sin(i), Math.cos(i)); rust.pca_descend(cloud, 1); new Float64Array(rust.memory.buffer, rust.pca_state(cloud), 11); }
  return (performance.now() - start) / 500;
}"""


def controls(browser, base, bad):
    """Search, the theme and the table of contents work by keyboard."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    if options.shots:
        options.shots.mkdir(parents=True, exist_ok=True)
    out = ROOT / "book/html"
    pages = [p.relative_to(out).as_posix() for p in sorted(out.rglob("*.html"))]
    # The table of contents is the frame of those who have no JavaScript, and print.html is all pages once more.
    pages = [p for p in pages if p not in ("toc.html", "print.html") and options.only in p]
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    bad, child = [], None
    with sync_playwright() as play:
        try:
            child, base = serve()
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"])
            for name in pages:
                count = len(bad)
                shots = options.shots if not name.startswith("source/") else None
                look(browser, base, name, shots, bad)
                without_javascript(browser, base, name, bad)
                print("ok  " if len(bad) == count else "FAIL", name, flush=True)
            if not options.only:
                controls(browser, base, bad)
                live_pca(browser, base, bad)
                live_em(browser, base, bad)
                live_elbo(browser, base, bad)
                live_factor_analysis(browser, base, bad)
                live_mean_field(browser, base, bad)
            browser.close()
        finally:
            if child:
                child.kill()
    print("\n".join(bad) or f"{len(pages)} pages, nothing found")
    sys.exit(bool(bad))


main()
