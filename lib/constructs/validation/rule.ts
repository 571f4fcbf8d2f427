import type { ConsumerPlan } from '../consumer/consumer-plan.ts';

/** Lists what cannot work about a consumer, with the numbers and the remedy. Empty when nothing is wrong. */
export type Validation = (plan: ConsumerPlan) => readonly string[];
