import type { HttpRequest } from './judge.ts';

/** The ways to send events. */
export type Mode = 'structured' | 'batched' | 'binary';
export const MODES: readonly Mode[] = ['structured', 'batched', 'binary'];

/** Content types of each mode; whether they are right is the document's matter. */
export const CONTENT_TYPES: Readonly<Record<Mode, readonly string[]>> = {
  structured: ['application/cloudevents+json', 'Application/CloudEvents+JSON; charset=UTF-8'],
  batched: ['application/cloudevents-batch+json', 'application/cloudevents-batch+json ;charset="utf-8"'],
  binary: [
    'application/json',
    'application/json; charset=us-ascii',
    'application/vnd.shop.order+json;v=1',
    'text/json',
    'APPLICATION/JSON',
  ],
};

export const WRONG_CONTENT_TYPES: readonly string[] = [
  '',
  'text/plain',
  'application/xml',
  'application/cloudevents',
  'application/cloudevents+avro',
  'application/cloudevents+json; charset=utf-16',
  'application/cloudevents+json; charset=utf-8; charset=latin1',
  'application/cloudevents-batch+json;CHARSET="iso-8859-1"',
  'application/json; charset=utf-16',
  'application/json-seq',
  'json',
  'application/json, application/json',
];

type Attributes = Readonly<Record<string, unknown>>;

/** A request with one event, of which nothing is known to be right. */
export function requestOf(
  mode: Mode,
  event: unknown,
  contentType = CONTENT_TYPES[mode][0] ?? '',
): HttpRequest {
  if (mode === 'binary') return binaryRequest(Object(event), contentType);
  return { headers: { 'content-type': contentType }, body: bodyOf(mode === 'batched' ? [event] : event) };
}

/** In binary mode every attribute is a string, and one that is null is not there. */
function binaryRequest(
  { data, datacontenttype: _, ...attributes }: Attributes,
  contentType: string,
): HttpRequest {
  const headers = Object.entries(attributes).flatMap(([name, value]) =>
    value === null ? [] : [[`ce-${name}`, encode(String(value))] as const],
  );
  return {
    headers: { ...Object.fromEntries(headers), 'content-type': contentType },
    body: data === undefined ? Buffer.alloc(0) : bodyOf(data),
  };
}

/** As the document asks for it. */
function encode(text: string): string {
  return text.toWellFormed().replaceAll(/[^ -~]|["%]/gu, (character) => encodeURIComponent(character));
}

/** A raw U+FFFD could be what API Gateway makes of bytes that are no UTF-8. */
function bodyOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value).replaceAll('\ufffd', String.raw`\ufffd`));
}
