import { inParallel } from '../in-parallel.ts';
import type { Finding } from './finding.ts';

/**
 * Runs a check. When the check fails, because a permission is missing or AWS does not answer, the failure is a finding and the other checks
 * go on.
 */
export async function look(
  resource: string,
  work: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await work();
  } catch (error) {
    // The failure becomes a finding, and the other checks go on.
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return [
      {
        severity: 'could not look',
        resource,
        detail: `could not be read: ${reason}`,
        remedy: 'check the permissions that docs/operate.md lists, and the network, then run doctor again',
      },
    ];
  }
}

/** Merges `could not look` findings with the same reason into one. */
export function mergeUnseen(findings: readonly Finding[]): readonly Finding[] {
  const merged = new Map<string, Finding & { readonly resources: readonly string[] }>();
  const rest: Finding[] = [];
  for (const finding of findings) {
    if (finding.severity === 'could not look') {
      const resources = [...(merged.get(finding.detail)?.resources ?? []), finding.resource];
      merged.set(finding.detail, { ...finding, resources });
    } else rest.push(finding);
  }
  const unseen = [...merged.values()].map(({ resources, ...finding }) => ({
    ...finding,
    resource: resources.join(', '),
  }));
  return [...rest, ...unseen];
}

/** Requests at once: few enough that no service throttles them. */
const AT_ONCE = 6;

/** Calls `work` for every item, a few at a time. The results are in the order of the items. */
export async function mapInParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const results: (readonly R[])[] = [];
  await inParallel([...items.entries()], AT_ONCE, async ([index, item]) => {
    results[index] = await work(item);
  });
  return results.flat();
}
