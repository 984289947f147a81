/** What `gonka --help` prints. */
export const USAGE = `Usage: gonka doctor [options]

Checks what a request through the Gonka network needs: key, address, account, balance, public key, allow-lists, clock, each
source, participant and broker, protocol, proofs. Prints what works, what does not, and the next step for each.

Settings come from the environment: GONKA_PRIVATE_KEY, GONKA_SOURCE_URL, GONKA_ENDPOINTS, GONKA_BROKERS, GONKA_ADDRESS,
GONKA_VERIFY_PROOF, GONKA_TRUST, GONKA_CHAIN_ID. A flag wins over its variable. Keys are never taken from the command line.

  --key-file <path>        file that holds the private key: 64 hex digits; /dev/stdin too
  --source-url <url>       node that is asked for participants; repeatable
  --endpoint <url;address> participant by hand; repeatable
  --address <gonka1…>      account that requests are signed for
  --trust <height:hash>    trusted header, or first-use
  --chain-id <id>          the chain's id, such as gonka-mainnet
  --verify-proof           require proven lists; --no-verify-proof does not
  --allow-private-hosts    accept participants at loopback and private hosts
  --scheme <v1|v2>         version of the signed bytes; v1 for nodes before v0.2.6

  --send                   also send one small request, which is paid for
  --model <id>             model of that request
  --timeout <ms>           longest wait for one answer, in milliseconds (default 10000)
  --json                   print one JSON object: { ok, summary, checks }
  -h, --help, --version

Exit code: 0 no check failed, 1 a check failed, 2 a flag or a setting is wrong.
`
