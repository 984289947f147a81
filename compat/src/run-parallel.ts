/** Runs `work` for each item, at most `limit` at once, and gives the results in the order of the items.
 * @param limit - At least 1.
 * @throws What `work` throws first; items that have begun are not waited for. */
export async function runParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const entries = items.entries()
  const runLane = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: limit }, runLane))
  return results
}
