import { refusal } from '../http/guard.ts';
import type { EngineApp } from './fauxqs.ts';

/** Refuses requests of pages of other sites to SNS, SQS, S3, SES and `/_fanfare`. Call it before the engine listens. */
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
