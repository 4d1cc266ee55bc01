#!/bin/sh
# Import of the fictitious national file against COPY of the same rows into a bare table, in the same
# run, on a database of its own. Goal: at most three times as long.
# Usage: benches/import.sh postgres://user@host:port [path to the portail binary]
set -eu
serveur=$1
portail=${2:-target/release/portail}
base="$serveur/banc_import"
dossier=$(mktemp -d)
trap 'rm -rf "$dossier"; psql -q "$serveur/postgres" -c "drop database if exists banc_import"' EXIT
"$portail" generer-finess --perimetre national --sortie "$dossier" > /dev/null
fichier="$dossier/fictif-structureet-national.csv"
tail -n +2 "$fichier" > "$dossier/lignes.csv"
colonnes=$(seq -s, 1 32 | sed 's/[0-9]*/c& text/g')
for essai in 1 2 3; do
    psql -q "$serveur/postgres" -c "drop database if exists banc_import" -c "create database banc_import" 2> /dev/null
    DATABASE_URL="$base" "$portail" migrer > /dev/null
    echo "--- $essai : COPY dans une table nue, premier import, réimport sans changement"
    psql -q "$base" -c "create table nu ($colonnes)" -c '\timing on' \
        -c "\\copy nu from '$dossier/lignes.csv' with (format csv, delimiter ';')"
    for import in premier second; do
        DATABASE_URL="$base" /usr/bin/time -f '%e s au total, %M Kio de mémoire au plus' \
            "$portail" importer finess "$fichier" 2>&1 | grep -v 'lus, 0 rejetés'
    done
done
