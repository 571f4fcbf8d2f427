import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entryOf } from '../functions/entry-of.ts';
import type { ProxyResponse } from './proxy-event.ts';

/** The API documents that synth writes into the assembly. */
const DOCUMENTS = ['/openapi.json', '/asyncapi.json'];

/** Scripts and styles of the pages, by their name under `/docs/assets/`. */
export const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'swagger-ui-dist/swagger-ui.css',
  'swagger-ui.js': 'swagger-ui-dist/swagger-ui-bundle.js',
  'asyncapi.css': '@asyncapi/react-component/styles/default.min.css',
  'asyncapi.js': '@asyncapi/react-component/browser/standalone/index.js',
};

const PAGES: Readonly<Record<string, string>> = {
  '/docs': page('Publish API', {
    style: 'swagger-ui.css',
    script: 'swagger-ui.js',
    draw: "SwaggerUIBundle({ url: '/openapi.json', docExpansion: 'full', domNode: document.getElementById('page') })",
  }),
  '/docs/bus': page('The bus', {
    style: 'asyncapi.css',
    script: 'asyncapi.js',
    draw: "AsyncApiStandalone.render({ schema: { url: '/asyncapi.json' } }, document.getElementById('page'))",
  }),
};

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Serves the API documents of an app, and the pages that show them. @returns undefined for any other path */
export async function answerDocument(
  path: string,
  assemblyDirectory: string,
): Promise<ProxyResponse | undefined> {
  if (DOCUMENTS.includes(path)) return file(join(assemblyDirectory, path));
  const html = entryOf(PAGES, path);
  if (html !== undefined) return respond('text/html; charset=utf-8', Buffer.from(html));
  const asset = entryOf(ASSETS, path.replace(/^\/docs\/assets\//, ''));
  return asset === undefined ? undefined : file(assetFile(asset));
}

/** Path of a script or style: in the published package, a folder beside this module; in the repository, `node_modules`. */
function assetFile(asset: string): string {
  const packed = fileURLToPath(new URL(`./assets/${asset.replaceAll('/', '-')}`, import.meta.url));
  return existsSync(packed) ? packed : createRequire(import.meta.url).resolve(asset);
}

async function file(path: string): Promise<ProxyResponse> {
  const type = entryOf(TYPES, path.slice(path.lastIndexOf('.') + 1)) ?? 'application/octet-stream';
  return respond(type, await readFile(path));
}

function respond(type: string, body: Buffer): ProxyResponse {
  return { statusCode: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body };
}

function page(
  title: string,
  { style, script, draw }: { readonly style: string; readonly script: string; readonly draw: string },
): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} - Fanfare</title>
<link rel="stylesheet" href="/docs/assets/${style}">
<div id="page"></div>
<script src="/docs/assets/${script}"></script>
<script>${draw}</script>
</html>
`;
}
