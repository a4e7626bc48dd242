/** The nonce by which the page's own scripts may run. */
const nonce = document.currentScript?.nonce ?? "";

export function runScript(code: string): void {
  const script = document.createElement("script");
  script.nonce = nonce;
  script.textContent = code;
  document.head.append(script);
  script.remove();
}

export const pageNonce = (): string => nonce;
