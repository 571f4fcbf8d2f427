import { chmodSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDraft } from '../../lib/cli/operate/dlq/edit-text.ts';
import { createOpsClients } from '../../lib/ops/clients.ts';
import { deadLetterQueueOf } from '../../lib/ops/dead-letters/dead-letter-queue.ts';
import { purge } from '../../lib/ops/dead-letters/purge.ts';
import type { DeployedConsumer } from '../../lib/ops/deployment.ts';
import { idOf, newFolder, run, writeAssembly } from '../integration/local/assembly.ts';

/** Everything that a process makes is open to all unless it says otherwise. */
let umask: number;
beforeAll(() => {
  umask = process.umask(0);
});
afterAll(() => {
  process.umask(umask);
});

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);
/** What other users of this machine may read or enter below a folder, itself included. */
const openToOthers = (folder: string): readonly string[] =>
  [folder, ...globSync(join(folder, '**/*'))]
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
    .map((path) => `${relative(folder, path)} ${modeOf(path)}`);

const assembly = () =>
  writeAssembly({
    resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        },
      },
    },
  });

describe('another user of this machine', () => {
  it('can read nothing of what a data directory keeps, also of one that was open before', async () => {
    const data = join(newFolder(), 'made', 'data');
    for (const start of ['first', 'second']) {
      const local = await run(assembly(), { dataDirectory: data });
      await local.sqs.send(new SendMessageCommand({ QueueUrl: idOf(local, 'Queue'), MessageBody: start }));
      await local.dynamodb.send(
        new PutItemCommand({ TableName: idOf(local, 'Table'), Item: { id: { S: 'ada@example.com' } } }),
      );
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const s3 = new S3Client({
        endpoint: local.awsEndpoint,
        region: 'us-east-1',
        credentials,
        forcePathStyle: true,
      });
      await s3.send(new PutObjectCommand({ Bucket: idOf(local, 'Bucket'), Key: start, Body: start }));
      s3.destroy();
      const mail = {
        FromEmailAddress: 'a@b.example',
        Destination: { ToAddresses: ['ada@example.com'] },
        Content: { Simple: { Subject: { Data: start }, Body: { Text: { Data: start } } } },
      };
      const sent = await fetch(`${local.awsEndpoint}/v2/email/outbound-emails`, {
        method: 'POST',
        body: JSON.stringify(mail),
      });
      expect(sent.status).toBe(200);
      const kept = globSync(join(data, '**/*')).map((path) => relative(data, path));
      expect(kept).toEqual(
        expect.arrayContaining(['mail/mail.jsonl', 'messaging/fauxqs.db', 'dynamodb/dynamodb.sqlite']),
      );
      expect(openToOthers(data)).toEqual([]);
      await local.stop();
      expect(openToOthers(data)).toEqual([]);
      // As an earlier version has left it.
      for (const path of globSync(join(data, '**/*')))
        chmodSync(path, statSync(path).isDirectory() ? 0o777 : 0o666);
    }
  });

  it("keeps the mode of the folder that a data directory is put into: it is the person's own", async () => {
    const data = join(newFolder(), 'data');
    mkdirSync(data, { mode: 0o755 });
    const local = await run(assembly(), { dataDirectory: data });
    await local.stop();
    expect(openToOthers(data)).toEqual([' 755']);
  });

  it('cannot read the dead letters that a purge has written to a file', async () => {
    const local = await run(assembly());
    const deadLetterQueueUrl = idOf(local, 'Queue');
    await local.sqs.send(new SendMessageCommand({ QueueUrl: deadLetterQueueUrl, MessageBody: '{}' }));
    const { awsEndpoint, dynamodbEndpoint } = local;
    const clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
    const file = join(newFolder(), 'letters.jsonl');
    const consumer: DeployedConsumer = {
      name: 'any',
      owner: 'shop-dev',
      label: 'any',
      bus: 'shop-dev-Bus',
      stackName: 'Shop',
      queueUrl: '',
      deadLetterQueueUrl,
      undeliveredQueueUrl: '',
      subscriptionArn: '',
      idempotencyTable: idOf(local, 'Table'),
      functionName: '',
    };
    const queue = deadLetterQueueOf(consumer);
    expect(await purge(clients, queue, { selection: {}, file })).toMatchObject({ purged: 1 });
    clients.close();
    expect(modeOf(file)).toBe('600');
  });

  it('cannot read a dead letter while it is in an editor', async () => {
    const folder = newFolder();
    const editor = join(folder, 'editor');
    writeFileSync(editor, '#!/bin/sh\nstat -c %a "$1" "$(dirname "$1")" >"$0.seen"\n', { mode: 0o700 });
    const draft = await createDraft('{}', editor);
    await draft.edit();
    await draft.discard();
    expect(readFileSync(`${editor}.seen`, 'utf8')).toBe('600\n700\n');
  });
});

/** These write what is no data of anybody: bundles, documents, contracts and their schemas, new apps, the bill of materials, the package; the last but one ends a torn line of a file that is there. */
const NO_DATA = [
  'lib/constructs/function/bundle-code.ts',
  'lib/constructs/bus/consumer-documents.ts',
  'lib/constructs/bus/documents.ts',
  'lib/cli/contracts/schema-files.ts',
  'lib/cli/contracts/write-documents.ts',
  'lib/cli/contracts/pack/declare-sources.ts',
  'lib/cli/contracts/pack/pack-contracts.ts',
  'lib/cli/contracts/import/import-contracts.ts',
  'lib/cli/contracts/consumers/consumers-command.ts',
  'lib/cli/init/write-project.ts',
  'bin/supply-chain/sbom.ts',
  'bin/package/build.ts',
  'lib/local/state/kept-lines.ts',
  // These make their file private first.
  'lib/local/state/kept-region.ts',
  'lib/local/mail.ts',
];

it('every place in the sources that makes a file or folder says that it is private, or holds no data', () => {
  const makes = /\b(writeFile|appendFile|copyFile|mkdir|createWriteStream|openSync|open)(Sync)?\([^)]*/g;
  const found = globSync('{bin,lib,lambdas}/**/*.ts', { exclude: ['lib/dist/**'] }).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(makes)]
      .map(([call]) => call)
      // A view, a session and a queue are opened too.
      .filter((call) => !/^open\((?!.*'(w|a))/.test(call))
      .filter((call) => !/mode|OWNER_ONLY/.test(call))
      .map((call) => `${file}: ${call}`),
  );
  expect(found.filter((place) => !NO_DATA.some((file) => place.startsWith(`${file}:`)))).toEqual([]);
});
