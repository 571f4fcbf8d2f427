import { describe, expect, it } from 'vitest';
import { resolve, type Scope } from '../../../lib/local/assembly/intrinsics.ts';
import type { AssemblyStack } from '../../../lib/local/assembly/read-assembly.ts';
import { createScope } from '../../../lib/local/assembly/scope.ts';
import { answerDocument } from '../../../lib/local/http/documents.ts';
import { AlarmStates } from '../../../lib/local/monitoring/alarms.ts';
import { createMetricSource } from '../../../lib/local/monitoring/metrics.ts';
import type { Machine } from '../../../lib/local/resources/resource.ts';
import { inputOf } from '../../../lib/local/scheduler/occurrence.ts';
import type { KeptSchedule } from '../../../lib/local/scheduler/schedule.ts';

/** Names that every object answers to. */
const INHERITED = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];

const template = { Parameters: {}, Conditions: {}, Mappings: { Sizes: {} } };
const created = new Map([['Queue', { physicalId: 'queue', attributes: {} }]]);
const outputs = new Map([['Other', {}]]);
// Only the region and the account of the machine, and the name and template of the stack, are looked at.
const machine = { region: 'eu-central-1', account: '000000000000' } as Machine;
const stack = { stackName: 'Shop', template } as unknown as AssemblyStack;
const scope: Scope = createScope(stack, machine, { created, exported: new Map(), outputs });

describe.each(INHERITED)('%s is a name like any other', (name) => {
  /** `{ [name]: value }` would set the prototype for one of them. */
  const objectOf = (value: unknown): object => JSON.parse(`{"${name}":${JSON.stringify(value)}}`);

  it('as the only property of an object in a template', () => {
    expect(JSON.stringify(resolve(objectOf('x'), scope))).toBe(`{"${name}":"x"}`);
  });

  it.each([
    ['a reference', { Ref: name }, `refers to ${name}, which does not exist`],
    ['a substitution', { 'Fn::Sub': `\${${name}}` }, `refers to ${name}, which does not exist`],
    ['an attribute', { 'Fn::GetAtt': ['Queue', name] }, `refers to Queue.${name}, which the local runner`],
    ['an output', { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: name } }, `reads ${name} of`],
    ['a condition', { 'Fn::If': [name, 1, 2] }, `condition ${name} of stack Shop does not exist`],
    ['a mapping', { 'Fn::FindInMap': [name, 'name', 'length'] }, `mapping ${name}.name.length`],
    ['a key of a mapping', { 'Fn::FindInMap': ['Sizes', name, 'name'] }, `mapping Sizes.${name}.name`],
  ])('in %s', (_, value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });

  it('as a namespace of metrics', () => {
    const source = createMetricSource({} as Parameters<typeof createMetricSource>[0]);
    expect(source(name, 'Errors', 'x')).toBeUndefined();
  });

  it('as the comparison of an alarm', () => {
    const board = new AlarmStates(
      () => 1,
      () => undefined,
    );
    board.add('Alarm', '', { ComparisonOperator: name, MetricName: 'Errors' });
    board.evaluate();
    expect(board.alarms).toMatchObject([{ state: 'INSUFFICIENT_DATA' }]);
  });

  it('as a context attribute of a schedule, whose text stays as it is', () => {
    const Input = `<aws.scheduler.${name}> <aws.scheduler.attempt-number>`;
    // Only the ARN and the input are looked at.
    const schedule = { arn: 'arn', settings: { Target: { Input } } } as KeptSchedule;
    const input = inputOf({ schedule, scheduledAt: 0, attempt: 2, executionId: 'x' });
    expect(input).toBe(`<aws.scheduler.${name}> 2`);
  });

  it('as a document', async () => {
    for (const path of [`/docs/assets/${name}`, `/docs/${name}`, `/${name}`, name])
      expect(await answerDocument(path, '/nowhere')).toBeUndefined();
  });
});
