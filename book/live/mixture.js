// Chapter 5's live figures: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
live.add('mixture.em', 'mixture', ({ rust, figure, canvas, redraw, say }) => {
  const cloud = rust.mixture_new(), reach = rust.mixture_reach(), cells = figure.querySelectorAll('.chain td');
  const due = figure.querySelector('[data-act=half]');
  let timer = 0, last = 'The bad start', cursor = null;
  // Rust may move its memory: every view is made anew.
  const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const state = () => { const [nats, bound, a, b, halves, e] = floats(rust.mixture_state(cloud), 6); return { nats, bound, a, b, halves, e: e === 1 }; };
  const words = () => new TextDecoder().decode(new Uint8Array(rust.memory.buffer, rust.mixture_words(cloud), rust.mixture_words_length(cloud)));
  const number = (v, digits = 2) => Number.isNaN(v) ? '–' : (Math.abs(v) < 0.5 * 10 ** -digits ? 0 : v).toFixed(digits).replace('-', '−');
  const edge = 26;
  const toX = x => edge + (x + reach) / (2 * reach) * (canvas.clientWidth - 2 * edge), toY = y => edge + (reach - y) / (2 * reach) * (canvas.clientHeight - 2 * edge);

  function draw(c, width, height, colour) {
    const rows = floats(rust.mixture_rows(cloud), 3 * rust.mixture_count(cloud)), e = floats(rust.mixture_ellipses(cloud), 12);
    c.strokeStyle = colour('grid'); c.lineWidth = 1;
    c.font = '14px system-ui, sans-serif'; c.textAlign = 'center'; c.fillStyle = colour('ink');
    for (const v of [-2, -1, 0, 1, 2]) {
      c.beginPath(); c.moveTo(toX(v), edge); c.lineTo(toX(v), height - edge); c.moveTo(edge, toY(v)); c.lineTo(width - edge, toY(v)); c.stroke();
      c.fillText(number(v, 0), toX(v), height - 8); c.fillText(number(v, 0), 12, toY(v) + 5);
    }
    c.textAlign = 'right'; c.fillText('in standard deviations', width - edge, height - edge - 6); c.textAlign = 'center';
    for (let i = 0; i < rows.length; i += 3) {
      const x = toX(rows[i]), y = toY(rows[i + 1]), r = rows[i + 2], sure = Math.abs(2 * r - 1);
      c.fillStyle = colour('ink'); c.globalAlpha = 0.3 * (1 - sure);
      shape(c, x, y, r);
      c.fillStyle = colour(r > 0.5 ? 'b' : 'c'); c.globalAlpha = 0.8 * sure;
      shape(c, x, y, r);
    }
    c.globalAlpha = 1;
    for (const k of [0, 1]) {
      const [weight, mx, my, a, b, d] = e.slice(6 * k, 6 * k + 6);
      c.strokeStyle = colour(k ? 'c' : 'b'); c.lineWidth = 1.5 + 4 * weight; c.setLineDash(k ? [9, 5] : []); c.beginPath();
      for (let i = 0; i <= 72; i++) { const t = i * Math.PI / 36; c.lineTo(toX(mx + 2 * a * Math.cos(t)), toY(my + 2 * (b * Math.cos(t) + d * Math.sin(t)))); }
      c.stroke(); c.setLineDash([]);
      c.fillStyle = colour('ink'); c.font = '600 15px system-ui, sans-serif'; c.fillText(k ? '■' : '●', toX(mx), toY(my) + 5);
    }
    if (cursor) {
      c.strokeStyle = colour('ink'); c.lineWidth = 2; c.beginPath();
      c.moveTo(toX(cursor[0]) - 12, toY(cursor[1])); c.lineTo(toX(cursor[0]) + 12, toY(cursor[1])); c.moveTo(toX(cursor[0]), toY(cursor[1]) - 12); c.lineTo(toX(cursor[0]), toY(cursor[1]) + 12); c.stroke();
    }
  }
  function shape(c, x, y, r) {
    if (r > 0.5) { c.beginPath(); c.arc(x, y, 4.5, 0, 7); c.fill(); } else c.fillRect(x - 4, y - 4, 8, 8);
  }
  function tell(what) {
    if (what) last = what;
    const s = state(), why = words();
    [s.bound, s.nats - s.bound, s.nats, s.a, s.b].forEach((v, i) => { cells[i].textContent = number(v); });
    due.textContent = s.e ? 'E step' : 'M step';
    say(why ? `Refused: ${why}.` : `${last}. Half steps: ${s.halves}. The bound is ${number(s.bound)} nats, the log-likelihood ${number(s.nats)}; the components account for ${number(s.a, 1)} and ${number(s.b, 1)} of ${rust.mixture_count(cloud)} points.`);
    redraw();
  }
  function half() {
    const before = state(), taken = rust.mixture_half(cloud), now = state();
    tell(before.e ? 'E step: the shares are the posterior, and the gap is closed' : `M step: the bound rises by ${number(now.bound - before.bound, 4)}`);
    if (!taken) play(false);
    return taken && (before.e || now.bound - before.bound > 1e-4);
  }
  function play(on) {
    clearInterval(timer);
    const button = figure.querySelector('[data-act=play]');
    button.textContent = on ? 'Pause' : 'Play';
    button.setAttribute('aria-pressed', on);
    timer = on ? setInterval(() => { if (!half()) play(false); }, 350) : 0;
  }
  function drop(x, y) {
    play(false);
    tell(rust.mixture_drop(cloud, x, y) ? `A point at ${number(x, 1)}, ${number(y, 1)}` : 'The cloud is full');
  }
  function act(name) {
    if (name === 'play') return play(!timer);
    play(false);
    if (name === 'half') half();
    if (name === 'back') tell(rust.mixture_back(cloud) ? 'One half step back' : 'This is the start');
    const kind = ['bad', 'good', 'spike'].indexOf(name);
    if (kind >= 0) { rust.mixture_restart(cloud, kind); tell(['The bad start', 'The good start', 'The second component sits on one point'][kind]); }
    if (name === 'clear') { rust.mixture_data(cloud, 0); cursor = cursor || [0, 0]; tell('An empty cloud: tap to drop points, or move the cross with the arrows and press Enter'); }
    if (name === 'geyser') { rust.mixture_data(cloud, 1); tell('Old Faithful, standardised, and the bad start'); }
  }
  function key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const name = { s: 'half', b: 'back', p: 'play' }[event.key.toLowerCase()];
    if (move) {
      const far = event.shiftKey ? 0.5 : 0.1, hold = v => Math.max(-reach, Math.min(reach, v));
      cursor = cursor || [0, 0];
      cursor = [hold(cursor[0] + far * move[0]), hold(cursor[1] + far * move[1])];
      say(`The cross is at ${number(cursor[0], 1)}, ${number(cursor[1], 1)}.`);
      redraw();
    } else if (event.key === 'Enter') { cursor = cursor || [0, 0]; drop(...cursor); } else if (name) act(name); else return false;
    event.stopPropagation(); // mdBook turns pages with the arrows
    return true;
  }
  // A tap, not the beginning of a scroll: the pointer must come up where it went down.
  let down = null;
  canvas.addEventListener('pointerdown', event => { down = [event.clientX, event.clientY]; });
  canvas.addEventListener('pointerup', event => {
    if (!down || Math.hypot(event.clientX - down[0], event.clientY - down[1]) > 8) return;
    const box = canvas.getBoundingClientRect();
    drop(((event.clientX - box.left - edge) / (box.width - 2 * edge) * 2 - 1) * reach, (1 - (event.clientY - box.top - edge) / (box.height - 2 * edge) * 2) * reach);
  });
  tell();
  return { draw, act, key };
});

