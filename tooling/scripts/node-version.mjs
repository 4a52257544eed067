// Loaded before every script of the workspace; plain JavaScript, so that an old Node can still say what is wrong.
const required = [22, 18];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < required[0] || (major === required[0] && minor < required[1])) {
  console.error(
    `gradproof: this script runs under Node ${process.versions.node} (${process.execPath}), and needs ${required.join(".")} or newer, which runs TypeScript.\n` +
      "On Linux the workspace brings its own: run the script through pnpm (`npx -y pnpm@12 test`), without --no-optional.",
  );
  process.exit(70);
}
