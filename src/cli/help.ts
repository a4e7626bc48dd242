/** Each command's help, complete enough to need no manual. */
export const overview = `vaenb: runs TypeScript notebooks without an editor

Usage
  vaenb run FILE [options]       Runs every cell in a fresh kernel and prints what the cells print.
  vaenb export FILE --to FORMAT  Writes a notebook as a page, for Jupyter, as Markdown or as TypeScript.
  vaenb convert INPUT OUTPUT     Rewrites a notebook in the format that OUTPUT's name says.
  vaenb engine install tfjs-node Installs the optional native TensorFlow engine.
  vaenb help COMMAND             Says more about a command; so does vaenb COMMAND --help.
  vaenb --version

Notebooks are .vaenb or .ipynb files (Jupyter's nbformat 4), or .ts files in percent format:
  // %%                          starts a code cell, which goes on to the next such line
  // %% [markdown]               starts a text cell, written as comments
  // %% Sizes {"tags": ["parameters"]}
                                 gives a cell a title and tags; each is optional. The tags that matter are in
                                 vaenb run --help. Jupytext's tags=["parameters"] is read too.

Examples
  vaenb run lesson.vaenb
  vaenb run lesson.vaenb --in-place --timeout 600
  vaenb run lesson.vaenb --output run-3.vaenb --param seed=3 --param layers='[400, 200]'
  vaenb export lesson.vaenb --to html
  vaenb convert lesson.vaenb lesson.ts
`;

const run = `vaenb run FILE [options]

Runs the code cells of a notebook from top to bottom in a fresh kernel, whose working folder is the notebook's.
What cells print goes to standard output and standard error as it comes, and values are shown as text. On a terminal,
the middle of a cell's many lines is left out, and a line says how many (--full: none); a pipe, a file or a log gets
all of them, and so does the executed notebook. The first cell that fails ends the run.

Options
  -o, --output FILE       Write the executed notebook there (.vaenb or .ipynb).
      --in-place          Write the executed notebook over FILE; beside it, if FILE was changed during the run.
                          Without one of these two, nothing is written.
  -p, --param NAME=VALUE  Set a variable that the cell tagged "parameters" declares; may be repeated. VALUE is JSON,
                          or else a text: seed=3, name=mnist, layers='[400, 200]', text='"3"'. The executed
                          notebook has the values in a cell of its own below that one.
  -t, --timeout SECONDS   Stop a cell that takes longer; that counts as its failure. Default: no limit.
      --allow-errors      Go on after a cell that fails, and exit with 0.
      --full              Print every line on a terminal too.
  -q, --quiet             Print nothing but errors.
  -h, --help              Show this text.

Tags, in a cell's metadata; in a .ts file on the line above the cell: // %% {"tags": ["parameters"]}
  parameters              The cell that --param is about.
  raises-exception        This cell is expected to fail, or its training to end in NaN; the run goes on behind it.
  skip-execution          This cell is not run.

Stopping
  Ctrl-C stops the running cell, writes the notebook with what there is, and exits. A second Ctrl-C kills the kernel.
  The written file is always whole: the old one or the new one, never a part.

Exit status
  0  every cell ran       1  a cell failed       2  the run could not start       130  stopped by Ctrl-C
  A training whose loss became NaN is a failure too, though its cell goes on with the last good weights: the run
  goes on, and exits with 1 at its end.
`;

const formats = `  html     One page for any browser, with the interactive figures. It loads nothing from the network; what a kernel
           would compute while you point is not in it.
  ipynb    Jupyter's nbformat 4.5, with outputs.
  md       Markdown: text, code in fences, outputs; pictures go into OUTPUT_files beside it.
  ts       Percent format: TypeScript with a comment line above each cell. It keeps sources, titles and metadata,
           but neither outputs nor attachments; what is left out is named.
  vaenb    The notebook itself: ipynb under its own name.
`;

const exporting = `vaenb export FILE --to FORMAT [options]

Writes a notebook in another format. It is not run: its outputs are those in the file (vaenb run FILE --in-place
makes them).

Formats
${formats}
Options
      --to FORMAT         One of the above. Without it, the end of OUTPUT's name says it.
  -o, --output OUTPUT     Where it goes; default: beside FILE, under its name. "-" is standard output, where
                          Markdown has its pictures in the text.
      --force             Replace OUTPUT when it exists.
  -h, --help              Show this text.

Examples
  vaenb export lesson.vaenb --to html
  vaenb export lesson.vaenb --to md --output docs/lesson.md
  vaenb export lesson.vaenb --to ts --output - | less
`;

const convert = `vaenb convert INPUT OUTPUT [--force]

Rewrites a notebook; the files' extensions name the formats. The same as vaenb export INPUT --output OUTPUT.
Notebooks are read from .vaenb, .ipynb and .ts files.

Formats
${formats}
A .ts file
  // %% Sizes {"tags": ["parameters"]}
  const batch = 128;

  // %% [markdown]
  // # What follows

Options
      --force      Replace OUTPUT when it exists.
  -h, --help       Show this text.
`;

const engine = `vaenb engine install tfjs-node [--build] [--wheel FILE]

Installs @tensorflow/tfjs-node for this user, and checks it with a multiplication and a gradient. It is optional:
training runs on the compiled engine without it. The package comes from npm, its native library (about 300 MB)
from Google's storage, which some networks block. It goes into VAENB_HOME, or where your system keeps such data.

Options
      --build          Build the native part on the TensorFlow that pip finds, instead of downloading it. Takes
                       npm, Python 3 with pip, a C++ compiler, and 900 MB of disk; Linux and macOS only.
      --wheel FILE     With --build: a TensorFlow wheel that is already here, instead of asking pip.
  -h, --help           Show this text.
`;

export const help = { run, export: exporting, convert, engine } as const;
export type CommandName = keyof typeof help;
export const commandNames: readonly CommandName[] = ["run", "export", "convert", "engine"];
