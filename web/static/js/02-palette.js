// The command palette: a combobox over a list that the server has written.
const palette = $('#pal');
const ask = $('#palq');
let chosen = 0;

const options = () => $$('#pall [role=option]').filter((o) => !o.hidden);

const choose = (n) => {
  const list = options();
  $$('#pall [role=option]').forEach((o) => o.setAttribute('aria-selected', 'false'));
  $('.none', palette).hidden = list.length > 0;
  if (!list.length) return ask.removeAttribute('aria-activedescendant');
  chosen = (n + list.length) % list.length;
  list[chosen].setAttribute('aria-selected', 'true');
  list[chosen].scrollIntoView({ block: 'nearest' });
  ask.setAttribute('aria-activedescendant', list[chosen].id);
};

const filter = () => {
  const text = ask.value.trim().toLowerCase();
  $$('#pall [role=group]').forEach((group) => {
    const list = $$('[role=option]', group);
    list.forEach((o) => { o.hidden = !o.textContent.toLowerCase().includes(text); });
    group.hidden = list.every((o) => o.hidden);
  });
  choose(0);
};

const openPalette = () => {
  if (!palette || palette.open || root.classList.contains('locked')) return;
  palette.showModal();
  ask.value = '';
  filter();
  ask.focus();
};

const run = (option) => {
  palette.close();
  const { href, act } = option.dataset;
  if (act === 'hide') hideNames(!root.classList.contains('blur'));
  else if (act === 'lock') lock();
  else location.href = href;
};

if (palette) {
  on('input', filter, ask);
  on('keydown', (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      choose(chosen + step);
      e.preventDefault();
    }
  }, ask);
  // Enter takes the chosen line; where no line fits, the form posts the words as a search.
  on('submit', (e) => {
    const option = options()[chosen];
    if (!option) return;
    e.preventDefault();
    run(option);
  }, palette);
  on('click', (e) => {
    const option = e.target.closest('[role=option]');
    if (option) run(option);
    else if (e.target === palette) palette.close();
  }, palette);
  on('click', (e) => {
    if (e.target.closest('[data-pal]')) {
      e.preventDefault();
      openPalette();
    }
  });
  on('keydown', (e) => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === 'k') {
      e.preventDefault();
      openPalette();
    }
  });
}
