/** The path parameters when a request fits a route key such as `GET /orders/{id}`, else undefined. */
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
 * How closely a route key describes a request; API Gateway takes the closest that fits. A path that is written out
 * comes before one with parameters, that before a greedy one, and `$default` takes what no other does.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function specificity(key: string): number {
  if (key === '$default') return Number.NEGATIVE_INFINITY;
  const [verb = '', path = ''] = key.split(' ');
  const [greedy, parameters] = [/\{[^}]+\+\}/g, /\{[^}]+\}/g].map((one) => path.match(one)?.length ?? 0);
  return -100 * (greedy ?? 0) - 10 * (parameters ?? 0) - (verb === 'ANY' ? 1 : 0);
}

/** As it is when it is no valid percent-encoding. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign is the client's own text; the function may judge it.
    return text;
  }
}
