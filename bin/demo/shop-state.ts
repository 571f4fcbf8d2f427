import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { LocalStack } from 'fanfare/local';

/** What the shop holds: its consumers' own tables, and the mail that went out. */
export interface ShopState {
  /** Pieces per SKU that can be sold, and that are put aside. */
  readonly stock: ReadonlyMap<string, { readonly available: number; readonly reserved: number }>;
  /** Order ids that have a reservation. */
  readonly reservations: ReadonlySet<string>;
  /** Order ids that have a shipment. */
  readonly shipments: ReadonlySet<string>;
  /** Pieces ordered, over all days and SKUs, and lines counted. */
  readonly counted: { readonly pieces: number; readonly lines: number };
  /** Recipients of every mail that was sent. */
  readonly mails: readonly string[];
}

type Row = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** Reads the tables and mails through the DynamoDB endpoint, as any client could. */
export async function readShopState(local: LocalStack): Promise<ShopState> {
  const client = new DynamoDBClient({
    endpoint: local.dynamodbEndpoint,
    region: local.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const rows = (consumer: string, table: string): Promise<Row[]> =>
    scan(client, local.find(consumer, table).physicalId);
  try {
    const [stock, reservations, shipments, counts] = await Promise.all([
      rows('Inventory', 'StockTable'),
      rows('Inventory', 'ReservationsTable'),
      rows('Shipping', 'ShipmentsTable'),
      rows('Analytics', 'CountsTable'),
    ]);
    return {
      stock: new Map(
        stock.map((row) => [
          text(row, 'sku'),
          { available: number(row, 'available'), reserved: number(row, 'reserved') },
        ]),
      ),
      reservations: new Set(reservations.map((row) => text(row, 'orderId'))),
      shipments: new Set(shipments.map((row) => text(row, 'orderId'))),
      counted: {
        pieces: counts.reduce((sum, row) => sum + number(row, 'quantity'), 0),
        lines: counts.reduce((sum, row) => sum + number(row, 'orders'), 0),
      },
      mails: local.mail().flatMap(({ to }) => to),
    };
  } finally {
    client.destroy();
  }
}

async function scan(client: DynamoDBClient, table: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    // AttributeValue is a union over one shape per type; a missing one reads as undefined here.
    rows.push(...((page.Items ?? []) as Row[]));
  }
  return rows;
}

function text(row: Row, name: string): string {
  return row[name]?.S ?? '';
}

function number(row: Row, name: string): number {
  return Number(row[name]?.N ?? 0);
}
