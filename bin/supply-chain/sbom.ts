import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

const FILE = process.argv[2] ?? '.fanfare/sbom.cdx.json';

const bom = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
  components: z.array(z.looseObject({ name: z.string() })),
});

/**
 * Writes what this project is made of as CycloneDX, from the lockfile: nothing has to be installed.
 *
 * @see https://docs.npmjs.com/cli/commands/npm-sbom
 */
const written = bom.parse(
  JSON.parse(
    execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    }),
  ),
);
// npm takes the name of the folder for that of the project.
written.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name;
mkdirSync(dirname(FILE), { recursive: true });
writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
console.log(`${written.components.length} components are listed in ${FILE}.`);
