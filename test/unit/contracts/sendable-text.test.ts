import { expect, it } from 'vitest';
import { sendableText } from '../../../lib/contracts/text/sendable-text.ts';

it.each([
  ['what SQS takes as it is', 'a\t\n\r b\u{1F600}\uD7FF\uE000\uFFFD', 'a\t\n\r b\u{1F600}\uD7FF\uE000\uFFFD'],
  ['no control characters', 'a\u0000\u001Fb', 'a\uFFFD\uFFFDb'],
  ['no characters that are none', 'a\uFFFE\uFFFFb', 'a\uFFFD\uFFFDb'],
  ['no half of a character', 'a\uD83D b\uDE00', 'a\uFFFD b\uFFFD'],
  ['512 characters and no more', '\u{1F600}'.repeat(513), '\u{1F600}'.repeat(512)],
  ['something, also of nothing', '', 'unknown'],
])('has %s', (_, text, sent) => {
  expect(sendableText(text)).toBe(sent);
});
