// Reads what the library says of itself in its sources: signatures, doc comments and options by name. The bundle has none
// of it, for types and comments are gone when it runs.
import path from "node:path";
import ts from "typescript";
import { publicNames } from "./publicNames.mjs";

const sources = path.resolve(import.meta.dirname, "../..");
const flags = ts.SymbolFlags;

/**
 * `values`: by path, such as `plot.latentSpace`; `types`: by the exported type's name, and in it by member. Packages are
 * not read, which would take three times as long: what comes from them is told by its written name.
 */
export function extractDocumentation() {
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    strict: true,
    types: [],
    lib: ["lib.es2015.d.ts"],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (imports, from) =>
    imports.map(({ text }) =>
      text.startsWith(".") ? ts.resolveModuleName(text, from, options, host) : { resolvedModule: undefined },
    );
  const entry = path.join(sources, "vae/index.ts");
  const tools = path.join(sources, "kernel/offered.ts");
  const program = ts.createProgram([entry, tools], options, host);
  const reader = new Reader(program.getTypeChecker());
  const { values, types } = reader.read(program.getSourceFile(entry));
  return { values: { ...values, ...reader.readTools(program.getSourceFile(tools)) }, types };
}

class Reader {
  constructor(checker) {
    this.checker = checker;
  }

  read(entry) {
    const values = {};
    const types = {};
    const exported = this.checker
      .getExportsOfModule(this.checker.getSymbolAtLocation(entry))
      .filter(({ name }) => name !== "tf");
    for (const symbol of exported) {
      const origin = symbol.flags & flags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
      if (origin.flags & flags.Interface) types[symbol.name] = this.membersOf(origin);
      if (!(origin.flags & (flags.Value | flags.NamespaceModule))) continue;
      const type = this.checker.getTypeOfSymbol(origin);
      const documented = this.entry(symbol.name, origin, type);
      // `data` is a value here and a whole module there: its own comment is the one in the entry file.
      values[symbol.name] = documented;
      if (type.symbol?.flags & flags.Class) types[type.symbol.name] = this.membersOf(type.symbol);
      else
        for (const member of this.checker.getPropertiesOfType(type)) {
          const memberType = this.checker.getTypeOfSymbol(member);
          if (!isOurs(member) || (member.flags & flags.Type && !(member.flags & flags.Value))) continue;
          values[`${symbol.name}.${member.name}`] = this.entry(member.name, member, memberType);
        }
    }
    return { values, types };
  }

  /** What the kernel itself adds to the library, which is what `notebookTools` returns. */
  readTools(file) {
    const tools = file.statements.find(
      (one) => ts.isFunctionDeclaration(one) && one.name?.text === "notebookTools",
    );
    const made = this.checker.getSignatureFromDeclaration(tools).getReturnType();
    const members = this.checker.getPropertiesOfType(made);
    return Object.fromEntries(
      members.map((member) => [
        member.name,
        this.entry(member.name, member, this.checker.getTypeOfSymbol(member)),
      ]),
    );
  }

  membersOf(symbol) {
    const members = {};
    const type = this.checker.getDeclaredTypeOfSymbol(symbol);
    for (const member of this.checker.getPropertiesOfType(type)) {
      if (member.name.startsWith("__") || !isOurs(member) || isPrivate(member)) continue;
      members[member.name] = this.entry(member.name, member, this.checker.getTypeOfSymbol(member));
    }
    return { doc: this.docOf(symbol), members };
  }

  /** One name: how it is written in code, what its comment says, and the options that each parameter takes. */
  entry(name, symbol, type) {
    const [signature] = type.getCallSignatures();
    const declaration = signature?.getDeclaration();
    const comments = [symbol, declaration?.symbol].map((one) => (one ? this.docOf(one) : ""));
    const doc = [...new Set(comments.filter(Boolean))].join("\n\n");
    const entry = { signature: declaration ? callOf(name, declaration) : this.written(name, symbol, type) };
    if (doc) entry.doc = doc;
    const options = {};
    declaration?.parameters.forEach((parameter, i) => {
      const found = this.optionsOf(this.checker.getTypeAtLocation(parameter), 0);
      if (found.length === 0) return;
      const told = parameterComments(symbol, declaration, parameter.name.getText());
      for (const option of found) option.doc ??= told.get(option.name);
      options[i] = found;
    });
    if (Object.keys(options).length > 0) entry.options = options;
    return entry;
  }

