import js from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * The walls. Each room lists the rooms that it may import; every other room of ours, and every package named
 * in `keptFor`, is out of bounds. An import that crosses a wall fails the lint run.
 */
const mayImport = {
  protocol: [],
  notebook: ["protocol"],
  vae: [],
  client: ["protocol"],
  kernel: ["protocol", "vae"],
  export: ["protocol", "notebook"],
  cli: ["protocol", "notebook", "client", "export"],
  extension: ["protocol", "notebook", "client", "export"],
  renderer: ["protocol"],
};

/** Packages that belong to some rooms only. */
const keptFor = {
  vscode: ["extension"],
  "plotly.js": ["renderer"],
  "onnxruntime-node": ["vae"],
  "@tensorflow/tfjs": ["vae"],
};

const rooms = Object.keys(mayImport);

const walls = rooms.map((room) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          ...rooms
            .filter((other) => other !== room && !mayImport[room].includes(other))
            .map((other) => ({
              regex: `^(\\.\\./)+${other}/`,
              message: `src/${room} may not import from src/${other}: see the rooms in ARCHITECTURE.md.`,
            })),
          ...Object.entries(keptFor)
            .filter(([, owners]) => !owners.includes(room))
            .map(([name, owners]) => ({
              group: [name, `${name}/*`, `${name}-*`],
              message: `Only src/${owners.join(", src/")} may import ${name}.`,
            })),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".cache/", "test/fixtures/", "examples/", "**/assembly/**"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/class-literal-property-style": "off",
    },
  },
  ...walls,
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "error" },
  },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "performance",
          "setTimeout",
          "clearTimeout",
          "URL",
          "URLSearchParams",
          "Buffer",
          "fetch",
          "document",
        ].map((name) => [name, "readonly"]),
      ),
    },
    rules: {
      "no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
      ],
    },
  },
);
