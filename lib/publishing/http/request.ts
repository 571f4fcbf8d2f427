import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { RequestContext } from './caller.ts';

/** The parts of a request that this API uses. */
export type PublishRequest = Pick<APIGatewayProxyEventV2, 'headers' | 'body' | 'isBase64Encoded'> & {
  readonly requestContext?: RequestContext;
  /** `type` when the request was sent to the path of one type. */
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | undefined;
};

/** The value of a header. API Gateway sends lower-case names; other servers may not. @param name in lower case */
export function headerOf({ headers }: Pick<PublishRequest, 'headers'>, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
