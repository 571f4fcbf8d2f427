import { describe, expect, it } from 'vitest';
import { functionOf, run, stop, writeAssembly } from './assembly.ts';

const FIFO = { FifoQueue: true };

/** A queue with a mapping to a function. */
function assembly(mapping: object, queue: object, timeoutSeconds = 3): string {
  const worker = functionOf('exports.handler = async () => undefined', { Timeout: timeoutSeconds });
  return writeAssembly({
    resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: queue },
      Worker: worker.resource,
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Worker' },
          ...mapping,
        },
      },
    },
    bundles: { ...worker.bundles },
  });
}

describe('a mapping that Lambda refuses is refused here', () => {
  it.each<[string, object, object, RegExp]>([
    ['one at once', { ScalingConfig: { MaximumConcurrency: 1 } }, {}, /MaximumConcurrency is 1.* 2 to 1000/],
    ['1001 at once', { ScalingConfig: { MaximumConcurrency: 1_001 } }, {}, /MaximumConcurrency is 1001/],
    ['an empty batch', { BatchSize: 0 }, {}, /BatchSize is 0.* 1 to 10000/],
    ['a batch of 11 without a window', { BatchSize: 11 }, {}, /BatchSize is 11.*window/],
    [
      'a window of six minutes',
      { MaximumBatchingWindowInSeconds: 360 },
      {},
      /MaximumBatchingWindowInSeconds is 360/,
    ],
    ['one poller', { ProvisionedPollerConfig: { MinimumPollers: 1 } }, {}, /MinimumPollers is 1.* 2 to 200/],
    [
      'more pollers at least than at most',
      { ProvisionedPollerConfig: { MinimumPollers: 20, MaximumPollers: 10 } },
      {},
      /MaximumPollers is 10.* 20 to 2000/,
    ],
    [
      'pollers beside a concurrency',
      { ProvisionedPollerConfig: { MinimumPollers: 2 }, ScalingConfig: { MaximumConcurrency: 2 } },
      {},
      /not both/,
    ],
    ['a batch of 11 from a FIFO queue', { BatchSize: 11 }, FIFO, /FIFO.*BatchSize/],
    ['a window on a FIFO queue', { MaximumBatchingWindowInSeconds: 1 }, FIFO, /FIFO.*window/],
  ])('%s', async (_, mapping, queue, message) => {
    await expect(run(assembly(mapping, queue))).rejects.toThrow(message);
  });

  it('and one that is fine is not', async () => {
    const mapping = {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    };
    await stop(await run(assembly(mapping, {})));
    await stop(await run(assembly({ BatchSize: 10 }, FIFO)));
  });

  it('nor does a reload take one', async () => {
    const local = await run(assembly({}, {}));
    const reloaded = local.reload(assembly({ ScalingConfig: { MaximumConcurrency: 1 } }, {}));
    await expect(reloaded).rejects.toThrow(/MaximumConcurrency is 1/);
    await stop(local);
  });
});
