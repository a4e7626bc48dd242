import MagicString from "magic-string";
import { type CellForm, type SessionNames, startEnumsAfresh, toCellForm, Unsupported } from "./cellForm";
import { endsInSemicolon } from "./ending";
import { CodeError } from "./failure";
import { instrument } from "./instrument";
import { type ModuleForm, toModuleForm } from "./moduleForm";
import { CELL, CELL_GIFTS, SCOPE, STOP } from "./names";
import { type StripOptions, type Stripped, stripTypes } from "./typescript";
import { createUnit, type Unit } from "./unit";

export interface Identity {
  readonly file: string;
  readonly title: string;
  readonly cell?: string;
  readonly path?: string;
}

export interface Compiled<Form> {
  /** A function expression; its parameters are the names of `names.ts`. */
  readonly code: string;
  readonly unit: Unit;
  readonly form: Form;
}

type Options = Omit<StripOptions, "file" | "keepUnusedImports">;

/** Compiles a cell's source: types stripped, names in the session's scope, stoppable, its last value returned. */
export async function compileCell(
  source: string,
  identity: Identity,
  session: SessionNames,
  options: Options = {},
): Promise<Compiled<CellForm>> {
  const stripped = await stripTypes(source, { ...options, file: identity.file, keepUnusedImports: true });
  return finish(source, identity, stripped, [SCOPE, STOP, CELL, ...CELL_GIFTS], (code) => {
    const form = toCellForm(code, stripped.program, source, session, !endsInSemicolon(source));
    if (stripped.map !== undefined) startEnumsAfresh(code, stripped.program, source, form.declared);
    return form;
  });
}

/** Compiles a module beside the notebook. */
export async function compileModule(
  source: string,
  identity: Identity,
  options: Options = {},
): Promise<Compiled<ModuleForm>> {
  const stripped = await stripTypes(source, { ...options, file: identity.file, keepUnusedImports: false });
  return finish(source, identity, stripped, [STOP, CELL, ...CELL_GIFTS], (code) =>
    toModuleForm(code, stripped.program),
  );
}

function finish<Form>(
  source: string,
  identity: Identity,
  stripped: Stripped,
  parameters: readonly string[],
  toForm: (code: MagicString) => Form,
): Compiled<Form> {
  const code = new MagicString(stripped.code);
  // A first line for the shell, which will not be the first any more.
  if (stripped.code.startsWith("#!")) code.update(0, 2, "//");
  const sites = instrument(code, stripped.program);
  const unit = createUnit({
    ...identity,
    source,
    stripped: stripped.code,
    sites,
    stripMap: stripped.map,
    rewriteMap: () => code.generateMap({ hires: true }).toString(),
  });
  const form = inSource(unit, () => toForm(code));
  // The line of the person's code stays the line of the compiled code; `this` is undefined, as in a module.
  code.prepend(`(function (${parameters.join(", ")}) { "use strict"; return (async () => {`);
  code.append("\n})(); })");
  return { code: code.toString(), unit, form };
}

/** Gives what has no meaning in this form its place in the person's source. */
function inSource<T>(unit: Unit, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    throw new CodeError(error.message, unit.placeOfOffset(error.offset) ?? { line: 1, column: 1 });
  }
}
