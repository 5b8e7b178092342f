// Chapter 7's live figures: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
{
  const number = (v, digits = 2) => (Math.abs(v) < 0.5 * 10 ** -digits ? 0 : v).toFixed(digits).replace('-', '−');
  const font = (c, size, align) => { c.font = `${size}px system-ui, sans-serif`; c.textAlign = align; };
  // Rust may move its memory: every view is made anew.
  const views = rust => (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const segment = (c, ...points) => { c.beginPath(); points.forEach(p => c.lineTo(...p)); c.stroke(); };
  const ring = (c, x, y, r) => { c.beginPath(); c.arc(x, y, r, 0, 7); };
  function arrow(c, x, y, far) {
    segment(c, [x, y], [x + far, y]);
    const tip = Math.sign(far) * Math.min(5, Math.abs(far));
    segment(c, [x + far - tip, y - 4], [x + far, y], [x + far - tip, y + 4]);
  }
  // A square of n × n shares of ink.
  function image(c, shares, n, x, y, side, ink, smooth = false) {
    const small = document.createElement('canvas'), s = small.getContext('2d');
    small.width = small.height = n;
    s.fillStyle = ink;
    shares.forEach((share, d) => { s.globalAlpha = share; s.fillRect(d % n, Math.floor(d / n), 1, 1); });
    c.imageSmoothingEnabled = smooth;
    c.drawImage(small, x, y, side, side);
  }
  // A digit at its code is written as what it is: ten colours alone would be too many for any eye.
  const LIGHT = ['#332288', '#0b6e99', '#117733', '#8a6d00', '#a3324b', '#882255', '#9c2f9e', '#5a5a5a', '#b04a00', '#00706a'];
  const DARK = ['#a9a4ff', '#7cc7ee', '#67d383', '#e5cf5b', '#ff9aa8', '#f28bc4', '#dd9bee', '#c9c9c9', '#ffb070', '#5fd8cc'];
  const palette = () => document.documentElement.classList.contains('navy') ? DARK : LIGHT;
  function glyphs(c, codes, toX, toY, size, skip) {
    const colours = palette();
    font(c, size, 'center');
    for (let i = 0; i < codes.length; i += 3 * skip) { c.fillStyle = colours[codes[i + 2]]; c.fillText(codes[i + 2], toX(codes[i]), toY(codes[i + 1]) + size / 3); }
  }
  // The circles that hold 39 and 86 per cent of the prior.
  function prior(c, toX, toY, colour) {
    c.strokeStyle = colour('d'); c.lineWidth = 1.5; c.setLineDash([5, 5]);
    for (const r of [1, 2]) { ring(c, toX(0), toY(0), toX(r) - toX(0)); c.stroke(); }
    c.setLineDash([]);
  }
  // Sliders by name: each shows its value, and says when it moves. mdBook turns pages with the arrows.
  function sliders(figure, show, moved) {
    const all = Object.fromEntries([...figure.querySelectorAll('[data-set]')].map(e => [e.dataset.set, e]));
    for (const e of Object.values(all)) e.addEventListener(e.type === 'range' ? 'input' : 'change', () => moved(e.dataset.set, +e.value));
    figure.querySelector('.controls').addEventListener('keydown', event => event.stopPropagation());
    return (name, value) => { all[name].value = value; const out = all[name].nextElementSibling; if (out) out.textContent = show(name, value); };
  }
  // A key that acts as a button does.
  const acts = (names, act) => event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const name = names[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!name) return false;
    event.stopPropagation();
    act(name);
    return true;
  };

  live.add('vae.plane', 'vae', ({ rust, figure, canvas, redraw, say }) => {
    const plane = rust.vae_plane_new(), floats = views(rust), REACH = 3.5, CELLS = 70, under = document.createElement('canvas');
    const state = () => { const [x, y, q, p, digit, far] = floats(rust.vae_plane_state(plane), 6); return { x, y, q, p, digit, far }; };
    let drawn = '', held = false, down = null;
    const narrow = () => canvas.clientWidth < 560, side = () => narrow() ? canvas.clientWidth : canvas.clientHeight;
    const toX = v => (v + REACH) / (2 * REACH) * side(), toY = v => side() - toX(v);

    // What does not move: the shading, the prior's circles, and every third code.
    function backdrop(scale, colour) {
      const box = side(), key = [box, scale, colour('b')].join();
      if (key === drawn) return;
      drawn = key;
      under.width = under.height = Math.round(box * scale);
      const c = under.getContext('2d'), shade = floats(rust.vae_plane_shade(plane), CELLS * CELLS), most = Math.max(...shade);
      c.setTransform(scale, 0, 0, scale, 0, 0);
      image(c, shade.map(q => 0.6 * Math.sqrt(q / most)), CELLS, 0, 0, box, colour('b'), true);
      prior(c, toX, toY, colour);
      glyphs(c, floats(rust.vae_plane_codes(plane), 4500), toX, toY, 9, 3);
      c.fillStyle = colour('ink'); font(c, 13, 'center');
      for (const v of [-2, 0, 2]) { c.fillText(number(v, 0), toX(v), box - 5); c.fillText(number(v, 0), 14, toY(v) + 4); }
      c.fillText('z₁', toX(1), box - 5); c.fillText('z₂', 14, toY(1) + 4);
    }
    function draw(c, width, height, colour) {
      const s = state(), box = side(), scale = c.getTransform().a;
      backdrop(scale, colour);
      c.drawImage(under, 0, 0, box, box);
      c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(0, 0, box, box);
      for (const [role, w] of [['ink', 5], ['a', 3]]) { c.strokeStyle = colour(role); c.lineWidth = w; ring(c, toX(s.x), toY(s.y), 9); c.stroke(); }
      const room = narrow() ? Math.min(height - box - 16, 150) : Math.min(width - box - 40, height - 90);
      const left = narrow() ? 12 : box + (width - box - room) / 2, top = narrow() ? box + 8 : 26;
      image(c, floats(rust.vae_plane_image(plane), 64), 8, left, top, room, colour('ink'));
      c.strokeStyle = colour('grid'); c.strokeRect(left, top, room, room);
      c.fillStyle = colour('ink'); font(c, 14, narrow() ? 'left' : 'center');
      const lines = [`z = (${number(s.x)}, ${number(s.y)})`, `codes ${number(s.q, 3)}, prior ${number(s.p, 3)}`];
      lines.forEach((text, i) => narrow() ? c.fillText(text, left + room + 14, top + 28 + 24 * i) : c.fillText(text, left + room / 2, top + room + 24 + 22 * i));
    }
    function tell(what = '') {
      const s = state(), times = s.q / s.p;
      const how = times < 0.5 ? `A hole: the prior promises ${times < 1e-3 ? 'a thousand times and more' : `${number(1 / times, 1)} times`} what the codes give` : times > 2 ? `A crowd: the codes lie ${number(times, 1)} times as densely as the prior promises` : `The codes lie ${number(times, 2)} times as densely as the prior promises`;
      say(`${what}z = (${number(s.x)}, ${number(s.y)}). The density of the training digits' codes is ${number(s.q, 4)}, the prior's ${number(s.p, 4)}. ${how}. The nearest code, ${number(s.far)} away, is of ${s.digit === 8 ? 'an' : 'a'} ${s.digit}.`);
      redraw();
    }
    function place(x, y) { rust.vae_plane_place(plane, x, y); tell(); }
    function act(name) {
      if (name === 'hole') rust.vae_plane_hole(plane);
      if (name === 'crowd') rust.vae_plane_crowd(plane);
      if (name === 'middle') rust.vae_plane_place(plane, 0, 0);
      tell();
    }
    const named = acts({ h: 'hole', c: 'crowd', m: 'middle' }, act);
    function key(event) {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!move || event.ctrlKey || event.altKey || event.metaKey) return named(event);
      const s = state(), far = event.shiftKey ? 0.5 : 0.1;
      event.stopPropagation();
      place(s.x + far * move[0], s.y + far * move[1]);
      return true;
    }
    const at = event => { const box = canvas.getBoundingClientRect(); return [(event.clientX - box.left) / side() * 2 * REACH - REACH, REACH - (event.clientY - box.top) / side() * 2 * REACH]; };
    const inside = ([x, y]) => Math.abs(x) <= REACH && Math.abs(y) <= REACH;
    // A mouse takes the ring from anywhere. A finger must touch it, else it scrolls the page; a tap moves the ring.
    canvas.addEventListener('pointerdown', event => {
      const [x, y] = at(event), s = state();
      if (!inside([x, y])) return;
      down = [event.clientX, event.clientY];
      held = event.pointerType !== 'touch' || Math.hypot(x - s.x, y - s.y) < 36 / side() * 2 * REACH;
      if (held) { canvas.setPointerCapture(event.pointerId); event.preventDefault(); canvas.focus({ preventScroll: true }); place(x, y); }
    });
    canvas.addEventListener('pointermove', event => { if (held) place(...at(event)); });
    canvas.addEventListener('pointerup', event => {
      if (!held && down && Math.hypot(event.clientX - down[0], event.clientY - down[1]) < 8 && inside(at(event))) place(...at(event));
      held = false; down = null;
    });
    canvas.addEventListener('pointercancel', () => { held = false; down = null; });
    canvas.addEventListener('touchmove', event => { if (held) event.preventDefault(); }, { passive: false });
    tell();
    return { draw, act, key };
  });

  live.add('vae.random', 'vae', ({ rust, figure, canvas, redraw, say }) => {
    const random = rust.vae_random_new(), floats = views(rust), part = name => figure.querySelector(`[data-set=${name}]`);
    const state = () => { const [m, s, m0, s0, value, bym, bys, pm, ps, cm, cs, dpm, dps, dcm, dcs] = floats(rust.vae_random_state(random), 15); return { m, s, m0, s0, value, slope: [bym, bys], path: [pm, ps], score: [cm, cs], pathSd: [dpm, dps], scoreSd: [dcm, dcs] }; };
    const holds = () => part('way').value === '1', tiny = () => part('f').value === '1';
    let last = '';

    function draw(c, width, height, colour) {
      const s = state(), d = floats(rust.vae_random_draws(random), 60), f = floats(rust.vae_random_curve(random), 101);
      const toX = z => 12 + (z + 5) / 10 * (width - 24), axis = 232, foot = 300, high = tiny() ? -1 : 16, low = tiny() ? -9 : -1;
      const toY = v => 16 + (high - v) / (high - low) * 150;
      // f, and where it is asked.
      c.save(); c.beginPath(); c.rect(0, 6, width, 172); c.clip();
      c.strokeStyle = colour('ink'); c.lineWidth = 2; c.beginPath();
      f.forEach((v, k) => c.lineTo(toX(k / 10 - 5), toY(v)));
      c.stroke(); c.restore();
      c.fillStyle = colour('ink'); font(c, 14, tiny() ? 'left' : 'center'); c.fillText(tiny() ? 'f(z) = log p(x, z)' : 'f(z) = z²', tiny() ? 14 : toX(0), 24);
      // q, and where the draws were made.
      const bell = (m, sd, base, tall, role, dash) => {
        c.strokeStyle = c.fillStyle = colour(role); c.lineWidth = 2; c.setLineDash(dash); c.beginPath();
        for (let k = 0; k <= 120; k++) { const e = k / 15 - 4; c.lineTo(toX(m + sd * e), base - tall / sd * Math.exp(-e * e / 2)); }
        c.stroke(); c.setLineDash([]);
        if (!dash.length) { c.globalAlpha = 0.18; c.fill(); c.globalAlpha = 1; }
      };
      c.save(); c.beginPath(); c.rect(0, 178, width, 60); c.clip();
      if (holds()) bell(s.m0, s.s0, axis, 34, 'd', [5, 5]);
      bell(s.m, s.s, axis, 34, 'b', []);
      c.restore();
      c.strokeStyle = colour('grid'); c.lineWidth = 1; segment(c, [toX(-5), axis], [toX(5), axis]); segment(c, [toX(-5), foot], [toX(5), foot]);
      c.fillStyle = colour('ink'); font(c, 13, 'center');
      for (const z of [-4, -2, 0, 2, 4]) { c.fillText(number(z, 0), toX(z), foot + 17); }
      font(c, 13, 'left'); c.fillText('z', 4, axis - 5); c.fillText('ε', 4, foot - 5);
      for (let i = 0; i < 60; i += 5) {
        const [e, z, v, weight, push] = d.subarray(i, i + 5), x = toX(z), y = Math.max(8, Math.min(178, toY(v)));
        c.globalAlpha = 0.5; c.strokeStyle = colour('a'); c.lineWidth = 1;
        segment(c, [toX(e), foot], [x, axis]);
        c.strokeStyle = colour('grid'); segment(c, [x, axis], [x, y]); c.globalAlpha = 1;
        c.fillStyle = colour('a');
        ring(c, toX(e), foot, 3); c.fill();
        ring(c, x, axis, 4); c.fill();
        // Moving, a draw says which way z should go. Staying, it says how high f is, with a weight.
        if (holds()) { c.globalAlpha = 0.75; ring(c, x, y, Math.min(16, 6 * Math.sqrt(weight))); c.fill(); c.globalAlpha = 1; } else {
          ring(c, x, y, 4); c.fill();
          c.strokeStyle = colour('c'); c.lineWidth = 2; arrow(c, x, y, Math.max(-60, Math.min(60, push * (tiny() ? 12 : 6))));
        }
      }
      gauges(c, s, width, colour);
    }
    // For m and for s: the slope, and the two estimates with a standard error either way.
    function gauges(c, s, width, colour) {
      const reach = tiny() ? 6 : 9, from = 86, toX = v => from + (Math.max(-reach, Math.min(reach, v)) + reach) / (2 * reach) * (width - from - 14);
      ['in m', 'in s'].forEach((name, k) => {
        const y = 346 + 54 * k;
        c.fillStyle = colour('ink'); font(c, 13, 'left'); c.fillText('slope', 6, y + 4); c.fillText(name, 6, y + 20);
        c.strokeStyle = colour('grid'); c.lineWidth = 1; segment(c, [toX(-reach), y + 8], [toX(reach), y + 8]);
        c.strokeStyle = colour('ink'); c.lineWidth = 2; segment(c, [toX(s.slope[k]), y - 10], [toX(s.slope[k]), y + 26]);
        [['c', s.path[k], s.pathSd[k], 0], ['d', s.score[k], s.scoreSd[k], 16]].forEach(([role, mean, sd, down]) => {
          const error = Math.min(sd / Math.sqrt(12), 1e3), mine = (role === 'd') === holds();
          c.strokeStyle = c.fillStyle = colour(role); c.globalAlpha = mine ? 1 : 0.45; c.lineWidth = mine ? 4 : 2.5;
          segment(c, [toX(mean - error), y + down], [toX(mean + error), y + down]);
          ring(c, toX(mean), y + down, mine ? 6 : 4); c.fill(); c.globalAlpha = 1;
        });
      });
      font(c, 13, 'center');
      for (const v of [-1, -0.5, 0, 0.5, 1]) { c.fillStyle = colour('ink'); c.fillText(number(v * reach, v % 1 ? 1 : 0), toX(v * reach), 446); }
      font(c, 13, 'left'); c.fillStyle = colour('ink'); c.fillText('│ slope', from, 466);
      c.fillStyle = colour('c'); c.fillText('● draws move', from + 62, 466); c.fillStyle = colour('d'); c.fillText('● draws stay', from + 166, 466);
    }
    function tell(what) {
      if (what) last = what;
      const s = state(), spread = v => Number.isFinite(v) ? number(v) : 'no bound';
      show('m', s.m); show('s', s.s);
      say(`${last}. ${tiny() ? 'The bound' : 'The mean of f'} is ${number(s.value, 3)}; its slope in m is ${number(s.slope[0])}. Draws that move say ${number(s.path[0])}, and one alone has a standard deviation of ${spread(s.pathSd[0])}; draws that stay say ${number(s.score[0])}, and one alone has ${spread(s.scoreSd[0])}. In s: ${number(s.slope[1])}, by ${number(s.path[1])} (${spread(s.pathSd[1])}) and ${number(s.score[1])} (${spread(s.scoreSd[1])}).`);
      redraw();
    }
    const show = sliders(figure, (_, v) => number(v), (name, value) => {
      const s = state();
      if (name === 'm') rust.vae_random_place(random, value, s.s);
      if (name === 's') rust.vae_random_place(random, s.m, value);
      if (name === 'f') rust.vae_random_choose(random, value);
      if (name === 'way') rust.vae_random_hold(random, value);
      tell(holds() ? `The draws stay where q was N(${number(state().m0)}, ${number(state().s0)}²), and their weights change` : 'The draws move with q');
    });
    function act(name) {
      if (name === 'again') { rust.vae_random_again(random); tell('Twelve new draws, made where q is'); }
      if (name === 'reset') {
        part('f').value = part('way').value = '0';
        rust.vae_random_choose(random, 0); rust.vae_random_hold(random, 0); rust.vae_random_reset(random);
        tell('The draws move with q');
      }
    }
    act('reset'); // a browser may remember other choices
    return { draw, act, key: acts({ n: 'again', r: 'reset' }, act) };
  });

  live.add('vae.gaps', 'vae', ({ rust, figure, redraw, say }) => {
    const gaps = rust.vae_gaps_new(), floats = views(rust), buttons = [...figure.querySelectorAll('[data-act=pixel]')];
    const state = () => { const [x, m, s, evidence, best, bound, bm, bs, own] = floats(rust.vae_gaps_state(gaps), 9); return { x, m, s, evidence, best, bound, bm, bs, own: own === 1 }; };

    function drawBar(c, s, width, height, colour) {
      const total = s.evidence - s.bound, span = [0.5, 1, 2, 4, 8].find(v => v > 1.15 * total) || 16, low = s.evidence - span;
      const top = 30, foot = height - 26, toY = v => top + (s.evidence - Math.max(v, low)) / span * (foot - top), x = 52, wide = Math.min(52, width * 0.2), words = x + wide + 8;
      c.strokeStyle = colour('grid'); c.fillStyle = colour('ink'); c.lineWidth = 1; font(c, 13, 'right');
      for (let k = 0; k <= 4; k++) { const v = s.evidence - span * k / 4; segment(c, [x - 4, toY(v)], [width - 4, toY(v)]); c.fillText(number(v), x - 7, toY(v) + 4); }
      [['b', s.bound, low], ['c', s.best, s.bound], ['d', s.evidence, s.best]].forEach(([role, a, b]) => { c.fillStyle = colour(role); c.fillRect(x, toY(a), wide, toY(b) - toY(a)); });
      c.strokeStyle = colour('ink'); c.lineWidth = 2.5; segment(c, [x - 4, toY(s.evidence)], [width - 6, toY(s.evidence)]);
      font(c, 13, 'left');
      const places = [toY(s.evidence) - 8, (toY(s.evidence) + toY(s.best)) / 2 + 5, (toY(s.best) + toY(s.bound)) / 2 + 5, toY(s.bound) + 14];
      [1, 2, 3].forEach(i => { places[i] = Math.max(places[i], places[i - 1] + (i === 1 ? 20 : 16)); });
      [['ink', `log p(x) ${number(s.evidence, 3)}`], ['d', `approximation ${number(s.evidence - s.best, 3)}`], ['c', `amortisation ${number(s.best - s.bound, 3)}`], ['b', `bound ${number(s.bound, 3)}`]].forEach(([role, text], i) => { c.fillStyle = colour(role); c.fillText(text, words, places[i]); });
      c.fillStyle = colour('ink'); font(c, 13, 'center'); c.fillText('nats', x + wide / 2, height - 8);
    }
    function drawCurves(c, s, left, width, top, height, colour) {
      const all = floats(rust.vae_gaps_curves(gaps), 483), high = 1.06 * Math.max(0.9, ...all), toX = z => left + 8 + (z + 4) / 8 * (width - 16), toY = v => top + height - 28 - v / high * (height - 40);
      c.strokeStyle = colour('grid'); c.lineWidth = 1; c.fillStyle = colour('ink'); font(c, 13, 'center');
      for (let z = -4; z <= 4; z += 2) { segment(c, [toX(z), top + 8], [toX(z), toY(0)]); c.fillText(number(z, 0), Math.min(Math.max(toX(z), left + 14), left + width - 10), toY(0) + 17); }
      c.fillText('z', toX(1), toY(0) + 17);
      font(c, 13, 'left');
      ['a', 'd', 'b'].forEach((role, k) => {
        c.strokeStyle = c.fillStyle = colour(role); c.lineWidth = 3; c.setLineDash(k === 1 ? [7, 5] : []); c.beginPath();
        for (let i = 0; i < 161; i++) c.lineTo(toX(i / 20 - 4), toY(all[161 * k + i]));
        c.stroke(); c.setLineDash([]);
        c.fillText(['posterior', 'best Gaussian', 'q'][k], left + 14, top + 22 + 18 * k);
      });
    }
    function draw(c, width, height, colour) {
      const s = state();
      if (width < 560) {
        drawBar(c, s, width, height * 0.5, colour);
        drawCurves(c, s, 0, width, height * 0.5 + 8, height * 0.5 - 8, colour);
      } else {
        drawBar(c, s, width * 0.44, height, colour);
        drawCurves(c, s, width * 0.46, width * 0.54, 0, height, colour);
      }
    }
    function tell() {
      const s = state(), bits = [4, 2, 1].map(bit => s.x & bit ? 1 : 0);
      buttons.forEach((b, i) => { b.textContent = `pixel ${i + 1}: ${bits[i]}`; b.setAttribute('aria-pressed', bits[i] === 1); });
      show('m', s.m); show('s', s.s);
      const who = s.own ? 'q is the encoder’s' : s.best - s.bound < 1e-6 ? 'q is the best Gaussian' : 'q is yours';
      say(`The image ${bits.join('')}: ${who}, N(${number(s.m)}, ${number(s.s)}²). log p(x) ${number(s.evidence, 4)} = bound ${number(s.bound, 4)} + amortisation gap ${number(s.best - s.bound, 4)} + approximation gap ${number(s.evidence - s.best, 4)} nats. The best is N(${number(s.bm)}, ${number(s.bs)}²).`);
      redraw();
    }
    function act(name, button) {
      if (name === 'pixel') rust.vae_gaps_choose(gaps, state().x ^ [4, 2, 1][buttons.indexOf(button)]);
      if (name === 'encoder') rust.vae_gaps_encode(gaps);
      if (name === 'best') rust.vae_gaps_best(gaps);
      tell();
    }
    const show = sliders(figure, (_, v) => number(v), (name, value) => {
      // The other one as Rust holds it: a slider rounds.
      const s = state();
      rust.vae_gaps_place(gaps, name === 'm' ? value : s.m, name === 's' ? value : s.s);
      tell();
    });
    tell();
    return { draw, act, key: () => false };
  });

  live.add('vae.beta', 'vae', ({ rust, figure, canvas, redraw, say }) => {
    const beta = rust.vae_beta_new(), floats = views(rust), MOST = 300;
    const state = () => { const [steps, epochs, weight, fit, cost, active, reach] = floats(rust.vae_beta_state(beta), 7); return { steps, epochs, weight, fit, cost, active, reach }; };
    const weight = place => place > -7 ? 2 ** place : 0, named = v => v === 0 ? '0' : v < 1 ? `1/${1 / v}` : String(v);
    let timer = 0, frames = 0, told = -1, reach = 3;

    function draw(c, width, height, colour) {
      const s = state(), narrow = width < 560, gap = narrow ? 8 : 16, side = narrow ? Math.min(width, (height - gap) / 2 + 30) : Math.min(height, (width - gap) / 2);
      reach += 0.2 * (1.08 * s.reach - reach);
      if (Math.abs(1.08 * s.reach - reach) > 0.02) redraw();
      const left = narrow ? (width - side) / 2 : 0, toX = v => left + (v + reach) / (2 * reach) * side, toY = v => side - (v + reach) / (2 * reach) * side;
      c.save(); c.beginPath(); c.rect(left, 0, side, side); c.clip();
      prior(c, toX, toY, colour);
      glyphs(c, floats(rust.vae_beta_codes(beta), 891), toX, toY, 12, 1);
      c.restore();
      c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(left, 0, side, side);
      c.fillStyle = colour('ink'); font(c, 13, 'left'); c.fillText(`codes of 297 digits, −${number(reach, 1)} to ${number(reach, 1)}`, left + 6, 16);
      const images = floats(rust.vae_beta_images(beta), 64 * 36), room = narrow ? Math.min(width, height - side - gap) : side, tile = room / 6, x0 = narrow ? (width - room) / 2 : side + gap, y0 = narrow ? side + gap : 0;
      for (let k = 0; k < 36; k++) image(c, images.subarray(64 * k, 64 * k + 64), 8, x0 + (k % 6) * tile + 2, y0 + Math.floor(k / 6) * tile + 2, tile - 4, colour('ink'));
    }
    function tell(what) {
      const s = state(), name = ['No unit is', 'One of two units is', 'Both units are'][s.active];
      say(`${what}Epoch ${s.epochs}, step ${s.steps}, β = ${named(s.weight)}. On 297 digits that it does not train on the fit is ${number(s.fit)} nats, the cost ${number(s.cost)}, the bound ${number(s.fit - s.cost)}. ${name} active.`);
      redraw();
    }
    function look(what) { rust.vae_beta_look(beta); rust.vae_beta_score(beta); told = state().epochs; tell(what); }
    function play(on) {
      cancelAnimationFrame(timer);
      timer = on ? requestAnimationFrame(turn) : 0;
      const button = figure.querySelector('[data-act=play]');
      button.textContent = on ? 'Pause' : 'Play';
      button.setAttribute('aria-pressed', on);
    }
    // A frame trains for some milliseconds, or brings the picture up to date, or the words.
    function turn() {
      timer = requestAnimationFrame(turn);
      frames++;
      if (frames % 6 === 0) { rust.vae_beta_look(beta); redraw(); return; }
      if (frames % 6 === 1 && state().epochs >= told + 5) {
        const enough = state().epochs >= MOST;
        if (enough) play(false);
        return look(enough ? 'Far enough. ' : 'Training. ');
      }
      const start = performance.now();
      let cost = 0;
      do {
        const before = performance.now();
        if (!rust.vae_beta_step(beta)) { play(false); return tell('Training has diverged. '); }
        cost = Math.max(cost, performance.now() - before);
      } while (performance.now() - start + cost < 6);
    }
    function act(name) {
      if (name === 'play') { if (timer) { play(false); look('Paused. '); } else { told = -1; play(true); } return; }
      play(false);
      if (name === 'step') { for (let k = 0; k < 30; k++) rust.vae_beta_step(beta); look('One epoch, 30 steps. '); }
      if (name === 'reset') { rust.vae_beta_reset(beta); reach = 3; tell('A network that has learnt nothing. '); }
    }
    const show = sliders(figure, (_, v) => named(weight(v)), (_, value) => { rust.vae_beta_weigh(beta, weight(value)); show('beta', value); told = -1; if (!timer) tell(''); });
    new IntersectionObserver(([entry]) => { if (!entry.isIntersecting && timer) { play(false); look('Paused. '); } }).observe(figure);
    show('beta', 0);
    tell('A network that has learnt nothing. ');
    return { draw, act, key: acts({ ArrowRight: 'step', p: 'play', r: 'reset' }, act) };
  });
}
