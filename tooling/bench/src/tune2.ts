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
const L: [string, number, number, number, number, number][] = [
 ["S4 rec fwd b^T",64,512,512,0,1],["S4 rec fwd b",64,512,512,0,0],["S4 dWhh",512,512,3200,1,0],["S4 proj",3200,512,128,0,1],["S4 dWxh",512,128,3200,1,0],["S4 dx",3200,128,512,0,0],
 ["S2 rec fwd b^T",32,128,128,0,1],["S2 rec b",32,128,128,0,0],["S2 dWhh",128,128,2048,1,0],["S2 proj",3200,128,64,0,1],["S2 dWhy",64,128,2048,1,0],["S2 out",3200,64,128,0,1],
 ["S3 rec b^T",16,64,64,0,1],["S3 rec b",16,64,64,0,0],["S3 dWhh",64,64,1024,1,0],["S3 proj",16000,64,2,0,1],["S3 dWxh",64,2,1024,1,0],["S3 dx",1024,2,64,0,0],["S3 out",16000,1,64,0,1],["S3 dWhy",1,64,1024,1,0],["S3 dh",1024,64,1,0,0],
 ["S1 rec b^T",1,100,100,0,1],["S1 rec b",1,100,100,0,0],["S1 dWhh",100,100,25,1,0],["S1 proj",25,100,65,0,1],["S1 dWhy",65,100,25,1,0],["S1 out",25,65,100,0,1],["S1 dx",25,65,100,0,0],
 ["ragged",25,100,65,0,0],["M16",16,64,64,0,0],["M16 512",16,512,512,0,0],
];
for (const [n,M,N,K,ta,tb] of L) {
  const a = ta ? transpose(one(K,M)) : one(M,K), b = tb ? transpose(one(N,K)) : one(K,N), o = A.empty([M,N]);
  const r = Math.max(1, Math.ceil(2e6/(M*N*K)));
  const t = best(() => { for (let i = 0; i < r; i++) A.gemm(o,a,b,"write"); }, 120) / r;
  console.log(n.padEnd(16), [M,N,K].join("x").padEnd(14), (t*1000).toFixed(2).padStart(10)+" us", (M*N*K/t/1e6/peak*100).toFixed(0)+"%");
}