  /** The names that an object of options may have. None where the value is something that the library itself makes. */
  optionsOf(type, depth) {
    const parts = type.isUnion() ? type.types : [type];
    const objects = parts.filter(
      (part) =>
        part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) &&
        part.getCallSignatures().length === 0 &&
        !this.checker.isArrayLikeType(part) &&
        !made.test(part.aliasSymbol?.name ?? part.symbol?.name ?? ""),
    );
    const names = new Map();
    for (const object of objects)
      for (const symbol of this.checker.getPropertiesOfType(object)) {
        if (!isOurs(symbol)) return [];
        const known = names.get(symbol.name);
        if (!known || /^never\b/.test(this.writtenType(known))) names.set(symbol.name, symbol);
      }
    return [...names].map(([name, symbol]) => {
      const option = { name, type: this.writtenType(symbol) };
      const doc = this.docOf(symbol);
      if (doc) option.doc = doc;
      const nested = depth < 1 ? this.optionsOf(this.checker.getTypeOfSymbol(symbol), depth + 1) : [];
      if (nested.length > 0) option.options = nested;
      return option;
    });
  }

  docOf(symbol) {
    const { checker } = this;
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
    const tags = symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === "throws" || name === "param")
      .map(({ name, text }) => {
        const words = inOneLine(ts.displayPartsToString(text).replace(/^(\S+)\s+-\s+/, "$1 "));
        return name === "throws" ? `Throws ${words}` : words.replace(/^(\S+)/, "`$1`:");
      });
    return [text, tags.join("  \n")].filter(Boolean).join("\n\n");
  }

  written(name, symbol, type) {
    if (type.symbol?.flags & flags.ValueModule) return name;
    return `${name}: ${this.writtenType(symbol)}`;
  }

  writtenType(symbol) {
    const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
    if (declaration && ts.isMethodSignature(declaration))
      return `(${declaration.parameters.map(bare).join(", ")}) => ${bare(declaration.type)}`;
    const node = declaration && "type" in declaration ? declaration.type : undefined;
    const type = this.checker.getTypeOfSymbol(symbol);
    const choices = this.checker.getNonNullableType(type);
    if (choices.isUnion() && choices.types.every((one) => one.isStringLiteral()))
      return choices.types.map(({ value }) => JSON.stringify(value)).join(" | ");
    if (node) return bare(node);
    return type.symbol?.flags & (flags.ObjectLiteral | flags.TypeLiteral)
      ? "object"
      : inOneLine(this.checker.typeToString(type));
  }
}

/** What the library makes and gives back, or makes by a function of its own, is not written as options. */
const made =
  /^(Dataset|TrainTest|Model|TrainedModel|Run|LiveRun|StoppableRun|Score|Schedule|Record|Map|Float32Array|Promise)$/;

const isOurs = (symbol) =>
  (symbol.declarations ?? []).some((one) =>
    one.getSourceFile().fileName.startsWith(`${sources.replaceAll("\\", "/")}/`),
  );

const isPrivate = (symbol) =>
  (symbol.declarations ?? []).some(
    (one) => ts.getCombinedModifierFlags(one) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected),
  );

/** By the names of the types that people know. */
const publicly = (text) =>
  text.replace(/\b(VaeModel|View|TrainTestPair|LiveRun|StoppableRun)\b/g, (name) => publicNames[name]);

const inOneLine = (text) => text.replace(/\s+/g, " ").trim();
/** A type or parameter as it is written, without what only the compiler wants to know. */
const bare = (node) =>
  node
    ? inOneLine(
        publicly(node.getText())
          .replace(/\/\*[^]*?\*\//g, "")
          .replace(/\breadonly /g, "")
          .replace(/^\s*\|/, ""),
      )
    : "";

function callOf(name, declaration) {
  const parameters = declaration.parameters.map(bare).join(", ");
  const result = declaration.type ? `: ${bare(declaration.type)}` : "";
  return `${name}(${parameters})${result}`;
}

/** `@param options.tolerance the largest...` is the comment of an option that has none of its own. */
function parameterComments(symbol, declaration, parameter) {
  const told = new Map();
  for (const tag of [
    ...ts.getJSDocTags(declaration),
    ...(symbol.declarations ?? []).flatMap((one) => [...ts.getJSDocTags(one)]),
  ]) {
    const found = /^\s*\*?\s*@param\s+([\w$]+)\.([\w$]+)\s+([^]*)$/.exec(tag.getText());
    if (found?.[1] === parameter)
      told.set(found[2], inOneLine(found[3].replace(/\n\s*\*/g, " ")).replace(/\s*\*?$/, ""));
  }
  return told;
}
