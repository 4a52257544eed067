import type { Terminal } from "./terminal.ts";
import { ReportError, writeReport } from "./write-report.ts";

/** Renders and writes the report that --report asks for; answers whether it is there, and says so if not. */
export async function reportTo(path: string, render: () => Promise<string>, terminal: Terminal): Promise<boolean> {
  try {
    writeReport(path, await render());
    return true;
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    terminal.complain(`gradproof: ${error.message}\n`);
    return false;
  }
}
