/** Inside the frame of an HTML output: shows what it is sent, and says how tall that is. */

const nonce = document.currentScript?.nonce ?? "";

window.addEventListener("message", ({ source, data }) => {
  if (source !== window.parent || typeof data !== "object" || data === null) return;
  const { html, theme } = data as { readonly html?: unknown; readonly theme?: unknown };
  if (typeof theme === "string") document.documentElement.style.cssText = theme;
  if (typeof html === "string") show(html);
});

function show(html: string): void {
  const content = document.createElement("div");
  content.innerHTML = html;
  document.body.replaceChildren(content);
  for (const script of content.querySelectorAll("script")) script.replaceWith(runnable(script));
  reviveHandlers(content);
  new ResizeObserver(tellHeight).observe(content);
  tellHeight();
}

/** Scripts that come with `innerHTML` do not run; the policy of the page lets those run that have its nonce. */
function runnable(script: HTMLScriptElement): HTMLScriptElement {
  const copy = document.createElement("script");
  for (const { name, value } of script.attributes) copy.setAttribute(name, value);
  copy.nonce = nonce;
  copy.textContent = script.textContent;
  return copy;
}

/** Neither does the policy let `onclick="..."` run: each becomes a script that sets the same handler. */
function reviveHandlers(content: HTMLElement): void {
  for (const target of content.querySelectorAll<HTMLElement>("*")) {
    for (const { name, value } of [...target.attributes]) {
      if (!name.startsWith("on")) continue;
      target.removeAttribute(name);
      Object.assign(window, { vaenbTarget: target });
      const script = document.createElement("script");
      script.nonce = nonce;
      script.textContent = `vaenbTarget[${JSON.stringify(name)}] = function (event) { ${value}\n};`;
      document.body.append(script);
      script.remove();
    }
  }
}

const tellHeight = (): void =>
  window.parent.postMessage({ height: Math.ceil(document.body.scrollHeight) }, "*");
