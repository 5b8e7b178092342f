// Chapter 6's live figures: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
{
  const number = (v, digits = 4) => (Math.abs(v) < 0.5 * 10 ** -digits ? 0 : v).toFixed(digits).replace('-', '−');
  const arrows = event => event.stopPropagation(); // mdBook turns pages with the arrows

  live.add('mean_field.correlated', 'mean_field', ({ rust, figure, canvas, redraw, say }) => {
    const tied = rust.mean_field_tied_new(), slider = figure.querySelector('input');
    const starts = [[-1.6, 1.8], [1.9, -1.4], [2, 2], [-2.2, 0.3], [0.4, -2.3]];
    let at = 0, timer = 0, last = 'At the start';
    // Rust may move its memory: every view is made anew.
    const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
    const state = () => { const [rho, x, y, narrow, wide, gap, least, other, halves, far] = floats(rust.mean_field_tied_state(tied), 10); return { rho, x, y, narrow, wide, gap, least, other, halves, far }; };
    const REACH = 2.9, left = 34, upper = 6;
    const size = () => Math.min(canvas.clientHeight - 34, canvas.clientWidth - 44);
    const toX = v => left + (v + REACH) / (2 * REACH) * size(), toY = v => upper + (REACH - v) / (2 * REACH) * size();

    // One standard deviation out: (cos, ρ cos + √(1 − ρ²) sin) for the posterior.
    function oval(c, place) {
      c.beginPath();
      for (let i = 0; i <= 96; i++) { const t = i / 96 * 2 * Math.PI; c.lineTo(...place(Math.cos(t), Math.sin(t))); }
    }
    function draw(c, width, height, colour) {
      const s = state(), p = floats(rust.mean_field_tied_path(tied), 2 * rust.mean_field_tied_places(tied)), box = size(), lean = Math.sqrt(1 - s.rho * s.rho);
      c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(left, upper, box, box);
      c.fillStyle = colour('ink'); c.font = '14px system-ui, sans-serif'; c.textAlign = 'center';
      for (const v of [-2, 0, 2]) { c.fillText(number(v, 0), toX(v), upper + box + 17); c.fillText(number(v, 0), left - 14, toY(v) + 5); }
      c.fillText('z₁', toX(1), upper + box + 19); c.fillText('z₂', left - 14, toY(1) + 5);
      c.save(); c.beginPath(); c.rect(left, upper, box, box); c.clip();
      for (const radius of [1, 2]) {
        oval(c, (x, y) => [toX(radius * x), toY(radius * (s.rho * x + lean * y))]);
        c.fillStyle = c.strokeStyle = colour('a'); c.globalAlpha = 0.22; c.fill(); c.globalAlpha = 1; c.lineWidth = 2; c.stroke();
      }
      const wide = Math.sqrt(s.wide), narrow = Math.sqrt(s.narrow);
      oval(c, (x, y) => [toX(wide * x), toY(wide * y)]); c.strokeStyle = colour('c'); c.lineWidth = 3; c.setLineDash([7, 5]); c.stroke(); c.setLineDash([]);
      oval(c, (x, y) => [toX(s.x + narrow * x), toY(s.y + narrow * y)]); c.strokeStyle = colour('b'); c.lineWidth = 4; c.stroke();
      c.strokeStyle = c.fillStyle = colour('ink'); c.lineWidth = 1.5; c.beginPath();
      for (let i = 0; i < p.length; i += 2) c.lineTo(toX(p[i]), toY(p[i + 1]));
      c.stroke();
      for (let i = 0; i < p.length; i += 2) { c.beginPath(); c.arc(toX(p[i]), toY(p[i + 1]), 3, 0, 7); c.fill(); }
      c.restore();
      if (width - left - box > 150) bars(c, s, left + box + 30, width - 10, height, colour);
    }
    // Two bars: KL(q ‖ p) of the q on the left, with the least it can be as a line; and KL(p ‖ q) of the dashed one.
    function bars(c, s, from, to, height, colour) {
      const foot = height - 46, scale = (foot - 40) / Math.max(2.2, s.least * 1.15), wide = (to - from) / 2;
      c.font = '14px system-ui, sans-serif'; c.textAlign = 'center';
      [['b', s.gap, 'KL(q ‖ p)'], ['c', s.other, 'KL(p ‖ q)']].forEach(([role, v, name], i) => {
        const middle = from + wide * (i + 0.5), half = Math.min(34, wide / 2 - 6), top = Math.max(24, foot - v * scale);
        c.fillStyle = colour(role); c.globalAlpha = 0.85; c.fillRect(middle - half, top, 2 * half, foot - top); c.globalAlpha = 1;
        c.fillStyle = colour('ink'); c.fillText(number(v, 3), middle, top - 6); c.fillText(name, middle, foot + 18);
      });
      c.fillText('nats', (from + to) / 2, foot + 38);
      c.strokeStyle = colour('ink'); c.setLineDash([4, 4]); c.beginPath(); c.moveTo(from, foot - s.least * scale); c.lineTo(to, foot - s.least * scale); c.stroke(); c.setLineDash([]);
    }
    function tell(what) {
      if (what) last = what;
      const s = state();
      say(`${last}. Half steps: ${s.halves}. Correlation ${number(s.rho, 2)}; the means are ${number(s.x, 3)} and ${number(s.y, 3)}. KL(q ‖ p) is ${number(s.gap)} nats, and never below ${number(s.least)}; KL(p ‖ q) of the dashed product is ${number(s.other)}.`);
      redraw();
    }
    function half() {
      const moved = rust.mean_field_tied_half(tied), which = state().halves % 2 ? 'first' : 'second';
      tell(moved ? `The ${which} mean moves, the other is held` : 'Nothing moves any more, and the gap stays');
      return moved;
    }
    function play(on) {
      clearInterval(timer);
      const button = figure.querySelector('[data-act=play]');
      button.textContent = on ? 'Pause' : 'Play';
      button.setAttribute('aria-pressed', on);
      timer = on ? setInterval(() => { if (!half()) play(false); }, 350) : 0;
    }
    function act(name) {
      if (name === 'play') return play(!timer);
      play(false);
      if (name === 'half') half();
      if (name === 'back') tell(rust.mean_field_tied_back(tied) ? 'One half step back' : 'This is the start');
      if (name === 'start') { at = (at + 1) % starts.length; rust.mean_field_tied_restart(tied, ...starts[at]); tell('A new start'); }
    }
    function key(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return false;
      const name = { ArrowRight: 'half', ArrowLeft: 'back', n: 'start', p: 'play' }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!name) return false;
      arrows(event);
      act(name);
      return true;
    }
    slider.addEventListener('input', () => {
      play(false);
      rust.mean_field_tied_correlate(tied, +slider.value);
      figure.querySelector('output').textContent = number(+slider.value, 2);
      tell(Math.abs(+slider.value) < 0.01 ? 'No correlation: the posterior is a product' : 'Another correlation');
    });
    canvas.addEventListener('pointerdown', event => {
      const box = canvas.getBoundingClientRect(), unit = 2 * REACH / size();
      const x = (event.clientX - box.left - left) * unit - REACH, y = REACH - (event.clientY - box.top - upper) * unit;
      if (Math.abs(x) > REACH || Math.abs(y) > REACH) return;
      play(false);
      rust.mean_field_tied_restart(tied, x, y);
      tell('A start of your own');
    });
    tell();
    return { draw, act, key };
  });

  live.add('mean_field.pruning', 'mean_field', ({ rust, figure, canvas, redraw, say }) => {
    const prune = rust.mean_field_prune_new(), choose = figure.querySelector('select'), slider = figure.querySelector('input');
    let timer = 0;
    const floats = (pointer, length) => new Float64Array(rust.memory.buffer, pointer, length);
    const rows = Float64Array.from(floats(rust.mean_field_prune_rows(prune), rust.mean_field_prune_size(prune)));
    const head = () => floats(rust.mean_field_prune_state(prune), 8);
    const state = () => floats(rust.mean_field_prune_state(prune), 8 + 6 * head()[0]);
    const alpha0 = () => 10 ** +slider.value;
    const shown = v => v < 0.0095 ? number(v, v < 0.002 ? 3 : 4) : number(v, v < 0.5 ? 2 : 0);

    function draw(c, width, height, colour) {
      const s = state(), k = s[0], narrow = width < 560, box = narrow ? height * 0.62 : Math.min(height - 8, width * 0.56);
      const wide = narrow ? width - 8 : box * 1.05, high = box, REACH = 2.7;
      const unit = Math.min(wide, high) / (2 * REACH), x = v => 4 + wide / 2 + v * unit, y = v => 4 + high / 2 - v * unit;
      c.strokeStyle = colour('grid'); c.lineWidth = 1; c.strokeRect(4, 4, wide, high);
      c.save(); c.beginPath(); c.rect(4, 4, wide, high); c.clip();
      c.fillStyle = colour('a'); c.globalAlpha = 0.55;
      for (let i = 0; i < rows.length; i += 2) { c.beginPath(); c.arc(x(rows[i]), y(rows[i + 1]), 2.6, 0, 7); c.fill(); }
      c.globalAlpha = 1;
      for (let j = 0; j < k; j++) {
        const [alpha, mx, my, a, b, d] = s.subarray(8 + 6 * j, 14 + 6 * j), alive = alpha > alpha0() + 1;
        c.strokeStyle = colour(alive ? 'b' : 'd'); c.lineWidth = alive ? 2 + alpha / 40 : 1.5;
        c.setLineDash(alive ? [] : [5, 5]);
        c.beginPath();
        for (let i = 0; i <= 72; i++) { const t = i / 72 * 2 * Math.PI, u = 2 * Math.cos(t), v = 2 * Math.sin(t); c.lineTo(x(mx + a * u), y(my + b * u + d * v)); }
        c.stroke();
      }
      c.setLineDash([]); c.restore();
      if (narrow) trace(c, s, 52, width - 10, high + 20, height - 24, colour);
      else trace(c, s, 4 + wide + 66, width - 12, 24, height - 40, colour);
    }
    // The bound by step, and the same with log K! above it.
    function trace(c, s, left, right, top, foot, colour) {
      const steps = s[1], t = floats(rust.mean_field_prune_trace(prune), steps + 1), orders = s[4];
      const span = Math.max(20, steps), low = Math.min(-560, t[0]) - 4, high = -425;
      const x = v => left + v / span * (right - left), y = v => foot - (v - low) / (high - low) * (foot - top);
      c.strokeStyle = colour('grid'); c.lineWidth = 1; c.fillStyle = colour('ink'); c.font = '13px system-ui, sans-serif';
      c.textAlign = 'right';
      for (const v of [-540, -500, -460]) { c.beginPath(); c.moveTo(left, y(v)); c.lineTo(right, y(v)); c.stroke(); c.fillText(number(v, 0), left - 6, y(v) + 4); }
      c.textAlign = 'center'; c.fillText('step', (left + right) / 2, foot + 18); c.fillText(String(span), right - 8, foot + 18);
      c.textAlign = 'left'; c.fillText('nats', left - 40, top - 6);
      const line = (role, shift, dash) => {
        c.strokeStyle = colour(role); c.lineWidth = 3; c.setLineDash(dash); c.beginPath();
        for (let i = 0; i <= steps; i++) c.lineTo(x(i), y(t[i] + shift));
        c.stroke(); c.setLineDash([]);
        c.fillStyle = colour(role); c.beginPath(); c.arc(x(steps), y(t[steps] + shift), 4, 0, 7); c.fill();
      };
      line('c', orders, [6, 5]); line('b', 0, []);
      c.textAlign = 'right';
      c.fillStyle = colour('b'); c.fillText('bound', right, foot - 26);
      c.fillStyle = colour('c'); c.fillText('with log K!', right, foot - 8);
    }
    function tell(what) {
      const [k, steps, alive, bound, orders, , cost] = head();
      say(`${what}. ${k} components, α₀ = ${shown(alpha0())}, step ${steps}: ${alive} of them have rows. The bound is ${number(bound)} nats, with log K! ${number(bound + orders)}; its cost is ${number(cost, 2)}.`);
      redraw();
    }
    function begin(what) {
      play(false);
      rust.mean_field_prune_start(prune, +choose.value, alpha0());
      tell(what);
    }
    function step() {
      const rises = rust.mean_field_prune_step(prune);
      tell(rises ? 'The bound rises' : 'The bound has settled');
      return rises;
    }
    function play(on) {
      cancelAnimationFrame(timer);
      const button = figure.querySelector('[data-act=play]');
      button.textContent = on ? 'Pause' : 'Play';
      button.setAttribute('aria-pressed', on);
      let before = 0;
      const turn = now => {
        timer = requestAnimationFrame(turn);
        if (now - before < 60) return;
        before = now;
        if (!step()) play(false);
      };
      timer = on ? requestAnimationFrame(turn) : 0;
    }
    function act(name) {
      if (name === 'play') return play(!timer);
      if (name === 'reset') return begin('At the start');
      play(false);
      if (name === 'step') step();
    }
    function key(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return false;
      const name = { ArrowRight: 'step', r: 'reset', p: 'play' }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!name) return false;
      arrows(event);
      act(name);
      return true;
    }
    choose.addEventListener('change', () => begin('Another number of components'));
    slider.addEventListener('input', () => { figure.querySelector('output').textContent = shown(alpha0()); begin('Another prior'); });
    tell('At the start');
    return { draw, act, key };
  });
}
