import { expect, it } from 'vitest';
import { withLocalQueueUrls } from '../../../lib/local/functions/local-queue-urls.ts';

const HERE = 'http://127.0.0.1:4566';
const of = (value: string) => withLocalQueueUrls({ value }, HERE).value;

it.each([
  ['https://sqs.eu-west-1.amazonaws.com/000000000000/Later', `${HERE}/000000000000/Later`],
  ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/a_b-c.fifo', `${HERE}/123456789012/a_b-c.fifo`],
])('the URL of a queue on AWS becomes that of this machine: %s', (url, local) => {
  expect(of(url)).toBe(local);
});

it.each([
  `${HERE}/000000000000/Later`,
  'https://sqs.eu-west-1.amazonaws.com/',
  'https://example.com/000000000000/Later',
  'see https://sqs.eu-west-1.amazonaws.com/000000000000/Later',
  'https://sqs.eu-west-1.amazonaws.com/000000000000/Later/more',
  '',
])('every other value stays: %s', (value) => {
  expect(of(value)).toBe(value);
});
