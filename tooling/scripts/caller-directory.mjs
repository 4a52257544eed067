// Loaded before a command that takes file names: pnpm runs scripts in the root, and the names are relative to where it was called.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
