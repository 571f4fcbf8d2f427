import type { EngineApp } from './engines/fauxqs.ts';
import { readRequest } from './requests/read-request.ts';

interface Asked {
  readonly Path?: string;
  readonly Recursive?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const REQUEST = { Path: 'text', Recursive: 'flag', MaxResults: 'number', NextToken: 'text' } as const;
const TARGET = 'AmazonSSM.GetParametersByPath';
/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
const MAX_RESULTS = 10;

/**
 * Systems Manager's GetParametersByPath on this machine, for the parameters that templates have written. It does not say when a parameter was
 * written: every start writes all of them again. Call it before the engine listens.
 */
export function serveParametersByPath(app: EngineApp, parameters: ReadonlyMap<string, string>): void {
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers['x-amz-target'] !== TARGET || !(request.body instanceof Buffer)) return;
    const asked = readRequest<Asked>(request.body, REQUEST);
    return reply
      .status(200)
      .header('content-type', 'application/x-amz-json-1.1')
      .send(JSON.stringify(pageOf(asked, parameters)));
  });
}

/** The token of a page is the name of the last parameter before it, so that a page does not depend on what is added or removed meanwhile. */
function pageOf(
  { Path = '/', Recursive = false, MaxResults = MAX_RESULTS, NextToken = '' }: Asked,
  parameters: ReadonlyMap<string, string>,
): object {
  const prefix = Path.endsWith('/') ? Path : `${Path}/`;
  const found = [...parameters]
    .filter(([name]) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/')))
    .filter(([name]) => name > NextToken)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const page = found.slice(0, Math.min(MAX_RESULTS, MaxResults));
  return {
    Parameters: page.map(([Name, Value]) => ({ Name, Type: 'String', Value })),
    ...(found.length > page.length && { NextToken: page.at(-1)?.[0] }),
  };
}
