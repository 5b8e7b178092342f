// The cards of the glossary's terms: kept inside the page, and closed by Escape. Without this file they open all the same.
(() => {
  const place = term => {
    const card = term.querySelector('.card');
    card.style.left = '0';
    const over = card.getBoundingClientRect().right - document.documentElement.clientWidth + 12;
    if (over > 0) card.style.left = `${-over}px`;
  };
  document.querySelectorAll('.term').forEach(term => {
    term.addEventListener('pointerenter', () => { term.classList.remove('shut'); place(term); });
    term.addEventListener('focusin', () => { term.classList.remove('shut'); place(term); });
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') document.querySelectorAll('.term').forEach(term => term.classList.add('shut'));
  });
})();
