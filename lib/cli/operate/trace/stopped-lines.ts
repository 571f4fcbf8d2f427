import type { DeployedConsumer } from '../../../ops/deployment.ts';
import type { IntakesReading } from '../../../ops/intake/read-intakes.ts';
import { describeIntake } from '../../../ops/intake/shown-intake.ts';
import type { HandlingStatus, TracedEvent } from '../../../ops/trace/traced-event.ts';
import { plainText } from '../../terminal/plain-text.ts';

/** Of an event that its consumer has not done, and would do if it took messages. */
const UNFINISHED: readonly HandlingStatus[] = [
  'unseen',
  'waiting',
  'died',
  'retrying',
  'redriven',
  'committed',
];

/** Consumers that are stopped and have something left of a trace: it waits, whatever its status says of the next delivery. */
export function stoppedLines(
  events: readonly TracedEvent[],
  consumers: readonly DeployedConsumer[],
  intakes: IntakesReading,
): readonly string[] {
  const unfinished = new Set(events.flatMap(unfinishedIn));
  return consumers.flatMap((consumer) => {
    const intake = intakes.of(consumer);
    if (!unfinished.has(consumer.label) || intake === null || intake.state === 'flowing') return [];
    return [plainText(`${consumer.label} takes no messages: ${describeIntake(intake)}`)];
  });
}

function unfinishedIn({ handlings, caused = [] }: TracedEvent): readonly string[] {
  return [
    ...handlings.flatMap(({ consumer, status, emitted }) => [
      ...(UNFINISHED.includes(status) ? [consumer] : []),
      ...emitted.flatMap(unfinishedIn),
    ]),
    ...caused.flatMap(unfinishedIn),
  ];
}
