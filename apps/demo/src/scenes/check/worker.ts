import { expose } from "comlink";
import { Desk } from "./desk.ts";
import { type ExampleName, exampleFile } from "./examples.ts";

const desk = new Desk(gradproofVersion);

const computations = {
  check: desk.check.bind(desk),
  prove: desk.prove.bind(desk),
  report: desk.report.bind(desk),
  flowReport: desk.flowReport.bind(desk),
  certificate: desk.certificate.bind(desk),
  example: (name: ExampleName) => exampleFile(name),
};

export type CheckComputations = typeof computations;

expose(computations);
