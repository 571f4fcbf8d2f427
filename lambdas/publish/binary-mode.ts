import { RequestProblem } from './problem-response.ts';

const PREFIX = 'ce-';
const JSON_TYPE = /^application\/([\w.+-]+\+)?json\s*(;|$)/i;

/** Tells whether a request has attributes in its headers. */
export function hasEventHeaders(headers: Readonly<Record<string, string | undefined>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase().startsWith(PREFIX));
}

/**
 * Reads an event whose attributes are in `ce-*` headers and whose data is the body.
 *
 * @param contentType becomes `datacontenttype`; data of our contracts is always JSON
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
 */
export function readBinaryEvent(
  headers: Readonly<Record<string, string | undefined>>,
  contentType: string,
  readData: () => unknown,
): Readonly<Record<string, unknown>> {
  if (!JSON_TYPE.test(contentType)) {
    throw new RequestProblem(
      'unsupportedMediaType',
      `an event in ce-* headers has its data as JSON in the body; the content type is '${contentType}', send application/json`,
    );
  }
  const attributes = Object.entries(headers).flatMap(([header, value]) => {
    const name = header.toLowerCase();
    return name.startsWith(PREFIX) && value !== undefined
      ? [[name.slice(PREFIX.length), decode(name, value)] as const]
      : [];
  });
  return { ...Object.fromEntries(attributes), datacontenttype: contentType, data: readData() };
}

/** Header values are percent-encoded UTF-8, and may be quoted. */
function decode(header: string, value: string): string {
  const unquoted = /^"(.*)"$/s.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    throw new RequestProblem('malformed', `the header ${header} is not percent-encoded UTF-8: '${value}'`);
  }
}
