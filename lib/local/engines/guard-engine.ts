import { refusal } from '../guard.ts';
import type { EngineApp } from './fauxqs.ts';

/** Lets no page of another site use SNS, SQS, S3, SES and what is beside them. Call it before the engine listens. */
export function guardEngine(app: EngineApp): void {
  app.addHook('onRequest', async (request, reply) => {
    const refused = refusal(request.raw);
    if (refused === undefined) return;
    return reply
      .status(403)
      .header('content-type', 'application/json')
      .send(JSON.stringify({ message: refused }));
  });
}
