import { createPowertoolsHandler } from './create-powertools-handler.ts';
import { work } from './work.ts';

/** The peer: Powertools batch + idempotency + logger + metrics. */
export const handler = createPowertoolsHandler(({ data }) => work(data));
