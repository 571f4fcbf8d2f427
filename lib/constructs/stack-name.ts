import type { Stage } from './stage.ts';

/** `Fanfare-dev-GiftCards` for the stage `dev` and `gift-cards`, so that several stages can live in one account. */
export function stackName(stage: Stage, role: string): string {
  const words = role.split('-').map(capitalize).join('');
  return `Fanfare-${stage.name}-${words}`;
}

/** `stock` becomes `Stock`, as construct ids begin with a capital. */
export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
