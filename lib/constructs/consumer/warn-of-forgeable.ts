import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';

/**
 * Warns of events that a consumer emits and that producers may publish too: a reader cannot know from the type who has sent one.
 * An annotation: no template changes.
 */
export function warnOfForgeable(consumer: Construct, { name, emits }: ConsumerDefinition): void {
  for (const { type, internal } of emits) {
    if (internal) continue;
    Annotations.of(consumer).addWarningV2(
      `fanfare:forgeable:${type}`,
      `${name} emits ${type}, and every producer may publish it too, as if ${name} had said it. ` +
        'Say internal: true in its contract, or acknowledge this if both are meant to',
    );
  }
}
