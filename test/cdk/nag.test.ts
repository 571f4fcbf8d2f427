import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../apps/orders/app.ts';
import { findings } from './nag-findings.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

/** As the ids of the rules begin. */
const PACK_NAMES = ['AwsSolutions', 'NIST.800.53.R5', 'HIPAA.Security', 'PCI.DSS.321', 'Serverless'];
const PROD = { stage: 'prod', alarmEmail: 'ops@example.com', mailFrom: 'orders@shop.dev' };
const SETTINGS = [
  ['stage dev', {}],
  ['stage prod', PROD],
  ['stage prod, with a key of its own', { ...PROD, dataKey: 'own' }],
  [
    'stage prod, told otherwise',
    {
      stage: 'prod',
      alarmUrl: 'https://events.example.com',
      alarmSlack: 'T0/C0',
      xray: 'on',
      mailFrom: 'orders@shop.dev',
    },
  ],
] as const;

const outdir = mkdtempSync(join(tmpdir(), 'fanfare-nag-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const appWith = (context: Readonly<Record<string, unknown>>): App =>
  createApp({ outdir, context: { ...WITHOUT_BUNDLING, ...context } });

// Five packs over all stacks take a while on a busy machine.
describe("cdk-nag's packs find nothing without a written reason", { timeout: 300_000 }, () => {
  it.each(SETTINGS)('in %s', (_, context) => {
    expect(findings(appWith(context), outdir)).toEqual([]);
  });

  it.each(PACK_NAMES)('and the pack %s is asked: it finds a bare queue or a bare bucket', (pack) => {
    const app = appWith({});
    const bus = app.node.children.find((child) => Stack.isStack(child)) ?? expect.fail('there is no stack');
    const bare = [new CfnQueue(bus, 'BareQueue'), new CfnBucket(bus, 'BareBucket')];
    const paths = bare.map(({ node }) => node.path);
    const found = findings(app, outdir).filter((finding) => paths.some((path) => finding.endsWith(path)));
    expect(found.filter((finding) => finding.startsWith(`${pack}-`)).length).toBeGreaterThan(0);
  });
});

interface Accepted {
  readonly path: string;
  readonly pack: string;
  /** `IAM5`, even where it is accepted for one resource only, as `IAM5[Resource::...]`. */
  readonly rule: string;
  readonly reason: string;
}

function acceptedBy(app: App): Accepted[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .flatMap(([qualifiedId, reason]) => {
        const id = qualifiedId.replace(/^[\w.-]+::/, '');
        const pack = PACK_NAMES.find((name) => id.startsWith(`${name}-`));
        const rule = id.slice((pack ?? '').length + 1).replace(/\[.*\]$/, '');
        return pack ? [{ path: node.path, pack, rule, reason }] : [];
      }),
  );
}

it.each(SETTINGS)(
  'accepts nothing that is followed, in %s',
  (_, context) => {
    const accepted = acceptedBy(appWith(context));
    const acknowledge = vi.spyOn(Validations.prototype, 'acknowledge').mockImplementation(() => undefined);
    const found = findings(appWith(context), outdir);
    acknowledge.mockRestore();
    const needless = accepted.filter(
      ({ path, pack, rule }) =>
        !found.some((finding) => new RegExp(`^${pack}-${rule}(\\[.*\\])? ${path}(/|$)`).test(finding)),
    );
    expect(needless).toEqual([]);
  },
  300_000,
);

/** One line for each rule, pack and reason of the table in docs/security.md. */
function documented(): string[] {
  const [, section = ''] =
    /\n## Rule packs\n([\s\S]*?)(?:\n## |$)/.exec(readFileSync('docs/security.md', 'utf8')) ?? [];
  return [...section.matchAll(/^\| `([^`]+)` \| (.+) \| (.+) \|$/gm)].flatMap(
    ([, rule, packs = '', reason = '']) =>
      packs.split(', ').map((pack) => `${pack} | ${rule} | ${reason.replaceAll('`', '')}`),
  );
}

it('accepts what docs/security.md says, for the reasons that it says, and nothing else', () => {
  const accepted = SETTINGS.flatMap(([, context]) => acceptedBy(appWith(context))).map(
    ({ pack, rule, reason }) => `${pack} | ${rule} | ${reason}`,
  );
  expect([...new Set(accepted)].toSorted()).toEqual(documented().toSorted());
});

it('fails the synthesis of a template that CloudFormation would refuse', () => {
  const app = appWith({});
  const stack = app.node.children.find((child) => Stack.isStack(child));
  new CfnQueue(stack ?? expect.fail('the app has no stack'), 'Endless', { visibilityTimeout: 43_201 });
  expect(() => app.synth()).toThrow(/Endless/);
});
