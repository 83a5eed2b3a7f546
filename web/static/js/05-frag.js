// A form with data-frag is answered in place: the server sends the row anew, and
// the row is exchanged. Whatever else happens, the form is simply sent.
//
// Trusted Types: this is the only place that makes nodes from text, and it only
// takes what our own server answered. The policy of the page allows this one name.
const html = window.trustedTypes
  ? trustedTypes.createPolicy('samspil', { createHTML: (text) => text })
  : { createHTML: (text) => text };

// A bare <tr> does not survive parsing outside a table.
const parseRow = (text) => {
  const cell = /^\s*<tr/i.test(text);
  const page = new DOMParser().parseFromString(html.createHTML(cell ? `<table><tbody>${text}` : text), 'text/html');
  return cell ? $('tr', page) : page.body.firstElementChild;
};

on('submit', async (e) => {
  const form = e.target;
  if (!form.matches('form[data-frag]')) return;
  e.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = '1';
  const row = form.closest('[data-row], tr, li');
  try {
    const reply = await post(form.action, values(form, e.submitter), { Accept: 'text/html; fragment=row' });
    if (!reply.ok || reply.redirected) throw reply.status;
    const fresh = doc.adoptNode(parseRow(await reply.text()));
    row.replaceWith(fresh);
    ($('form[data-frag] button, [data-key]', fresh) || $('a, button', fresh))?.focus();
    say(fresh.dataset.say || '');
  } catch {
    form.submit();
  }
});
