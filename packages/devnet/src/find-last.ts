/** The last item that fits; `Array.prototype.findLast` is younger than the platforms that types are checked for. */
export function findLast<Item>(items: readonly Item[], fits: (item: Item) => boolean): Item | undefined {
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index] as Item
    if (fits(item)) return item
  }
  return undefined
}
