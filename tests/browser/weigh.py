"""What each page weighs, when its first words stand, and how far they move after that: a cold cache, a server that packs by
gzip, and the line of a phone (150 ms there and back, 1.6 Mbit a second), by Chromium's own throttle.

    pip install playwright       # and a Chromium: apt install chromium
    python tests/browser/weigh.py [--only PART_OF_A_NAME] [--show N] [--slower N]

No page may bring more than 500 kB, fonts included, before the reader scrolls. And what stands must stay in its place: until it
is loaded, the sum of its layout shifts (a share of the screen times a share of its height) may be 0.25: a line or
two more or less when the fonts come. `--slower 4` slows the processor too."""
import argparse
import asyncio
import functools
import gzip
import http.server
import statistics
import sys
import threading
from pathlib import Path

from playwright.async_api import async_playwright

ROOT = Path(__file__).resolve().parents[2] / "book/html"
LIMIT, STILL = 500_000, 0.25
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SHIFTS = "moved = 0; new PerformanceObserver(seen => { for (const e of seen.getEntries()) moved += e.value; }).observe({ type: 'layout-shift', buffered: true })"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class Packed(http.server.SimpleHTTPRequestHandler):
    """Files as a host of static pages sends them."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        body = self.packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix not in (".woff2", ".png"):
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @staticmethod
    @functools.cache
    def packed(path):
        body = path.read_bytes()
        return body if path.suffix in (".woff2", ".png") else gzip.compress(body, 6)

    def log_message(self, *_):
        pass


async def weigh(browser, base, page_name, slower):
    """Bytes on the line until the page is loaded, milliseconds until its first words, and how far they moved."""
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await page.add_init_script(SHIFTS)
    line = await context.new_cdp_session(page)
    bytes_ = []
    line.on("Network.loadingFinished", lambda e: bytes_.append(e["encodedDataLength"]))
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", LINE)
    await line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    await page.goto(base + page_name, wait_until="load")
    moved = await page.evaluate("moved")
    await page.wait_for_timeout(1000)  # a live figure in sight begins by now
    await page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    await context.close()
    return page_name, sum(bytes_), paint, moved


async def all_pages(base, names, slower):
    async with async_playwright() as p:
        browser = await p.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        alone, out = asyncio.Semaphore(2), []

        async def one(name):
            async with alone:
                out.append(await weigh(browser, base, name, slower))

        await asyncio.gather(*map(one, names))
        await browser.close()
        return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--show", type=int, default=5)
    parser.add_argument("--slower", type=float, default=1)
    options = parser.parse_args()
    pages = sorted(ROOT.rglob("*.html"))
    names = [str(p.relative_to(ROOT)) for p in pages if 'id="mdbook-menu-bar"' in p.read_text()]
    names = [n for n in names if n not in ("print.html", "404.html") and options.only in n]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Packed, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found = asyncio.run(all_pages(f"http://127.0.0.1:{server.server_port}/", names, options.slower))
    if not found:
        sys.exit("no page")
    for name, size, paint, moved in sorted(found, key=lambda f: -f[1])[: options.show]:
        print(f"{size / 1000:6.0f} kB  {paint:5.0f} ms  {moved:.3f}  {name}")
    size, paint = (statistics.median(f[i] for f in found) for i in (1, 2))
    quick, most = sum(f[2] < 1000 for f in found), max(found, key=lambda f: f[3])
    print(f"{len(found)} pages: {size / 1000:.0f} kB, first words after {paint:.0f} ms (medians), within a second on {quick}")
    print(f"words move by {statistics.median(f[3] for f in found):.3f} (median), most on {most[0]}: {most[3]:.3f}")
    heavy = [name for name, size, _, _ in found if size > LIMIT]
    restless = [f"{name} by {moved:.3f}" for name, _, _, moved in found if moved > STILL]
    if heavy:
        sys.exit(f"more than {LIMIT // 1000} kB: {', '.join(heavy)}")
    if restless:
        sys.exit(f"text moves while the page loads: {', '.join(restless)}")


main()
