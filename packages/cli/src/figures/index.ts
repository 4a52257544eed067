export type { Moment } from "../train/history.ts";
export {
  horizonFigure as memoryFigure,
  horizonSummary as memorySummary,
  lossFigure,
  lossSummary,
} from "../train/train-figures.ts";
export { type Contributions, contributionFigure } from "./contribution-figure.ts";
export { type Drawing, drawingIn, type Plot } from "./drawing.ts";
export type { Figure, FigureTable } from "./figure.ts";
export { type HorizonPoint, horizonFigure } from "./horizon-figure.ts";
export { type LagShares, lagFigure } from "./lag-figure.ts";
export { type NeuronProducts, neuronFigure, neuronProducts } from "./neuron-figure.ts";
export { type ProductSizes, productFigure } from "./product-figure.ts";
export { type SlopeMap, saturationFigure } from "./saturation-figure.ts";
export { type Spectrum, spectrumFigure } from "./spectrum-figure.ts";
