/** `fanfare/local`: runs synthesized stacks on this machine. */
export { findProject, type Project } from '../project/find-project.ts';
export type { LocalOptions, LocalPorts } from './local-options.ts';
export { LocalStack } from './local-stack.ts';
export { startLocal } from './start-local.ts';
export { type SynthesizeOptions, synthesize } from './synthesize.ts';
