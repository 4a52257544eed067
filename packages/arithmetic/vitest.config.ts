import "./build/kernels.ts";
import { preset } from "@gradproof/vitest-preset";

export default preset("arithmetic");
