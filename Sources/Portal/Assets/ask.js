// Advice while somebody writes: the same rules as without a script, asked for when they pause.
'use strict';

(() => {
  const form = document.querySelector('form[data-hints]');
  const place = document.getElementById('hints');
  if (!form || !place) return;

  let timer;
  let asked = 0;

  function show(answer) {
    place.replaceChildren();
    if (!answer.hints.length) return;
    const title = document.createElement('p');
    title.className = 'hint';
    title.textContent = answer.title;
    const list = document.createElement('ul');
    list.className = 'hints';
    for (const hint of answer.hints) {
      const entry = document.createElement('li');
      if (hint.warning) entry.className = 'grave';
      entry.textContent = hint.text;
      list.append(entry);
    }
    place.append(title, list);
  }

  async function ask() {
    const number = ++asked;
    try {
      const answer = await fetch(form.dataset.hints, { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'x-lockbox-live': '1' } });
      if (!answer.ok || answer.redirected) return;
      const hints = await answer.json();
      if (number === asked) show(hints);
    } catch {
      // Advice can wait for the next pause.
    }
  }

  form.addEventListener('input', (event) => {
    if (!event.target.matches('#justification, #ticket, #resources, [name=action]')) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, 700);
  });
})();
