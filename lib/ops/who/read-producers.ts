import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { type ProducerRule, readProducerRules } from '../../contracts/producers/producer-rule.ts';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { readResources } from '../doctor/read-stacks.ts';
import { UnreadableError } from '../errors.ts';

/**
 * Reads the declared producers of the HTTP API of a bus, from the variables of its publish function. An empty list: whoever may call the API
 * publishes.
 *
 * @throws UnreadableError when the bus is in another account, or has no such function
 */
export async function readProducers(
  clients: Pick<OpsClients, 'cloudFormation' | 'lambda'>,
  { stackName, busPlace }: Pick<Deployment, 'stackName' | 'busPlace'>,
): Promise<readonly ProducerRule[]> {
  if (busPlace !== 'here')
    throw new UnreadableError(`the stack ${stackName} is not in this account and region`);
  const resources = [...(await readResources(clients, { id: stackName })).values()];
  const lambda = await clients.lambda();
  for (const { type, physicalId: FunctionName } of resources) {
    if (type !== 'AWS::Lambda::Function') continue;
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const { Variables = {} } = Environment ?? {};
    // Only the publish function has the largest request.
    if (Variables[ENVIRONMENT.maxRequestBytes] === undefined) continue;
    return readProducerRules(Variables[ENVIRONMENT.producers]);
  }
  throw new UnreadableError(`the stack ${stackName} has no publish function`);
}
