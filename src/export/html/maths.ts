import katex from "katex";
import type MarkdownIt from "markdown-it";
import { escapeHtml } from "./markup";

/** A formula as MathML, which browsers draw with fonts of their own: the page carries neither fonts nor a style sheet for it. */
export function formula(tex: string, displayMode: boolean): string {
  try {
    return katex.renderToString(tex, {
      displayMode,
      output: "mathml",
      throwOnError: false,
      strict: false,
      trust: false,
      errorColor: "currentcolor",
    });
  } catch {
    return `<code>${escapeHtml(tex)}</code>`;
  }
}

/** `$...$` in a line and `$$...$$`, as Jupyter and VS Code read them. */
export function maths(markdown: MarkdownIt): void {
  markdown.inline.ruler.after("escape", "formula", (state, silent) => {
    const rest = state.src.slice(state.pos);
    const found = displayed.exec(rest) ?? inLine.exec(rest);
    const tex = found?.[1];
    if (found === null || tex === undefined) return false;
    if (!silent) {
      const token = state.push("formula", "math", 0);
      token.content = tex;
      token.markup = found[0].startsWith("$$") ? "$$" : "$";
    }
    state.pos += found[0].length;
    return true;
  });
  markdown.block.ruler.before(
    "fence",
    "formulaBlock",
    (state, startLine, endLine, silent) => {
      const lineAt = (n: number): string =>
        state.src.slice((state.bMarks[n] ?? 0) + (state.tShift[n] ?? 0), state.eMarks[n]);
      if (!lineAt(startLine).startsWith("$$")) return false;
      let end = startLine;
      let text = lineAt(startLine).slice(2);
      while (!text.trimEnd().endsWith("$$")) {
        end += 1;
        if (end >= endLine) return false;
        text += `\n${lineAt(end)}`;
      }
      const tex = text.trimEnd().slice(0, -2);
      if (tex.trim() === "" || tex.includes("$$")) return false;
      if (silent) return true;
      const token = state.push("formula", "math", 0);
      token.block = true;
      token.content = tex;
      token.markup = "$$";
      state.line = end + 1;
      return true;
    },
    { alt: ["paragraph", "blockquote", "list"] },
  );
  markdown.renderer.rules.formula = (tokens, i) =>
    formula(tokens[i]?.content ?? "", tokens[i]?.markup === "$$");
}

const displayed = /^\$\$((?:[^$\\]|\\.)+)\$\$/s;
/** No space inside the dollars, and no digit behind them: "$5 and $6" are prices. */
const inLine = /^\$((?! )(?:[^$\\\n]|\\.|\n(?!\n))+?(?<! ))\$(?!\d)/;
