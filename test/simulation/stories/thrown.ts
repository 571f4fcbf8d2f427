/** An error that no code may look at without care. */
class Treacherous extends Error {
  override get message(): string {
    throw new TypeError('do not look');
  }
}

/** Whatever a handler may throw: JavaScript lets it be anything. */
export const THROWN: readonly (() => unknown)[] = [
  () => new Error('thrown'),
  () => 'a text',
  () => undefined,
  () => null,
  () => 0,
  () => Symbol('a symbol'),
  () => Object.create(null),
  () => Object.freeze({ message: 7 }),
  () => Object.assign(new Error('its name is a number'), { name: 7 }),
  () => Object.assign(new Error('x'), { message: undefined }),
  () => new Error(''),
  () => new Error(`${'x'.repeat(255)}${'🦊'.repeat(300)}`),
  () => new Error('half of a pair: \ud83e, and what SQS refuses: \u0000\ufffe'),
  () => new Treacherous(),
  () =>
    new Proxy(new Error('behind a proxy'), {
      get: () => {
        throw new TypeError('do not look');
      },
      getPrototypeOf: () => {
        throw new TypeError('do not ask');
      },
    }),
];
