import { isJsonObject } from '../json/json.ts';
import type { ProducerDefinition } from './define-producer.ts';

/** The rules of a producer for the publish function. The stack writes them into the environment. */
export interface ProducerRule {
  readonly name: string;
  /** ARN of an IAM role or user. */
  readonly iam?: string;
  /** Subject of a token. */
  readonly jwt?: string;
  /** Event types without versions. */
  readonly types: readonly string[];
  readonly sources: readonly string[];
  readonly eventsPerMinute?: number | undefined;
}

export function producerRule(producer: ProducerDefinition): ProducerRule {
  const { name, principal, types, sources, eventsPerMinute } = producer;
  return {
    name,
    ...principal,
    types: types.map(({ type }) => type),
    sources,
    ...(eventsPerMinute !== undefined && { eventsPerMinute }),
  };
}

/**
 * Reads the rules that the stack has written.
 *
 * @param text the rules as JSON; undefined when no producer is declared
 * @throws TypeError when the text is not valid. Without rules, every caller could publish.
 */
export function readProducerRules(text: string | undefined): readonly ProducerRule[] {
  if (text === undefined) return [];
  const rules: unknown = JSON.parse(text);
  if (!Array.isArray(rules) || !rules.every(isRule)) {
    throw new TypeError('the environment variable PRODUCERS is not valid; deploy the bus again');
  }
  return rules;
}

function isRule(value: unknown): value is ProducerRule {
  if (!isJsonObject(value)) return false;
  const { name, types, sources } = value;
  return typeof name === 'string' && Array.isArray(types) && Array.isArray(sources);
}
