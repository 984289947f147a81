/** Limits of what installing a package brings, its dependencies included and optional peers not. */
export interface InstallBudget {
  /** Packages in `node_modules`, the package itself included. */
  readonly packages: number
  /** Bytes of their files. */
  readonly installedBytes: number
}

/** Limits of everything that an entry exports: bundled and minified by esbuild, then gzip, without optional peers. In bytes.
 * Ten to fifteen percent above what was measured: more than that needs a look, and a change here. */
export const GZIP_BUDGETS: Readonly<Record<string, number>> = {
  '@multiplexer/core': 20_500,
  '@multiplexer/core/router': 20_000,
  '@multiplexer/core/errors': 1_250,
  '@multiplexer/core/otel': 1_600,
  '@multiplexer/gonka': 78_000,
  '@multiplexer/gonka/brokers': 400,
  '@multiplexer/gonka/doctor': 105_000,
  '@gonka/signer': 25_000,
  '@gonka/signer/openai': 25_500,
  '@gonka/protocol': 8_200,
  '@gonka/ics23-verify': 7_500,
  '@gonka/light-client': 29_000,
  '@gonka/discovery': 49_000,
  '@gonka/registrar': 28_000,
  '@gonka/refresh': 6_000,
  '@gonka/devnet': 45_000,
}

/** By package. */
export const INSTALL_BUDGETS: Readonly<Record<string, InstallBudget>> = {
  '@multiplexer/core': { packages: 1, installedBytes: 570_000 },
  '@multiplexer/gonka': { packages: 12, installedBytes: 7_000_000 },
  '@gonka/signer': { packages: 5, installedBytes: 3_500_000 },
  '@gonka/protocol': { packages: 2, installedBytes: 860_000 },
  '@gonka/ics23-verify': { packages: 4, installedBytes: 1_750_000 },
  '@gonka/light-client': { packages: 5, installedBytes: 3_700_000 },
  '@gonka/discovery': { packages: 8, installedBytes: 6_200_000 },
  '@gonka/registrar': { packages: 6, installedBytes: 3_700_000 },
  '@gonka/refresh': { packages: 3, installedBytes: 970_000 },
  '@gonka/devnet': { packages: 6, installedBytes: 4_100_000 },
}
