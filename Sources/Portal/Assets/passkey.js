// Signing with a passkey: the service's statement is shown, its SHA-256 is what the passkey signs,
// and the form carries the signature along.
'use strict';

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

  /** What hides or turns around is seen, as on the rest of the page. */
  const visible = (statement) => statement.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu,
    (c) => `\\u{${c.codePointAt(0).toString(16)}}`);

  function put(form, name, value) {
    let field = form.querySelector(`input[type=hidden][name="${name}"]`);
    if (!field) {
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      form.append(field);
    }
    field.value = value;
  }

  const say = (form, word) => {
    const status = form.querySelector('[data-passkey-status]');
    status.textContent = status.dataset[word] ?? word;
  };

  /** Asks the portal what is to be signed, and shows it. */
  async function statement(form, path) {
    const answer = await fetch(path, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    if (answer.redirected || !answer.ok) throw new Error('changed');
    const made = await answer.json();
    if (made.problem !== undefined) throw new Error(made.problem || 'changed');
    form.querySelector('[data-passkey-text]').textContent = visible(made.statement);
    form.querySelector('[data-passkey-part]').hidden = false;
    return made;
  }

  /** Has a passkey sign a statement, and puts all that proves it into the form. */
  async function sign(form, made, credentials) {
    const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(made.statement));
    const assertion = await navigator.credentials.get({
      publicKey: { challenge, rpId: made.site, userVerification: 'required', allowCredentials: credentials, timeout: 300000 },
    });
    put(form, 'sign_time', made.sign_time);
    put(form, 'signature', text(assertion.response.signature));
    put(form, 'authenticator_data', text(assertion.response.authenticatorData));
    put(form, 'client_data', text(assertion.response.clientDataJSON));
  }

  /** Makes a passkey of the kind that the service takes: P-256, kept by the authenticator. */
  async function create(form) {
    const credential = await navigator.credentials.create({
      publicKey: {
        rp: { id: form.dataset.site, name: 'Lockbox' },
        user: { id: bytes(form.dataset.user), name: form.dataset.userName, displayName: form.dataset.userName },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: 300000,
      },
    });
    put(form, 'public_key', text(credential.response.getPublicKey()));
    return { type: 'public-key', id: credential.rawId };
  }

  async function run(form) {
    const isNew = form.dataset.passkeyRegister !== undefined;
    const credentials = isNew ? [await create(form)] : [];
    const made = await statement(form, isNew ? form.dataset.passkeyRegister : form.dataset.passkeyStatement);
    await sign(form, made, credentials);
  }

  for (const form of document.querySelectorAll('form[data-passkey-statement], form[data-passkey-register]')) {
    if (!window.PublicKeyCredential) { say(form, 'unsupported'); continue; }
    if (form.dataset.verdict) put(form, 'verdict', form.dataset.verdict);
    let isRunning = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (isRunning) return;
      isRunning = true;
      say(form, 'asking');
      try {
        await run(form);
        form.submit();
      } catch (error) {
        // A name of ours, a sentence of the portal's, or whatever the browser calls a refusal.
        const isOurs = error instanceof Error && !(error instanceof DOMException) && error.constructor === Error;
        say(form, isOurs ? error.message : 'failed');
        isRunning = false;
      }
    });
  }
})();
