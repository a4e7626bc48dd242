import { expect, it } from "vitest";
import { viewMime } from "../../src/protocol/views";
import { exported, notebook, printed, redPixel, shown, thrown } from "./notebooks";

it("writes text as it is, sources in fences, and outputs behind them", () => {
  const { text, files } = exported(
    notebook(
      { markdown: "# Title\n\n* a" },
      {
        code: "1 + 1\n",
        count: 1,
        outputs: [printed("\u001b[32mgreen\u001b[0m\n"), shown({ "text/plain": "2" })],
      },
      { code: "f()", outputs: [thrown("TypeError", "no", "    at Cell 3:1:1")] },
      { code: "" },
    ),
    "md",
  );
  expect(text).toBe(`# Title

* a

\`\`\`ts
1 + 1
\`\`\`

\`\`\`text
green
\`\`\`

\`\`\`text
2
\`\`\`

\`\`\`ts
f()
\`\`\`

\`\`\`text
TypeError: no
    at Cell 3:1:1
\`\`\`
`);
  expect(files.size).toBe(0);
});

const pictures = notebook(
  {
    markdown: "![a](attachment:a.png) and again ![a](attachment:a.png), not `![a](attachment:a.png)`",
    attachments: { "a.png": { "image/png": redPixel } },
  },
  {
    code: "plot",
    outputs: [
      shown({ "image/png": redPixel, "text/plain": "Samples of [m]\n..", [viewMime("images")]: {} }),
      shown({ "image/svg+xml": "<svg/>" }),
    ],
  },
);

it("puts pictures into a folder beside it", () => {
  const { text, files } = exported(pictures, "md");
  expect([...files.keys()]).toEqual([
    "lesson_files/cell-1-a.png",
    "lesson_files/cell-2.png",
    "lesson_files/cell-2.svg",
  ]);
  expect(Buffer.from(files.get("lesson_files/cell-2.png") ?? []).toString("base64")).toBe(redPixel);
  expect(text).toContain(
    "![a](lesson_files/cell-1-a.png) and again ![a](lesson_files/cell-1-a.png), not `![a](attachment:a.png)`",
  );
  expect(text).toContain("![Samples of \\[m\\]](lesson_files/cell-2.png)");
});

it("has its pictures in the text where there is no folder", () => {
  const { text, files } = exported(pictures, "md", { filesFolder: undefined });
  expect(files.size).toBe(0);
  expect(text).toContain(`(data:image/png;base64,${redPixel})`);
});

it("fences code that has fences in it", () => {
  const { text } = exported(notebook({ code: "x", outputs: [printed("```\nnot the end\n```\n")] }), "md");
  expect(text).toContain("````text\n```\nnot the end\n```\n````");
});

it("leads from its folder to what lies beside the notebook", () => {
  const from = notebook({ markdown: '[a](a.csv) <img src="b.png"> [c](https://c)\n```\n[d](d)\n```' });
  expect(exported(from, "md", { base: ".." }).text).toBe(
    '[a](../a.csv) <img src="../b.png"> [c](https://c)\n```\n[d](d)\n```\n',
  );
});
