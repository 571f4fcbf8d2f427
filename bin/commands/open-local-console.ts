import * as events from '../../events/index.ts';
import { openConsole } from '../../lib/console/open-console.ts';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import { reservePort } from '../../lib/local/engines/ports.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { createOpsClients } from '../../lib/ops/clients.ts';
import { readDeployment } from '../../lib/ops/deployment.ts';
import { createPublisher } from '../../lib/publisher/create-publisher.ts';

/** The stage that is synthesized when nothing else is said. */
const STAGE = 'dev';

/** Opens the console of what runs on this machine. It can do everything there. @param port 0 takes a free one */
export async function openLocalConsole(
  { apiUrl, awsEndpoint, dynamodbEndpoint }: Pick<LocalStack, 'apiUrl' | 'awsEndpoint' | 'dynamodbEndpoint'>,
  port: number,
): Promise<RunningConsole> {
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  const clients = createOpsClients(place);
  const deployment = await readDeployment(clients, STAGE);
  const running = await openConsole(
    {
      place,
      clients,
      // The API's own address on this machine; its template knows only that of AWS.
      deployment: { ...deployment, apiUrl },
      contracts: Object.values(events),
      publisher: createPublisher({ url: apiUrl }),
      readOnly: false,
    },
    await reservePort(port, { what: 'console', flag: '--console-port', variable: 'FANFARE_CONSOLE_PORT' }),
  );
  return {
    ...running,
    stop: async () => {
      await running.stop();
      clients.close();
    },
  };
}
