import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { currentScope, type HandlerScope } from './handler-scope.ts';

/** Makes chance repeatable: `Math.random`, `crypto.randomUUID`, `randomBytes`, `randomInt` and `getRandomValues`. */
export function interceptRandom(): () => void {
  const originals = { random: Math.random, ...pick(crypto), webcrypto: pickWeb(crypto.webcrypto) };
  Math.random = () => (currentScope() ?? originals).random();
  Object.assign(crypto, {
    randomUUID: (...args: unknown[]) => {
      const scope = currentScope();
      return scope ? uuidOf(scope) : Reflect.apply(originals.randomUUID, crypto, args);
    },
    randomBytes: (size: number, callback?: (error: null, bytes: Buffer) => void) => {
      const scope = currentScope();
      if (!scope) return Reflect.apply(originals.randomBytes, crypto, callback ? [size, callback] : [size]);
      const bytes = bytesOf(scope, size);
      if (!callback) return bytes;
      queueMicrotask(() => callback(null, bytes));
      return undefined;
    },
    randomInt: (...args: unknown[]) => {
      const scope = currentScope();
      const [low, high] = typeof args[1] === 'number' ? [Number(args[0]), args[1]] : [0, Number(args[0])];
      const callback = args.find((one) => typeof one === 'function');
      if (!scope || callback) return Reflect.apply(originals.randomInt, crypto, args);
      return low + Math.floor(scope.random() * (high - low));
    },
  });
  Object.assign(crypto.webcrypto, {
    randomUUID: () => {
      const scope = currentScope();
      return scope ? uuidOf(scope) : Reflect.apply(originals.webcrypto.randomUUID, crypto.webcrypto, []);
    },
    getRandomValues: (array: NodeJS.TypedArray) => {
      const scope = currentScope();
      if (!scope) return Reflect.apply(originals.webcrypto.getRandomValues, crypto.webcrypto, [array]);
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytesOf(scope, array.byteLength));
      return array;
    },
  });
  // Modules that import a function by its name see the new one too.
  syncBuiltinESMExports();
  return () => {
    Math.random = originals.random;
    Object.assign(crypto, pick(originals));
    // The originals are methods of the class.
    for (const name of Object.keys(originals.webcrypto)) Reflect.deleteProperty(crypto.webcrypto, name);
    syncBuiltinESMExports();
  };
}

function pick({
  randomUUID,
  randomBytes,
  randomInt,
}: Pick<typeof crypto, 'randomUUID' | 'randomBytes' | 'randomInt'>) {
  return { randomUUID, randomBytes, randomInt };
}

function pickWeb({ randomUUID, getRandomValues }: typeof crypto.webcrypto) {
  return { randomUUID, getRandomValues };
}

function bytesOf(scope: HandlerScope, size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => Math.floor(scope.random() * 256)));
}

/** A UUID of version 4. @see https://www.rfc-editor.org/rfc/rfc9562#section-5.4 */
function uuidOf(scope: HandlerScope): string {
  const bytes = bytesOf(scope, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
