/** What a notebook can be written as, by name. */
export const exportFormats = {
  html: {
    extension: ".html",
    label: "HTML",
    detail: "One page with the interactive figures, for any browser",
  },
  ipynb: { extension: ".ipynb", label: "Jupyter Notebook", detail: "For Jupyter, GitHub and nbviewer" },
  md: {
    extension: ".md",
    label: "Markdown",
    detail: "Text and code, with the pictures in a folder beside it",
  },
  ts: {
    extension: ".ts",
    label: "TypeScript",
    detail: "Sources and text in percent format, without outputs",
  },
  vaenb: { extension: ".vaenb", label: "VAE Notebook", detail: "All of the notebook" },
} as const;
export type ExportFormat = keyof typeof exportFormats;

export const exportFormatNames: readonly ExportFormat[] = ["html", "ipynb", "md", "ts", "vaenb"];

/** The format that a file's name asks for. */
export const formatOfName = (file: string): ExportFormat | undefined =>
  exportFormatNames.find((name) => file.toLowerCase().endsWith(exportFormats[name].extension));
