import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleOf } from '../apps/bundle-of.ts';

// Inside the project, so that node_modules is found as a handler finds it.
const folder = mkdtempSync(join('test', 'handler-imports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function codeWith(imports: string, use: string): string {
  mkdirSync(join(folder, 'shared'), { recursive: true });
  writeFileSync(
    join(folder, 'shared', 'price.ts'),
    "export const price = (minor: number) => 'shared price ' + minor;\n",
  );
  const entry = join(folder, 'handler.ts');
  writeFileSync(
    entry,
    `${imports}
import { consume } from '../../lib/runtime/index.ts';
import { analytics } from '../apps/orders/consumers.ts';
export const handler = consume(analytics, { 'shop.OrderPlaced': async () => { console.log(${use}); } });
`,
  );
  return bundleOf(entry).toString();
}

describe('a handler imports what it likes, and all of it is in its bundle', () => {
  it.each([
    ['a package that is an ES module', "import * as z from 'zod';", "z.string().parse('x')", '~standard'],
    ['a package that is CommonJS', "import Ajv from 'ajv';", 'new Ajv()', 'strictTypes'],
    [
      'an SDK client',
      "import { KMSClient } from '@aws-sdk/client-kms';",
      'new KMSClient({})',
      'TrentService',
    ],
    ['shared code of the app', "import { price } from './shared/price.ts';", 'price(1)', 'shared price'],
  ])('%s', (_, imports, use, mark) => {
    const code = codeWith(imports, use);
    expect(code).toContain(mark);
    expect(code).not.toMatch(/require\("(zod|@aws-sdk)/);
  });

  it('says which package is missing', () => {
    expect(() => codeWith("import { charge } from 'no-such-payments';", 'charge()')).toThrow(
      'Could not resolve "no-such-payments"',
    );
  });
});
