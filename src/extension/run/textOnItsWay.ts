/**
 * The text of one output, as far as it was told to the editor. The editor takes it a moment later, or never, where the
 * document is closed just then because its notebook is saved under another name. What it surely has is only counted.
 */
export class TextOnItsWay {
  private arrived = 0;
  private pending = "";
  /** The editor carries out what moves the cursor: then lengths say nothing. */
  private isPlain = true;

  /** Text is told now; the result is called when the editor has taken it. */
  send(text: string): () => void {
    this.pending += text;
    this.isPlain &&= !/[\r\b]/.test(text);
    return () => {
      this.pending = this.pending.slice(text.length);
      this.arrived += text.length;
    };
  }

  /** What a document lacks that showed this in the end. */
  missingIn(shown: string): string {
    if (!this.isPlain) return shown.endsWith(this.pending) ? "" : this.pending;
    return this.pending.slice(Math.max(0, shown.length - this.arrived));
  }
}
