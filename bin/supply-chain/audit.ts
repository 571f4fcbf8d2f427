import { spawnSync } from 'node:child_process';
import * as z from 'zod';

/** What `npm audit --json` prints when the registry has answered. */
const report = z.object({
  auditReportVersion: z.number(),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

/** What it prints when the registry has not. */
const refusal = z.object({ message: z.string() });

/** Of many vulnerabilities there is much to say. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Fails the build; the rest is told. */
const SEVERE = ['high', 'critical'];

export interface Verdict {
  /** Whether somebody has to act before the change goes in. */
  readonly failed: boolean;
  readonly text: string;
}

/** Reads what `npm audit --json` has printed. A registry that cannot be asked has found nothing wrong. */
export function readAudit(output: string): Verdict {
  const parsed = report.safeParse(parse(output));
  if (!parsed.success) {
    const { data } = refusal.safeParse(parse(output));
    const reason = data?.message ?? `npm said '${output.trim().slice(0, 200)}'`;
    return {
      failed: false,
      text: `The registry does not answer an audit, so nothing was checked: ${reason}`,
    };
  }
  const found = Object.entries(parsed.data.vulnerabilities).map(([name, { severity }]) => ({
    name,
    severity,
  }));
  if (found.length === 0) return { failed: false, text: 'The registry knows of no vulnerability.' };
  const lines = found.map(({ name, severity }) => `  ${severity}: ${name}`).join('\n');
  return {
    failed: found.some(({ severity }) => SEVERE.includes(severity)),
    text: `The registry knows of vulnerabilities ('npm audit' says more):\n${lines}`,
  };
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    // npm has printed something for a person; the caller is told that nothing was checked.
    return undefined;
  }
}

if (import.meta.main) {
  // npm's own exit code is the same for a vulnerability and for a registry that does not answer.
  const options = { encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES } as const;
  const { stdout, error } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], options);
  // Output that was cut would read like a registry that does not answer.
  if (error) throw error;
  const { failed, text } = readAudit(stdout);
  console.log(text);
  if (failed) process.exitCode = 1;
}
