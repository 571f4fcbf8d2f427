/** What an answer says, without what is different in every one of them; of an error its name, and what it shows of the items. */
export async function answerOf(send: () => unknown): Promise<unknown> {
  try {
    return withoutMetadata(await send());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, Item, CancellationReasons } = error as Error & {
      Item?: unknown;
      CancellationReasons?: readonly { Code?: string; Item?: unknown }[];
    };
    return { name, Item, reasons: CancellationReasons?.map((one) => [one.Code, one.Item]) };
  }
}

function withoutMetadata(answer: unknown): unknown {
  const { $metadata: _, ...rest } = answer as Record<string, unknown>;
  return JSON.parse(JSON.stringify(rest, (_name, value) => sorted(value)));
}

/** Sets have no order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { SS, NS } = value as { SS?: string[]; NS?: string[] };
  if (SS) return { SS: SS.toSorted() };
  return NS ? { NS: NS.toSorted() } : value;
}
