import { transpose } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { Heap } from "../../../packages/arithmetic/src/simd/heap.ts";
import { kernelsIn } from "../../../packages/arithmetic/src/simd/kernels.ts";
const A = simd("float32");
const heap = new Heap(32); const { kernels } = kernelsIn(heap.memory, A.variant, 32);
function best(f: () => void, ms: number) { let b = 1e9; for (let i = 0; i < 3; i++) { f(); } const end = performance.now() + ms; do { const t = performance.now(); f(); b = Math.min(b, performance.now() - t); } while (performance.now() < end); return b; }
const peak = 20000 * 12 * 4 / best(() => kernels.peak(20000, 1024), 300) / 1e6;
console.log("peak GF/s", (2 * peak).toFixed(1));
const one = (m:number,k:number)=>A.lift(Float32Array.from({length:m*k},(_, i)=>Math.sin(i)),[m,k]);
const L: [string, number, number, number, number, number][] = [ ["a",120,512,256,0,0],["aT",120,512,256,1,0],["b",120,64,256,0,0],["b2",512,64,256,0,0],["c",512,512,256,0,0],["cT",512,512,256,1,0],["d",512,512,512,0,0],["dT",512,512,512,1,0],["e",512,512,3200,1,0],["f",3200,512,128,0,0],["g",120,520,256,0,0],["gT",516,520,512,1,0],
];
for (const [n,M,N,K,ta,tb] of L) {
  const a = ta ? transpose(one(K,M)) : one(M,K), b = tb ? transpose(one(N,K)) : one(K,N), o = A.empty([M,N]);
  const r = Math.max(1, Math.ceil(2e6/(M*N*K)));
  const t = best(() => { for (let i = 0; i < r; i++) A.gemm(o,a,b,"write"); }, 400) / r;
  console.log(n.padEnd(16), [M,N,K].join("x").padEnd(14), (t*1000).toFixed(2).padStart(10)+" us", (M*N*K/t/1e6/peak*100).toFixed(0)+"%");
}
