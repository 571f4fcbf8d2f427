import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Starts the Chromium that comes with the project's packages: nothing has to be installed. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    // Without these two a container's small /dev/shm and missing sandbox would end it.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}
