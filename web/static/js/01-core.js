// Enhancement only: every page works without these files. They are joined in the
// order of their names into one script, and share the few names below.
const doc = document;
const root = doc.documentElement;
const $ = (selector, from = doc) => from.querySelector(selector);
const $$ = (selector, from = doc) => [...from.querySelectorAll(selector)];
const on = (type, fn, from = doc, how) => from.addEventListener(type, fn, how);

// Is somebody typing? Then single letters are text.
const typing = (e) => e.target.closest?.('input, textarea, select, [contenteditable], dialog');

// Says something to those who listen, without moving the focus.
const say = (text) => {
  const live = $('#live');
  if (live) live.textContent = text;
};

// What is sent outlives the page that sends it, as far as browsers allow: 64 KB in all.
const post = (url, body, headers) => fetch(url, { method: 'POST', body, headers, credentials: 'same-origin', keepalive: `${body}`.length < 60000 });
const values = (form, by) => new URLSearchParams(new FormData(form, by));

// A refused form: the summary takes the focus, as it is the first thing to read.
$('[data-focus]')?.focus();
