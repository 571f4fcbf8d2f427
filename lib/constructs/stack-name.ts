import type { Stage } from './stage.ts';

/** `shop-dev-GiftCards` for the app `shop`, its stage `dev` and `gift-cards`, so that apps and stages can share an account. */
export function stackName({ app, name }: Pick<Stage, 'app' | 'name'>, role: string): string {
  const words = role.split('-').map(capitalize).join('');
  return `${app}-${name}-${words}`;
}

/** `stock` becomes `Stock`, as construct ids begin with a capital. */
export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
