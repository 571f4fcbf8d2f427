import * as z from 'zod';
import { publishedSchema } from '../../contracts/compatibility/json-schema.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import type { Problem } from '../../ops/problem.ts';
import { readSubscribedTypes, type SubscribedTypesReading } from '../../ops/trace/read-subscribed-types.ts';
import { trace } from '../../ops/trace/trace.ts';
import { InvalidEventError } from '../../publishing/client/errors.ts';
import { type Action, ActionError, change, query, read } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import { exampleOf } from '../example-of.ts';
import type { PublishableEvent, Trace } from '../shapes.ts';
import { checked } from './checked.ts';

const traceBody = z.object({ id: z.string(), source: z.string().optional() });
const publishBody = z.object({
  type: z.string(),
  source: z.string(),
  subject: z.string().optional(),
  at: z.string().optional(),
  data: z.unknown(),
});

/** Actions that trace events and list the contracts; unless the console is read-only, also the one that publishes. */
export function eventActions(deployed: ConsoleContext): readonly Action[] {
  const { clients, deployment, contracts, readOnly } = deployed;
  const subscribedTypes = cacheSubscribedTypes(deployed);
  const traces = query('/api/trace', async (_, body) => {
    const problems: Problem[] = [];
    const onProblem = (problem: Problem) => problems.push(problem);
    const options = { ...checked(traceBody, body), subscribedTypes: await subscribedTypes(), onProblem };
    return { events: await trace(clients, deployment, options), problems } satisfies Trace;
  });
  const events = read('/api/contracts', async () => contracts.flatMap(publishable));
  if (readOnly) return [traces, events];
  return [traces, events, change('/api/publish', (_, body) => publish(deployed, checked(publishBody, body)))];
}

/** An open trace is read every two seconds, but subscriptions hardly ever change. */
const CACHE_MS = 60_000;

function cacheSubscribedTypes({
  clients,
  deployment,
}: ConsoleContext): () => Promise<SubscribedTypesReading> {
  let readAt = Number.NEGATIVE_INFINITY;
  let subscribedTypes: Promise<SubscribedTypesReading> | undefined;
  return () => {
    if (subscribedTypes !== undefined && Date.now() - readAt < CACHE_MS) return subscribedTypes;
    readAt = Date.now();
    subscribedTypes = readSubscribedTypes(clients, deployment.consumers);
    return subscribedTypes;
  };
}

function publishable({
  description,
  versions,
}: ConsoleContext['contracts'][number]): readonly PublishableEvent[] {
  return versions.toReversed().map((version) => ({
    type: version.versionedType,
    description,
    example: JSON.stringify(exampleOf(publishedSchema(version, description)), null, 2),
  }));
}

async function publish(
  { contracts, publisher }: ConsoleContext,
  { type, data, ...options }: z.output<typeof publishBody>,
): Promise<unknown> {
  const version = contracts
    .flatMap(({ versions }) => versions)
    .find(({ versionedType }) => versionedType === type);
  if (!version) throw new ActionError(400, `there is no event ${type}`);
  try {
    return await publisher.publish(version, data, options);
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    throw new ActionError(400, describeProblems(error.problems), { cause: error });
  }
}
