// Chapter 4's live figure: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
live.add('em.staircase', 'em', ({ rust, figure, canvas, redraw, say }) => {
  const stairs = rust.em_new(), side = rust.em_side(), reach = rust.em_reach();
  const slider = figure.querySelector('input'), cells = figure.querySelectorAll('.chain td'), map = document.createElement('canvas');
  const starts = [[-0.9, 0.12], [1.2, -0.25], [0.1, 1.5], [-1.4, -1.3], [0, 0], [1.5, 0.03], [-0.2, -0.6]];
  let at = 0, timer = 0, drawn = '', last = 'At the start';
  map.width = map.height = side;
  // Rust may move its memory: every view is made anew.
  const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const state = () => { const [u, w, old, bound, now, earned, given, halves, psi, top] = floats(rust.em_state(stairs), 10); return { u, w, old, bound, now, earned, given, halves, psi, top }; };
  const number = (v, digits = 4) => (Math.abs(v) < 0.5 * 10 ** -digits ? 0 : v).toFixed(digits).replace('-', '−');
  const LEVELS = [0.005, 0.02, 0.05, 0.1, 0.18, 0.3, 0.45, 0.65, 0.9, 1.2, 1.6, 2.1, 2.8, 3.7, 5, 7];
  // The map is a square at the left; what is right of it holds the bars, if there is room.
  const size = () => Math.min(canvas.clientHeight - 34, canvas.clientWidth - 44);
  const left = 38, upper = 6;
  const toX = u => left + (u + reach) / (2 * reach) * size(), toY = w => upper + (reach - w) / (2 * reach) * size();

  function paint(colour) {
    const key = `${state().psi} ${colour('a')}`;
    if (key === drawn) return;
    drawn = key;
    const depths = floats(rust.em_depths(stairs), side * side), c = map.getContext('2d');
    c.clearRect(0, 0, side, side);
    c.fillStyle = colour('a');
    for (let i = 0; i < side; i++) for (let j = 0; j < side; j++) {
      const band = LEVELS.findIndex(level => depths[i * side + j] < level);
      if (band < 0) continue;
      c.globalAlpha = 0.78 * (1 - band / LEVELS.length) ** 1.3;
      c.fillRect(j, side - 1 - i, 1, 1);
    }
  }

  function draw(c, width, height, colour) {
    const s = state(), p = floats(rust.em_path(stairs), 2 * rust.em_places(stairs)), box = size();
    paint(colour);
    c.imageSmoothingEnabled = true;
    c.drawImage(map, left, upper, box, box);
    c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(left, upper, box, box);
    c.fillStyle = c.strokeStyle = colour('ink');
    c.font = '14px system-ui, sans-serif'; c.textAlign = 'center';
    for (const v of [-1, 0, 1]) { c.fillText(number(v, 0), toX(v), upper + box + 17); c.fillText(number(v, 0), left - 14, toY(v) + 5); }
    c.fillText('u', toX(0.5), upper + box + 20); c.fillText('w', left - 14, toY(0.5) + 5);
    c.lineWidth = 1.5; c.setLineDash([6, 5]); c.beginPath(); c.moveTo(toX(-reach), toY(-reach)); c.lineTo(toX(reach), toY(reach)); c.stroke(); c.setLineDash([]);
    c.strokeStyle = colour('b'); c.lineWidth = 3; c.beginPath();
    for (let i = 0; i < p.length; i += 2) c.lineTo(toX(p[i]), toY(p[i + 1]));
    c.stroke();
    c.fillStyle = colour('ink'); c.beginPath(); c.arc(toX(p[0]), toY(p[1]), 4, 0, 7); c.fill();
    c.fillStyle = colour('b'); c.beginPath(); c.arc(toX(s.u), toY(s.w), 7, 0, 7); c.fill();
    c.strokeStyle = colour('ink'); c.lineWidth = 2; c.stroke();
    if (width - left - box > 190) bars(c, s, left + box + 46, width - 14, height, colour);
  }

  // The whole bar is log p(x) at w: the bound, and the gap above it. A line marks log p(x) at u.
  function bars(c, s, from, to, height, colour) {
    const foot = height - 28, floor = s.top - 2.2, y = v => foot - Math.max(0, (v - floor) / 2.2) * (foot - 30), middle = (from + to) / 2, half = Math.min(55, (to - from) / 4);
    c.fillStyle = colour('b'); c.globalAlpha = 0.85; c.fillRect(middle - half, y(s.bound), 2 * half, foot - y(s.bound));
    c.fillStyle = colour('c'); c.fillRect(middle - half, y(s.now), 2 * half, y(s.bound) - y(s.now)); c.globalAlpha = 1;
    c.strokeStyle = c.fillStyle = colour('ink'); c.lineWidth = 1.5;
    const line = v => { c.beginPath(); c.moveTo(middle - half - 12, y(v)); c.lineTo(middle + half + 12, y(v)); c.stroke(); };
    c.setLineDash([3, 3]); line(s.old); c.setLineDash([]);
    c.textAlign = 'center'; c.fillText('log p(x) at w', middle, Math.max(18, y(s.now) - 8));
    c.fillText('bound, and gap above', middle, foot + 18);
    c.textAlign = 'left'; c.fillText('at u', middle + half + 16, y(s.old) + 5);
  }

  function tell(what) {
    if (what) last = what;
    const s = state();
    [s.old, s.bound, s.now, s.earned, s.given].forEach((v, i) => { cells[i].textContent = number(v); });
    say(`${last}. Half steps: ${s.halves}. u is ${number(s.u, 3)}, w is ${number(s.w, 3)}. The bound is ${number(s.bound)} nats, log p(x) at w is ${number(s.now)}, the gap ${number(s.given)}; the summit is at ${number(s.top)}.`);
    redraw();
  }
  function take(kind) {
    const s = state(), due = kind === 'half' ? (s.u === s.w ? 'm' : 'e') : kind;
    const moved = due === 'e' ? rust.em_e(stairs) : rust.em_m(stairs), now = state();
    const words = due === 'e' ? 'E step, level to the diagonal: the gap is closed' : `M step: w goes from ${number(s.w, 3)} to ${number(now.w, 3)}`;
    tell(moved ? words : due === 'e' ? 'The E step changes nothing: q is the posterior already' : 'The M step changes nothing: this is the top of the column');
    return Math.abs(now.u - s.u) + Math.abs(now.w - s.w);
  }
  function play(on) {
    clearInterval(timer);
    const button = figure.querySelector('[data-act=play]');
    button.textContent = on ? 'Pause' : 'Play';
    button.setAttribute('aria-pressed', on);
    timer = on ? setInterval(() => { if (take('half') < 1e-3) play(false); }, 450) : 0;
  }
  function act(name) {
    if (name === 'play') return play(!timer);
    play(false);
    if (name === 'e' || name === 'm') take(name);
    if (name === 'back') tell(rust.em_back(stairs) ? 'One half step back' : 'This is the start');
    if (name === 'start') { at = (at + 1) % starts.length; rust.em_restart(stairs, ...starts[at]); tell('A new start'); }
  }
  function key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const name = { ArrowRight: 'half', ArrowLeft: 'back', e: 'e', m: 'm', n: 'start' }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name) return false;
    event.stopPropagation(); // mdBook turns pages with the arrows
    if (name === 'half') { play(false); take('half'); } else act(name);
    return true;
  }
  slider.addEventListener('input', () => {
    play(false);
    rust.em_noise(stairs, +slider.value);
    figure.querySelector('output').textContent = number(+slider.value, 2);
    tell(+slider.value < 1 ? `Noise ${number(+slider.value, 2)}: two summits` : `Noise ${number(+slider.value, 2)}: as much as there is, so one summit, at zero`);
  });
  canvas.addEventListener('pointerdown', event => {
    const box = canvas.getBoundingClientRect(), unit = 2 * reach / size();
    const u = (event.clientX - box.left - left) * unit - reach, w = reach - (event.clientY - box.top - upper) * unit;
    if (Math.abs(u) > reach || Math.abs(w) > reach) return;
    play(false);
    rust.em_restart(stairs, u, w);
    tell('A start of your own');
  });
  tell();
  return { draw, act, key };
});
