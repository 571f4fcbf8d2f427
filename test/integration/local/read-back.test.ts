import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually } from '../../apps/client.ts';
import { newFolder, run, stop, writeAssembly } from './assembly.ts';

const assembly = writeAssembly({ resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
afterEach(() => void lines.splice(0));

async function sendMail(awsEndpoint: string, Data: string): Promise<void> {
  const response = await fetch(`${awsEndpoint}/v2/email/outbound-emails`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      FromEmailAddress: 'shop@example.com',
      Destination: { ToAddresses: ['ada@example.com'] },
      Content: { Simple: { Subject: { Data }, Body: { Text: { Data: 'Grüße 🎺' } } } },
    }),
  });
  expect(response.status).toBe(200);
}
const subjects = (local: LocalStack) => local.mail().map(({ subject }) => subject);

/** A data directory in which there are two mails. */
async function keptMail(): Promise<{ dataDirectory: string; file: string }> {
  const dataDirectory = newFolder();
  const local = await run(assembly, { dataDirectory });
  for (const subject of ['one', 'two']) await sendMail(local.awsEndpoint, subject);
  await stop(local);
  return { dataDirectory, file: join(dataDirectory, 'mail', 'mail.jsonl') };
}

describe('a start with the mail of an earlier one', () => {
  it.each([
    ['in the middle of a line', 10, ['one']],
    ['in the middle of a character', -1, ['one']],
    ['before its line break alone', 1, ['two', 'one']],
  ])('that was torn %s takes what is whole, and keeps what comes next', async (_, cut, expected) => {
    const { dataDirectory, file } = await keptMail();
    const bytes = readFileSync(file);
    // The first of the four bytes of the last emoji, and no more.
    const end = cut < 0 ? bytes.lastIndexOf(Buffer.from('🎺')) + 1 : bytes.length - cut;
    truncateSync(file, end);
    const second = await run(assembly, { dataDirectory, log });
    expect(subjects(second)).toEqual(expected);
    await sendMail(second.awsEndpoint, 'three');
    await stop(second);
    const third = await run(assembly, { dataDirectory });
    expect(subjects(third)).toEqual(['three', ...expected]);
    await stop(third);
  });

  it.each([
    ['null', 'null'],
    ['something else', '{"messageId":5}'],
    ['no JSON', 'two mails in one line {}{}'],
  ])('with %s among them leaves that out, and says which line it is', async (_, garbage) => {
    const { dataDirectory, file } = await keptMail();
    writeFileSync(file, `${garbage}\n${readFileSync(file, 'utf8')}`);
    const local = await run(assembly, { dataDirectory, log });
    expect(subjects(local)).toEqual(['two', 'one']);
    expect(lines).toContainEqual(
      `${file}: ignored line 1: not a mail, or only half written when the runner died`,
    );
    await stop(local);
  });

  it('that was killed in the middle of its work finds every mail that was acknowledged', async () => {
    const dataDirectory = newFolder();
    const source = `import('./lib/local/start-local.ts')
      .then(({ startLocal }) => startLocal(${JSON.stringify({
        assemblyDirectory: assembly,
        dataDirectory,
        ports: { api: 0, aws: 0, dynamodb: 0 },
      }).replace(/}$/, ', log: () => undefined}')}))
      .then(({ awsEndpoint }) => console.log(awsEndpoint))`;
    const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk]: Buffer[] = await once(child.stdout, 'data');
    const endpoint = chunk?.toString().trim() ?? '';
    let acknowledged = 0;
    const sending = (async () => {
      for (;;) {
        await sendMail(endpoint, String(acknowledged));
        acknowledged += 1;
      }
    })().catch(() => undefined);
    await eventually('some are kept', () => acknowledged > 20);
    child.kill('SIGKILL');
    await sending;
    const local = await run(assembly, { dataDirectory });
    expect(subjects(local).length).toBeGreaterThanOrEqual(acknowledged);
    await stop(local);
  });
});

describe('a start on data that is no data says which and what to do, and leaves nothing running', () => {
  it.each([
    ['queues and topics', 'messaging', 'fauxqs.db'],
    ['tables', 'dynamodb', 'dynamodb.sqlite'],
  ])('the %s', async (what, folder, file) => {
    const dataDirectory = newFolder();
    mkdirSync(join(dataDirectory, folder));
    appendFileSync(
      join(dataDirectory, folder, file),
      'this is no database, and long enough to be seen as none',
    );
    const start = run(assembly, { dataDirectory });
    await expect(start).rejects.toThrow(`the ${what} in ${join(dataDirectory, folder)} cannot be opened: `);
    await expect(start).rejects.toThrow('; start with another data directory, or move this one elsewhere');
  });

  const QUEUES = 'messaging/fauxqs.db';
  const TABLES = 'dynamodb/dynamodb.sqlite';
  it.each([
    ['queues and topics', QUEUES, TABLES],
    ['queues and topics', QUEUES, `${QUEUES}-wal`],
    ['queues and topics', QUEUES, 'mail/mail.jsonl'],
    ['tables', TABLES, `${TABLES}-wal`],
    ['tables', TABLES, 'scheduler/schedules.jsonl'],
  ])('the %s, when %s is empty and %s is not', async (what, empty, other) => {
    const dataDirectory = newFolder();
    for (const path of [empty, other]) mkdirSync(join(dataDirectory, dirname(path)), { recursive: true });
    appendFileSync(join(dataDirectory, empty), '');
    appendFileSync(join(dataDirectory, other), 'something\n');
    await expect(run(assembly, { dataDirectory })).rejects.toThrow(
      `the ${what} in ${join(dataDirectory, dirname(empty))} cannot be opened: ${basename(empty)} is empty, although ${other} is not, so what it held is lost; start with`,
    );
    expect(statSync(join(dataDirectory, other)).size).toBe('something\n'.length);
  });

  it('the queues and topics, when their database is gone and its journal is not', async () => {
    const dataDirectory = newFolder();
    mkdirSync(join(dataDirectory, 'messaging'));
    appendFileSync(join(dataDirectory, `${QUEUES}-wal`), 'something\n');
    await expect(run(assembly, { dataDirectory })).rejects.toThrow(
      `fauxqs.db is gone, although ${QUEUES}-wal is not`,
    );
  });
});

it('a start that was killed before anything was kept is no obstacle to the next one', async () => {
  const dataDirectory = newFolder();
  for (const path of ['messaging/fauxqs.db', 'mail/mail.jsonl']) {
    mkdirSync(join(dataDirectory, dirname(path)));
    appendFileSync(join(dataDirectory, path), '');
  }
  await stop(await run(assembly, { dataDirectory }));
  await stop(await run(assembly, { dataDirectory }));
});
