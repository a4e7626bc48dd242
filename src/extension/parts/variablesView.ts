import * as vscode from "vscode";
import type { Variable } from "../../protocol/messages";
import type { Session } from "../run/session";
import type { Sessions } from "../run/sessions";
import { unhurried } from "./unhurried";

/** What was imported, in one line that unfolds: a person looks for their own names. */
interface Imports {
  readonly imports: readonly Variable[];
}
type Row = Variable | Imports;

/** The names that live in the kernel of the notebook in front, as they are after each cell. */
export class VariablesView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];
  /** The last list of each kernel. */
  private readonly lists = new WeakMap<Session, readonly Variable[]>();
  /** What the kernel in front did when it was last looked at; undefined: another notebook has come to the front. */
  private phase: string | undefined;

  constructor(private readonly sessions: Sessions) {
    const { soon, dispose } = unhurried(() => this.changed.fire());
    this.subscriptions = [
      { dispose },
      vscode.window.registerTreeDataProvider("vaenb.variables", this),
      vscode.window.onDidChangeActiveNotebookEditor(() => {
        this.phase = undefined;
        this.changed.fire();
      }),
      sessions.onDidChange((session) => {
        if (session !== sessions.active || session.run.phase === this.phase) return;
        this.phase = session.run.phase;
        if (this.phase !== "busy") soon();
      }),
    ];
  }

  async getChildren(of?: Row): Promise<Row[]> {
    if (of) return "imports" in of ? [...of.imports] : [];
    const session = this.sessions.active;
    if (!session?.isAlive) return [];
    // A busy kernel answers when its cell ends; until then the last list stands.
    if (session.run.phase !== "idle") return rows(this.lists.get(session) ?? []);
    const answer = await session.request("variables", undefined)?.catch(() => undefined);
    if (answer) this.lists.set(session, answer.variables);
    return rows(answer?.variables ?? []);
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return "imports" in row ? importsItem(row) : variableItem(row);
  }

  dispose(): void {
    for (const one of [...this.subscriptions, this.changed]) one.dispose();
  }
}

function rows(variables: readonly Variable[]): Row[] {
  const imports = variables.filter(({ kind }) => kind === "import");
  const own = variables.filter(({ kind }) => kind !== "import");
  return imports.length > 0 ? [...own, { imports }] : own;
}

function importsItem({ imports }: Imports): vscode.TreeItem {
  const item = new vscode.TreeItem("Imports", vscode.TreeItemCollapsibleState.Collapsed);
  item.id = "imports"; // It stays unfolded when the list is made anew.
  item.description = imports.map(({ name }) => name).join(", ");
  item.iconPath = new vscode.ThemeIcon("symbol-namespace");
  return item;
}

function variableItem({ name, kind, type, size, preview }: Variable): vscode.TreeItem {
  const item = new vscode.TreeItem(name);
  item.description = size === undefined ? `${type} = ${preview}` : `${type}, ${size}`;
  item.tooltip = `${kind} ${name}: ${type}${size === undefined ? "" : `, ${size}`}\n${preview}`;
  item.iconPath = new vscode.ThemeIcon(icons.get(kind) ?? "symbol-variable");
  item.accessibilityInformation = { label: `${kind} ${name}, ${item.description}` };
  return item;
}

const icons = new Map([
  ["function", "symbol-method"],
  ["class", "symbol-class"],
  ["const", "symbol-constant"],
  ["enum", "symbol-enum"],
  ["import", "symbol-namespace"],
]);
