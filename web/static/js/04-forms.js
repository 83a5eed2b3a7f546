// Drafts, counters, and forms that are sent once.
const drafts = () => $$('form[data-draft]');
const changed = new WeakSet();

const sendDraft = async (form) => {
  const state = $('[data-draft-state]', form) || $('[data-draft-state]');
  let text = state?.dataset.failed;
  try {
    const reply = await post(form.dataset.draft, values(form));
    if (!reply.ok || reply.redirected) throw reply.status;
    const raw = await reply.text();
    text = raw.startsWith('{') ? JSON.parse(raw).text : raw;
  } catch {
    changed.add(form); // the next round tries again
  }
  if (state && text) state.textContent = text;
};

// A form that is being saved is waited for: locking the screen takes the focus away, which
// saves, and must not go on before that is done.
const saving = new WeakMap();
const saveDraft = (form) => {
  if (changed.delete(form)) saving.set(form, Promise.resolve(saving.get(form)).then(() => sendDraft(form)));
  return saving.get(form);
};

// Who leaves the page does not wait for anything: what is written goes at once.
const leave = () => drafts().forEach((form) => {
  if (changed.delete(form)) saving.set(form, sendDraft(form));
});

const saveDrafts = () => Promise.all(drafts().map(saveDraft));

on('input', (e) => {
  const form = e.target.closest?.('form[data-draft]');
  if (form) changed.add(form);
  count(e.target);
});
if (drafts().length) {
  setInterval(saveDrafts, 20000);
  on('focusout', (e) => {
    const form = e.target.closest('form[data-draft]');
    if (form && !form.contains(e.relatedTarget)) saveDraft(form);
  });
  on('visibilitychange', () => { if (doc.hidden) leave(); });
  on('pagehide', leave, window);
}

// How many characters are left. The server has the last word on what is too long.
const count = (box) => {
  const left = box.id && doc.getElementById(`${box.id}-left`);
  if (!left) return;
  const n = left.dataset.left - box.value.length;
  left.textContent = (n < 0 ? left.dataset.over : left.dataset.one).replace('%d', Math.abs(n).toLocaleString(doc.documentElement.lang));
  left.classList.toggle('over', n < 0);
};
$$('textarea, input').forEach((box) => { if (box.value) count(box); });

// Quick choices beside a date.
$$('[data-fill]').forEach((chips) => {
  chips.hidden = false;
  on('click', (e) => {
    const button = e.target.closest('button');
    if (!button) return;
    const box = doc.getElementById(chips.dataset.fill);
    box.value = button.value;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.focus();
  }, chips);
});

// A form goes once, however often its button is pressed. This runs after the
// listeners that keep a form on the page, and leaves those alone.
on('submit', (e) => {
  if (e.defaultPrevented) return;
  const form = e.target;
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = '1';
  $$('button:not([type=button])', form).forEach((b) => b.setAttribute('aria-disabled', 'true'));
  changed.delete(form);
}, window);
