// What all live figures share: load the chapter's WebAssembly when the figure comes into view, follow theme and size,
// and announce at most once a second.
'use strict';
const live = {
  figures: {},

  // `make(rust, figure)` returns { draw(context, width, height, colour), act(name), key(event) → bool, ... }.
  add(name, wasm, make) {
    for (const figure of document.querySelectorAll(`[data-live="${name}"]`)) {
      const begin = () => live.start(figure, wasm, make).catch(error => figure.classList.add('failed') || console.log(error));
      if (location.pathname.endsWith('print.html')) continue; // the still picture stands
      const seen = new IntersectionObserver(([entry]) => {
        if (entry.isIntersecting) { seen.disconnect(); begin(); }
      }, { rootMargin: '400px' });
      seen.observe(figure);
    }
  },

  async start(figure, wasm, make) {
    const { instance } = await WebAssembly.instantiateStreaming(fetch(`${path_to_root}live/${wasm}.wasm`));
    figure.classList.add('ready');
    const canvas = figure.querySelector('canvas'), context = canvas.getContext('2d');
    const status = figure.querySelector('.status');
    let words = '', told = 0, timer = 0, queued = false;
    const say = text => {
      words = text;
      const wait = Math.max(0, told + 1000 - performance.now());
      clearTimeout(timer);
      timer = setTimeout(() => { if (status.textContent !== words) status.textContent = words; told = performance.now(); }, wait);
    };
    const redraw = () => {
      if (queued) return;
      queued = true;
      requestAnimationFrame(() => {
        queued = false;
        const style = getComputedStyle(figure), scale = devicePixelRatio || 1;
        const width = canvas.clientWidth, height = canvas.clientHeight;
        if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
        if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
        context.setTransform(scale, 0, 0, scale, 0, 0);
        context.clearRect(0, 0, width, height);
        part.draw(context, width, height, role => role === 'ink' ? style.color : style.getPropertyValue(`--fig-${role}`).trim());
        figure.dataset.frames = +(figure.dataset.frames || 0) + 1;
      });
    };
    const part = make({ rust: instance.exports, figure, canvas, redraw, say });
    figure.addEventListener('click', event => { const act = event.target.dataset.act; if (act) part.act(act, event.target); });
    canvas.addEventListener('keydown', event => { if (part.key(event)) event.preventDefault(); });
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ['class'] });
    new ResizeObserver(redraw).observe(canvas);
    redraw();
  },
};
