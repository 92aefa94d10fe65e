#!/usr/bin/env bash
# The story in a minute: a vault, customers, a read with consent, refusals, an export, what a thief finds, an erasure,
# and the proof.
# Usage: scripts/demo.sh PROFILEVAULT. It leaves nothing behind; with KEEP=1 it says where the vault is.
set -euo pipefail
export LC_ALL=C

[[ $# -eq 1 && -x ${1:-} ]] || { echo "usage: scripts/demo.sh PATH-OF-PROFILEVAULT" >&2; exit 2; }
given=$1
profilevault=$(readlink -f "$1")
PROFILEVAULT_POLICIES=$(readlink -f "$(dirname "$0")/../policies")
examples=$(readlink -f "$(dirname "$0")/../docs/examples/customers.csv")
place=$(mktemp -d)
finish() { [[ ${KEEP:-0} == 1 ]] || rm -rf "$place"; }
trap finish EXIT
trap 'exit 130' INT TERM HUP
unset PROFILEVAULT_SESSION
export PROFILEVAULT_POLICIES XDG_STATE_HOME="$place/state" PROFILEVAULT_HOME="$place/vault"
cd "$place"

bold='' dim='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; fi

step=0
output=''
tell() {
    step=$((step + 1))
    printf '\n%s%d  %s%s\n' "$bold" "$step" "$1" "$plain"
    shift
    if (($#)); then printf '   %s\n' "$@"; fi
}

fail() {
    printf '\ndemo: step %d did not go as told: %s\n' "$step" "$1" >&2
    [[ -z $output ]] || printf '%s\n' "$output" | sed 's/^/demo:   /' >&2
    exit 1
}

# run STATUS TEXT WORD…: runs the program, which must end with STATUS and say TEXT; what it says is in `output`.
run() {
    local expected=$1 text=$2 status=0 start=${EPOCHREALTIME/./}
    shift 2
    output=$("$profilevault" "$@" 2>&1) || status=$?
    local took=$((${EPOCHREALTIME/./} - start)) note=''
    ((status == 0)) || note="  -> exit $status"
    printf '\n%s%4d.%02d s%s  $ profilevault %s%s%s%s\n' "$dim" $((took / 1000000)) $((took / 10000 % 100)) "$plain" \
        "$*" "$bold" "$note" "$plain"
    ((status == expected)) || fail "it ended with $status instead of $expected"
    [[ $output == *"$text"* ]] || fail "it did not say \`$text\`"
}

# Shows the lines of the output that match, without their indent; long ones are cut.
show() {
    printf '%s\n' "$output" | grep -E "$1" |
        awk '{ sub(/^ +/, ""); print "             " (length > 66 ? substr($0, 1, 64) " …" : $0) }' ||
        fail "no line of it is like \`$1\`"
}

# Where the sealed record of a profile begins in data.db: after its id and two times of six bytes each.
record_of() {
    local found
    found=$(od -An -v -tx1 vault/data.db | tr -d ' \n' | grep -obE "${1//-/}.{24}0100000001" |
        awk -F: '$1 % 2 == 0 { print $1 / 2 + 28; exit }') || true
    [[ -n $found ]] || fail "the row of profile $1 is not in data.db"
    echo "$found"
}

cp "$examples" friends.csv

tell "A vault is made." "Keys, three databases, policies in force and a first operator; the root key lies elsewhere."
run 0 "Made a vault" init
show '^  (vault|policies|operator)'

tell "2,000 made-up customers come in, the same ones every time, and three who are known by name." \
    "Every field is brought into standard form and sealed under a key of its person. What cannot be is listed."
run 0 "about 2,000 people" sample --profiles 2000 --seed 1 --out customers.csv --consents consents.csv
show 'rows about|^  (duplicates|dirty)'
run 0 "new profiles" import customers.csv
show 'rows in|^  (created|merged|rejected)'
run 0 "3  new profiles" import friends.csv
show 'created'

tell "So does what the 2,000 agreed to since they signed up." \
    "The customers had the newest answers, so none of them stands elsewhere now; but what they withdrew is known." \
    "The new ones are those whose rows among the customers were rejected: all that is known of them comes from here."
run 0 "rows in" import consents.csv
show 'rows in|^  (created|updated|unchanged)'

tell "Marketing asks for Ada, who said yes to personalisation." \
    "It gets what the policies give for that, the address in outline, and why not the rest."
run 0 "Ada" get email:ada@example.org --purpose personalization
show '^  (email|first_name|city|country|loyalty_tier|lifetime_value)|no policy'
answer=$output
ada=$(printf '%s\n' "$output" | sed -n 's/^profile //p')

tell "Marketing asks for Grace, who said no."
run 3 "no consent was given" get email:grace@example.org --purpose personalization
show 'no consent'

tell "Ada changes her mind: from then on she is closed, too."
run 0 "recorded: withdrawn" consent withdraw email:ada@example.org --purpose personalization
show 'recorded'
run 3 "the consent was withdrawn" get email:ada@example.org --purpose personalization
show 'withdrawn'

tell "Marketing takes everybody's data who says yes today. Ada is not in it."
run 0 "people not in it" export --purpose personalization --out today.csv
show 'people in|no consent|withdrawn'
[[ $(grep -cE '^[0-9a-f]{8}-' today.csv) -gt 900 ]] || fail "today.csv has fewer rows than said yes"
if grep -q "^$ada" today.csv; then fail "Ada is in today.csv"; fi

tell "A thief takes the disk." "Ada's fields as data.db has them, beside what the gate gave while she agreed:"
record=$(record_of "$ada")
cells=$((record + 7 + 12 * $(od -An -j $((record + 5)) -N 2 -tu1 vault/data.db | awk '{ print $1 * 256 + $2 }')))
printf '\n   %-33s %s\n' "the answer" "data.db from byte $cells"
paste -d '\t' <(printf '%s\n' "$answer" | sed -n 's/  masked$//; s/^  \([a-z_]*  *[^ ]*\)$/\1/p') \
    <(od -An -v -j "$cells" -N 80 -w10 -tx1z vault/data.db) |
    awk -F '\t' '{ printf "   %-33s%s\n", substr($1, 1, 32), $2 }'
if output=$(grep -rlai -e Lovelace -e London -e example.org vault); then
    fail "a value lies in clear in a file of the vault"
fi
printf '\n   %s\n' "Lovelace, London, example.org: in none of the vault's files."

tell "The thief changes one byte of Ada's row, in a copy of the vault. It is noticed."
cp -a vault changed
byte=$(od -An -j "$cells" -N 1 -tu1 vault/data.db)
printf "\\x$(printf %02x $((byte ^ 1)))" | dd of=changed/data.db bs=1 seek="$cells" conv=notrunc status=none
run 5 "error" get email:ada@example.org --purpose support --home changed
show 'error|hint'

tell "Alan asks to be forgotten. His key is destroyed, nobody knows him, and no import brings him back."
run 0 "erased: done here" erase email:alan@example.org
show 'erased: done|^  (profile_key|profile|consent_record|suppression) '
run 4 "error" get email:alan@example.org --purpose support
show 'error'
run 0 "2  listed" import friends.csv
show 'rejected'
grep -q not_accepted friends.csv.rejects.2.jsonl || fail "Alan was not refused"

tell "The log proves itself." "Every read and refusal above is in it, and every row is held against it."
run 0 "the log is whole" audit verify
show 'whole|stand'
run 0 "denied" audit show --subject "profile:$ada" --limit 5
printf '%s\n' "$output" | awk '{ printf "             %3s  %-15s  %-14s  %-7s  %s\n", $1, $3, $4, $5, $6 }'

printf '\n%sNext%s\n' "$bold" "$plain"
if [[ ${KEEP:-0} == 1 ]]; then
    printf '   The vault is kept in %s. To go on with it:\n' "$place"
    printf '   export XDG_STATE_HOME=%q PROFILEVAULT_HOME=%q\n' "$XDG_STATE_HOME" "$PROFILEVAULT_HOME"
else
    printf '   %-38s %s\n' "KEEP=1 make demo" "the same, and the vault is kept to look at"
fi
printf '   %-38s %s\n' "$given init" "a vault of your own, in ./vault" \
    "$given help" "all that it can do" "policies/README.md" "who may read what, and how to change it"
