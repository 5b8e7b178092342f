// Chapter 8's live figures: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
{
  const number = (v, digits = 2) => !Number.isFinite(v) ? (v > 0 ? '∞' : v < 0 ? '−∞' : '–') : (Math.abs(v) < 0.5 * 10 ** -digits ? 0 : v).toFixed(digits).replace('-', '−');
  const font = (c, size, align) => { c.font = `${size}px system-ui, sans-serif`; c.textAlign = align; };
  // Rust may move its memory: every view is made anew.
  const views = rust => (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
  const segment = (c, ...points) => { c.beginPath(); points.forEach(p => c.lineTo(...p)); c.stroke(); };
  const ring = (c, x, y, r) => { c.beginPath(); c.arc(x, y, r, 0, 7); };
  const held = (v, low, high) => Math.min(high, Math.max(low, v));
  // Shares of ink, `n` pixels a row.
  function image(c, shares, n, x, y, side, ink) {
    const small = document.createElement('canvas'), s = small.getContext('2d'), rows = shares.length / n;
    small.width = n; small.height = rows;
    s.fillStyle = ink;
    shares.forEach((share, d) => { s.globalAlpha = held(share, 0, 1); s.fillRect(d % n, Math.floor(d / n), 1, 1); });
    c.imageSmoothingEnabled = false;
    c.drawImage(small, x, y, side, side * rows / n);
  }
  // Sliders and choices by name: each shows its value, and says when it moves. mdBook turns pages with the arrows.
  function controls(figure, show, moved) {
    const all = Object.fromEntries([...figure.querySelectorAll('[data-set]')].map(e => [e.dataset.set, e]));
    for (const e of Object.values(all)) e.addEventListener(e.type === 'range' ? 'input' : 'change', () => moved(e.dataset.set, +e.value));
    figure.querySelector('.controls').addEventListener('keydown', event => event.stopPropagation());
    return (name, value) => {
      const e = all[name], out = e.nextElementSibling;
      e.value = value;
      if (out) { out.textContent = show(name, value); e.setAttribute('aria-valuetext', out.textContent); }
    };
  }
  const plain = event => !event.ctrlKey && !event.altKey && !event.metaKey;
  const named = event => event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  // A mouse drags from anywhere. A finger must begin where `near` says, else it scrolls the page; a tap is a short drag.
  function drag(canvas, near, move) {
    let on = false, down = null;
    const at = event => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    canvas.addEventListener('pointerdown', event => {
      down = at(event);
      on = near(down, event.pointerType === 'touch');
      if (on) { canvas.setPointerCapture(event.pointerId); event.preventDefault(); canvas.focus({ preventScroll: true }); move(down); }
    });
    canvas.addEventListener('pointermove', event => { if (on) move(at(event)); });
    canvas.addEventListener('pointerup', event => {
      const up = at(event);
      if (!on && down && Math.hypot(up[0] - down[0], up[1] - down[1]) < 8 && near(up, false)) move(up);
      on = false; down = null;
    });
    canvas.addEventListener('pointercancel', () => { on = false; down = null; });
    canvas.addEventListener('touchmove', event => { if (on) event.preventDefault(); }, { passive: false });
  }

  live.add('blurriness.modes', 'blurriness', ({ rust, figure, canvas, redraw, say }) => {
    const two = rust.blurriness_modes_new(), floats = views(rust), cells = [...figure.querySelectorAll('tbody tr')].map(row => [...row.querySelectorAll('td')]);
    const state = () => {
      const s = floats(rust.blurriness_modes_state(two), 20), fit = k => ({ mean: s[k], sd: s[k + 1], kl: s[k + 2], other: s[k + 3] });
      return { half: s[0], share: s[1], whole: { mean: s[2], sd: s[3], kl: s[5], other: s[4] }, fits: [7, 11, 15].slice(0, s[6]).map(fit), forked: s[19] === 1 };
    };
    const PLACES = 161, REACH = 8, FAR = 4, TOP = 5.2;
    const narrow = () => canvas.clientWidth < 560;
    // Where the curves are, and where the fork is: left, upper, width, height.
    function rooms() {
      const w = canvas.clientWidth, h = canvas.clientHeight;
      return narrow() ? [[8, 8, w - 16, h * 0.52 - 30], [34, h * 0.52 + 14, w - 46, h * 0.48 - 58]] : [[8, 8, w * 0.56 - 8, h - 34], [w * 0.56 + 40, 16, w * 0.44 - 52, h - 62]];
    }
    let clock = 0, asked = 0;

    function curves(c, s, [left, upper, wide, high], colour) {
      const all = floats(rust.blurriness_modes_curves(two), PLACES * (2 + s.fits.length)), most = Math.max(0.4, ...all), foot = upper + high;
      const toX = z => left + (z + REACH) / (2 * REACH) * wide, toY = v => foot - v / most * (high - 62);
      const path = k => { c.beginPath(); for (let i = 0; i < PLACES; i++) c.lineTo(left + i / (PLACES - 1) * wide, toY(all[PLACES * k + i])); };
      c.strokeStyle = colour('grid'); c.fillStyle = colour('ink'); c.lineWidth = 1; font(c, 13, 'center');
      for (let z = -6; z <= 6; z += 3) { segment(c, [toX(z), upper + 62], [toX(z), foot]); c.fillText(number(z, 0), toX(z), foot + 18); }
      c.fillText('z', toX(1.5), foot + 18);
      path(0); c.lineTo(left + wide, foot); c.lineTo(left, foot); c.fillStyle = colour('a'); c.globalAlpha = 0.22; c.fill(); c.globalAlpha = 1;
      path(0); c.strokeStyle = colour('a'); c.lineWidth = 2; c.stroke();
      const best = s.fits.length ? s.fits[0].kl + 1e-7 : 0;
      s.fits.forEach((fit, k) => { path(2 + k); c.strokeStyle = colour('b'); c.lineWidth = fit.kl < best ? 3.5 : 2; c.globalAlpha = fit.kl < best ? 1 : 0.6; c.stroke(); c.globalAlpha = 1; });
      path(1); c.strokeStyle = colour('c'); c.lineWidth = 3; c.setLineDash([8, 5]); c.stroke(); c.setLineDash([]);
      for (const side of [-1, 1]) { ring(c, toX(side * s.half), foot, 7); c.fillStyle = colour('a'); c.fill(); }
      font(c, 14, 'left');
      [['a', 'p'], ['c', 'q by KL(p ‖ q), dashed'], ['b', 'q by KL(q ‖ p)']].forEach(([role, text], k) => { c.fillStyle = colour(role); c.fillText(text, left + 6, upper + 16 + 19 * k); });
    }
    function fork(c, s, [left, upper, wide, high], colour) {
      const size = rust.blurriness_modes_size(two), all = floats(rust.blurriness_modes_fork(two), size);
      const toX = d => left + d / FAR * wide, toY = m => upper + (TOP - m) / (2 * TOP) * high;
      c.strokeStyle = colour('grid'); c.fillStyle = colour('ink'); c.lineWidth = 1; font(c, 13, 'center');
      for (let d = 0; d <= FAR; d++) { segment(c, [toX(d), upper], [toX(d), upper + high]); c.fillText(number(d, 0), toX(d), upper + high + 18); }
      for (const m of [-4, -2, 0, 2, 4]) { segment(c, [left, toY(m)], [left + wide, toY(m)]); c.fillText(number(m, 0), left - 14, toY(m) + 5); }
      c.fillText('a: the peaks stand at −a and a', left + wide / 2, upper + high + 36);
      font(c, 13, 'left'); c.fillText('mean of q', left + 4, upper - 3);
      c.strokeStyle = colour('a'); c.globalAlpha = 0.5; c.lineWidth = 1.5;
      for (const side of [-1, 1]) segment(c, [toX(0), toY(0)], [toX(FAR), toY(side * FAR)]);
      c.globalAlpha = 1; c.strokeStyle = colour('c'); c.lineWidth = 2.5; c.setLineDash([7, 5]);
      segment(c, [toX(0), toY(0)], [toX(FAR), toY(FAR * (1 - 2 * s.share))]);
      c.setLineDash([]); c.fillStyle = colour('b');
      const now = s.forked ? 1 : 0.4;
      for (let i = 0; i < size; i += 3) { c.globalAlpha = now * (all[i + 2] ? 1 : 0.5); ring(c, toX(all[i]), toY(all[i + 1]), all[i + 2] ? 2.8 : 2); c.fill(); }
      c.globalAlpha = 1; c.strokeStyle = colour('ink'); c.lineWidth = 1.5; segment(c, [toX(s.half), upper], [toX(s.half), upper + high]);
      for (const fit of s.fits) { ring(c, toX(s.half), toY(fit.mean), 6); c.fillStyle = colour('b'); c.fill(); c.stroke(); }
      ring(c, toX(s.half), toY(s.whole.mean), 5); c.fillStyle = colour('c'); c.fill(); c.stroke();
    }
    function draw(c, width, height, colour) {
      const s = state(), [one, other] = rooms();
      curves(c, s, one, colour);
      fork(c, s, other, colour);
    }
    // What the next moves will ask for is found when the hand rests.
    function grow() {
      clearTimeout(clock);
      cancelAnimationFrame(asked);
      clock = setTimeout(() => {
        const turn = () => {
          const start = performance.now();
          let more;
          do more = rust.blurriness_modes_advance(two); while (more && performance.now() - start < 6);
          const s = state();
          if (s.forked) figure.dataset.fork = s.share;
          tell();
          if (more) asked = requestAnimationFrame(turn);
        };
        turn();
      }, 150);
    }
    function tell() {
      const s = state(), normal = f => `N(${number(f.mean)}, ${number(f.sd)}²)`;
      show('half', s.half); show('share', s.share);
      [s.whole, ...s.fits].forEach((f, k) => [f.mean, f.sd, f.other, f.kl].forEach((v, i) => { cells[k][i].textContent = number(v, i < 2 ? 2 : 3); }));
      cells.slice(1 + s.fits.length).flat().forEach(cell => { cell.textContent = '–'; });
      const rest = s.fits.map(f => `${normal(f)} at ${number(f.kl, 4)} nats`), count = ['no resting place', 'one resting place', 'two resting places', 'three resting places'][rest.length];
      const draws = rest.length > 1 && s.fits[1].kl < s.fits[0].kl + 1e-7 ? ' The first two are equally good.' : '';
      say(`Peaks at −${number(s.half)} and ${number(s.half)}, share of the left one ${number(s.share)}. KL(p ‖ q) chooses ${normal(s.whole)} at ${number(s.whole.other, 4)} nats. KL(q ‖ p) has ${count}: ${rest.join('; ')}.${draws}`);
      redraw();
    }
    function place(half, share) {
      rust.blurriness_modes_place(two, half, share);
      grow();
      tell();
    }
    const act = name => { const to = { close: [1, 0.5], far: [3, 0.5], light: [3, 0.8] }[name]; if (to) place(...to); };
    function key(event) {
      const move = ARROWS[event.key], s = state(), far = event.shiftKey ? 5 : 1;
      if (!move || !plain(event)) return false;
      event.stopPropagation();
      place(s.half + 0.05 * far * move[0], s.share + 0.05 * move[1]);
      return true;
    }
    const show = controls(figure, (_, v) => number(v), (name, value) => { const s = state(); place(name === 'half' ? value : s.half, name === 'share' ? value : s.share); });
    // A drag belongs to the room it began in.
    let inFork = false;
    const distance = x => { const [one, other] = rooms(), [left, , wide] = inFork ? other : one; return inFork ? (x - left) / wide * FAR : Math.abs((x - left) / wide * 2 * REACH - REACH); };
    drag(canvas, ([x, y], finger) => {
      const [one, other] = rooms();
      inFork = narrow() ? y > other[1] - 14 : x > other[0] - 30;
      const [left, , wide] = inFork ? other : one, s = state();
      const places = inFork ? [left + s.half / FAR * wide] : [-1, 1].map(side => left + (side * s.half + REACH) / (2 * REACH) * wide);
      return !finger || places.some(p => Math.abs(p - x) < 30);
    }, ([x]) => place(held(distance(x), 0, FAR), state().share));
    grow();
    tell();
    return { draw, act, key };
  });

  live.add('blurriness.pixels', 'blurriness', ({ rust, figure, canvas, redraw, say }) => {
    const world = rust.blurriness_pixels_new(), floats = views(rust), LOW = -0.4, HIGH = 1.4;
    const START = [[1, 0], [0, 1], [0.9, 0.9]];
    let chosen = 3, kind = 0;
    function state() {
      const s = floats(rust.blurriness_pixels_state(world), 26), pair = k => [s[k], s[k + 1]];
      return { count: s[0], weight: s[1], images: [pair(2), pair(4), pair(6)].slice(0, s[0]), weights: [s[8], s[9], s[10]], picture: pair(11), best: pair(13), error: s[15], least: s[16], drawn: s[17], sd: s[18], leastSd: s[19], fit: s[20], most: s[21], own: s[22] === 0, sharp: s[23], flat: s[24], lively: s[25] };
    }
    const narrow = () => canvas.clientWidth < 560, side = () => narrow() ? Math.min(canvas.clientWidth, canvas.clientHeight - 190) : canvas.clientHeight - 2;
    const toX = v => (v - LOW) / (HIGH - LOW) * side(), toY = v => side() - toX(v);

    function plane(c, s, colour) {
      c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(0.5, 0.5, side() - 1, side() - 1);
      c.strokeStyle = colour('ink'); c.globalAlpha = 0.6; c.strokeRect(toX(0), toY(1), toX(1) - toX(0), toY(0) - toY(1)); c.globalAlpha = 1;
      c.fillStyle = colour('ink'); font(c, 13, 'center');
      for (const v of [0, 1]) { c.fillText(v, toX(v), toY(0) + 32); c.fillText(v, toX(0) - 26, toY(v) + 5); }
      c.fillText('left pixel', toX(0.5), toY(0) + 32);
      c.save(); c.translate(toX(0) - 22, toY(0.5)); c.rotate(-Math.PI / 2); c.fillText('right pixel', 0, 0); c.restore();
      c.save(); c.beginPath(); c.rect(1, 1, side() - 2, side() - 2); c.clip();
      c.strokeStyle = colour('a'); c.globalAlpha = 0.6;
      s.images.forEach((x, i) => { c.lineWidth = 0.5 + 5 * s.weights[i]; segment(c, [toX(x[0]), toY(x[1])], [toX(s.picture[0]), toY(s.picture[1])]); });
      c.globalAlpha = 1;
      c.strokeStyle = colour('b'); c.lineWidth = 2; c.setLineDash([6, 5]); ring(c, toX(s.picture[0]), toY(s.picture[1]), toX(s.sd) - toX(0)); c.stroke(); c.setLineDash([]);
      if (kind) {
        const d = floats(rust.blurriness_pixels_draws(world), 120), many = {};
        c.fillStyle = colour('d');
        // Equal draws lie on one spot: its area is their number.
        for (let i = 0; i < 120; i += 2) { const k = `${d[i]} ${d[i + 1]}`; (many[k] ||= [d[i], d[i + 1], 0])[2]++; }
        c.globalAlpha = 0.55;
        for (const [x, y, n] of Object.values(many)) { ring(c, toX(x), toY(y), 3.5 * Math.sqrt(n)); c.fill(); }
        c.globalAlpha = 1;
      }
      s.images.forEach((x, i) => {
        ring(c, toX(x[0]), toY(x[1]), 11); c.fillStyle = colour('a'); c.fill();
        c.fillStyle = getComputedStyle(figure).getPropertyValue('--bg') || '#fff'; font(c, 14, 'center'); c.fillText(i + 1, toX(x[0]), toY(x[1]) + 5);
      });
      if (s.own) { c.strokeStyle = colour('b'); c.lineWidth = 2; ring(c, toX(s.best[0]), toY(s.best[1]), 7); c.stroke(); }
      ring(c, toX(s.picture[0]), toY(s.picture[1]), 9); c.fillStyle = colour('b'); c.fill();
      const [x, y] = chosen === 3 ? s.picture : s.images[chosen];
      c.strokeStyle = colour('ink'); c.lineWidth = 2; ring(c, toX(x), toY(y), 14); c.stroke();
      c.restore();
    }
    // Two grey pixels with a frame.
    function two(c, x, left, top, wide, colour, role) {
      image(c, x, 2, left, top, wide, colour('ink'));
      c.strokeStyle = colour(role); c.lineWidth = role === 'grid' ? 1 : 2.5; c.strokeRect(left, top, wide, wide / 2);
    }
    function pictures(c, s, left, top, width, height, colour) {
      const slim = narrow(), small = Math.min(slim ? 58 : 76, (width - 20) / 3), d = floats(rust.blurriness_pixels_draws(world), 120);
      const label = (text, x, y) => { c.fillStyle = colour('ink'); font(c, 13, 'left'); c.fillText(text, x, y); };
      label('images, by weight', left, top + 14);
      s.images.forEach((x, i) => {
        const from = left + i * (small + 10);
        two(c, x, from, top + 21, small, colour, 'a');
        c.fillStyle = colour('ink'); font(c, 13, 'center'); c.fillText(number(s.weights[i]), from + small / 2, top + small / 2 + 37);
      });
      // The picture, beside the images where there is no room below them.
      const beside = slim ? left + 3 * (small + 10) + 10 : left, big = slim ? Math.min(110, left + width - beside) : 1.8 * small;
      const up = slim ? top + 14 : top + small / 2 + 76;
      label('decoder’s picture', beside, up);
      two(c, s.picture, beside, up + 7, big, colour, 'b');
      const y = slim ? top + big / 2 + 58 : up + big / 2 + 42, across = slim ? 5 : 4, tile = (Math.min(width, 330) - 8 * (across - 1)) / across;
      label(['draws: the picture again', 'draws: picture and noise', 'draws: pixels tossed one by one', 'draws: one of the images'][kind], left, y);
      const rows = held(Math.floor((top + height - y - 7) / (tile / 2 + 8)), 1, 3);
      for (let k = 0; k < across * rows; k++) two(c, d.subarray(2 * k, 2 * k + 2), left + (k % across) * (tile + 8), y + 7 + Math.floor(k / across) * (tile / 2 + 8), tile, colour, kind ? 'd' : 'grid');
    }
    function draw(c, width, height, colour) {
      const s = state(), box = side();
      plane(c, s, colour);
      if (narrow()) pictures(c, s, 10, box + 4, width - 20, height - box - 8, colour);
      else pictures(c, s, box + 22, 10, width - box - 32, height - 18, colour);
    }
    function tell(what = '') {
      const s = state(), at = x => `(${number(x[0])}, ${number(x[1])})`;
      show('weight', s.weight); show('count', s.count); show('kind', kind);
      const picture = s.own ? `Your picture ${at(s.picture)} misses the images by ${number(s.error, 3)} in mean square; the best one, ${at(s.best)}, by ${number(s.least, 3)}` : `The best picture ${at(s.picture)} misses the images by ${number(s.error, 3)} in mean square`;
      const fit = Number.isFinite(s.fit) ? `The best standard deviation of a pixel there is ${number(s.sd, 3)}, and the fit ${number(s.fit, 3)} nats${s.own ? `, less than the ${number(s.most, 3)} of the best` : ''}` : 'Nothing is missed, so the best variance is 0, and the fit has no bound';
      say(`${what}${picture}; one of the images, drawn anew, would miss by ${number(s.drawn, 3)}. ${fit}. Contrast: images ${number(s.sharp)}, picture ${number(s.flat)}, draws ${number(s.lively)}.`);
      redraw();
    }
    function place(which, x, y) { rust.blurriness_pixels_place(world, which, x, y); tell(); }
    function draws(value) { kind = value; rust.blurriness_pixels_draw(world, value); tell(); }
    function act(name) {
      if (name === 'best') rust.blurriness_pixels_best(world);
      if (name === 'again') rust.blurriness_pixels_again(world);
      if (name === 'reset') {
        START.forEach((x, i) => rust.blurriness_pixels_place(world, i, ...x));
        rust.blurriness_pixels_best(world); rust.blurriness_pixels_among(world, 2); rust.blurriness_pixels_weigh(world, 0.5); rust.blurriness_pixels_draw(world, 0);
        kind = 0; chosen = 3;
      }
      tell();
    }
    const name = which => which === 3 ? 'the picture' : `image ${which + 1}`;
    function key(event) {
      if (!plain(event)) return false;
      const s = state(), move = ARROWS[event.key], pressed = named(event);
      if (move) {
        const far = event.shiftKey ? 0.1 : 0.02, [x, y] = chosen === 3 ? s.picture : s.images[chosen];
        event.stopPropagation();
        place(chosen, x + far * move[0], y + far * move[1]);
        return true;
      }
      const acts = { b: 'best', d: 'again', r: 'reset' }[pressed];
      if (acts) act(acts);
      else if (pressed === 'n' || pressed === 'p') {
        const all = [...s.images.keys(), 3], at = all.indexOf(chosen) + (pressed === 'n' ? 1 : -1);
        chosen = all[(at + all.length) % all.length];
        tell(`The arrows move ${name(chosen)}. `);
      } else return false;
      event.stopPropagation();
      return true;
    }
    const show = controls(figure, (_, v) => number(v), (set, value) => {
      if (set === 'weight') rust.blurriness_pixels_weigh(world, value);
      if (set === 'count') { rust.blurriness_pixels_among(world, value); if (chosen >= value) chosen = 3; }
      if (set === 'kind') return draws(value);
      tell();
    });
    drag(canvas, ([x, y], finger) => {
      if (x > side() || y > side()) return false;
      // The picture lies on top; an image is as good where both are equally near.
      const s = state(), all = [...s.images.map((p, i) => [i, p]), [3, s.picture]].map(([i, p]) => [Math.hypot(toX(p[0]) - x, toY(p[1]) - y), i]);
      const [far, nearest] = all.reduce((a, b) => (b[0] < a[0] ? b : a));
      if (far > (finger ? 34 : 60)) return false;
      chosen = nearest;
      return true;
    }, ([x, y]) => place(chosen, held(x / side() * (HIGH - LOW) + LOW, 0, 1), held(HIGH - y / side() * (HIGH - LOW), 0, 1)));
    act('reset'); // a browser may remember other choices
    return { draw, act, key };
  });

  live.add('blurriness.sharpness', 'blurriness', ({ rust, figure, canvas, redraw, say }) => {
    const all = rust.blurriness_sharpness_new(), floats = views(rust), sds = [...floats(rust.blurriness_sharpness_sds(all), 6)];
    // Run by run: what its slider says. The third has learned its σ.
    const RUNS = [...sds.slice(0, 4).map((sd, i) => i === 2 ? `σ learned: ${number(sd, 3)}` : `σ = ${+sd.toFixed(2)}`), 'β = 4', 'β = 1'];
    const FAMILIES = [[0, 4], [4, 2]], LINES = [['ink', 'digits'], ['b', 'reconstructed'], ['c', 'means'], ['d', 'draws']];
    let family = 0, run = 1, asked = 0;
    const which = () => FAMILIES[family][0] + run, scores = () => floats(rust.blurriness_sharpness_scores(all), 24);
    const narrow = () => canvas.clientWidth < 560;

    function lines(c, left, top, width, height, colour) {
      const here = scores().slice(4 * which(), 4 * which() + 4), ink = colour('ink'), all32 = floats(rust.blurriness_sharpness_pictures(all), 32 * 64);
      const label = narrow() ? 0 : 108, tile = Math.min((width - label) / 8, narrow() ? height / 4 - 20 : height / 4), high = narrow() ? height / 4 : Math.min(height / 4, tile + 22), start = narrow() ? top : top + (height - 4 * high) / 2;
      LINES.forEach(([role, name], k) => {
        const y = start + k * high, score = number(here[k]);
        c.fillStyle = colour(role);
        if (narrow()) { font(c, 14, 'left'); c.fillText(`${name}: sharpness ${score}`, left, y + 14); } else { font(c, 15, 'left'); c.fillText(name, left, y + tile / 2 - 3); font(c, 15, 'left'); c.fillText(score, left, y + tile / 2 + 17); }
        for (let i = 0; i < 8; i++) {
          const x = left + label + i * tile, from = 64 * (8 * k + i), up = narrow() ? y + 19 : y;
          image(c, all32.subarray(from, from + 64), 8, x + 2, up + 2, tile - 4, ink);
          c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(x + 2, up + 2, tile - 4, tile - 4);
        }
      });
    }
    function chart(c, left, top, width, height, colour) {
      const [first, count] = FAMILIES[family], s = scores(), low = Math.log(0.25), high = Math.log(4.4), foot = top + height - 38;
      const toX = i => left + 34 + (i + 0.5) / count * (width - 40), toY = v => foot - (Math.log(v) - low) / (high - low) * (foot - top - 16);
      c.fillStyle = colour('grid'); c.globalAlpha = 0.6; c.fillRect(toX(run) - (width - 40) / count / 2, top + 10, (width - 40) / count, foot - top - 10); c.globalAlpha = 1;
      c.strokeStyle = colour('grid'); c.fillStyle = colour('ink'); c.lineWidth = 1; font(c, 13, 'right');
      for (const v of [0.25, 0.5, 1, 2, 4]) { segment(c, [left + 32, toY(v)], [left + width - 4, toY(v)]); c.fillText(v === 0.25 ? '¼' : v === 0.5 ? '½' : v, left + 27, toY(v) + 5); }
      font(c, 13, 'center');
      const names = family ? ['4', '1'] : ['1', '0.3', 'learned', '0.1'];
      names.forEach((text, i) => c.fillText(text, toX(i), foot + 17));
      c.fillText(family ? 'β' : 'σ', left + 34 + (width - 40) / 2, foot + 34);
      font(c, 13, 'left'); c.fillText('sharpness, mean |Laplacian|', left, top + 4);
      LINES.forEach(([role], k) => {
        c.strokeStyle = c.fillStyle = colour(role); c.lineWidth = 2;
        const points = [...Array(count).keys()].map(i => [toX(i), toY(s[4 * (first + i) + k])]).filter(p => Number.isFinite(p[1]));
        if (points.length > 1) segment(c, ...points);
        for (const p of points) { ring(c, ...p, 4); c.fill(); }
      });
    }
    function draw(c, width, height, colour) {
      if (narrow()) {
        const room = Math.min(height * 0.68, 4 * (width / 8 + 22));
        lines(c, 6, 4, width - 12, room, colour);
        chart(c, 6, room + 22, width - 12, height - room - 22, colour);
      } else {
        const room = width * 0.68;
        lines(c, 10, 6, room - 10, height - 10, colour);
        chart(c, room + 16, 14, width - room - 20, height - 18, colour);
      }
    }
    // One run a frame: the scores of a run are means over hundreds of images.
    function score() {
      cancelAnimationFrame(asked);
      const turn = () => { const more = rust.blurriness_sharpness_advance(all); tell(); if (more) asked = requestAnimationFrame(turn); };
      turn();
    }
    function tell() {
      const [digits, again, means, draws] = scores().slice(4 * which(), 4 * which() + 4), kind = family ? 'black and white digits, a decoder trained with' : 'grey digits, Gaussian pixels with';
      const verdict = draws > 1.15 * digits ? ' Noise makes the draws rougher than the digits.' : draws > means ? ' Noise makes the draws rougher than the means: a high score is not always a sharp image.' : '';
      say(`Run ${run + 1} of ${FAMILIES[family][1]}: ${kind} ${RUNS[which()]}. Sharpness: digits ${number(digits)}, reconstructed ${number(again)}, means ${number(means)}, draws ${number(draws)}.${verdict}`);
      redraw();
    }
    function choose(next, among = family) {
      family = among;
      const slider = figure.querySelector('[data-set=run]');
      slider.max = FAMILIES[family][1] - 1;
      run = held(next, 0, FAMILIES[family][1] - 1);
      rust.blurriness_sharpness_choose(all, which());
      show('family', family); show('run', run);
      tell();
    }
    function act(name) {
      if (name === 'turn') rust.blurriness_sharpness_turn(all);
      if (name === 'again') { rust.blurriness_sharpness_again(all); return score(); }
      tell();
    }
    function key(event) {
      const move = ARROWS[event.key], acts = { t: 'turn', n: 'again' }[named(event)];
      if (!plain(event) || !(acts || (move && move[0]))) return false;
      event.stopPropagation();
      if (acts) act(acts); else choose(run + move[0]);
      return true;
    }
    const show = controls(figure, (_, v) => RUNS[FAMILIES[family][0] + v], (name, value) => { if (name === 'family') choose(1, value); else choose(value); });
    choose(1, 0);
    score();
    return { draw, act, key };
  });
}
