// What a page can do besides: the reader's time zone, and regions that follow changes. Every page
// works without it.
'use strict';

(() => {
  // The zone, for the next page's times.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`__Host-zone=${zone};`) && !document.cookie.endsWith(`__Host-zone=${zone}`)) {
    document.cookie = `__Host-zone=${zone}; Path=/; Secure; SameSite=Lax; Max-Age=31536000`;
  }

  // A form is sent once.
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = 'yes';
    window.setTimeout(() => delete form.dataset.sent, 5000);
  });

  const source = document.body.dataset.liveFrom;
  if (!source || !window.EventSource) return;

  // Pages of our own are the only HTML that is ever parsed.
  const own = window.trustedTypes
    ? window.trustedTypes.createPolicy('portal', { createHTML: (text) => text })
    : { createHTML: (text) => text };
  const state = document.getElementById('live-state');
  let isLoading = false;
  let isStale = false;

  /** Fetches the page again and puts its live regions into this one. */
  async function refresh() {
    if (document.hidden || isLoading) { isStale = true; return; }
    isLoading = true;
    isStale = false;
    try {
      const answer = await fetch(location.href, { headers: { 'x-lockbox-live': '1' }, cache: 'no-store' });
      if (answer.redirected) { location.reload(); return; }
      if (!answer.ok) return;
      swap(new DOMParser().parseFromString(own.createHTML(await answer.text()), 'text/html'));
    } catch {
      // The next change, or the next minute, tries again.
    } finally {
      isLoading = false;
      if (isStale) refresh();
    }
  }

  /** Whoever types in a region keeps it until they leave it. */
  function swap(fresh) {
    for (const old of document.querySelectorAll('[data-live][id]')) {
      const next = fresh.getElementById(old.id);
      if (!next || next.innerHTML === old.innerHTML) continue;
      const focused = old.contains(document.activeElement) ? document.activeElement : null;
      if (focused && focused.matches('input, textarea, select')) { isStale = true; continue; }
      const href = focused && focused.getAttribute('href');
      old.replaceWith(next);
      next.classList.add('fresh');
      if (href) {
        const again = [...next.querySelectorAll('a')].find((link) => link.getAttribute('href') === href);
        if (again) again.focus();
      }
    }
  }

  // The time that is left moves by itself, and a page that is not live is anew each minute.
  window.setInterval(refresh, 60000);
  document.addEventListener('visibilitychange', () => { if (!document.hidden && isStale) refresh(); });

  const events = new EventSource(source);
  events.addEventListener('change', refresh);
  events.addEventListener('ready', () => { if (state) state.textContent = ''; });
  events.addEventListener('full', () => events.close());
  events.addEventListener('error', () => { if (state) state.textContent = state.dataset.lost; });
})();
