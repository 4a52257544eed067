import { add, concat, jacobian, jvp, multiply, reshape, slice, subtract, take } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import {
  boolean,
  field,
  type Given,
  integer,
  list,
  type Matrix,
  MessageError,
  matrix,
  vector,
} from "../protocol/given.ts";
import { type Floats, floats, fromMatrix, numbers, rowsOf, scalar } from "./floats.ts";
import { fewestBones, type Hand, type Level, poseLength, skin } from "./hand.ts";

interface Problem {
  readonly hand: Hand;
  readonly theta: Floats;
  /** Measured, [C, 3]. */
  readonly points: Floats;
  /** The vertex of each point; or three lists, the corners of each point's triangle. */
  readonly corners: readonly (readonly number[])[];
  /** Where in its triangle each point lies: the weights of its first two corners, [C, 2]. */
  readonly us: Floats | undefined;
}

/** Measured points − points of the hand                                                                            [C, 3] */
function errors(theta: Floats, us: Floats | undefined, { hand, points, corners }: Problem): Floats {
  const vertices = skin(theta, hand);
  const [first, second, third] = corners.map((places) => take(vertices, places));
  if (us === undefined) return subtract(points, first);
  const [u0, u1] = [slice(us, 0, 1, 1), slice(us, 1, 2, 1)];
  const u2 = subtract(scalar(1), add(u0, u1));
  return subtract(points, add(add(multiply(u0, first), multiply(u1, second)), multiply(u2, third)));
}

/** ∂errors/∂u of the point's own u, the only one that its errors depend on, beside ∂errors/∂θ: [3 C, 2 + 26], or [3 C, 26]. */
function compressedJacobian(problem: Problem): Floats {
  const { theta, us, points } = problem;
  const [C] = points.shape;
  const byPose = reshape(jacobian((pose: Floats) => errors(pose, us, problem))(theta), [3 * C, poseLength]);
  if (us === undefined) return byPose;
  const along = (direction: readonly number[]) => {
    const directions = floats(Array.from({ length: C }, () => direction).flat(), [C, 2]);
    return reshape(jvp((u: Floats) => errors(theta, u, problem), us, directions).tangent, [3 * C, 1]);
  };
  return concat([along([1, 0]), along([0, 1]), byPose], 1);
}

function read(input: Given): Problem {
  const data = field(input, "data");
  const model = field(data, "model");
  const us = field(input, "us");
  const simple = list(us).length === 0;
  const positions = matrix(field(model, "base_positions"), undefined, 4);
  const all = cornersOf(data, positions.shape[0], simple);
  const C = all[0].length;
  // A vertex that no point is at is left out.
  const used = [...new Set(all.flat())];
  const places = new Map(used.map((vertex, place) => [vertex, place]));
  return {
    hand: readHand(model, positions, used),
    theta: floats(vector(field(input, "theta"), poseLength)),
    points: fromMatrix(matrix(field(data, "points"), C, 3)),
    corners: all.map((vertices) => vertices.map((vertex) => places.get(vertex) ?? -1)),
    us: simple ? undefined : fromMatrix(matrix(us, C, 2)),
  };
}

/** Of V vertices, that of each correspondence; or the three corners of each one's triangle. */
function cornersOf(data: Given, V: number, simple: boolean): number[][] {
  const correspondences = list(field(data, "correspondences"));
  if (simple) return [correspondences.map((given) => integer(given, 0, V - 1))];
  const triangles = list(field(field(data, "model"), "triangles"));
  const chosen = correspondences.map((given) => list(triangles[integer(given, 0, triangles.length - 1)], 3));
  return [0, 1, 2].map((corner) => chosen.map((triangle) => integer(triangle[corner], 0, V - 1)));
}

function readHand(model: Given, positions: Matrix, used: readonly number[]): Hand {
  const parents = list(field(model, "parents"));
  const B = parents.length;
  if (B < fewestBones) {
    throw new MessageError({ name: "input.data.model.parents.length", value: B }, `at least ${fewestBones}`);
  }
  const frames = (name: string) =>
    floats(
      list(field(model, name), B).flatMap((frame) => [...matrix(frame, 4, 4).values]),
      [B, 4, 4],
    );
  const weights = matrix(field(model, "weights"), positions.shape[0], B);
  const mirrored = boolean(field(model, "is_mirrored"));
  return {
    relatives: frames("base_relatives"),
    inverses: frames("inverse_base_absolutes"),
    levels: levelsOf(parents.map((given, bone) => integer(given, -1, bone - 1))),
    vertices: take(fromMatrix(positions), used),
    weights: take(fromMatrix(weights), used),
    mirror: floats([mirrored ? -1 : 1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]),
  };
}

/** Bones by depth; a parent, −1 for none, comes before its children. */
function levelsOf(parents: readonly number[]): Level[] {
  const levels: { bones: number[]; parents: number[] }[] = [];
  const depths: number[] = [];
  for (const [bone, parent] of parents.entries()) {
    const depth = parent < 0 ? 0 : depths[parent] + 1;
    depths.push(depth);
    levels[depth] ??= { bones: [], parents: [] };
    levels[depth].bones.push(bone);
    levels[depth].parents.push(parent < 0 ? 0 : levels[depth - 1].bones.indexOf(parent));
  }
  return levels;
}

/** Hand tracking: the distances of measured points from a posed hand, and their Jacobian without the zeros between the u. */
export const ht: EvalModule = {
  objective(input) {
    const problem = read(input);
    return () => numbers(errors(problem.theta, problem.us, problem));
  },
  jacobian(input) {
    const problem = read(input);
    return () => rowsOf(compressedJacobian(problem));
  },
};
