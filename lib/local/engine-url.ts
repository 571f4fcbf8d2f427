/**
 * Where a request goes behind a gateway: its path and query at the engine. Whatever a request line may hold beside them (another host
 * behind `//` or a backslash, a whole URL) leads nowhere else.
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
