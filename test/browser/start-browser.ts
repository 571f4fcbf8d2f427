import { setTimeout as sleep } from 'node:timers/promises';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const MAX_TRIES = 60;
const PAUSE_MS = 1_000;

/** Starts the Chromium that comes with the project's packages: nothing has to be installed. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = await sparticuz.executablePath();
  for (let attempt = 1; ; attempt++) {
    try {
      // Without these two a container's small /dev/shm and missing sandbox would end it.
      return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    } catch (error) {
      // Another test file is still unpacking the program, which cannot be run before.
      if (!String(error).includes('ETXTBSY') || attempt === MAX_TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
