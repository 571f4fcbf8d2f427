import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { EventBusStack } from '../../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../../lib/constructs/context.ts';
import { readSettings } from '../../../lib/constructs/settings.ts';
import type { Stage } from '../../../lib/constructs/stage.ts';
import { collectsAll } from '../../apps/praise/consumer.ts';

const entry = (file: string): string => fileURLToPath(new URL(`../../apps/praise/${file}`, import.meta.url));

/** Synthesizes apps with a consumer of the same name for one account, into a new folder. Only the first has an HTTP API. */
export function synthesizeSideBySide(...stages: readonly Stage[]): string {
  const outdir = mkdtempSync(join(tmpdir(), 'fanfare-two-apps-'));
  const app = new App({ outdir, context: projectContext() });
  const settings = readSettings(app.node);
  const names = stages.map((stage) => {
    const { bus, stackName } = new EventBusStack(app, {
      settings: { ...settings, stage },
      publishEntry: entry('publish.ts'),
    });
    new ConsumerStack(app, { definition: collectsAll, bus, stage, entry: entry('handler.ts') });
    return stackName;
  });
  app.synth();
  for (const name of names.slice(1)) takeApiAway(join(outdir, `${name}.template.json`));
  return outdir;
}

interface Template {
  Resources: Record<string, { Type: string }>;
  Outputs: Record<string, { Value: unknown }>;
}

/** The local runner serves one HTTP API. */
function takeApiAway(file: string): void {
  const template: Template = JSON.parse(readFileSync(file, 'utf8'));
  const gone = new Set<string>();
  const names = (resource: object): boolean =>
    [...gone].some((id) => JSON.stringify(resource).includes(`"${id}"`));
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const [id, resource] of Object.entries(template.Resources)) {
      if (resource.Type.startsWith('AWS::ApiGatewayV2::') || names(resource)) gone.add(id);
    }
  }
  for (const id of gone) delete template.Resources[id];
  template.Outputs.ApiUrl = { Value: 'http://127.0.0.1:9' };
  writeFileSync(file, JSON.stringify(template));
}
