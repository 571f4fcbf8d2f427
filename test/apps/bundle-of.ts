import { Bundler } from '../../lib/constructs/function/bundler.ts';

/** All code of a function as it is deployed, whichever file it is in. */
export function bundleOf(entry: string): Buffer {
  const files = [...new Bundler().bundle(entry)].filter(([name]) => name.endsWith('.cjs'));
  return Buffer.concat(files.map(([, content]) => content));
}
