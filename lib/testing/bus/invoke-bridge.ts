import type { LocalStack } from '../../local/local-stack.ts';
import { NAME } from './deployed-consumer.ts';

/** An event of EventBridge for a test. */
export interface SentEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
  readonly time?: string;
  readonly account?: string;
  readonly region?: string;
  readonly resources?: readonly string[];
}

/** Invokes the function of a bridge as Lambda does for the rule. @throws Error when there is no such bridge, or its function throws */
export async function invokeBridge(local: LocalStack, bridge: string, event: SentEvent): Promise<void> {
  const target = [...local.functions.values()].find(
    ({ configuration: { environment } }) => environment[NAME] === bridge,
  );
  if (!target) throw new Error(`the app has no bridge ${bridge}`);
  const { account, region } = local;
  const invocation = await target.invoke({
    version: '0',
    account,
    time: new Date().toISOString(),
    region,
    resources: [],
    ...event,
  });
  if (invocation.status !== 'succeeded') throw new Error(`the bridge ${bridge} failed: ${invocation.error}`);
}
