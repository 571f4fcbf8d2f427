import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { projectContext } from '../../lib/constructs/context.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import type { ConsumerDefinition } from '../../lib/contracts/define-consumer.ts';

/** An app of a test: its consumers, with the file that each one's handler is in. */
export interface TestApp {
  /** `import.meta.url` of whoever names the entries. */
  readonly base: string;
  readonly publishEntry: string;
  /** @default false */
  readonly fifo?: boolean;
  readonly consumers: readonly {
    readonly definition: ConsumerDefinition;
    readonly entry: string;
    /** A warning that is known, and why it may stay. */
    readonly acknowledge?: { readonly id: string; readonly reason: string };
  }[];
}

/** Synthesizes an app into a new folder, bundles and all, and returns the folder. */
export function synthesizeApp({ base, publishEntry, fifo = false, consumers }: TestApp): string {
  const path = (relative: string): string => fileURLToPath(new URL(relative, base));
  const outdir = mkdtempSync(join(tmpdir(), 'fanfare-test-'));
  const app = new App({ outdir, context: projectContext() });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings, fifo, publishEntry: path(publishEntry) });
  for (const { definition, entry, acknowledge } of consumers) {
    const { stage } = settings;
    const { consumer } = new ConsumerStack(app, { definition, bus, stage, entry: path(entry) });
    if (acknowledge) Validations.of(consumer).acknowledge(acknowledge);
  }
  try {
    app.synth();
  } catch (error) {
    rmSync(outdir, { recursive: true, force: true });
    throw error;
  }
  return outdir;
}
