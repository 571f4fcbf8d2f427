import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalStack } from '../local/local-stack.ts';
import { createOpsClients } from '../ops/clients.ts';
import { readDeployment } from '../ops/deployment.ts';
import type { DeploymentName } from '../ops/find-stacks.ts';
import { readIntakes } from '../ops/intake/read-intakes.ts';
import { describeIntake, type ShownIntake } from '../ops/intake/shown-intake.ts';
import { plainText } from './terminal/plain-text.ts';

const LOOK_EVERY_MS = 1_000;

interface Watching {
  readonly deployment: DeploymentName;
  readonly say: (line: string) => void;
}

/**
 * Says a line when the breaker of a consumer opens or closes, and when somebody pauses or resumes one, on this machine.
 *
 * @returns how to end it; resolves when nothing is read any more
 */
export function watchIntakes(
  { awsEndpoint, dynamodbEndpoint }: Pick<LocalStack, 'awsEndpoint' | 'dynamodbEndpoint'>,
  { deployment: name, say }: Watching,
): () => Promise<void> {
  const clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  const ending = new AbortController();
  const known = new Map<string, string>();
  const watch = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      // An engine that does not answer says so itself. The next look may succeed.
      await look().catch(() => undefined);
      // The signal ends the sleep, and then the loop.
      await sleep(LOOK_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  };
  const look = async (): Promise<void> => {
    // Read every time: a reload can add a consumer.
    const { consumers, intakes } = await readDeployment(clients, name);
    const reading = await readIntakes(clients, intakes);
    for (const consumer of consumers) {
      const line = lineOf(consumer.label, reading.of(consumer), known.get(consumer.label));
      if (line === undefined) continue;
      known.set(consumer.label, line);
      say(plainText(line));
    }
  };
  const ended = watch();
  return async () => {
    ending.abort();
    await ended;
    clients.close();
  };
}

/** What is to be said of a consumer; undefined when that was said last, or nothing has ever stopped it. */
function lineOf(label: string, intake: ShownIntake | null, said: string | undefined): string | undefined {
  if (intake === null || (intake.state === 'flowing' && said === undefined)) return undefined;
  // The next probe is another one all the time.
  const line = `Consumer ${label}: ${describeIntake({ ...intake, nextProbeAt: undefined })}`;
  return line === said ? undefined : line;
}
