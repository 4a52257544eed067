import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { indexProblems } from "./index-file.ts";
import { moduleRequests, SyntaxProblem } from "./module-requests.ts";
import type { Room } from "./rooms.ts";
import { rooms as house, testTime } from "./rooms.ts";
import type { Member, SourceFile } from "./workspace.ts";

/** The package that a bare specifier belongs to: `@scope/name/sub/path` is `@scope/name`. */
function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Whether a package's `exports` name the entry, `.` or `./sub/path`; without `exports`, any `main` is. */
function hasEntry(exports: unknown, entry: string): boolean {
  if (exports === undefined || typeof exports === "string") return entry === ".";
  const keys = Object.keys(exports as object);
  return keys.some((key) => key.startsWith(".")) ? keys.includes(entry) : entry === ".";
}

function keys(record: Readonly<Record<string, string>> | undefined): string[] {
  return Object.keys(record ?? {});
}

/**
 * Where a workspace breaks the table of the house: each run-time dependency and each import must follow an arrow,
 * be declared, and stay out of the inside of other packages. Tests may also use what `testTime` lists and what
 * their package declares for development, but no package of the workspace that an arrow does not allow.
 * Apps and tooling may use any package, as long as they declare it.
 *
 * @returns one sentence per violation, beginning with the place
 */
export function violations(
  members: readonly Member[],
  rooms: Readonly<Record<string, Room>> = house,
): readonly string[] {
  const byName = new Map(members.map((member) => [member.manifest?.name, member]));
  return members.flatMap((member) => {
    const { folder, manifest } = member;
    const [kind = "", name = ""] = folder.split("/");
    if (!manifest) return [`${folder}: has sources and no package.json`];
    const room = kind === "packages" ? rooms[name] : undefined;
    if (kind === "packages" && !room)
      return [`${folder}: is not a room of the house; add it to the table with its arrows`];

    const isOurs = (target: string): boolean => byName.has(target) || target.startsWith("@gradproof/");
    const allowed = (target: string, time: "run" | "test"): boolean => {
      const isApp = byName.get(target)?.folder.startsWith("apps/") ?? false;
      if (isApp) return false;
      if (!room) return true;
      if (room.imports.includes(target) || room.thirdParty.includes(target)) return true;
      if (time === "run") return false;
      return testTime.includes(target) || (room.testImports?.includes(target) ?? false) || !isOurs(target);
    };
    const runTime = new Set([
      ...keys(manifest.dependencies),
      ...keys(manifest.peerDependencies),
      ...keys(manifest.optionalDependencies),
    ]);
    const development = new Set(keys(manifest.devDependencies));

    const undeclaredArrows = [...runTime]
      .filter((target) => !allowed(target, "run"))
      .map((target) => `${folder}/package.json: depends on ${target}, which the house does not allow`);
    const forbiddenDevelopment = [...development]
      .filter((target) => !allowed(target, "test"))
      .map((target) => `${folder}/package.json: depends on ${target} for development, which the house does not allow`);

    const fileProblems = (file: SourceFile): string[] => {
      const time = room && file.path.startsWith("src/") ? "run" : "test";
      const problem = (specifier: string): string | undefined => {
        if (specifier.startsWith(".")) {
          const target = posix.join(posix.dirname(file.path), specifier);
          if (target.startsWith("../")) return `imports ${specifier}, which is outside its package`;
          if (target === "src/index.ts") return "imports its own package's index.ts";
          if (time === "run" && !target.startsWith("src/")) return `imports ${specifier}, which is not published`;
          return undefined;
        }
        // Made by the app's own bundler.
        if (!room && specifier.startsWith("virtual:")) return undefined;
        if (isBuiltin(specifier)) {
          return time === "run" && !room?.node
            ? `imports ${specifier}: this room also runs where Node is not`
            : undefined;
        }
        const target = packageOf(specifier);
        if (target === manifest.name) return "imports its own package's index.ts by name";
        if (!allowed(target, time)) return `imports ${target}, which the house does not allow`;
        if (!room && file.apart?.includes(target)) return undefined;
        if (!runTime.has(target) && (time === "run" || !development.has(target))) {
          return `imports ${target}, which its package.json does not declare`;
        }
        const entry = `.${specifier.slice(target.length)}`;
        const owner = byName.get(target);
        if (owner && !hasEntry(owner.manifest?.exports, entry))
          return `imports ${specifier}, which ${target} does not export`;
        return undefined;
      };
      try {
        const requests = moduleRequests(file.path, file.source).flatMap(({ specifier, line }) => {
          const what =
            specifier !== undefined
              ? problem(specifier)
              : time === "run"
                ? "imports a computed name, which cannot be checked"
                : undefined;
          return what ? [`${folder}/${file.path}:${line}: ${what}`] : [];
        });
        const index = room && file.path === "src/index.ts" ? indexProblems(file.path, file.source) : [];
        return [...requests, ...index.map(({ line, what }) => `${folder}/${file.path}:${line}: ${what}`)];
      } catch (error) {
        if (error instanceof SyntaxProblem) return [`${folder}/${file.path}:${error.line}: ${error.message}`];
        throw error;
      }
    };
    return [...undeclaredArrows, ...forbiddenDevelopment, ...member.files.flatMap(fileProblems)];
  });
}
