// Single-letter shortcuts, for those who turned them on, and Esc in the menu of a row.
let before = '';

const rows = () => $$('main tbody tr, main .list > li, main .kc').filter((row) => $('a.tt', row));

const move = (step) => {
  const list = rows();
  const at = list.findIndex((row) => row.contains(doc.activeElement));
  const row = list[at < 0 ? 0 : Math.min(Math.max(at + step, 0), list.length - 1)];
  if (row) $('a.tt', row).focus();
};

const shortcut = (e) => {
  const key = e.key;
  const pair = $(`[data-keys="${before} ${CSS.escape(key)}"]`);
  before = key === 'g' || key === 'n' ? key : '';
  if (pair) {
    if (pair.dataset.href) location.href = pair.dataset.href;
    else pair.click();
  } else if (key === 'j' || key === 'k') move(key === 'j' ? 1 : -1);
  else if (key === '?') $('#menu .foot a')?.click();
  else if (key === 'u' || key === 'e') {
    const row = doc.activeElement.closest('[data-row], tr, li, .kc');
    if (row) $(`[data-key="${key}"]`, row)?.click();
  }
};

on('keydown', (e) => {
  if (e.key === 'Escape') {
    const menu = $('details.menu[open]');
    if (!menu) return;
    menu.open = false;
    $('summary', menu).focus();
  } else if (root.dataset.shortcuts && !e.ctrlKey && !e.metaKey && !e.altKey && !typing(e)) shortcut(e);
});

// One menu at a time, and none after a click elsewhere.
on('click', (e) => $$('details.menu[open]').forEach((m) => { if (!m.contains(e.target)) m.open = false; }));

// Folded on a narrow screen, open on a wide one.
if (innerWidth < 960) $$('details[data-fold-narrow]').forEach((d) => { d.open = false; });
