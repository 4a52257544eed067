import { type Html, html, trusted } from "./html.ts";
import { style } from "./style.ts";

/** A self-contained page: it loads nothing and runs nothing; it names the version of gradproof that made it. */
export function page(title: string, body: Html, version: string): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="quiet">Made by gradproof ${version}.</p>
${body}
</main>
</body>
</html>
`.markup;
}
