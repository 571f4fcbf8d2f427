/** The files of a function by their names: `index.cjs`, its source map, and the shared code that it requires with its own. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

/** Code and its source map, by their names. */
export function bundleFiles(name: string, code: Uint8Array, map: Uint8Array): Bundle {
  return new Map([
    [name, code],
    [`${name}.map`, map],
  ]);
}
