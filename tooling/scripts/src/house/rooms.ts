/** What one package of the workspace may use at run time. */
export interface Room {
  /** Packages of this workspace, by name. */
  readonly imports: readonly string[];
  /** Packages of others, by name. */
  readonly thirdParty: readonly string[];
  /** Whether it may use Node's built-in modules; a room without them also runs in a page and in a worker. */
  readonly node: boolean;
  /** Packages of this workspace that its tests may import besides {@link testTime}. */
  readonly testImports?: readonly string[];
}

const arithmetic = "@gradproof/arithmetic";

/**
 * The arrows of the house: the only allowed run-time imports, by the folder in `packages/`.
 * `autodiff`, `rnn` and `diagnostics` never import each other: that independence is what their agreement is worth.
 */
export const rooms: Readonly<Record<string, Room>> = {
  arithmetic: { imports: [], thirdParty: [], node: false },
  autodiff: { imports: [arithmetic], thirdParty: [], node: false },
  rnn: { imports: [arithmetic], thirdParty: [], node: false },
  diagnostics: { imports: [arithmetic], thirdParty: ["ml-matrix"], node: false },
  training: { imports: [arithmetic, "@gradproof/rnn"], thirdParty: [], node: false },
  arbitraries: { imports: [], thirdParty: ["fast-check"], node: false },
  interchange: { imports: [], thirdParty: ["fflate"], node: false },
  verification: {
    imports: [arithmetic, "@gradproof/autodiff", "@gradproof/rnn", "@gradproof/diagnostics"],
    thirdParty: [],
    node: false,
    // Its type test holds the declarations of all packages together.
    testImports: ["@gradproof/interchange"],
  },
  cli: {
    imports: [
      arithmetic,
      "@gradproof/autodiff",
      "@gradproof/rnn",
      "@gradproof/diagnostics",
      "@gradproof/arbitraries",
      "@gradproof/interchange",
      "@gradproof/training",
      "@gradproof/verification",
    ],
    thirdParty: ["@observablehq/plot", "ajv", "cli-progress", "commander", "katex", "linkedom", "picocolors"],
    node: true,
  },
};

/** What the tests and the build of every package may use besides. */
export const testTime: readonly string[] = ["@gradproof/arbitraries", "@gradproof/vitest-preset"];
