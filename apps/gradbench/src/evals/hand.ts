import {
  add,
  concat,
  cos,
  divide,
  matmul,
  multiply,
  negate,
  norm,
  reshape,
  scatterAdd,
  sin,
  slice,
  stack,
  subtract,
  sum,
  take,
  unstack,
} from "@gradproof/autodiff";
import { type Floats, floats, numberOf, scalar } from "./floats.ts";

/** B bones in a tree, and V vertices of the skin around them. */
export interface Hand {
  /** Of each bone: its frame in that of its parent, and the inverse of where it rests; homogeneous, [B, 4, 4]. */
  readonly relatives: Floats;
  readonly inverses: Floats;
  /** The tree from the wrist on. */
  readonly levels: readonly Level[];
  /** Of each vertex: homogeneous coordinates [V, 4], and how much it goes with each bone [V, B]. */
  readonly vertices: Floats;
  readonly weights: Floats;
  /** diag(±1, 1, 1) */
  readonly mirror: Floats;
}

/** Bones of equal depth in the tree, and the place of each one's parent in the level above. */
export interface Level {
  readonly bones: readonly number[];
  readonly parents: readonly number[];
}

/** Of a pose θ: rotation 3, translation 3, then bend and spread of a finger's first joint and bends of the next two, 5 times. */
export const poseLength = 26;
/** A wrist, five fingers of four bones of which the last three turn, and whatever else. */
export const fewestBones = 21;
const fingers = [0, 1, 2, 3, 4];
/** What of θ bends joints and what spreads them, and the bones that then turn. */
const bends = fingers.flatMap((finger) => [6 + 4 * finger, 8 + 4 * finger, 9 + 4 * finger]);
const bent = fingers.flatMap((finger) => [2 + 4 * finger, 3 + 4 * finger, 4 + 4 * finger]);
const spreads = fingers.map((finger) => 7 + 4 * finger);
const spread = fingers.map((finger) => 2 + 4 * finger);

/** Linear blend skinning: each vertex v at R Σ_b w_b T_b v + t, where T_b takes along what is fixed to bone b.       [V, 3] */
export function skin(theta: Floats, { relatives, inverses, levels, vertices, weights, mirror }: Hand): Floats {
  const [[B], [V]] = [relatives.shape, vertices.shape];
  const frames = framesOf(matmul(relatives, jointTurns(theta, B)), levels);
  const transforms = slice(matmul(frames, inverses), 0, 3, 1);
  const placed = matmul(matmul(rotation(slice(theta, 0, 3)), mirror), transforms);
  const blended = reshape(matmul(weights, reshape(placed, [B, 12])), [V, 3, 4]);
  return add(sum(multiply(blended, reshape(vertices, [V, 1, 4])), 2), slice(theta, 3, 6));
}

/** Each bone's frame, from its frame in that of its parent                                                      [B, 4, 4] */
function framesOf(inParents: Floats, levels: readonly Level[]): Floats {
  const byLevel: Floats[] = [];
  for (const { bones, parents } of levels) {
    const own = take(inParents, bones);
    const above = byLevel.at(-1);
    byLevel.push(above ? matmul(take(above, parents), own) : own);
  }
  const order = levels.flatMap(({ bones }) => bones);
  const places = order.map((_, bone) => order.indexOf(bone));
  return take(concat(byLevel), places);
}

/** Each bone's turn: by its bend about x, then by its spread about z                                            [B, 4, 4] */
function jointTurns(theta: Floats, B: number): Floats {
  const x = scatterAdd(take(theta, bends), bent, B);
  const z = scatterAdd(take(theta, spreads), spread, B);
  const [cx, sx, cz, sz] = [cos(x), sin(x), cos(z), sin(z)];
  const [zero, one] = [0, 1].map((value) => floats(new Float64Array(B).fill(value)));
  const rows = [
    [cz, negate(multiply(sz, cx)), multiply(sz, sx), zero],
    [sz, multiply(cz, cx), negate(multiply(cz, sx)), zero],
    [zero, sx, cx, zero],
    [zero, zero, zero, one],
  ];
  return reshape(stack(rows.flat(), 1), [B, 4, 4]);
}

/** Rodrigues' formula, c I + (1 − c) v vᵀ + s [v]ₓ about an axis θ v; I below θ = 1e-4, as the eval has it.           [3, 3] */
function rotation(axis: Floats): Floats {
  const identity = floats([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]);
  const angle = norm(axis);
  if (numberOf(angle) < 1e-4) return identity;
  const v = divide(axis, angle);
  const [x, y, z] = unstack(v);
  const zero = scalar(0);
  const cross = reshape(stack([zero, negate(z), y, z, zero, negate(x), negate(y), x, zero]), [3, 3]);
  const c = cos(angle);
  const along = multiply(subtract(scalar(1), c), multiply(reshape(v, [3, 1]), v));
  return add(add(multiply(c, identity), along), multiply(sin(angle), cross));
}
