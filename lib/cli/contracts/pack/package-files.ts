import type { EventContract } from '../../../contracts/define-event.ts';

/** What the package says of itself. */
export interface PackageAbout {
  readonly name: string;
  readonly version: string;
  /** The app whose events these are. */
  readonly app: string;
  readonly license?: string | undefined;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Each export with its contract and the files of its module. */
export interface PackedContract {
  readonly name: string;
  readonly contract: EventContract;
  /** Path of the JavaScript, from the package. */
  readonly code: string;
  /** Path of the declarations, from the package. */
  readonly types: string;
}

/** The package.json. Its field `fanfare` says that the folder may be replaced. */
export function manifestOf({ name, version, app, license, peerDependencies }: PackageAbout): object {
  return {
    name,
    version,
    description: `The contracts of the events of ${app}.`,
    ...(license !== undefined && { license }),
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './schemas/*': './schemas/*',
      './package.json': './package.json',
    },
    peerDependencies,
    fanfare: { contracts: app },
  };
}

/** `index.js`, or with `types` `index.d.ts`: every contract from its module. */
export function indexOf(contracts: readonly PackedContract[], of: 'code' | 'types'): string {
  const lines = [...Map.groupBy(contracts, (one) => one[of])].map(
    ([path, all]) => `export { ${all.map(({ name }) => name).join(', ')} } from ${specifierOf(path)};\n`,
  );
  return lines.join('');
}

/** A module, as another file at the top of the package names it: declarations are named by the JavaScript that they describe. */
export function specifierOf(path: string): string {
  return `'./${path.replace(/\.d\.([cm]?)ts$/, '.$1js')}'`;
}

/** The README: how to use the package, and what is in it. */
export function readmeOf({ name, app }: PackageAbout, contracts: readonly PackedContract[]): string {
  const first = contracts.find(({ contract }) => !contract.internal) ?? contracts[0];
  const rows = contracts.map(({ name, contract: { type, versions, internal, description } }) => {
    const numbers = versions.map(({ version }) => version).join(', ');
    return `| \`${name}\` | \`${type}\` | ${numbers} | ${description.replaceAll('|', '\\|')}${internal ? ` Only consumers of ${app} emit it.` : ''} |`;
  });
  const example = [
    "import { defineConsumer } from 'fanfare/contracts';",
    `import { ${first?.name} } from '${name}';`,
    '',
    'export const audit = defineConsumer({',
    "  name: 'audit',",
    "  description: 'Takes what another repository publishes.',",
    `  listensTo: [${first?.name}],`,
    '});',
  ];
  return `# ${name}

The contracts of the events of ${app}, written by \`fanfare contracts pack\`.

\`\`\`ts
${example.join('\n')}
\`\`\`

| export | event | versions | says |
|---|---|---|---|
${rows.join('\n')}

A handler gets the newest version. Older ones are converted to it. \`schemas/\` has the JSON Schema of the data of every version:
\`${name}/schemas/${first?.contract.versionedType}.json\`.
`;
}
