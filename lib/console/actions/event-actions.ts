import * as z from 'zod';
import { publishedSchema } from '../../contracts/compatibility/json-schema.ts';
import { describeProblems } from '../../contracts/problem.ts';
import { trace } from '../../ops/trace/trace.ts';
import { InvalidEvent } from '../../publisher/errors.ts';
import { type Action, ActionProblem, change, query, read } from '../action.ts';
import type { Deployed } from '../deployed.ts';
import { exampleOf } from '../example-of.ts';
import type { PublishableEvent } from '../shapes.ts';
import { checked } from './checked.ts';

const storyBody = z.object({ id: z.string(), source: z.string().optional() });
const publishBody = z.object({
  type: z.string(),
  source: z.string(),
  subject: z.string().optional(),
  data: z.unknown(),
});

/** Tells stories, and publishes events of the contracts if that is allowed. */
export function eventActions(deployed: Deployed): readonly Action[] {
  const { clients, deployment, contracts, readOnly } = deployed;
  const story = query('/api/story', (_, body) => trace(clients, deployment, checked(storyBody, body)));
  const events = read('/api/contracts', async () => contracts.flatMap(publishable));
  if (readOnly) return [story, events];
  return [story, events, change('/api/publish', (_, body) => publish(deployed, checked(publishBody, body)))];
}

function publishable({ description, versions }: Deployed['contracts'][number]): readonly PublishableEvent[] {
  return versions.toReversed().map((version) => ({
    type: version.versionedType,
    description,
    example: JSON.stringify(exampleOf(publishedSchema(version, description)), null, 2),
  }));
}

async function publish(
  { contracts, publisher }: Deployed,
  { type, data, ...options }: z.output<typeof publishBody>,
): Promise<unknown> {
  const version = contracts
    .flatMap(({ versions }) => versions)
    .find(({ versionedType }) => versionedType === type);
  if (!version) throw new ActionProblem(400, `there is no event ${type}`);
  try {
    return await publisher.publish(version, data, options);
  } catch (error) {
    if (!(error instanceof InvalidEvent)) throw error;
    throw new ActionProblem(400, describeProblems(error.problems), { cause: error });
  }
}
