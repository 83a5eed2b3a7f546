// The end of the session. The server decides when it is; here it is announced, and
// what is written in a draft is saved first. Tabs tell each other that somebody is here.
const idle = +root.dataset.idle * 1000;
const warn = +root.dataset.warn * 1000;
const asks = $('#idle');
const tabs = window.BroadcastChannel && idle ? new BroadcastChannel('samspil') : null;
let seen = Date.now();
let renewed = seen;

const isHere = () => {
  seen = Date.now();
  if (asks?.open) asks.close();
};

const renew = async () => {
  renewed = Date.now();
  isHere();
  tabs?.postMessage('here');
  const reply = await post(root.dataset.renew).catch(() => null);
  if (reply && (reply.status === 401 || reply.redirected)) lock();
};

const tick = () => {
  const left = idle - (Date.now() - seen);
  // The server may count from a draft that was saved later than the last key: it is told, not believed.
  if (left <= 0) return lock();
  if (left <= warn) {
    if (!asks.open) {
      asks.showModal();
      $('[data-stay]').focus();
      saveDrafts();
    }
    const s = Math.ceil(left / 1000);
    $('[data-clock]').textContent = `${Math.floor(s / 60)}.${String(s % 60).padStart(2, '0')}`;
  }
};

if (idle && asks) {
  setInterval(tick, 1000);
  on('click', renew, $('[data-stay]'));
  on('close', () => { if (Date.now() - seen > 1000 && !root.classList.contains('locked')) renew(); }, asks);
  if (tabs) {
    tabs.onmessage = isHere;
    tabs.postMessage('here'); // who opens a page is here, in every tab
  }
  // Reading and typing count as being here; the server hears of it once a minute.
  for (const type of ['keydown', 'pointerdown', 'scroll']) {
    on(type, () => {
      if (asks.open) return;
      seen = Date.now();
      if (seen - renewed > 60000) renew();
    }, doc, { passive: true, capture: true });
  }
}
