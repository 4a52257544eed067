import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { rooms } from "./house/rooms.ts";
import { checkTypes, install, installedManifest, loadedPackages } from "./packed/consumer.ts";
import { machineNode } from "./packed/machine-node.ts";
import { useInPage } from "./packed/page.ts";
import { execute } from "./packed/pnpm.ts";
import { contentProblems, manifestProblems, pack, publintProblems } from "./packed/tarball.ts";

/** Useful alone: importing one of these loads nothing but itself and `arithmetic`. */
const core = ["arithmetic", "autodiff", "rnn"];

const root = resolve(import.meta.dirname, "../../..");
const temporary = mkdtempSync(join(tmpdir(), "gradproof-packed-"));
const problems: string[] = [];

/** Notes what does not hold, and goes on. */
async function attempt(what: string, body: () => readonly string[] | Promise<readonly string[]>): Promise<void> {
  try {
    const found = await body();
    for (const problem of found) problems.push(`${what}: ${problem}`);
    console.log(`${found.length === 0 ? "ok    " : "failed"} ${what}`);
  } catch (error) {
    problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    console.log(`failed ${what}`);
  }
}

try {
  const tarballs = readdirSync(join(root, "packages"))
    .filter((room) => existsSync(join(root, "packages", room, "package.json")))
    .map((room) => pack(root, room, temporary));
  for (const tarball of tarballs) {
    await attempt(`${tarball.name}: its tarball`, async () => [
      ...contentProblems(tarball),
      ...(await publintProblems(tarball)),
    ]);
  }

  const coreProject = join(temporary, "core");
  const coreTarballs = tarballs.filter(({ room }) => core.includes(room));
  install(coreProject, coreTarballs, coreTarballs);
  for (const { name, room } of coreTarballs) {
    await attempt(`${name}: imported alone, beside the core only`, () => {
      const allowed = new Set([name, ...(rooms[room]?.imports ?? [])]);
      return [...loadedPackages(coreProject, name)]
        .filter((other) => !allowed.has(other))
        .map((other) => `loads ${other}`);
    });
  }

  await attempt("the core packages, used in a page that Vite built and in Node", () =>
    useInPage(coreProject, temporary),
  );

  const project = join(temporary, "all");
  const names = tarballs.map(({ name }) => name);
  install(project, tarballs, tarballs);
  const machine = machineNode(20);
  for (const { name, room } of tarballs) {
    await attempt(`${name}: installed and imported`, () => {
      const ours = new Set([name, ...(rooms[room]?.imports ?? [])]);
      const loaded = [...loadedPackages(project, name)].filter((other) => names.includes(other) && !ours.has(other));
      if (machine) execute(machine.path, ["--input-type=module", "--eval", `await import("${name}")`], project);
      return [...manifestProblems(installedManifest(project, name)), ...loaded.map((other) => `loads ${other}`)];
    });
  }
  await attempt("the types of all, in a project of its own settings", () => {
    checkTypes(project, names, join(root, "node_modules/.bin/tsc"));
    return [];
  });
  if (names.includes("gradproof")) {
    await attempt("gradproof --help, as installed", () => {
      execute(join(project, "node_modules/.bin/gradproof"), ["--help"], project);
      return [];
    });
  }
  console.log(`imported under Node ${process.version}${machine ? ` and ${machine.version}` : ""}`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