live.add('mixture.templates', 'mixture', ({ rust, figure, canvas, redraw, say }) => {
  const templates = rust.mixture_templates_new(), slider = figure.querySelector('input');
  let seed = 0, timer = 0;
  const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const state = () => { const [k, steps, bound, gain] = floats(rust.mixture_templates_state(templates), 4); return { k, steps, bound, gain }; };
  const number = (v, digits) => v.toFixed(digits).replace('-', '−');

  function draw(c, width, height, colour) {
    const { k } = state(), theta = floats(rust.mixture_templates_theta(templates), 64 * k), counts = floats(rust.mixture_templates_counts(templates), k);
    const columns = width < 480 && k > 3 ? Math.ceil(k / 2) : k, lines = Math.ceil(k / columns);
    const side = Math.min((width - 12 * (columns + 1)) / columns, (height - 30 * lines) / lines), left = (width - columns * (side + 12) + 12) / 2;
    c.font = '14px system-ui, sans-serif'; c.textAlign = 'center';
    for (let i = 0; i < k; i++) {
      const x = left + (i % columns) * (side + 12), y = Math.floor(i / columns) * (side + 30) + 2, cell = side / 8;
      c.fillStyle = colour('ink');
      for (let d = 0; d < 64; d++) { c.globalAlpha = theta[64 * i + d]; c.fillRect(x + (d % 8) * cell, y + Math.floor(d / 8) * cell, cell + 0.5, cell + 0.5); }
      c.globalAlpha = 1;
      c.strokeStyle = colour('grid'); c.strokeRect(x, y, side, side);
      c.fillText(number(counts[i], 1), x + side / 2, y + side + 18);
    }
  }
  function tell(what = '') {
    const s = state(), counts = [...floats(rust.mixture_templates_counts(templates), s.k)].map(n => number(n, 1));
    say(`${what}Step ${s.steps}: the bound is ${number(s.bound, 2)} nats${s.steps ? `, ${number(s.gain, 3)} more than before` : ''}. The templates account for ${counts.slice(0, -1).join(', ')} and ${counts[s.k - 1]} of 541 digits.`);
    redraw();
  }
  function step() { const gained = rust.mixture_templates_step(templates); tell(); return gained; }
  function play(on) {
    clearInterval(timer);
    const button = figure.querySelector('[data-act=play]');
    button.textContent = on ? 'Pause' : 'Play';
    button.setAttribute('aria-pressed', on);
    timer = on ? setInterval(() => { if (!step()) play(false); }, 200) : 0;
  }
  function restart(what) { play(false); rust.mixture_templates_restart(templates, +slider.value, seed); tell(what); }
  function act(name) {
    if (name === 'play') return play(!timer);
    play(false);
    if (name === 'step') step();
    if (name === 'start') { seed++; restart('A new start. '); }
  }
  function key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const name = { ArrowRight: 'step', p: 'play', n: 'start' }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name) return false;
    event.stopPropagation(); // mdBook turns pages with the arrows
    act(name);
    return true;
  }
  slider.addEventListener('input', () => { figure.querySelector('output').textContent = slider.value; restart(`${slider.value} templates. `); });
  tell();
  return { draw, act, key };
});
