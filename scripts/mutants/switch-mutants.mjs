/** Name of the global function that says, by its number, whether a mutant is switched on. */
export const SWITCH = '__isMutant'

/** Builds one source that behaves like any of its mutants, as {@link SWITCH} says each time. Lines stay where they are.
 * @param {string} source - TypeScript.
 * @param {readonly (import('./find-mutants.mjs').Mutant & { id: number })[]} mutants - Those of this source, in its order.
 * @returns {string} */
export function switchMutants(source, mutants) {
  const places = new Map(mutants.map(({ start, end }) => [`${start}-${end}`, { start, end }]))
  const insertions = [...places.values()].flatMap(({ start, end }) => {
    const here = mutants.filter((mutant) => mutant.start === start && mutant.end === end)
    return [
      { at: start, rank: -end, text: openingOf(here) },
      // What ends here closes before anything opens, and of that the innermost first.
      { at: end, rank: -source.length - 1 - start, text: '))' },
    ]
  })
  let [from, switched] = [0, '']
  for (const { at, text } of insertions.sort((a, b) => a.at - b.at || a.rank - b.rank)) {
    switched += source.slice(from, at) + text
    from = at
  }
  return switched + source.slice(from)
}

function openingOf(mutants) {
  const choices = mutants.map(({ id, becomes }) => `${SWITCH}(${id}) ? ${becomes === 'nothing' ? '0' : becomes} : `)
  // A line that begins with a bracket would go on with the line before it.
  const statement = mutants.some(({ becomes }) => becomes === 'nothing') ? 'void ' : ''
  return `${statement}(${choices.join('')}(`
}
