import { openConsole } from '../console/open-console.ts';
import type { RunningConsole } from '../console/start-console.ts';
import type { EventContract } from '../contracts/define-event.ts';
import { reservePort } from '../local/engines/reserve-port.ts';
import type { LocalStack } from '../local/local-stack.ts';
import { createOpsClients } from '../ops/clients.ts';
import { readDeployment } from '../ops/deployment.ts';
import { createPublisher } from '../publishing/client/create-publisher.ts';
import { deploymentNameOf } from './operate/target.ts';

/** Opens the console of what runs on this machine. It can do everything there. @param port 0 takes a free one */
export async function openLocalConsole(
  { apiUrl, awsEndpoint, dynamodbEndpoint }: Pick<LocalStack, 'apiUrl' | 'awsEndpoint' | 'dynamodbEndpoint'>,
  { contracts, port }: { readonly contracts: readonly EventContract[]; readonly port: number },
): Promise<RunningConsole> {
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  const clients = createOpsClients(place);
  const deployment = await readDeployment(clients, deploymentNameOf({}));
  const running = await openConsole(
    {
      place,
      clients,
      // The API's own address on this machine; its template knows only that of AWS.
      deployment: { ...deployment, apiUrl },
      contracts,
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
