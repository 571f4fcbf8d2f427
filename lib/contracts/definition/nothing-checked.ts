/**
 * In a Lambda bundle there is nothing to find: the synthesis has made the same definitions, and refused what these would. The condition
 * `lambda` of package.json puts this in the place of check-definition.ts.
 */
export function refuseLateUpcast(): void {}

export function refuseTwoOfOneType(): void {}
