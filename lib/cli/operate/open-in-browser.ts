import { spawn } from 'node:child_process';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether an address is https, or of this machine: the program that opens it takes other kinds for orders. */
export function mayBeOpened(address: string): boolean {
  const { protocol, hostname } = URL.parse(address) ?? { protocol: '', hostname: '' };
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}

/**
 * Opens an address in the person's browser.
 *
 * @param address one that {@link mayBeOpened}
 * @returns whether a browser was told; not where there is no screen, and nothing to open it with
 */
export async function openInBrowser(address: string): Promise<boolean> {
  const opener = mayBeOpened(address) ? openerOf(process.platform, process.env) : undefined;
  if (!opener) return false;
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

/** The program that opens addresses. Without a screen Linux would open a browser in this very terminal. */
function openerOf(
  platform: NodeJS.Platform,
  { DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv,
): string | undefined {
  if (platform === 'darwin') return 'open';
  if (platform === 'win32') return 'explorer';
  return DISPLAY || WAYLAND_DISPLAY ? 'xdg-open' : undefined;
}
