#!/usr/bin/env node
import { refuseOldNode } from './terminal/refuse-old-node.ts';

// First of all: what is loaded after it is for Node 24, and an older one would end with an error of its own.
refuseOldNode();
// Then this, for it is of use only to what is loaded after it.
(await import('./terminal/compile-cache.ts')).keepCompiled();
await (await import('./run.ts')).run(process.argv);
