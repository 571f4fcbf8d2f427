import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { MAX_JSON_DEPTH } from '../../../lib/contracts/json/json.ts';
import type { OpenApi } from './contracts.ts';
import { decimalsOf } from './generate.ts';

const DAY_MS = 86_400_000;

/** A request as it is sent. */
export interface HttpRequest {
  /** Of the path `/events/{type}`; without it the path is `/events`. */
  readonly type?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Says whether a request is right by the document alone: its schemas, and what it says in words. */
export class Judge {
  readonly #document: OpenApi;
  readonly #ajv = new Ajv2020.default({ strict: false });
  readonly #validators = new Map<JsonSchema, ValidateFunction>();

  constructor(document: OpenApi) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addKeyword({
      keyword: 'x-multipleOf',
      type: 'number',
      validate: (step: number, value: number) =>
        Number((Math.round(value / step) * step).toFixed(decimalsOf(step))) === value,
    });
    this.#ajv.addSchema(document, 'api');
  }

  /** Whether a value keeps a schema of the document. */
  keeps(schema: JsonSchema, value: unknown): boolean {
    let validate = this.#validators.get(schema);
    if (!validate) {
      // References lead to the document, wherever the schema stands in it.
      const text = JSON.stringify(schema).replaceAll('"#/', '"api#/');
      validate = this.#ajv.compile(JSON.parse(text));
      this.#validators.set(schema, validate);
    }
    return validate(value);
  }

  accepts({ type, ...request }: HttpRequest): boolean {
    if (type === undefined) return this.#acceptsAtEvents(request);
    const { parameters } = this.#document.paths['/events/{type}'];
    const isPath = parameters.every(({ schema }) => this.keeps(schema, type));
    return isPath && this.#acceptsAtEvents(request) && typesOf(request).every((one) => one === type);
  }

  #acceptsAtEvents({ headers, body }: HttpRequest): boolean {
    const { parameters, requestBody, 'x-content-modes': modes } = this.#document.paths['/events'].post;
    const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const key = parameters.find(({ name }) => name === 'Idempotency-Key');
    if (lower.has('idempotency-key') && !(key && this.keeps(key.schema, lower.get('idempotency-key'))))
      return false;
    const contentType = lower.get('content-type') ?? '';
    const { structured, batched } = modes;
    if (this.keeps(structured.contentType, contentType)) {
      return this.#acceptsBody(body, requestBody.content['application/cloudevents+json']?.schema);
    }
    if (this.keeps(batched.contentType, contentType)) {
      return this.#acceptsBody(body, requestBody.content['application/cloudevents-batch+json']?.schema);
    }
    return this.#acceptsBinary(lower, body);
  }

  #acceptsBody(body: Buffer, schema: JsonSchema = {}): boolean {
    const value = parse(body);
    return value !== undefined && this.keeps(schema, value.json) && [value.json].flat().every(keepsWords);
  }

  #acceptsBinary(headers: ReadonlyMap<string, string>, body: Buffer): boolean {
    const { parameters, 'x-content-modes': modes } = this.#document.paths['/events'].post;
    const { contentType, requiredHeaders, otherHeaders } = modes.binary;
    if (!requiredHeaders.every((name) => headers.has(name))) return false;
    const attributes: [string, string][] = [];
    for (const [name, value] of headers) {
      if (!name.startsWith('ce-')) continue;
      const decoded = decode(value);
      if (decoded === undefined || !this.keeps(otherHeaders.name, name)) return false;
      const schema = parameters.find((one) => one.name === name)?.schema ?? otherHeaders.schema;
      if (!this.keeps(schema, decoded)) return false;
      attributes.push([name.slice(3), decoded]);
    }
    const event = Object.fromEntries(attributes);
    if (body.length === 0) return this.#acceptsEvent(event);
    if (body.includes('\ufffd') || !this.keeps(contentType, headers.get('content-type'))) return false;
    const data = parse(body);
    if (!data) return false;
    return this.#acceptsEvent({ ...event, datacontenttype: headers.get('content-type'), data: data.json });
  }

  #acceptsEvent(event: Readonly<Record<string, unknown>>): boolean {
    const schema = { $ref: `#/components/schemas/${event.type}` };
    return this.keeps(schema, event) && keepsWords(event);
  }
}

/** The types of the events of a request, without their versions. */
function typesOf({ headers, body }: HttpRequest): readonly string[] {
  const inHeader = Object.entries(headers).find(([name]) => name.toLowerCase() === 'ce-type')?.[1];
  const types =
    inHeader === undefined ? [parse(body)?.json].flat().map((event) => Object(event).type) : [inHeader];
  return types.map((type) => String(type).replace(/\.v\d+$/, ''));
}

/** The words of the document that no schema says, for what the generators make. */
function keepsWords(event: unknown): boolean {
  const { id, source, correlationid, causationid, deliverat } = Object(event);
  const inherited = [correlationid, causationid].every(
    (one) => typeof one !== 'string' || bytes(one) <= 2_047,
  );
  // The API makes an id, a UUID, for an event without one.
  const identity = bytes(String(id ?? crypto.randomUUID())) + bytes(String(source));
  const isTooLate = typeof deliverat === 'string' && Date.parse(deliverat) > Date.now() + 365 * DAY_MS;
  return inherited && identity <= 2_047 && depthOf(event) <= MAX_JSON_DEPTH && !isTooLate;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function parse(body: Buffer): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(body.toString('utf8')) };
  } catch {
    return undefined;
  }
}

/** @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values */
function decode(value: string): string | undefined {
  if (!/^[ -~]*$/.test(value)) return undefined;
  const quoted = /^"(.*)"$/.exec(value);
  const text = quoted?.[1] === undefined ? value : quoted[1].replaceAll(/\\(.)/g, '$1');
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
