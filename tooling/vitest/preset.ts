import { defaultClientConditions, defaultServerConditions } from "vite";
import type { TestProjectInlineConfiguration } from "vitest/config";

const source = "@gradproof/source";

/** Settings of one package's tests: packages of the workspace are read as source, also in worker threads that a test starts. */
export function preset(name: string): TestProjectInlineConfiguration {
  return {
    resolve: { conditions: [source, ...defaultClientConditions] },
    ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
    test: {
      name,
      include: ["test/**/*.test.ts"],
      environment: "node",
      testTimeout: 60_000,
      execArgv: [`--conditions=${source}`],
    },
  };
}
