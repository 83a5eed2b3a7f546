// Hiding names, locking, and the pages that must not be seen again.
const hideNames = (hide) => {
  root.classList.toggle('blur', hide);
  doc.cookie = `skjul=${hide ? 1 : 0}; path=/; SameSite=Strict${location.protocol === 'https:' ? '; Secure' : ''}`;
  // A hidden piece shows while it has the focus, so it must be able to take it.
  $$('span.pii, p.pii, dd.pii, b.pii').forEach((e) => (hide ? e.setAttribute('tabindex', '0') : e.removeAttribute('tabindex')));
  const button = $('[data-hide] button');
  if (!button) return;
  button.setAttribute('aria-pressed', hide);
  button.lastElementChild.textContent = hide ? button.dataset.on : button.dataset.off;
};

on('submit', (e) => {
  if (!e.target.matches('[data-hide]')) return;
  e.preventDefault();
  hideNames(!root.classList.contains('blur'));
});

// The screen is covered first, then the drafts are saved and the session is locked on the server.
const lock = async () => {
  const form = $('#lockform');
  if (!form || root.classList.contains('locked')) return;
  root.classList.add('locked');
  $$('dialog[open]').forEach((d) => d.close());
  $('#lock a').focus();
  await Promise.race([saveDrafts(), new Promise((done) => setTimeout(done, 2000))]);
  form.submit();
};

on('submit', (e) => {
  if (e.target.id !== 'lockform') return;
  e.preventDefault();
  lock();
});

// Shift three times within 0.9 s; any other key between starts again.
let shifts = 0;
let shiftTimer;
on('keydown', (e) => {
  if (e.key !== 'Shift' || e.repeat) {
    shifts = 0;
    return;
  }
  clearTimeout(shiftTimer);
  shiftTimer = setTimeout(() => { shifts = 0; }, 900);
  if (++shifts === 3) {
    shifts = 0;
    lock();
  }
});

// Browsers keep whole pages in memory, also those marked no-store. Back after
// signing out must show nothing: hide at once, then ask the server.
on('pageshow', (e) => {
  if (!e.persisted) return;
  root.classList.add('blank');
  location.reload();
}, window);

// A tab left in the background shows nothing in previews after two minutes.
let away;
on('visibilitychange', () => {
  clearTimeout(away);
  if (doc.hidden) away = setTimeout(() => root.classList.add('blank'), 120000);
  else root.classList.remove('blank');
});
if (root.classList.contains('blur')) hideNames(true);
