// Chapter 3's live figure: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
live.add('elbo.bar', 'elbo', ({ rust, figure, redraw, say }) => {
  const bar = rust.elbo_new(), floor = -5, top = -1;
  const part = name => figure.querySelector(`[data-set=${name}]`);
  // Rust may move its memory: every view is made anew.
  const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const state = () => {
    const [m, s, evidence, bound, gap, fit, cost] = floats(rust.elbo_state(bar), 7);
    return { m, s, evidence, bound, gap, fit, cost };
  };
  const shown = (v, digits = 2) => v.toFixed(digits).replace('-', '−');

  function drawBar(c, left, width, height, colour) {
    const { evidence, bound, gap } = state();
    const toY = v => 22 + (top - Math.max(v, floor)) / (top - floor) * (height - 52), x = left + 34, wide = Math.min(56, width * 0.2), words = x + wide + 8;
    c.strokeStyle = colour('grid'); c.fillStyle = colour('ink'); c.lineWidth = 1; c.textAlign = 'right'; c.textBaseline = 'middle';
    for (let v = floor; v <= top; v++) {
      c.beginPath(); c.moveTo(x - 5, toY(v)); c.lineTo(left + width, toY(v)); c.stroke();
      c.fillText(shown(v, 0), x - 8, toY(v));
    }
    c.fillStyle = colour('b'); c.fillRect(x, toY(bound), wide, toY(floor) - toY(bound));
    c.fillStyle = colour('c'); c.fillRect(x, toY(evidence), wide, toY(bound) - toY(evidence));
    c.strokeStyle = colour('ink'); c.lineWidth = 2.5;
    c.beginPath(); c.moveTo(x - 4, toY(evidence)); c.lineTo(left + width - 6, toY(evidence)); c.stroke();
    c.textAlign = 'left'; c.fillStyle = colour('ink');
    c.fillText(`log p(x) ${shown(evidence)}`, words, toY(evidence) - 11);
    const room = toY(bound) - toY(evidence);
    c.fillStyle = colour('c');
    if (room > 20) c.fillText(`gap ${shown(gap)}`, words, toY(evidence) + Math.min(room / 2, 60));
    c.fillStyle = colour('b');
    if (bound < floor) c.fillText(`bound ${shown(bound)} ↓`, words, toY(floor) - 11);
    else c.fillText(`bound ${shown(bound)}`, words, Math.min(toY(bound) + 12, toY(floor) - 11));
    c.fillStyle = colour('ink'); c.textAlign = 'center'; c.fillText('nats', left + width / 2, height - 10);
  }

  function drawCurves(c, left, width, height, colour) {
    const all = floats(rust.elbo_curves(bar), rust.elbo_length(bar)), n = all.length / 3;
    const high = 1.08 * Math.max(0.75, ...all), toX = i => left + 10 + i / (n - 1) * (width - 20), toY = v => height - 40 - v / high * (height - 64);
    c.strokeStyle = colour('grid'); c.lineWidth = 1; c.fillStyle = colour('ink'); c.textAlign = 'center'; c.textBaseline = 'middle';
    for (let z = -4; z <= 4; z += 2) {
      const x = toX((z + 4) / 8 * (n - 1));
      c.beginPath(); c.moveTo(x, 22); c.lineTo(x, toY(0)); c.stroke();
      c.fillText(shown(z, 0), x, toY(0) + 12);
    }
    c.fillText('z', left + width / 2, height - 10);
    c.textAlign = 'left';
    ['d', 'a', 'b'].forEach((role, k) => {
      c.strokeStyle = c.fillStyle = colour(role); c.lineWidth = k ? 3 : 2; c.setLineDash(k ? [] : [7, 5]);
      c.beginPath();
      for (let i = 0; i < n; i++) c.lineTo(toX(i), toY(all[k * n + i]));
      c.stroke(); c.setLineDash([]);
      c.fillText(['prior', 'posterior', 'q'][k], left + 14, 32 + 18 * k);
    });
  }

  function draw(c, width, height, colour) {
    c.font = `${width < 480 ? 12 : 14}px sans-serif`;
    const half = width * 0.46;
    drawBar(c, 0, half, height, colour);
    drawCurves(c, half, width - half, height, colour);
  }

  function tell() {
    const s = state(), pixels = part('model').value === '1';
    for (const name of ['m', 's']) {
      part(name).value = s[name];
      part(name).nextElementSibling.textContent = shown(s[name]);
    }
    figure.querySelector('[data-act=best]').textContent = pixels ? 'To the best Gaussian' : 'To the posterior';
    const how = s.gap < 5e-7 ? 'The bound is tight: q is the posterior.' : 'The bound is not tight.';
    say(`log p(x) ${shown(s.evidence, 4)} = bound ${shown(s.bound, 4)} + gap ${shown(s.gap, 4)} nats. ${how}`);
    redraw();
  }
  function act(name) {
    if (name === 'best') rust.elbo_best(bar);
    if (name === 'reset') rust.elbo_reset(bar);
    tell();
  }
  for (const name of ['m', 's']) part(name).addEventListener('input', () => {
    // The other one as Rust holds it: a slider rounds.
    const { m, s } = state(), value = +part(name).value;
    if (name === 'm') rust.elbo_place(bar, value, s); else rust.elbo_place(bar, m, value);
    tell();
  });
  part('model').addEventListener('change', () => { rust.elbo_choose(bar, +part('model').value); tell(); });
  figure.querySelector('.controls').addEventListener('keydown', event => event.stopPropagation()); // mdBook turns pages with the arrows
  part('model').value = '0'; // a browser may remember another choice
  tell();
  return { draw, act, key: () => false };
});
