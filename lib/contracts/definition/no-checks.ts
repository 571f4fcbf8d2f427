/**
 * Replaces check-definition.ts in Lambda bundles (condition `lambda` in package.json). The checks are not needed there, because synth has
 * already run them on the same definitions.
 */
export function refuseLateUpcast(): void {}

export function refuseWrongDefinition(): void {}

export function refuseWrongPersonal(): void {}

export function refuseWrongSaga(): void {}

export function refuseWrongSchedule(): void {}

export function refuseWrongScheduleForm(): void {}
