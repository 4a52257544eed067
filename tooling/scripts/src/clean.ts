import { rmSync } from "node:fs";

// The compiler leaves the output of a source that is gone where it was, and it would be published.
rmSync("dist", { recursive: true, force: true });
