import { createController } from '../../../lib/intake/controller/create-controller.ts';
import { createProbeGate } from '../../../lib/runtime/breaker/probe-gate.ts';
import type { Invocation } from '../services/invocation.ts';
import type { Receipt, SimulatedMessage } from '../services/simulated-queue.ts';
import { TIMEOUT_MS } from './outage-story.ts';
import type { OutageWorld } from './outage-world.ts';
import { runPayer } from './run-payer.ts';

/** The controller over the network of one invocation, which may die at each of its requests. */
export function controllerOf(world: OutageWorld, invocation: Invocation, message: SimulatedMessage) {
  const ask = <T>(execute: () => T): Promise<T> => invocation.request({ execute });
  const receipts = new Map<string, Receipt>();
  const { queue, control, table, mapping } = world;
  return createController({
    now: world.now,
    table: {
      ...table,
      read: (consumer) => ask(() => table.read(consumer)).then((state) => state),
      change: (before, after) => ask(() => table.change(before, after)).then((state) => state),
    },
    setPolling: (_, wanted) => ask(() => mapping.set(wanted === 'on')),
    queue: {
      receive: () =>
        ask(() => {
          const [receipt] = queue.receive(1);
          if (!receipt) return undefined;
          receipts.set(receipt.message.messageId, receipt);
          return {
            MessageId: receipt.message.messageId,
            Attributes: {
              ApproximateReceiveCount: String(receipt.message.receiveCount),
              SentTimestamp: String(receipt.message.sentAt),
            },
          };
        }),
      delete: (_, { MessageId = '' }) =>
        ask(() => {
          const receipt = receipts.get(MessageId);
          if (receipt) queue.delete(receipt.message);
        }),
      waiting: () => ask(() => queue.waiting.filter(({ visibleAt }) => visibleAt <= world.now()).length),
      limits: () => ask(() => ({ maxReceiveCount: 1_000, retentionSeconds: 604_800 })),
    },
    probe: async ({ cause }, { MessageId = '' }, { givesUp }) => {
      const receipt = receipts.get(MessageId);
      if (!receipt) throw new Error('the controller probes what it has not received');
      const gate = createProbeGate({
        cause,
        givesUp,
        maxAttempts: world.definition.retry.maxAttempts,
        delaySeconds: 15,
      });
      const probe = world.newInvocation();
      const answer = runPayer(world, { receipts: [receipt], invocation: probe, gate }).then(({ kept }) => ({
        answer: gate.answer ?? ('undecided' as const),
        keeps: kept.has(MessageId),
      }));
      const late = world.scheduler.sleep(TIMEOUT_MS).then(() => {
        probe.dead = true;
        return { answer: 'failed' as const, keeps: true };
      });
      const result = await Promise.race([answer, late]);
      return ask(() => result);
    },
    hide: (_, seconds) => ask(() => control.changeVisibility(message, seconds)),
    renew: () => Promise.reject(new Error('no story lasts a week')),
    bury: () => Promise.reject(new Error('the runtime has sent what the controller cannot read')),
    count: () => undefined,
    log: () => undefined,
  });
}
