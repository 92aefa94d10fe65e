#!/usr/bin/env bash
# What teams do in PostgreSQL: each field sealed with pgp_sym_encrypt as it comes, read back over a Unix socket.
#
# Takes the rows as CSV and for how many seconds to read; prints reads a second of three fields, or `missing: why`.
# The server is a cluster of its own in a temporary folder, on no network, and goes when this ends.
set -euo pipefail
rows=$1 seconds=$2
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1 || true)
for program in initdb pg_ctl pgbench psql; do
    [ -x "$programs/$program" ] || { echo "missing: PostgreSQL's $program"; exit 0; }
done
ls /usr/share/postgresql/*/extension/pgcrypto.control >/dev/null 2>&1 || { echo "missing: pgcrypto"; exit 0; }

folder=$(mktemp -d)
as=()
if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL does not run as root.
    as=(setpriv --reuid nobody --regid nogroup --clear-groups)
    chown nobody:nogroup "$folder"
fi
chmod 711 "$folder"
trap '"${as[@]}" "$programs/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT
"${as[@]}" "$programs/initdb" -D "$folder/data" -U bench -A trust --no-sync >/dev/null
"${as[@]}" "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
    -o "-k $folder -c listen_addresses='' -c unix_socket_permissions=0777" start >/dev/null
export PGHOST=$folder PGUSER=bench PGDATABASE=postgres
cp "$rows" "$folder/rows.csv"
chmod 644 "$folder/rows.csv"
"$programs/psql" -q -v ON_ERROR_STOP=1 <<SQL
CREATE EXTENSION pgcrypto;
CREATE TEMP TABLE plain (number serial, customer_id text, email text, phone text, first_name text, last_name text,
    birth_date text, gender text, address text, city text, postal_code text, country text, loyalty_tier text);
\copy plain (customer_id, email, phone, first_name, last_name, birth_date, gender, address, city, postal_code, country, loyalty_tier) FROM '$folder/rows.csv' CSV HEADER
CREATE TABLE profile AS SELECT number,
    pgp_sym_encrypt(customer_id, 'k') AS customer_id, pgp_sym_encrypt(email, 'k') AS email,
    pgp_sym_encrypt(phone, 'k') AS phone, pgp_sym_encrypt(first_name, 'k') AS first_name,
    pgp_sym_encrypt(last_name, 'k') AS last_name, pgp_sym_encrypt(birth_date, 'k') AS birth_date,
    pgp_sym_encrypt(gender, 'k') AS gender, pgp_sym_encrypt(address, 'k') AS address,
    pgp_sym_encrypt(city, 'k') AS city, pgp_sym_encrypt(postal_code, 'k') AS postal_code,
    pgp_sym_encrypt(country, 'k') AS country, pgp_sym_encrypt(loyalty_tier, 'k') AS loyalty_tier
    FROM plain;
CREATE UNIQUE INDEX ON profile (number);
ANALYZE profile;
SQL
count=$("$programs/psql" -Atc 'SELECT count(*) FROM profile')
cat >"$folder/read.sql" <<SQL
\set number random(1, $count)
SELECT pgp_sym_decrypt(first_name, 'k'), pgp_sym_decrypt(city, 'k'), pgp_sym_decrypt(country, 'k')
FROM profile WHERE number = :number;
SQL
"$programs/pgbench" -n -M prepared -c 1 -T "$seconds" -f "$folder/read.sql" 2>/dev/null |
    awk '/^tps/ { printf "%.0f\n", $3 }'
