import { preset } from "@gradproof/vitest-preset";

export default preset("bench");
