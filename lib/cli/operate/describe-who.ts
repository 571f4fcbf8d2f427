import { styleText } from 'node:util';
import type { EventConsumer, EventFilter, EventParties, EventProducer } from '../../ops/who/parties.ts';
import { plainText } from '../terminal/plain-text.ts';
import { formatTable } from '../terminal/table.ts';

/** Who publishes an event and who takes it, in two tables. */
export function describeWho({ type, versions, producers, consumers }: EventParties): string {
  const published =
    producers.length > 0
      ? formatTable([['published by', 'versions', 'how'], ...producers.map(producerRow)])
      : 'Nobody may publish it.';
  const taken =
    consumers.length > 0
      ? formatTable([['taken by', 'versions', 'only if'], ...consumers.map(consumerRow)])
      : 'Nobody takes it.';
  return [`${styleText('bold', plainText(type))}  ${versionsText(versions)}`, '', published, '', taken].join(
    '\n',
  );
}

function producerRow(producer: EventProducer): readonly string[] {
  const { kind, name, owner, versions, sources = [], expression = '', timezone = '' } = producer;
  const row = {
    anyone: ['anyone', 'any', `POST /events, with the permission to call the API of ${owner}`],
    declared: [name, 'any', `POST /events of ${owner}, as ${sources.join(', ')}`],
    consumer: [name, versionsText(versions), 'emits it'],
    bridge: [name, versionsText(versions), 'bridge from EventBridge'],
    schedule: ['schedule', versionsText(versions), `${expression} ${timezone}, as ${sources.join(', ')}`],
  };
  return row[kind].map(plainText);
}

function consumerRow({ name, owner, versions, filters }: EventConsumer): readonly string[] {
  const conditions = filters.filter(isOfData).map(conditionText);
  return [nameOf(name, owner), versionsText(versions), conditions.join(' or ')].map(plainText);
}

/** A queue without a known stack is no consumer by its name. */
function nameOf(name: string, owner: string | null): string {
  if (owner === null) return `queue ${name}, of no known stack`;
  return /^\d{12}$/.test(owner) ? `queue ${name} of account ${owner}` : name;
}

/** Data that is stored elsewhere always passes, because SNS cannot filter by it: that says nothing of a consumer. */
function isOfData({ policy }: EventFilter): boolean {
  return !('dataref' in policy);
}

function conditionText({ policy }: EventFilter): string {
  const { data, ...others } = policy;
  return JSON.stringify(Object.keys(others).length === 0 ? data : policy);
}

function versionsText(versions: readonly number[]): string {
  return versions.length === 0 ? 'all' : versions.map((version) => `v${version}`).join(', ');
}
