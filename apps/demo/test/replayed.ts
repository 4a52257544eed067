import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const command = resolve(import.meta.dirname, "../../../packages/cli/src/main.ts");

/** What `gradproof replay` prints of a certificate. */
export async function replayed(certificate: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "gradproof-certificate-"));
  try {
    const file = join(folder, "certificate.json");
    writeFileSync(file, certificate);
    const args = ["--conditions=@gradproof/source", command, "replay", file, "--seed", "3"];
    return (await promisify(execFile)(process.execPath, args)).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
