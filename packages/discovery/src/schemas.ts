import * as v from 'valibot'

/** The part of `GET /v1/epochs/{epoch}/participants` that is used, in one dialect. */
export interface WireBundle {
  active_participants: {
    participants: unknown[]
    /** 0 when absent. */
    epoch_id: bigint
    /** Deprecated on the chain; read only where early networks send no `epoch_id`. 0 when absent. */
    epoch_group_id: bigint
  }
  excluded_participants: unknown[]
}

/** The part of the same answer that is used when it must be proven. */
export interface WireProvenBundle {
  /** Hex of the record that the proof is about. */
  active_participants_bytes: string
  proof_ops: { ops: { type: string; key: string; data: string }[] }
  excluded_participants: unknown[]
  /** The same record in JSON, unproven; whatever the node makes of it. */
  active_participants?: unknown
}

/** One entry of `active_participants.participants`. */
export interface WireParticipant {
  index: string
  validator_key: string
  weight: bigint
  inference_url: string
  models: string[]
}

/** One entry of `excluded_participants`. */
export interface WireExclusion {
  address: string
}

/** The part of the chain's inference parameters that says who may take requests; chains without it let everyone. */
export interface WireParams {
  params: { transfer_agent_access_params: { allowed_transfer_addresses: string[] } }
}

/** An int64 or uint64 of either dialect: a number or a decimal string; absent means 0. */
const integer: v.GenericSchema<unknown, bigint> = /* @__PURE__ */ createInteger()

/** Reads a bundle; keys that are not named here are ignored. Entries stay unknown: they are read one by one, so that a bad
 * one does not take the others with it. */
export const BundleSchema: v.GenericSchema<unknown, WireBundle> = /* @__PURE__ */ createBundleSchema()

/** Reads what a proof needs from a bundle. All of it must be there: old epochs and old nodes leave the proof out. */
export const ProvenBundleSchema: v.GenericSchema<unknown, WireProvenBundle> = /* @__PURE__ */ createProvenBundleSchema()

/** Reads one entry of the list. */
export const ParticipantSchema: v.GenericSchema<unknown, WireParticipant> = /* @__PURE__ */ createParticipantSchema()

/** Reads one excluded participant. */
export const ExclusionSchema: v.GenericSchema<unknown, WireExclusion> = /* @__PURE__ */ createExclusionSchema()

/** Reads the chain's inference parameters. */
export const ParamsSchema: v.GenericSchema<unknown, WireParams> = /* @__PURE__ */ createParamsSchema()

function createInteger(): v.GenericSchema<unknown, bigint> {
  const number = v.pipe(
    v.number(),
    v.integer(),
    v.transform((value) => BigInt(value)),
  )
  const digits = v.pipe(
    v.string(),
    v.regex(/^-?\d{1,40}$/),
    v.transform((value) => BigInt(value)),
  )
  return v.nullish(v.union([number, digits]), 0)
}

function createBundleSchema(): v.GenericSchema<unknown, WireBundle> {
  const entries = v.nullish(v.array(v.unknown()), [])
  return v.object({
    active_participants: v.object({
      participants: entries,
      epoch_id: integer,
      epoch_group_id: v.fallback(integer, 0n),
    }),
    excluded_participants: entries,
  })
}

function createProvenBundleSchema(): v.GenericSchema<unknown, WireProvenBundle> {
  return v.object({
    active_participants_bytes: v.string(),
    proof_ops: v.object({ ops: v.array(v.object({ type: v.string(), key: v.string(), data: v.string() })) }),
    excluded_participants: v.nullish(v.array(v.unknown()), []),
    active_participants: v.optional(v.unknown()),
  })
}

function createParticipantSchema(): v.GenericSchema<unknown, WireParticipant> {
  const text = v.nullish(v.string(), '')
  return v.object({
    index: text,
    validator_key: text,
    weight: integer,
    inference_url: text,
    models: v.nullish(v.array(v.string()), []),
  })
}

function createExclusionSchema(): v.GenericSchema<unknown, WireExclusion> {
  return v.object({ address: v.string() })
}

function createParamsSchema(): v.GenericSchema<unknown, WireParams> {
  const access = v.object({ allowed_transfer_addresses: v.nullish(v.array(v.string()), []) })
  return v.object({ params: v.object({ transfer_agent_access_params: v.nullish(access, {}) }) })
}
