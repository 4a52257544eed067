import { resolve } from "node:path";
import { violations } from "./house/violations.ts";
import { readWorkspace } from "./house/workspace.ts";

const members = readWorkspace(resolve(import.meta.dirname, "../../.."));
const found = violations(members);
for (const violation of found) console.error(violation);
const files = members.reduce((sum, member) => sum + member.files.length, 0);
console.log(`${files} files of ${members.length} packages, ${found.length} against the table of the house`);
process.exitCode = found.length > 0 ? 1 : 0;
