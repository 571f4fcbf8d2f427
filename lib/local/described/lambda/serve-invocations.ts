import type { EngineApp } from '../../engines/fauxqs.ts';
import type { Machine } from '../../resources/resource.ts';
import { payloadOf, sendAnswer, unknownResource } from './answer.ts';

/**
 * Serves Lambda's Invoke. An asynchronous invocation is answered at once, and is not repeated when it fails. Call it before the engine
 * listens.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function serveInvocations(app: EngineApp, { functions }: Pick<Machine, 'functions'>): void {
  app.post<{ Params: { readonly name: string } }>(
    '/2015-03-31/functions/:name/invocations',
    async ({ params: { name }, headers, body }, reply) => {
      const target = [...functions.values()].find(({ configuration }) => configuration.name === name);
      if (!target) return sendAnswer(reply, unknownResource(`function ${name}`));
      const running = target.invoke(payloadOf(body));
      if (headers['x-amz-invocation-type'] === 'Event') return sendAnswer(reply, { status: 202, body: {} });
      const invocation = await running;
      if (invocation.status === 'succeeded') return reply.send(JSON.stringify(invocation.value ?? null));
      reply.header('x-amz-function-error', 'Unhandled');
      return sendAnswer(reply, { status: 200, body: { errorMessage: invocation.error } });
    },
  );
}
