type Name = "light" | "dark";

const key = "vaenb-theme";

/** The page's colours: those that the reader's system asks for, until a person chooses. */
export class PageTheme {
  private readonly system = window.matchMedia("(prefers-color-scheme: dark)");
  private readonly listeners: (() => void)[] = [];
  private chosen = remembered();

  constructor() {
    this.apply();
    this.system.addEventListener("change", () => this.changed());
  }

  /** Once the body is there. */
  start(): void {
    const button = document.getElementById("page_theme");
    button?.removeAttribute("hidden");
    button?.addEventListener("click", () => {
      this.chosen = other(this.name);
      remember(this.chosen);
      this.changed();
    });
    this.changed();
  }

  get name(): Name {
    return this.chosen ?? (this.system.matches ? "dark" : "light");
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** For the time of printing: paper is light. */
  on(name: Name): () => void {
    const before = this.chosen;
    this.chosen = name;
    this.changed();
    return () => {
      this.chosen = before;
      this.changed();
    };
  }

  /** The colours as a style sheet's declarations, for a frame. */
  frameColours(): string {
    const style = getComputedStyle(document.documentElement);
    const names = [
      "--vscode-editor-foreground",
      "--vscode-editor-background",
      "--vscode-font-family",
      "--accent",
    ];
    return [
      `color-scheme: ${this.name}`,
      ...names.map((name) => `${name}: ${style.getPropertyValue(name)}`),
    ].join("; ");
  }

  private apply(): void {
    if (this.chosen === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.chosen;
  }

  private changed(): void {
    this.apply();
    // Views know VS Code's sign: the body's class.
    document.body.className = `vscode-${this.name}`;
    const button = document.getElementById("page_theme");
    if (button)
      button.textContent = `${this.name === "dark" ? "☀" : "☾"} ${other(this.name) === "dark" ? "Dark" : "Light"}`;
    button?.setAttribute("aria-label", `Switch to the ${other(this.name)} theme`);
    for (const listener of this.listeners) listener();
  }
}

const other = (name: Name): Name => (name === "dark" ? "light" : "dark");

/** Some browsers refuse storage to files. */
function remembered(): Name | undefined {
  try {
    const name = localStorage.getItem(key);
    return name === "light" || name === "dark" ? name : undefined;
  } catch {
    return undefined;
  }
}

function remember(name: Name): void {
  try {
    localStorage.setItem(key, name);
  } catch {
    // It holds for this visit then.
  }
}
