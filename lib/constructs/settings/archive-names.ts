/** Names in the context. */
export const ARCHIVE_NAMES = ['archive', 'archiveDays', 'archiveColdDays', 'archiveTable'] as const;

/** How a bus keeps its events. */
export interface ArchiveSettings {
  /** `-c archiveDays=`: S3 deletes archived events after so many days. @default - it keeps them */
  readonly days: number | undefined;
  /**
   * `-c archiveColdDays=`: after so many days S3 moves archived events to Glacier Instant Retrieval, which costs less to keep and more to
   * read. It moves no object under 128 KB.
   *
   * @default - they stay in Intelligent-Tiering, which does the same by itself when nobody reads them for 90 days
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
   */
  readonly coldDays: number | undefined;
  /**
   * `-c archiveTable=on|off`: a table of AWS Glue over the archive, for Athena. It costs nothing, but in an account that uses Lake Formation
   * the deployment may lack permissions for it.
   *
   * @default off
   */
  readonly table: boolean;
}
