/** One error of the TypeScript compiler. */
export interface Diagnostic {
  /** Path of the file below the folder that was compiled, with `/`; empty for errors of the configuration. */
  readonly path: string
  /** The path with line and column; empty where there is none. */
  readonly place: string
  /** `error TS2315: …`, its first line. */
  readonly message: string
}

const WITH_PLACE = /^(?<path>[^\s(][^(]*)(?<position>\(\d+,\d+\)): (?<message>error TS\d+: .*)$/
const WITHOUT_PLACE = /^error TS\d+: .*$/

/** Reads what `tsc --pretty false` printed. */
export function parseDiagnostics(output: string): Diagnostic[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const { path, position, message } = WITH_PLACE.exec(line)?.groups ?? {}
    if (path && position && message) return [{ path, place: `${path}${position}`, message }]
    return WITHOUT_PLACE.test(line) ? [{ path: '', place: '', message: line }] : []
  })
}

/** Those that a program has to answer for: in its own file, in a package of its project, or in no file at all. The compiler
 * looks at a package of the same name and version once, in the project that comes first, so an error in a package counts
 * for every project that has it.
 * @param program.project - Name of the project's folder.
 * @param program.file - Name of the program, without extension.
 * @param program.has - Whether a path below the project's folder exists. */
export function selectDiagnostics(
  diagnostics: readonly Diagnostic[],
  { project, file, has }: { project: string; file: string; has: (path: string) => boolean },
): Diagnostic[] {
  return diagnostics.filter(({ path }) => {
    const [folder, ...rest] = path.split('/')
    if (path === '') return true
    if (rest[0] === 'node_modules') return has(rest.join('/'))
    return folder === project && rest.at(-1)?.replace(/\.[cm]?ts$/, '') === file
  })
}
