import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';
import { FIRST_BUS } from '../../contracts/bus/bus-parameters.ts';
import type { Settings } from '../settings.ts';
import type { Stage } from '../stage.ts';

export interface MonthlyBudgetProps {
  /** US dollars. */
  readonly dollars: number;
  readonly email: string;
  /** Whose costs count: resources have the tag `fanfare:deployment`, which has to be activated as a cost allocation tag. */
  readonly stage: Stage;
}

/** Percent of the budget at which AWS sends a mail. */
const NOTIFY_AT = [80, 100];

/**
 * Sends a mail when the resources of a stage cost more in a month than the budget. It stops nothing, and AWS knows costs hours later.
 *
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html
 */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { dollars, email, stage }: MonthlyBudgetProps) {
    super(scope, id);
    new CfnBudget(this, 'Budget', {
      budget: {
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: dollars, unit: 'USD' },
        costFilters: { TagKeyValue: [`user:fanfare:deployment$${stage.tags['fanfare:deployment']}`] },
      },
      notificationsWithSubscribers: NOTIFY_AT.map((threshold) => ({
        notification: {
          notificationType: 'ACTUAL',
          comparisonOperator: 'GREATER_THAN',
          threshold,
          thresholdType: 'PERCENTAGE',
        },
        subscribers: [{ subscriptionType: 'EMAIL', address: email }],
      })),
    });
  }
}

/** A budget is over the costs of the whole deployment: that of the first bus is enough. */
export function limitCosts(
  scope: Construct,
  { stage, brakes: { monthlyBudget: dollars }, alarmReceivers: { email } }: Settings,
  name: string,
): void {
  if (dollars === undefined || email === undefined || name !== FIRST_BUS) return;
  new MonthlyBudget(scope, 'Budget', { dollars, email, stage });
}
