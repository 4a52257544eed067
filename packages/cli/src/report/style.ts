/**
 * The report's style sheet. Verdicts differ by sign and word first; the colours are blue against orange, which the common
 * colour blindnesses keep apart, and have a contrast of at least 4.5 on their grounds in both schemes.
 */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f5f6f8; --text: #1c2128; --quiet: #555e68; --line: #d3d8de;
  --match: #0a58a6; --mismatch: #a83a00; --inconclusive: #6e5600; --error: #7b2d8e; --heat: #a83a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1d2126; --text: #e4e7eb; --quiet: #a3abb5; --line: #3a4149;
    --match: #79b8ff; --mismatch: #ff9d5c; --inconclusive: #e0c050; --error: #d9a0ea; --heat: #ff9d5c;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 64rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 0.5rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0.5rem 0; max-width: 44rem; }
a { color: var(--match); }
main > section:not(.scroll) { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
sup { line-height: 0; }
code, .number { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.875em; }
.number { text-align: right; white-space: nowrap; }
.quiet, figcaption, caption { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: 0 0 0.4rem; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: baseline; padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 0.85rem; color: var(--quiet); vertical-align: bottom; }
th.number { font-family: inherit; }
tbody th { font-weight: 500; min-width: 8rem; overflow-wrap: anywhere; }
td code, th code { white-space: nowrap; }
.named { display: block; color: var(--quiet); font-size: 0.9rem; }
td.remark { padding-left: 1rem; color: var(--quiet); }
tr.continued > * { border-bottom: 0; padding-bottom: 0; }
.verdict { font-weight: 600; white-space: nowrap; }
.match { color: var(--match); } .mismatch { color: var(--mismatch); }
.inconclusive { color: var(--inconclusive); } .error { color: var(--error); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0.5rem 0 1rem; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
ul.names { margin: 0; padding: 0; list-style: none; }
figure { margin: 1.5rem 0; }
figure svg { display: block; width: 100%; max-width: 34rem; height: auto; }
figcaption { font-size: 0.9rem; max-width: 44rem; margin-top: 0.5rem; }
.keys { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0.5rem 0 0; padding: 0; list-style: none; font-size: 0.85rem; }
.keys li { display: flex; align-items: center; gap: 0.4rem; }
.keys svg { width: 1rem; height: 1rem; }
.formula { margin: 0.25rem 0 0.75rem; overflow-x: auto; row-gap: 0.6rem; align-items: baseline; }
.formula math { font-size: 1.1rem; }
.diagnosis { margin: 1rem 0; padding: 0.25rem 1rem; background: var(--raised); border-left: 4px solid var(--mismatch); }
.diagnosis h3 { margin-top: 0.75rem; }
.finding { margin: 0.75rem 0; padding-left: 0.8rem; border-left: 3px solid var(--line); }
.finding p { margin: 0.15rem 0; }
.finding .verdict { white-space: normal; }
.notice { padding: 0.6rem 0.8rem; background: var(--raised); border-left: 3px solid var(--line); }
`;
