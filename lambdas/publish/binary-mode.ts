import { isJsonMediaType } from '../../lib/contracts/attribute-types.ts';
import { RequestProblem } from './problem-response.ts';
import { readJson } from './read-body.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const PREFIX = 'ce-';

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
  return { ...attributes, datacontenttype: contentType, data: readJson(body) };
}

function readAttributes(headers: Headers): Readonly<Record<string, string>> {
  const attributes = Object.entries(headers).flatMap(([header, value]) => {
    const name = header.toLowerCase();
    return name.startsWith(PREFIX) && value !== undefined
      ? [[name.slice(PREFIX.length), decode(name, value)] as const]
      : [];
  });
  return Object.fromEntries(attributes);
}

/** Header values are percent-encoded UTF-8, and may be quoted. */
function decode(header: string, value: string): string {
  const unquoted = /^"(.*)"$/s.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    // The binding has it refused: decoding only a part would change what was sent.
    throw new RequestProblem('malformed', `the header ${header} is not percent-encoded UTF-8: '${value}'`);
  }
}
