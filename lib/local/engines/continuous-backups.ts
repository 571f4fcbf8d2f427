interface BackupsRequest {
  readonly TableName?: string;
  readonly PointInTimeRecoverySpecification?: { readonly PointInTimeRecoveryEnabled?: boolean };
}

const OPERATION = /^DynamoDB_20120810\.(Describe|Update)ContinuousBackups$/;

/**
 * Answers DescribeContinuousBackups and UpdateContinuousBackups, which the engine does not have. It keeps the setting of each table. Nothing
 * is backed up.
 */
export class ContinuousBackups {
  readonly #tables = new Set<string>();

  /**
   * @param target the request's `x-amz-target`
   * @returns the answer; undefined when the request is for the engine
   */
  answer(target: unknown, body: Buffer): object | undefined {
    const [, operation] = OPERATION.exec(String(target)) ?? [];
    if (operation === undefined) return undefined;
    // An SDK wrote the body, so its shape is not checked.
    const { TableName = '', PointInTimeRecoverySpecification }: BackupsRequest = JSON.parse(body.toString());
    if (operation === 'Update') {
      if (PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled) this.#tables.add(TableName);
      else this.#tables.delete(TableName);
    }
    const PointInTimeRecoveryStatus = this.#tables.has(TableName) ? 'ENABLED' : 'DISABLED';
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    };
  }
}
