import { expect, it } from 'vitest';
import { engineUrl } from '../../../lib/local/engine-url.ts';

it.each([
  ['/', 'http://127.0.0.1:1/'],
  ['/a/b?c=d', 'http://127.0.0.1:1/a/b?c=d'],
  ['//evil.example/x', 'http://127.0.0.1:1/evil.example/x'],
  ['/\\evil.example/x', 'http://127.0.0.1:1/evil.example/x'],
  ['\\\\evil.example/x', 'http://127.0.0.1:1/evil.example/x'],
  ['http://evil.example/x', 'http://127.0.0.1:1/evil.example/x'],
  ['HTTP:evil.example', 'http://127.0.0.1:1/evil.example'],
  ['//user@evil.example:9/x?y#z', 'http://127.0.0.1:1/user@evil.example:9/x?y'],
])('a request line %s leads to the engine and nowhere else', (target, url) => {
  expect(engineUrl('http://127.0.0.1:1', target).href).toBe(url);
});
