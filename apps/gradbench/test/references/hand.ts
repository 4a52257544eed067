type Numbers = ArrayLike<number>;
type Point = readonly [number, number, number];

interface HandModel {
  readonly parents: readonly number[];
  readonly base_relatives: readonly (readonly number[][])[];
  readonly inverse_base_absolutes: readonly (readonly number[][])[];
  readonly base_positions: readonly number[][];
  readonly weights: readonly number[][];
  readonly triangles: readonly number[][];
  readonly is_mirrored: boolean;
}

export interface HandData {
  readonly model: HandModel;
  readonly correspondences: readonly number[];
  readonly points: readonly number[][];
}

/** The errors at correspondence i: one point at a time is taken from bone to bone up to the wrist; no matrix is formed. */
export function handErrors(
  { model, correspondences, points }: HandData,
  i: number,
  theta: Numbers,
  u?: Numbers,
): Point {
  const place = (vertex: number) => posedVertex(model, vertex, theta);
  const hand = () => {
    if (u === undefined) return place(correspondences[i]);
    const [a, b, c] = model.triangles[correspondences[i]].map(place);
    const blend = (axis: 0 | 1 | 2) => u[0] * a[axis] + u[1] * b[axis] + (1 - u[0] - u[1]) * c[axis];
    return [blend(0), blend(1), blend(2)];
  };
  const [x, y, z] = hand();
  return [points[i][0] - x, points[i][1] - y, points[i][2] - z];
}

function posedVertex(model: HandModel, vertex: number, theta: Numbers): Point {
  const [x, y, z] = model.base_positions[vertex];
  let sum: Point = [0, 0, 0];
  for (const [bone, weight] of model.weights[vertex].entries()) {
    let p: Point = moved(model.inverse_base_absolutes[bone], [x, y, z]);
    for (let b = bone; b >= 0; b = model.parents[b]) p = moved(model.base_relatives[b], jointTurned(p, b, theta));
    sum = [sum[0] + weight * p[0], sum[1] + weight * p[1], sum[2] + weight * p[2]];
  }
  const [a, b, c] = turned([model.is_mirrored ? -sum[0] : sum[0], sum[1], sum[2]], theta);
  return [a + theta[3], b + theta[4], c + theta[5]];
}

/** By the bend of the bone about x, then by its spread about z. Bones: a wrist, then four to a finger, the first of them stiff. */
function jointTurned([x, y, z]: Point, bone: number, theta: Numbers): Point {
  const [finger, joint] = [Math.floor((bone - 1) / 4), (bone - 1) % 4];
  if (bone === 0 || joint === 0 || finger > 4) return [x, y, z];
  const own = 6 + 4 * finger;
  const bend = theta[joint === 1 ? own : own + joint];
  const spread = joint === 1 ? theta[own + 1] : 0;
  const [across, up] = [Math.cos(bend) * y - Math.sin(bend) * z, Math.sin(bend) * y + Math.cos(bend) * z];
  return [Math.cos(spread) * x - Math.sin(spread) * across, Math.sin(spread) * x + Math.cos(spread) * across, up];
}

/** By the quaternion (cos θ/2, q): p + 2 q × (q × p + cos θ/2 p). */
function turned(p: Point, axis: Numbers): Point {
  const angle = Math.hypot(axis[0], axis[1], axis[2]);
  if (angle < 1e-4) return p;
  const scale = Math.sin(angle / 2) / angle;
  const q: Point = [axis[0] * scale, axis[1] * scale, axis[2] * scale];
  const w = Math.cos(angle / 2);
  const [a, b, c] = cross(q, p);
  const [x, y, z] = cross(q, [a + w * p[0], b + w * p[1], c + w * p[2]]);
  return [p[0] + 2 * x, p[1] + 2 * y, p[2] + 2 * z];
}

function cross([a, b, c]: Point, [x, y, z]: Point): Point {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

/** By the first three rows of a homogeneous matrix. */
function moved(matrix: readonly number[][], [x, y, z]: Point): Point {
  const row = ([a, b, c, d]: readonly number[]) => a * x + b * y + c * z + d;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}
