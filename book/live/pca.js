// Chapter 1's live figure: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
live.add('pca.descent', 'pca', ({ rust, figure, canvas, redraw, say }) => {
  let cloud = rust.pca_new(), chosen = -1, dragged = -1, running = false, starts = 0;
  // Rust may move its memory: every view is made anew.
  const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const state = () => {
    const [mx, my, vx, vy, l1, l2, wx, wy, loss, steps, degrees] = floats(rust.pca_state(cloud), 11);
    return { mx, my, vx, vy, l1, l2, wx, wy, loss, steps, degrees };
  };
  const points = () => floats(rust.pca_points(cloud), 2 * rust.pca_count(cloud));
  const unit = () => canvas.clientWidth / 7.2;
  const toX = v => canvas.clientWidth / 2 + v * unit(), toY = v => canvas.clientHeight / 2 - v * unit();

  function draw(c, width, height, colour) {
    const s = state(), p = points(), far = 12;
    const line = (dx, dy) => { c.beginPath(); c.moveTo(toX(s.mx - far * dx), toY(s.my - far * dy)); c.lineTo(toX(s.mx + far * dx), toY(s.my + far * dy)); c.stroke(); };
    c.strokeStyle = colour('grid'); c.lineWidth = 1.5;
    for (let i = 0; i < p.length; i += 2) {
      const t = (p[i] - s.mx) * s.vx + (p[i + 1] - s.my) * s.vy;
      c.beginPath(); c.moveTo(toX(p[i]), toY(p[i + 1])); c.lineTo(toX(s.mx + t * s.vx), toY(s.my + t * s.vy)); c.stroke();
    }
    c.strokeStyle = colour('c'); c.lineWidth = 4; line(s.vx, s.vy);
    c.strokeStyle = colour('b'); c.lineWidth = 3; c.setLineDash([9, 7]);
    const size = Math.hypot(s.wx, s.wy) || 1; line(s.wx / size, s.wy / size); c.setLineDash([]);
    const ex = toX(s.mx + s.wx), ey = toY(s.my + s.wy), turn = Math.atan2(ey - toY(s.my), ex - toX(s.mx));
    c.lineWidth = 4; c.beginPath(); c.moveTo(toX(s.mx), toY(s.my)); c.lineTo(ex, ey);
    for (const side of [2.6, -2.6]) { c.moveTo(ex, ey); c.lineTo(ex + 14 * Math.cos(turn + side), ey + 14 * Math.sin(turn + side)); }
    c.stroke();
    for (let i = 0; i < p.length; i += 2) {
      const active = i / 2 === chosen || i / 2 === dragged;
      c.fillStyle = colour('a'); c.beginPath(); c.arc(toX(p[i]), toY(p[i + 1]), active ? 10 : 7, 0, 7); c.fill();
      if (active) { c.strokeStyle = colour('ink'); c.lineWidth = 2.5; c.stroke(); }
    }
  }

  function tell() {
    const s = state();
    say(`Step ${s.steps}: loss ${s.loss.toFixed(4)}, smallest possible ${s.l2.toFixed(4)}; the lines are ${s.degrees.toFixed(1)} degrees apart, and the arrow is ${Math.hypot(s.wx, s.wy).toFixed(3)} long.`);
    redraw();
  }
  function run(on) {
    running = on;
    const button = figure.querySelector('[data-act=run]');
    button.textContent = on ? 'Pause' : 'Descend';
    button.setAttribute('aria-pressed', on);
    if (on) requestAnimationFrame(loop);
  }
  function loop() {
    if (!running) return;
    rust.pca_descend(cloud, 1);
    const s = state();
    tell();
    if (s.degrees < 0.01 && s.loss - s.l2 < 1e-6 * (s.l1 + s.l2)) run(false); else requestAnimationFrame(loop);
  }
  function act(name) {
    if (name === 'run') run(!running);
    if (name === 'step') rust.pca_descend(cloud, 1);
    if (name === 'start') { const turn = 2.4 * ++starts + 1.8; rust.pca_restart(cloud, 1.25 * Math.cos(turn), 1.25 * Math.sin(turn)); }
    if (name === 'reset') { cloud = rust.pca_new(); chosen = -1; }
    tell();
  }
  function key(event) {
    const n = rust.pca_count(cloud), moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }, move = moves[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    if (event.key === 'n' || event.key === 'N') chosen = (chosen + 1) % n;
    else if (event.key === 'p' || event.key === 'P') chosen = (chosen + n) % (n + (chosen < 0 ? 1 : 0));
    else if (move) {
      if (chosen < 0) chosen = 0;
      const p = points(), far = event.shiftKey ? 0.5 : 0.1;
      rust.pca_place(cloud, chosen, p[2 * chosen] + far * move[0], p[2 * chosen + 1] + far * move[1]);
    } else return false;
    event.stopPropagation(); // mdBook turns pages with the arrows
    tell();
    return true;
  }
  const at = event => { const box = canvas.getBoundingClientRect(); return [(event.clientX - box.left - box.width / 2) / unit(), (box.top + box.height / 2 - event.clientY) / unit()]; };
  canvas.addEventListener('pointerdown', event => {
    const [x, y] = at(event), p = points(), reach = (event.pointerType === 'touch' ? 26 : 18) / unit();
    let best = reach;
    for (let i = 0; i < p.length; i += 2) { const d = Math.hypot(p[i] - x, p[i + 1] - y); if (d < best) { best = d; dragged = i / 2; } }
    if (dragged >= 0) { chosen = dragged; canvas.setPointerCapture(event.pointerId); event.preventDefault(); canvas.focus({ preventScroll: true }); tell(); }
  });
  canvas.addEventListener('pointermove', event => { if (dragged >= 0) { rust.pca_place(cloud, dragged, ...at(event)); tell(); } });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { dragged = -1; redraw(); });
  // A finger that takes a point drags it; one that does not scrolls the page.
  canvas.addEventListener('touchmove', event => { if (dragged >= 0) event.preventDefault(); }, { passive: false });
  tell();
  return { draw, act, key };
});
