import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path of a source file of this package, to start or bundle it. Its extension is `.ts` in the repository and `.js` in the installed package.
 *
 * @param name path relative to the caller, without its extension, such as `./page/main`
 * @param caller `import.meta.url` of the caller
 */
export function sourceFile(name: string, caller: string): string {
  return fileURLToPath(new URL(`${name}${extname(caller)}`, caller));
}
