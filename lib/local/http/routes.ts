/** The path parameters when a request matches a route key such as `GET /orders/{id}`; undefined when it does not match. */
export function matchRoute(key: string, method: string, path: string): Record<string, string> | undefined {
  if (key === '$default') return {};
  const [verb, template = ''] = key.split(' ');
  if (verb !== 'ANY' && verb !== method) return undefined;
  const names: string[] = [];
  const pattern = template
    .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
      names.push(name.replace(/\\\+$/, ''));
      return name.endsWith('+') ? '(.+)' : '([^/]+)';
    });
  const match = new RegExp(`^${pattern}$`).exec(path);
  return match
    ? Object.fromEntries(names.map((name, index) => [name, decode(match[index + 1] ?? '')]))
    : undefined;
}

/**
 * How specific a route key is. API Gateway uses the most specific route that matches: first a path without parameters, then one with
 * parameters, then one with a greedy parameter, and last `$default`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function specificity(key: string): number {
  if (key === '$default') return Number.NEGATIVE_INFINITY;
  const [verb = '', path = ''] = key.split(' ');
  const [greedy, parameters] = [/\{[^}]+\+\}/g, /\{[^}]+\}/g].map((one) => path.match(one)?.length ?? 0);
  return -100 * (greedy ?? 0) - 10 * (parameters ?? 0) - (verb === 'ANY' ? 1 : 0);
}

/** Decodes percent-encoding. Text that is no valid percent-encoding is returned unchanged. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The text has a percent sign that is no encoding. The function gets it unchanged.
    return text;
  }
}
