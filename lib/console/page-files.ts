import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { sourceFile } from '../project/source-file.ts';

/** A file of the page. */
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

/** Bundles the script of the page and reads its style. They contain no data of the deployment. */
export async function readPageFiles(): Promise<Map<string, PageFile>> {
  const [script, style] = await Promise.all([
    build({
      entryPoints: [sourceFile('./page/main', import.meta.url)],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2024',
    }),
    readFile(new URL('./page/style.css', import.meta.url), 'utf8'),
  ]);
  return new Map([
    ['/', { contentType: 'text/html; charset=utf-8', body: DOCUMENT }],
    ['/main.js', { contentType: 'text/javascript; charset=utf-8', body: script.outputFiles[0]?.text ?? '' }],
    ['/style.css', { contentType: 'text/css; charset=utf-8', body: style }],
  ]);
}
