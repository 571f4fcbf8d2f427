/**
 * The URL of a request at an engine behind a gateway. Only the path and the query of the request are used: a request line with another host
 * (after `//` or a backslash, or a whole URL) cannot lead to another host.
 *
 * @param target the path and query of a request
 */
export function engineUrl(engine: string | URL, target = '/'): URL {
  const url = new URL(engine);
  const [, path = '/', query = ''] = /^([^?#]*)\??([^#]*)/.exec(target) ?? [];
  url.pathname = `/${path.replace(/^[a-z][a-z0-9+.-]*:/i, '').replace(/^[\\/]+/, '')}`;
  url.search = query;
  return url;
}
