import { identityOf } from '../../contracts/envelope/envelope.ts';
import { toNative } from '../values/native.ts';
import type { OutsideCall } from '../world/outside-calls.ts';
import type { World } from '../world/world.ts';
import type { Json } from './pattern.ts';

/** One thing that a run has left behind in the world. */
export interface Fact {
  /** `table movies`, `event`, `cancellation`, `SESv2.SendEmail`, `dead letter`. */
  readonly kind: string;
  /** Which one of its kind: the key of an item, the id of an event. */
  readonly key: Json;
  readonly value: Json;
  /** What may be there beside it: nothing of the kind, the same again, or the same but for times and random values. */
  readonly repeats: 'never' | 'same' | 'alike';
}

/** Calls that leave nothing behind. */
const READS = /^(?:GET|HEAD|OPTIONS|(?:Get|List|Describe|Head|Query|Scan|Receive|Search|Check)[A-Z]?.*)$/;
/** Calls whose repetition sets the same thing again. @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const IDEMPOTENT = /^(?:PUT|DELETE|PutObject|DeleteObject)$/;

/** Everything that a run has left behind, in the order in which it came into the world. */
export function observe(world: World, acceptedRepeats: readonly string[]): readonly Fact[] {
  const { definition, dynamodb, published, cancelled, calls, deadLetters } = world;
  const items = Object.keys(definition.tables).flatMap((role) => {
    const table = dynamodb.table(role);
    return table.items.map((item) => {
      const native = toNative(item);
      const key = toJson(Object.fromEntries(table.keyNames.map((name) => [name, native[name]])));
      return { kind: `table ${role}`, key, value: toJson(native), repeats: 'never' as const };
    });
  });
  const events = published.map((event) => {
    const { type, subject = null, partitionkey = null, data = null } = event;
    const value = toJson({ type, subject, partitionkey, data });
    // Downstream knows it by its id: a repetition that says the same is no second event.
    return { kind: 'event', key: identityOf(event), value, repeats: 'same' as const };
  });
  const cancellations = cancelled.map((key) => ({
    kind: 'cancellation',
    key,
    value: null,
    repeats: 'same' as const,
  }));
  const outside = calls
    .filter(({ operation }) => !READS.test(operation))
    .map((call) => ({
      kind: `${call.service}.${call.operation}`,
      key: null,
      value: toJson(call.input),
      repeats: repeatsOf(call, acceptedRepeats),
    }));
  const letters = deadLetters.map(({ body, errorName }) => ({
    kind: 'dead letter',
    key: identityOf(JSON.parse(body)),
    value: errorName,
    repeats: 'same' as const,
  }));
  return [...items, ...events, ...cancellations, ...outside, ...letters];
}

function repeatsOf(call: OutsideCall, accepted: readonly string[]): Fact['repeats'] {
  if (accepted.includes(`${call.service}.${call.operation}`)) return 'alike';
  return isIdempotent(call) ? 'same' : 'never';
}

/** Whether the service itself knows a repetition: by the method, or by a key that the caller gave. */
function isIdempotent({ operation, input }: OutsideCall): boolean {
  if (IDEMPOTENT.test(operation)) return true;
  const { headers } = input;
  const hasHeader = typeof headers === 'object' && headers !== null && 'idempotency-key' in headers;
  return (
    hasHeader || ['MessageDeduplicationId', 'ClientRequestToken', 'ClientToken'].some((name) => name in input)
  );
}

/** Sets and bytes as lists: what is compared is JSON. */
function toJson(value: unknown): Json {
  const text = JSON.stringify(value, (_, one) => {
    if (one instanceof Set) return [...one].map(String).sort();
    if (typeof one === 'bigint') return String(one);
    return one instanceof Uint8Array ? Buffer.from(one).toString('base64') : one;
  });
  return JSON.parse(text ?? 'null');
}
