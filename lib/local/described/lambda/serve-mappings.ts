import { EVENT_SOURCE_MAPPING } from '../../aws-limits.ts';
import type { EngineApp } from '../../engines/fauxqs.ts';
import type { Machine } from '../../resources/resource.ts';
import { bodyOf, change, sendAnswer, unknownResource } from './answer.ts';

interface Identified {
  readonly Params: { readonly id: string };
}

/** Which mappings are listed. @default - all */
interface ListQuery {
  readonly EventSourceArn?: string;
  /** Name or ARN. */
  readonly FunctionName?: string;
}

const MAPPINGS = '/2015-03-31/event-source-mappings';

/**
 * Serves Lambda's ListEventSourceMappings, GetEventSourceMapping, UpdateEventSourceMapping and DeleteEventSourceMapping. A disabled mapping
 * does not poll. A change lasts until the templates are deployed again. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export function serveMappings(app: EngineApp, machine: Machine): void {
  const all = () => machine.described.ofType('AWS::Lambda::EventSourceMapping');
  app.get<{ Querystring: ListQuery }>(MAPPINGS, ({ query }, reply) => {
    const { EventSourceArn, FunctionName } = query;
    const EventSourceMappings = [...all()]
      .filter(([, properties]) => (EventSourceArn ?? properties.EventSourceArn) === properties.EventSourceArn)
      .filter(([, properties]) => isOf(FunctionName, properties.FunctionName))
      .map(([id, properties]) => describe(id, properties, machine));
    return sendAnswer(reply, { status: 200, body: { EventSourceMappings } });
  });
  app.get<Identified>(`${MAPPINGS}/:id`, ({ params: { id } }, reply) => {
    const properties = all().get(id);
    const body = properties && describe(id, properties, machine);
    return sendAnswer(reply, body ? { status: 200, body } : unknownResource(id));
  });
  app.put<Identified>(`${MAPPINGS}/:id`, async ({ params: { id }, body }, reply) => {
    const answer = await change(machine, id, {
      changed: bodyOf(body),
      describe: (properties) => describe(id, properties, machine),
    });
    machine.startMappings();
    return sendAnswer(reply, answer);
  });
  app.delete<Identified>(`${MAPPINGS}/:id`, ({ params: { id } }, reply) => {
    const properties = all().get(id);
    if (!properties) return sendAnswer(reply, unknownResource(id));
    machine.removeMapping(id);
    machine.described.remove(id);
    return sendAnswer(reply, { status: 202, body: describe(id, properties, machine) });
  });
}

/** Whether a mapping is of this function. Both may be a name or an ARN. */
function isOf(wanted: string | undefined, functionName: unknown): boolean {
  return wanted === undefined || wanted.split(':').at(-1) === String(functionName).split(':').at(-1);
}

/** A mapping as the API returns it. The properties of the template have the same names, except for `FunctionName` and `Enabled`. */
function describe(
  UUID: string,
  properties: { readonly FunctionName?: unknown; readonly Enabled?: unknown },
  { region, account }: Pick<Machine, 'region' | 'account'>,
): object {
  const { FunctionName, Enabled = true, ...same } = properties;
  const name = String(FunctionName).split(':').at(-1);
  const FunctionArn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  return {
    BatchSize: EVENT_SOURCE_MAPPING.defaultBatchSize,
    ...same,
    UUID,
    FunctionArn,
    State: Enabled === false ? 'Disabled' : 'Enabled',
  };
}
