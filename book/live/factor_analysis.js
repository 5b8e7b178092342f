// Chapter 2's live figure: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
live.add('factor_analysis.noisy', 'factor_analysis', ({ rust, figure, canvas, redraw, say }) => {
  const cloud = rust.factor_analysis_new();
  // Rust may move its memory: every view is made anew.
  const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const slider = name => figure.querySelector(`[data-name=${name}]`);
  const noise = () => +slider('noise').value, unit = () => 10 ** +slider('unit').value;
  const state = () => { const s = floats(rust.factor_analysis_state(cloud), 9); return { pca: s.slice(0, 3), loadings: s.slice(3, 6), shared: s.slice(6, 9) }; };

  // The cloud of columns 1 and 3 in a square, one scale for both, and the two directions.
  function scatter(c, colour, left, top, size) {
    const rows = rust.factor_analysis_count(cloud), p = floats(rust.factor_analysis_points(cloud), 3 * rows), s = state();
    let reach = 3;
    for (let i = 0; i < p.length; i += 3) reach = Math.max(reach, Math.abs(p[i]), Math.abs(p[i + 2]));
    const scale = size / 2 / (1.08 * reach), toX = v => left + size / 2 + v * scale, toY = v => top + size / 2 - v * scale;
    c.save(); c.beginPath(); c.rect(left, top, size, size); c.clip();
    c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(left, top, size, size);
    c.beginPath(); c.moveTo(toX(-reach), toY(0)); c.lineTo(toX(reach), toY(0)); c.moveTo(toX(0), toY(-reach)); c.lineTo(toX(0), toY(reach)); c.stroke();
    c.fillStyle = colour('a'); c.globalAlpha = 0.6;
    for (let i = 0; i < p.length; i += 3) { c.beginPath(); c.arc(toX(p[i]), toY(p[i + 2]), 3, 0, 7); c.fill(); }
    c.globalAlpha = 1;
    const line = (x, y, role, dash) => {
      const far = 1.5 * reach / Math.hypot(x, y);
      c.strokeStyle = colour(role); c.lineWidth = 4; c.setLineDash(dash);
      c.beginPath(); c.moveTo(toX(-far * x), toY(-far * y)); c.lineTo(toX(far * x), toY(far * y)); c.stroke(); c.setLineDash([]);
    };
    line(s.pca[0], s.pca[2], 'c', []);
    line(s.loadings[0], s.loadings[2] * unit(), 'b', [10, 7]);
    c.restore();
  }

  // Three upright bars with their names; `whole` draws the rest of each up to 1 as well.
  function bars(c, colour, values, title, role, most, whole, left, top, width, height) {
    const base = top + height - 20, room = height - 64, step = width / 3;
    c.fillStyle = colour('ink'); c.textAlign = 'center';
    title.forEach((words, i) => c.fillText(words, left + width / 2, top + 14 + 17 * i));
    values.forEach((v, j) => {
      const x = left + j * step + 0.14 * step, tall = Math.min(v / most, 1) * room;
      if (whole) { c.fillStyle = colour('a'); c.globalAlpha = 0.3; c.fillRect(x, base - room, 0.72 * step, room); c.globalAlpha = 1; }
      c.fillStyle = colour(role); c.fillRect(x, base - tall, 0.72 * step, tall);
      c.fillStyle = colour('ink'); c.fillText(j + 1, x + 0.36 * step, base + 16);
    });
    c.strokeStyle = colour('ink'); c.lineWidth = 1; c.beginPath(); c.moveTo(left, base); c.lineTo(left + width, base); c.stroke();
  }

  function draw(c, width, height, colour) {
    const s = state(), wide = width > 520, pad = 10;
    canvas.style.aspectRatio = wide ? '2 / 1' : '4 / 5'; // a change of size draws again
    c.font = `${wide ? 14 : 12}px ${getComputedStyle(figure).getPropertyValue('--sans') || 'sans-serif'}`;
    const size = wide ? Math.min(height - 2 * pad - 22, 0.44 * width) : 0.5 * height - 12;
    const left = wide ? pad : (width - size) / 2, top = wide ? (height - size - 20) / 2 : 4;
    scatter(c, colour, left, top, size);
    c.fillStyle = colour('ink'); c.textAlign = 'center';
    c.fillText('column 1 across, column 3 up', left + size / 2, top + size + 15);
    const from = wide ? left + size + 22 : pad, upper = wide ? top : top + size + 22, tall = wide ? size + 20 : height - upper - 4;
    const each = (width - from - pad) / 3, inner = each - 12;
    bars(c, colour, s.pca, ['PCA:', 'entries'], 'c', 1, false, from, upper, inner, tall);
    bars(c, colour, s.loadings, ['FA:', 'loadings'], 'b', 1.25, false, from + each + 4, upper, inner, tall);
    bars(c, colour, s.shared, ['FA: shared', 'and own'], 'b', 1, true, from + 2 * each + 8, upper, inner, tall);
  }

  const short = v => v < 1 ? v.toFixed(2).replace(/0$/, '') : v.toFixed(1).replace(/\.0$/, '');
  function tell() {
    rust.factor_analysis_set(cloud, noise(), unit());
    for (const [name, value] of [['noise', noise()], ['unit', unit()]]) {
      figure.querySelector(`[data-of=${name}]`).textContent = short(value);
      slider(name).setAttribute('aria-valuetext', short(value));
    }
    const s = state();
    say(`Noise ${short(noise())}, values of column 3 times ${short(unit())}. PCA's first direction: ${[...s.pca].map(v => v.toFixed(2)).join(', ')}. Loadings, in the old unit: ${[...s.loadings].map(v => v.toFixed(2)).join(', ')}. Column 3 shares ${(100 * s.shared[2]).toFixed(0)} % of its variance.`);
    redraw();
  }
  function act(name) {
    if (name === 'reset') { slider('noise').value = 0.3; slider('unit').value = 0; }
    tell();
  }
  for (const name of ['noise', 'unit']) {
    slider(name).addEventListener('input', tell);
    slider(name).addEventListener('keydown', event => { if (event.key.startsWith('Arrow')) event.stopPropagation(); }); // mdBook turns pages with the arrows
  }
  tell();
  return { draw, act, key: () => false };
});
