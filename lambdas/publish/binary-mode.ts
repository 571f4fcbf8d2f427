import { isJsonMediaType } from '../../lib/contracts/attribute-types.ts';
import { jsonPointer } from '../../lib/contracts/problem.ts';
import { type EventProblem, RequestProblem } from './problem-response.ts';
import { DATA_ALONE, readJson } from './read-body.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const PREFIX = 'ce-';
/** Attributes that the binding has elsewhere: the data in the body, its type in Content-Type. */
const NOT_IN_HEADERS = new Set(['data', 'data_base64', 'datacontenttype']);
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Tells whether a request has attributes in its headers. */
export function hasEventHeaders(headers: Headers): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase().startsWith(PREFIX));
}

/**
 * Reads an event whose attributes are in `ce-*` headers and whose data is the body; an empty body is no data.
 *
 * @param contentType becomes `datacontenttype`; data of our contracts is always JSON
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
 */
export function readBinaryEvent(
  headers: Headers,
  contentType: string,
  body: string,
): Readonly<Record<string, unknown>> {
  const attributes = readAttributes(headers);
  if (body === '') return attributes;
  if (!isJsonMediaType(contentType)) {
    throw new RequestProblem(
      'unsupportedMediaType',
      `an event in ce-* headers has its data as JSON in the body; the content type is '${contentType}', send application/json`,
    );
  }
  return { ...attributes, datacontenttype: contentType, data: readJson(body, DATA_ALONE) };
}

function readAttributes(headers: Headers): Readonly<Record<string, string>> {
  const attributes = new Map<string, string>();
  const errors: EventProblem[] = [];
  for (const [header, value] of Object.entries(headers)) {
    const lower = header.toLowerCase();
    if (!lower.startsWith(PREFIX) || value === undefined) continue;
    const name = lower.slice(PREFIX.length);
    const text = decode(value);
    const detail = attributes.has(name) ? 'is there in more than one header' : refusal(name, value, text);
    if (detail !== undefined) errors.push({ index: 0, pointer: jsonPointer([name]), detail });
    attributes.set(name, text ?? '');
  }
  const [first] = errors;
  if (first) {
    const header = `${PREFIX}${first.pointer.slice(1)}`;
    throw new RequestProblem('malformed', `the header ${header} ${first.detail}`, {
      errors,
      total: errors.length,
    });
  }
  return Object.fromEntries(attributes);
}

function refusal(name: string, value: string, text: string | undefined): string | undefined {
  if (NOT_IN_HEADERS.has(name)) {
    return 'has no place in a header: the data is the body, and its type the Content-Type';
  }
  if (!PRINTABLE_ASCII.test(value)) {
    return 'has characters that are not printable ASCII; percent-encode their UTF-8';
  }
  return text === undefined ? 'is not percent-encoded UTF-8' : undefined;
}

/**
 * Header values are percent-encoded UTF-8, and may be quoted. Undefined when it is not that: the binding has it refused, for decoding
 * only a part would change what was sent.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values
 */
function decode(value: string): string | undefined {
  const unquoted = /^"(.*)"$/s.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    // It is named with the others that are wrong.
    return undefined;
  }
}
