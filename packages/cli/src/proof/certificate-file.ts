import { readFileSync } from "node:fs";
import { certificateStatement, type RnnCertificate, rnnCertificateSchema } from "@gradproof/verification";
import { Ajv2020 } from "ajv/dist/2020.js";
import { isSystemError } from "../case-bytes.ts";

/** A certificate that cannot be replayed: what is wrong with it, as a sentence without its name. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/**
 * The certificate in a file.
 *
 * @throws CertificateError where the file cannot be read, is no JSON, or does not have a certificate's form.
 */
export function readCertificate(path: string): RnnCertificate {
  const certificate = parsed(textOf(path));
  const { statement } = (certificate ?? {}) as { readonly statement?: unknown };
  if (typeof statement === "string" && statement !== certificateStatement) {
    throw new CertificateError(
      `it is about "${statement}", of which gradproof has no programs; next: replay() of @gradproof/diagnostics, with yours`,
    );
  }
  const ajv = new Ajv2020();
  if (ajv.validate(rnnCertificateSchema, certificate)) return certificate as RnnCertificate;
  const [{ instancePath = "", message = "" } = {}] = ajv.errors ?? [];
  throw new CertificateError(`it has not the form of a certificate: ${instancePath || "it"} ${message}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CertificateError(
      error.code === "ENOENT" ? "there is no such file" : `it cannot be read (${error.message})`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CertificateError(`it is no JSON: ${(error as SyntaxError).message}`);
  }
}
