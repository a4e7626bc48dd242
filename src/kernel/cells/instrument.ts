import type MagicString from "magic-string";
import { CELL, caughtName, STOP_CHECK } from "./names";
import { forEachChild, type FunctionNode, isFunction, isLoop, type Node, type Program } from "./syntax";

/** An `await` in the source: where it stands and in which function, for stack traces across it. */
export interface AwaitSite {
  /** Offset in the code that was instrumented. */
  readonly offset: number;
  readonly functionName: string | undefined;
}

/**
 * The edits that make any code stoppable, wherever it runs later: a check in loops and functions, awaits that Stop can
 * reject, timers that it can end, catch clauses that let a Stop pass. Also gives `import()` and `import.meta` the meaning of the source's folder.
 */
export function instrument(code: MagicString, program: Program): readonly AwaitSite[] {
  const sites: AwaitSite[] = [];
  const visit = (node: Node, functionName: string | undefined): void => {
    if (isFunction(node)) checkFunction(code, node);
    else if (isLoop(node)) checkLoop(code, node);

    switch (node.type) {
      case "AwaitExpression":
        code.appendRight(node.argument.start, `${CELL}.await((`);
        code.prependLeft(node.argument.end, `), ${sites.length})`);
        sites.push({ offset: node.start, functionName });
        break;
      case "ForOfStatement":
        if (node.await) {
          code.appendRight(node.right.start, `${CELL}.iterate((`);
          code.prependLeft(node.right.end, `), ${sites.length})`);
          sites.push({ offset: node.start, functionName });
        }
        break;
      case "CallExpression":
        if (!node.optional && node.callee.type === "Identifier" && timers.has(node.callee.name)) {
          code.appendRight(node.start, `${CELL}.${node.callee.name}(`);
          code.prependLeft(node.end, ")");
        }
        break;
      case "CatchClause":
        letStopPass(code, node);
        break;
      case "ImportExpression":
        code.update(node.start, node.start + "import".length, `${CELL}.import`);
        break;
      case "MetaProperty":
        if (node.meta.name === "import") code.update(node.start, node.end, `${CELL}.meta`);
        break;
      default:
        break;
    }
    forEachChild(node, (child) => visit(child, isFunction(node) ? nameOf(node) : functionName));
  };
  visit(program, undefined);
  return sites;
}

/** What these start ends with a cell that is stopped. A variable of the same name may give what it likes. */
const timers: ReadonlySet<string> = new Set(["setTimeout", "setInterval", "setImmediate"]);

const nameOf = (node: FunctionNode): string | undefined => ("id" in node ? node.id?.name : undefined);

function checkFunction(code: MagicString, { body }: FunctionNode): void {
  if (body.type === "BlockStatement") {
    // After the directives, which must stay first.
    const first = body.body.find((statement) => !("directive" in statement && statement.directive));
    code.appendLeft(first?.start ?? body.end - 1, `${STOP_CHECK};`);
  } else {
    code.appendRight(body.start, `(${STOP_CHECK}, `);
    code.prependLeft(body.end, ")");
  }
}

function checkLoop(code: MagicString, { body }: { body: Node }): void {
  if (body.type === "BlockStatement") code.appendLeft(body.start + 1, `${STOP_CHECK};`);
  else {
    code.appendRight(body.start, `{${STOP_CHECK};`);
    code.prependLeft(body.end, "}");
  }
}

function letStopPass(
  code: MagicString,
  { param, body, start }: Extract<Node, { type: "CatchClause" }>,
): void {
  const inside = body.start + 1;
  if (param?.type === "Identifier") code.appendLeft(inside, `${CELL}.caught(${param.name});`);
  else if (!param) {
    code.appendLeft(start + "catch".length, ` (${caughtName})`);
    code.appendLeft(inside, `${CELL}.caught(${caughtName});`);
  } else {
    // The pattern moves into the body, where it takes the error apart once it is known to be no Stop.
    code.appendLeft(param.start, caughtName);
    code.appendRight(param.start, `${CELL}.caught(${caughtName}); let `);
    code.prependLeft(param.end, ` = ${caughtName};`);
    code.move(param.start, param.end, inside);
  }
}
