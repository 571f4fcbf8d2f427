import { BUS_PARAMETERS_PATH } from '../../contracts/bus/bus-parameters.ts';
import type { OpsClients } from '../clients.ts';
import { undefinedIfMissing } from '../problem.ts';
import type { ComparedStack } from './compared-stack.ts';
import type { Finding } from './finding.ts';
import { look, mapInParallel } from './look.ts';

/** A value that a stack reads from a bus. */
interface Reading {
  readonly stackName: string;
  /** Name of the parameter in Systems Manager, such as `/fanfare/shop/dev/Bus/v1/topic-arn`. */
  readonly parameter: string;
  /** Its value at the last deployment of the stack. */
  readonly deployed: string;
}

/**
 * Finds the stacks whose values of a bus are not those that the bus says now. CloudFormation reads them only when the stack is deployed, so
 * after the bus was replaced a consumer still listens to the old topic.
 */
export async function checkParameters(
  clients: Pick<OpsClients, 'readParameter'>,
  compared: ReadonlyMap<string, ComparedStack>,
): Promise<readonly Finding[]> {
  const readings = [...compared.values()].flatMap(readingsOf);
  const byParameter = Map.groupBy(readings, ({ parameter }) => parameter);
  return mapInParallel([...byParameter], ([parameter, readers]) =>
    look(`parameter ${parameter}`, async () => {
      const value = await undefinedIfMissing(clients.readParameter(parameter));
      return readers.flatMap((reader) => describe(reader, value));
    }),
  );
}

function readingsOf({ template, deployed }: ComparedStack): readonly Reading[] {
  return Object.entries(template.Parameters ?? {}).flatMap(([key, { Default }]): Reading[] => {
    const value = deployed.parameters[key];
    const isOfBus = typeof Default === 'string' && Default.startsWith(BUS_PARAMETERS_PATH);
    return isOfBus && value !== undefined
      ? [{ stackName: deployed.stackName, parameter: Default, deployed: value }]
      : [];
  });
}

function describe(
  { stackName, parameter, deployed }: Reading,
  value: string | undefined,
): readonly Finding[] {
  if (value === deployed) return [];
  const found = { severity: 'error' as const, resource: `stack ${stackName}`, property: parameter };
  if (value === undefined) {
    return [
      {
        ...found,
        detail: `reads ${parameter} of its bus, and there is no such parameter: the bus is gone, or of another version`,
        remedy: 'ask the owner of the bus; when it is deployed again, deploy this stack again too',
        deployed,
      },
    ];
  }
  return [
    {
      ...found,
      detail: `was deployed with ${parameter}: ${deployed}, and its bus says ${value} now: the bus was replaced`,
      remedy: `deploy it again: npx cdk deploy ${stackName}, with the -c settings of its stage`,
      synthesized: value,
      deployed,
    },
  ];
}
