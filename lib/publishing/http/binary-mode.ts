import { isJsonMediaType } from '../../contracts/envelope/attribute-types.ts';
import { jsonPointer } from '../../contracts/text/problem.ts';
import { type EventProblem, RequestError } from './problem-response.ts';
import { DATA_ALONE, readJson } from './read-body.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const PREFIX = 'ce-';
/** Attributes that the binding does not put into `ce-*` headers: the data is the body, and its type is in Content-Type. */
const NOT_IN_HEADERS = new Set(['data', 'data_base64', 'datacontenttype']);
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Whether a request has attributes in its headers. */
export function hasEventHeaders(headers: Headers): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase().startsWith(PREFIX));
}

/**
 * Reads an event whose attributes are in `ce-*` headers and whose data is the body. An event with an empty body has no data.
 *
 * @param contentType becomes `datacontenttype`; the data of a contract is always JSON
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
 */
export function readBinaryEvent(
  headers: Headers,
  contentType: string,
  body: string,
): Readonly<Record<string, unknown>> {
  const attributes = readAttributes(headers);
  if (body === '') return attributes;
  if (!PRINTABLE_ASCII.test(contentType)) {
    const detail = 'has characters that are not printable ASCII';
    throw new RequestError('malformed', `the header content-type ${detail}`, {
      errors: [{ index: 0, pointer: '/datacontenttype', detail }],
      total: 1,
    });
  }
  if (!isJsonMediaType(contentType)) {
    throw new RequestError(
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
    const detail = attributes.has(name) ? 'is in more than one header' : refusal(name, value, text);
    if (detail !== undefined) errors.push({ index: 0, pointer: jsonPointer([name]), detail });
    attributes.set(name, text ?? '');
  }
  const [first] = errors;
  if (first) {
    const header = `${PREFIX}${first.pointer.slice(1)}`;
    throw new RequestError('malformed', `the header ${header} ${first.detail}`, {
      errors,
      total: errors.length,
    });
  }
  return Object.fromEntries(attributes);
}

function refusal(name: string, value: string, text: string | undefined): string | undefined {
  if (NOT_IN_HEADERS.has(name)) {
    return 'may not be a header: send the data as the body, and its type as Content-Type';
  }
  if (!PRINTABLE_ASCII.test(value)) {
    return 'has characters that are not printable ASCII; percent-encode their UTF-8';
  }
  return text === undefined ? 'is not percent-encoded UTF-8' : undefined;
}

/**
 * Decodes a header value: percent-encoded UTF-8, with or without quotation marks.
 *
 * @returns undefined when it is not valid. The binding says to refuse it, because decoding only a part would change the value.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values
 */
function decode(value: string): string | undefined {
  const unquoted = /^"(.*)"$/s.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    // The caller reports it together with the other invalid headers.
    return undefined;
  }
}
