import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { reservePort } from '../../lib/local/engines/reserve-port.ts';
import { eventually } from '../apps/client.ts';

const freePort = () => reservePort(0, { what: 'test', flag: '', variable: '' });
const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

describe('the DynamoDB engine', () => {
  it('is gone when it is stopped', async () => {
    const engine = await startDynamoDB(await freePort(), undefined);
    expect(await answers(engine.endpoint)).toBe(true);
    await engine.stop();
    expect(await answers(engine.endpoint)).toBe(false);
  });

  it('is gone when the process that started it is killed', async () => {
    const port = await freePort();
    const source = `import('./lib/local/engines/dynamodb.ts').then(({ startDynamoDB }) => startDynamoDB(${port})).then(() => console.log('up'))`;
    const parent = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    expect(await answers(`http://127.0.0.1:${port}`)).toBe(true);
    parent.kill('SIGKILL');
    await eventually('the engine is gone', async () => !(await answers(`http://127.0.0.1:${port}`)));
  });

  it('says why it does not start', async () => {
    const squatter = createServer(() => undefined);
    squatter.listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(startDynamoDB(port, undefined)).rejects.toThrow(/DynamoDB engine ended with .*in use/);
    squatter.closeAllConnections();
    squatter.close();
  });
});
