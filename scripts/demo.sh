#!/usr/bin/env bash
# The story in a minute: a vault, customers, a read with consent, a refusal, and the proof.
set -euo pipefail
vault=$(readlink -f "$1")
policies=$(readlink -f "$(dirname "$0")/../policies")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export XDG_STATE_HOME="$place/state" PROFILEVAULT_HOME="$place/vault"
cd "$place"
say() { printf '\n\033[1m%s\033[0m\n' "$1"; }
{
    echo customer_id,email,first_name,last_name,city,country,loyalty_tier,consent_personalization
    for number in $(seq 1 2000); do
        consent=yes; if (( number % 3 == 0 )); then consent=no; fi
        echo "$number,customer$number@example.org,Ada,Lovelace,London,GB,gold,$consent"
    done
} > customers.csv
say "A vault is made"
"$vault" init --policies "$policies"
say "2,000 customers are imported and sealed"
time "$vault" import customers.csv
say "One with consent is read for personalisation"
"$vault" get email:customer1@example.org --purpose personalization
say "One without is refused"
"$vault" get email:customer3@example.org --purpose personalization || true
say "Consent is withdrawn, and the next read is refused"
"$vault" consent withdraw email:customer1@example.org --purpose personalization
"$vault" get email:customer1@example.org --purpose personalization || true
say "What a thief finds of Ada Lovelace in the databases"
grep -c -a -e Lovelace -e customer1@example.org vault/*.db || true
say "The log proves itself"
"$vault" audit verify
