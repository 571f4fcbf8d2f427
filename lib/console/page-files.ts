import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly contentType: string;
  readonly body: string;
}

const DOCUMENT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fanfare</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/main.js"></script>
<body><noscript>The console needs JavaScript.</noscript></body>
</html>
`;

const fileOf = (name: string): string => fileURLToPath(new URL(`./page/${name}`, import.meta.url));

/** Bundles the page's script and reads its style. They are the same for everybody, and hold nothing of the deployment. */
export async function readPageFiles(): Promise<Map<string, PageFile>> {
  const [script, style] = await Promise.all([
    build({ entryPoints: [fileOf('main.ts')], bundle: true, write: false, format: 'esm', target: 'es2024' }),
    readFile(fileOf('style.css'), 'utf8'),
  ]);
  return new Map([
    ['/', { contentType: 'text/html; charset=utf-8', body: DOCUMENT }],
    ['/main.js', { contentType: 'text/javascript; charset=utf-8', body: script.outputFiles[0]?.text ?? '' }],
    ['/style.css', { contentType: 'text/css; charset=utf-8', body: style }],
  ]);
}
