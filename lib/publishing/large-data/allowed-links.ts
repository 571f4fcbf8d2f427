import { s3EndpointOf } from '../../aws/service-endpoint.ts';
import { leadsToThisMachine } from '../../contracts/envelope/data-links.ts';

/**
 * The links of a contract that are allowed here. A contract may allow links to this machine, for tests. They are allowed only when S3
 * runs on this machine too: the local runner sets that endpoint for every function. On AWS, such a link would lead into the function
 * itself, so it is not allowed.
 */
export function allowedLinks(links: readonly string[], environment = process.env): readonly string[] {
  const endpoint = s3EndpointOf(environment);
  return endpoint !== undefined && leadsToThisMachine(endpoint)
    ? links
    : links.filter((link) => !leadsToThisMachine(link));
}
