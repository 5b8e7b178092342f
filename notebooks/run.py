"""Runs notebooks under the real Rust kernel, without a browser.

    python notebooks/run.py FILE...        executes each; fails on an error, a panic, or a check that is not passed
    python notebooks/run.py --time         starts the kernel, draws one figure, runs one more cell, and says how long each took
    python notebooks/run.py --misuse       does what a reader may do wrong, and looks at what comes back

`cargo run -- lab` sets up the kernel; JUPYTER_PATH must name its folder, target/lab/jupyter.
"""
import re
import sys
import time

import nbformat
from jupyter_client.manager import KernelManager

KERNEL = "latent-rust"
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
FIGURE = 'plot::scatter("petal length, cm", "petal width, cm", data::iris().x.slice(s![.., 2..4])).unwrap()'


class Kernel:
    """A running kernel: `run` gives what a cell shows, and `seconds` how long it took."""

    def __init__(self):
        start = time.time()
        self.manager = KernelManager(kernel_name=KERNEL)
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=300)
        self.seconds = time.time() - start

    def run(self, code, timeout=300):
        start, sent, shown = time.time(), self.client.execute(code), ""
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != sent:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                shown += content["text"]
            elif kind in ("execute_result", "display_data"):
                shown += content["data"].get("text/plain", "") + "\n"
                shown += "[html]\n" if "text/html" in content["data"] else ""
            elif kind == "error":
                shown += "error: " + "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                break
        self.seconds = time.time() - start
        return COLOURS.sub("", shown)

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def wrong(shown):
    """The line that says what is wrong with a cell of a solved notebook, if there is one."""
    marks = ("error: ", "panicked", "Not right.", "Not yet.", "Couldn't")
    return next((line for line in shown.splitlines() if any(m in line for m in marks)), None)


def execute(path):
    kernel, start, right, slowest = Kernel(), time.time(), 0, 0.0
    try:
        for i, cell in enumerate(c for c in nbformat.read(path, 4).cells if c.cell_type == "code"):
            shown = kernel.run(cell.source)
            slowest = max(slowest, kernel.seconds)
            if why := wrong(shown):
                print(f"FAIL {path}, code cell {i + 1}: {why}\n{shown}")
                return False
            right += "Right." in shown
    finally:
        kernel.stop()
    print(f"ok   {path}: {right} checks passed in {time.time() - start:.1f} s, the slowest cell {slowest:.1f} s")
    return right > 0


def timing():
    kernel = Kernel()
    ready = kernel.seconds
    shown = kernel.run(FIGURE)
    figure = kernel.seconds
    kernel.run("let x: Array2<f64> = data::iris().x.clone();")
    kernel.run("let fit: Pca = Pca::by_svd(x.view(), Origin::Mean).unwrap(); println!(\"{:.6}\", fit.variances[0]);")
    kernel.stop()
    print(f"kernel ready in {ready:.1f} s, first figure in {figure:.1f} s more, a later cell in {kernel.seconds:.1f} s")
    if "[a figure]" not in shown:
        print(shown)
        return False
    return True


def misuse():
    """Each mistake gets words that help, and costs no variable."""
    kernel, good = Kernel(), True
    kernel.run("let kept: Array1<f64> = array![1.0, 2.0, 3.0];")
    for name, code, words in [
        ("todo", "fn choose(v: &[f64], s: f64) -> usize { todo!() }\ncheck::pca::choose(choose)", "choose is still todo!()"),
        ("wrong", "fn choose(v: &[f64], s: f64) -> usize { 0 }\ncheck::pca::choose(choose)", "Count from one"),
        ("panic in the answer", "fn choose(v: &[f64], s: f64) -> usize { v[99] as usize }\ncheck::pca::choose(choose)", "panicked: index out of bounds"),
        ("endless loop", "fn choose(v: &[f64], s: f64) -> usize { loop {} }\ncheck::pca::choose(choose)", "still runs after 3 seconds"),
        ("does not compile", "fn choose(v: &[f64], s: f64) -> usize { v.len() + 1.5 }\ncheck::pca::choose(choose)", "cannot add"),
        ("panic in a cell", "println!(\"{}\", [1.0, 2.0][kept.len() + 4]);", "panicked at"),
    ]:
        shown = kernel.run(code)
        seconds = kernel.seconds
        alive = "6" in kernel.run('println!("{}", kept.sum());')
        fine = words in shown and alive
        good &= fine
        print(f"{'ok  ' if fine else 'FAIL'} {name}: {seconds:.1f} s, variables {'kept' if alive else 'LOST'}")
        if not fine:
            print(shown)
    kernel.stop()
    return good


if __name__ == "__main__":
    words = sys.argv[1:]
    if words == ["--time"]:
        sys.exit(not timing())
    if words == ["--misuse"]:
        sys.exit(not misuse())
    sys.exit(not all([execute(path) for path in words]))
