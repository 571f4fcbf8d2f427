import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** A project has them itself, and both have to use the same copy. */
const PEERS = ['zod', 'aws-cdk-lib', 'constructs'];
/** Who only publishes or consumes needs no CDK. */
const OPTIONAL_PEERS = ['aws-cdk-lib', 'constructs'];
/** Parts of it are imported by their path, so another version may not have them. */
const EXACT = ['fauxqs'];
/** Types in the declarations of the package. */
const TYPES = ['@types/aws-lambda'];
const COMMENT = /\/\*[\s\S]*?\*\//g;
const IMPORT = /^(?:import|export)\b(?:[^'";]*from )?\s*["']([^"']+)["']|\bimport\(["']([^"']+)["']\)/gm;
const builtin = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/**
 * The package.json of the built package: what the sources import is what it depends on, in the versions of this repository.
 *
 * @param folder with the built sources
 * @throws Error when they import a package that this repository does not declare
 */
export function manifest(folder: string): object {
  const own: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const declared = { ...own.devDependencies, ...own.dependencies };
  const rangeOf = (name: string): string => {
    const version = declared[name];
    if (version === undefined)
      throw new Error(`the sources import ${name}, which package.json does not declare`);
    return EXACT.includes(name) ? version : `^${version}`;
  };
  const ranges = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, rangeOf(name)]));
  const imported = importedPackages(folder);
  const built = (path: string): string => path.replace('./lib/', './').replace(/\.ts$/, '.js');
  return {
    name: 'fanfare',
    version: own.version,
    description: own.description,
    license: own.license,
    type: 'module',
    engines: { node: '>=20' },
    bin: { fanfare: './cli/fanfare.js' },
    exports: Object.fromEntries(
      Object.entries(own.exports).map(([name, path]) => [
        name,
        { types: built(path).replace(/\.js$/, '.d.ts'), default: built(path) },
      ]),
    ),
    imports: Object.fromEntries(
      Object.entries(own.imports).map(([name, paths]) => [
        name,
        Object.fromEntries(Object.entries(paths).map(([condition, path]) => [condition, built(path)])),
      ]),
    ),
    sideEffects: false,
    dependencies: ranges([...imported.filter((name) => !PEERS.includes(name)), ...TYPES].toSorted()),
    peerDependencies: ranges(PEERS),
    peerDependenciesMeta: Object.fromEntries(OPTIONAL_PEERS.map((name) => [name, { optional: true }])),
    optionalDependencies: Object.fromEntries(
      Object.entries(own.optionalDependencies).filter(([name]) => name.startsWith('@dynoxide/')),
    ),
  };
}

/** The package.json of `create-fanfare`, in the version of the package that its apps depend on. */
export function creatorManifest(): object {
  const { version, license, devDependencies }: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    name: 'create-fanfare',
    version,
    description: 'Writes a small Fanfare app into a new folder: npm create fanfare library',
    license,
    type: 'module',
    engines: { node: '>=20.11' },
    bin: { 'create-fanfare': './create-fanfare.js' },
    dependencies: { commander: `^${devDependencies.commander}` },
  };
}

function importedPackages(folder: string): readonly string[] {
  const names = globSync('**/*.{js,d.ts}', { cwd: folder, exclude: ['**/assets/**'] }).flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8').replaceAll(COMMENT, '');
    return [...source.matchAll(IMPORT)].map(([, plain, dynamic]) => plain ?? dynamic ?? '');
  });
  const packages = names.filter((name) => !/^[.#]/.test(name) && !builtin.has(name) && name !== 'aws-lambda');
  const nameOf = (path: string): string => path.split('/', path.startsWith('@') ? 2 : 1).join('/');
  return [...new Set(packages.map(nameOf))].filter((name) => name !== 'fanfare').toSorted();
}
