import {
  type LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';

/** Whether Lambda polls the queue of a function. `changing`: a change is under way, and takes up to a minute. */
export type Polling = 'on' | 'off' | 'changing';

/** The function has no event source mapping, or does not exist: its consumer was destroyed, or is being deployed for the first time. */
export class NoMappingError extends Error {
  override readonly name = 'NoMappingError';

  constructor(functionName: string) {
    super(
      `function ${functionName} has no event source mapping, so nothing polls its queue; deploy its consumer again`,
    );
  }
}

const POLLING: Readonly<Record<string, Polling>> = { Enabled: 'on', Disabled: 'off' };

interface FoundMapping {
  readonly id: string;
  readonly polling: Polling;
}

/** Whether Lambda polls the queue for a function. @throws NoMappingError when the function has no event source mapping */
export async function readPolling(lambda: LambdaClient, functionName: string): Promise<Polling> {
  return (await findMapping(lambda, functionName)).polling;
}

/**
 * Lets Lambda poll the queue of a function, or stops it. Lambda needs up to a minute; what its pollers have received until then is still
 * handed to the function.
 *
 * @returns what Lambda did before
 * @throws NoMappingError when the function has no event source mapping
 * @throws ResourceInUseException while an earlier change of the mapping is under way; try again after some seconds
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
 */
export async function setPolling(
  lambda: LambdaClient,
  functionName: string,
  wanted: 'on' | 'off',
): Promise<Polling> {
  const { id: UUID, polling } = await findMapping(lambda, functionName);
  if (polling !== wanted)
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: wanted === 'on' }));
  return polling;
}

async function findMapping(client: LambdaClient, FunctionName: string): Promise<FoundMapping> {
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings(
    { client },
    { FunctionName },
  )) {
    const [mapping] = EventSourceMappings;
    if (mapping?.UUID !== undefined) {
      return { id: mapping.UUID, polling: POLLING[mapping.State ?? ''] ?? 'changing' };
    }
  }
  throw new NoMappingError(FunctionName);
}
