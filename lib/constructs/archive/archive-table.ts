import { Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ARCHIVE_COLUMNS } from '../../archive/archived-event.ts';
import { ARCHIVE_PREFIX } from '../../archive/object-key.ts';

export interface ArchiveTableProps {
  readonly busName: string;
  readonly dataBucket: IBucket;
}

/** The first day of the format. Athena looks at no earlier one. */
const FIRST_DAY = '2026-01-01';

/**
 * A table over the archive for Athena, in a database of AWS Glue that is called like the bus: `shop_dev_bus.archive`. Athena works out the
 * partitions from the date and the hour in the keys, so nothing has to add them.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export class ArchiveTable extends Construct {
  constructor(scope: Construct, id: string, { busName, dataBucket }: ArchiveTableProps) {
    super(scope, id);
    const catalogId = Stack.of(this).account;
    const name = busName.toLowerCase().replaceAll('-', '_');
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name, description: `Events of the bus ${busName}.` },
    });
    const location = dataBucket.s3UrlForObject(ARCHIVE_PREFIX);
    const table = new CfnTable(this, 'Archive', {
      catalogId,
      databaseName: name,
      tableInput: {
        name: 'archive',
        description: `Every event of the bus ${busName}, by the hour in which it arrived.`,
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [
          { name: 'date', type: 'string' },
          { name: 'hour', type: 'string' },
        ],
        parameters: { EXTERNAL: 'TRUE', ...projection(location) },
        storageDescriptor: {
          columns: ARCHIVE_COLUMNS.map((column) => ({ name: column.toLowerCase(), type: 'string' })),
          location,
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: { serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
    table.node.addDependency(database);
  }
}

function projection(location: string): Record<string, string> {
  return {
    'projection.enabled': 'true',
    'projection.date.type': 'date',
    'projection.date.format': 'yyyy-MM-dd',
    'projection.date.range': `${FIRST_DAY},NOW`,
    'projection.hour.type': 'integer',
    'projection.hour.range': '0,23',
    'projection.hour.digits': '2',
    'storage.location.template': `${location}date=\${date}/hour=\${hour}/`,
  };
}
