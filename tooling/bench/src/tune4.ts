import { simd } from "@gradproof/arithmetic/simd";
for (const f of ["float32","float64"] as const) { const A = simd(f); const n = 4096;
for (const op of ["tanh","sigmoid","exp","log","square","oneMinus","relu"] as const) { const a = A.lift(Float32Array.from({length:n},(_, i)=>op==='log'?1+i:Math.sin(i)*3),[n]), o = A.empty([n]);
 let b=1e9; for (let i=0;i<3000;i++){const t=performance.now();A.unary(op,o,a);b=Math.min(b,performance.now()-t)} console.log(f,op,(b/n*1e6).toFixed(2),"ns"); }}
