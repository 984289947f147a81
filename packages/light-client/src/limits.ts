/** Most members of a validator set, as in CometBFT. A made-up longer one would only cost time. */
export const MAX_VALIDATORS = 10_000
