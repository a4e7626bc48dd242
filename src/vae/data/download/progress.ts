import { display, live, type Displayable, type Live, type MimeBundle } from "../../host";

/** How often listeners hear of it, in milliseconds. */
const pause = 100;

/** A download that one can watch: how much has come, how fast, how long it will take. */
export class DownloadProgress implements Displayable, Live {
  readonly #listeners = new Set<() => void>();
  #received = 0;
  #begun: { readonly at: number; readonly received: number } | undefined;
  #told = 0;
  #end: string | undefined;

  constructor(
    readonly title: string,
    /** In bytes, of all files. */
    readonly total: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Bytes that are there so far; negative where a file has to begin again. */
  add(bytes: number): void {
    this.#received += bytes;
    this.#begun ??= { at: this.now(), received: this.#received };
    if (this.now() - this.#told < pause) return;
    this.#tell();
  }

  /** Says how it ended, in a sentence without the title. */
  finish(how: string): void {
    this.#end = how;
    this.#tell();
  }

  get text(): string {
    if (this.#end !== undefined) return `${this.title}: ${this.#end}`;
    const part = `${megabytes(this.#received)} of ${megabytes(this.total)} MB`;
    const percent = `${Math.floor((100 * this.#received) / this.total)} %`;
    const speed = this.#bytesPerSecond();
    if (!(speed > 0)) return `${this.title}: ${part} (${percent})`;
    const left = Math.ceil((this.total - this.#received) / speed);
    return `${this.title}: ${part} (${percent}), ${megabytes(speed)} MB/s, ${left} s left`;
  }

  [display](): MimeBundle {
    const bar =
      this.#end === undefined ? `<progress value="${this.#received}" max="${this.total}"></progress> ` : "";
    return { "text/html": `<div>${bar}${escapeHtml(this.text)}</div>`, "text/plain": this.text };
  }

  [live](changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  #bytesPerSecond(): number {
    if (!this.#begun) return 0;
    const seconds = (this.now() - this.#begun.at) / 1000;
    return seconds > 0.5 ? (this.#received - this.#begun.received) / seconds : 0;
  }

  #tell(): void {
    this.#told = this.now();
    for (const changed of this.#listeners) changed();
  }
}

export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const escapeHtml = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
