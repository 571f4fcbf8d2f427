import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListQueuesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { openLocalConsole } from '../../lib/cli/open-local-console.ts';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { createApp } from '../apps/orders/app.ts';
import * as events from '../apps/orders/events/index.ts';

/** The shop with its console, and what an attack would leave behind in it. */
export interface RunningShop {
  readonly local: LocalStack;
  readonly console: RunningConsole;
  /** Queues that a tail has made: creating one costs, and copies every event. */
  tailQueues(): Promise<readonly string[]>;
  /** How many dead letters of the e-mail consumer can be received, and how many somebody hides by reading them. */
  deadLetters(): { readonly visible: number; readonly inFlight: number };
  stop(): Promise<void>;
}

/** Runs the shop with one dead letter of the e-mail consumer, on free ports. */
export async function runShop(): Promise<RunningShop> {
  const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-security-'));
  createApp({ outdir: assemblyDirectory }).synth();
  const ports = { api: 0, aws: 0, dynamodb: 0 };
  const local = await startLocal({ assemblyDirectory, ports, log: () => undefined });
  const QueueUrl = local.find('Email', 'DeadLetterQueue').physicalId;
  await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"secret":"ada@example.com"}' }));
  const console = await openLocalConsole(local, { contracts: Object.values(events), port: 0 });
  return {
    local,
    console,
    tailQueues: async () => {
      const found = await local.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'fanfare-tail-' }));
      return found.QueueUrls ?? [];
    },
    deadLetters: () => {
      const { visible, inFlight } = local.depthOf(QueueUrl);
      return { visible, inFlight };
    },
    stop: async () => {
      await console.stop();
      await local.stop();
      rmSync(assemblyDirectory, { recursive: true, force: true });
    },
  };
}
