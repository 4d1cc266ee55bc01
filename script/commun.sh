# shellcheck shell=sh
# What script/server and script/test share. Sourced from the root of the project.

CARGO_PLUS_ANCIEN=1.94
NODE_PLUS_ANCIEN=20
POSTGRES_PLUS_ANCIEN=15

dire() { printf '%s\n' "» $*" >&2; }
echouer() { printf '%s\n' "✗ $*" >&2; exit 1; }
existe() { command -v "$1" >/dev/null 2>&1; }

# rustup leaves cargo out of a fresh shell's PATH.
if ! existe cargo && [ -x "${HOME:-/root}/.cargo/bin/cargo" ]; then
    PATH="${HOME:-/root}/.cargo/bin:$PATH"
    export PATH
fi

# An error's backtrace costs 151 ms; a panic still shows its own.
RUST_LIB_BACKTRACE=0
export RUST_LIB_BACKTRACE

# au_moins VOULUE TROUVEE: compares dotted versions.
au_moins() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# paquet COMMANDE PAQUET: notes the Debian package of a missing command.
paquets=
paquet() { existe "$1" || paquets="$paquets $2"; }

a_clamd() { existe clamd || [ -x /usr/sbin/clamd ]; }

a_postgres() {
    if [ -n "${PG_BIN:-}" ]; then
        [ -x "$PG_BIN/postgres" ]
    else
        for programme in /usr/lib/postgresql/*/bin/postgres; do
            version=${programme#/usr/lib/postgresql/}
            [ -x "$programme" ] && [ "${version%%/*}" -ge "$POSTGRES_PLUS_ANCIEN" ] && return 0
        done
        return 1
    fi
}

# Installs the missing packages when root, else names them.
installer_paquets() {
    [ -n "$paquets" ] || return 0
    # The list is made of words.
    # shellcheck disable=SC2086
    set -- $paquets
    if [ "$(id -u)" -ne 0 ] || ! existe apt-get; then
        echouer "Il manque des paquets : $*. Installez-les : sudo apt-get install $*"
    fi
    dire "installation de $*"
    export DEBIAN_FRONTEND=noninteractive
    if ! apt-get update -qq || ! apt-get install -qq -y --no-install-recommends "$@" >/dev/null; then
        echouer "apt-get n'a pas pu installer : $*"
    fi
    paquets=
}

verifier_cargo() {
    existe cargo || echouer "cargo manque. Installez Rust $CARGO_PLUS_ANCIEN ou plus récent : https://rustup.rs (le Rust de Debian 12 est trop ancien)"
    version=$(cargo --version | cut -d ' ' -f 2)
    au_moins "$CARGO_PLUS_ANCIEN" "$version" ||
        echouer "Rust $version est trop ancien : il faut $CARGO_PLUS_ANCIEN ou plus récent (rustup update)"
}

verifier_node() {
    existe node || echouer "node manque. Installez Node.js $NODE_PLUS_ANCIEN ou plus récent : https://nodejs.org (celui de Debian 12 est trop ancien)"
    existe npm || echouer "npm manque : il accompagne Node.js ; installez-le (apt-get install npm, ou celui de https://nodejs.org)"
    version=$(node --version)
    au_moins "$NODE_PLUS_ANCIEN" "${version#v}" ||
        echouer "Node.js $version est trop ancien : il faut la version $NODE_PLUS_ANCIEN ou plus récente"
}

empreinte() { sha256sum | cut -d ' ' -f 1; }

# Installs the locked npm packages, and dresses the portal, when what they are made from has changed.
habiller() {
    voulue=$(cat package.json package-lock.json .npmrc | empreinte)
    if [ "$(cat node_modules/.empreinte 2>/dev/null)" != "$voulue" ]; then
        dire "paquets npm (npm ci)"
        npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || echouer "npm ci a échoué"
        printf '%s\n' "$voulue" >node_modules/.empreinte
    fi
    voulue=$(find static -path 'static/dist*' -prune -o -type f -print | LC_ALL=C sort |
        xargs sha256sum script/habiller.mjs node_modules/.empreinte | empreinte)
    if [ "$(cat static/dist/.empreinte 2>/dev/null)" != "$voulue" ]; then
        dire "habillage (script/habiller.mjs)"
        node script/habiller.mjs >&2 || echouer "script/habiller.mjs a échoué"
        printf '%s\n' "$voulue" >static/dist/.empreinte
    fi
}

# Installs the pinned Python tools of the tests in .venv, when their list has changed.
outils_python() {
    voulue=$(empreinte <tests/schemathesis/exigences.txt)
    [ "$(cat .venv/.empreinte 2>/dev/null)" != "$voulue" ] || return 0
    dire "outils Python (pip)"
    rm -rf .venv
    python3 -m venv .venv >&2 || echouer "python3 -m venv a échoué (paquet python3-venv)"
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement tests/schemathesis/exigences.txt >&2 ||
        echouer "pip n'a pas pu installer tests/schemathesis/exigences.txt"
    printf '%s\n' "$voulue" >.venv/.empreinte
}

# Chooses PORTAIL_VAR: var, unless the portal runs as root in a folder that PostgreSQL's account cannot enter (/root).
choisir_var() {
    if [ -n "${PORTAIL_VAR:-}" ]; then
        return 0
    fi
    PORTAIL_VAR=var
    if [ "$(id -u)" -eq 0 ]; then
        compte=nobody
        if id postgres >/dev/null 2>&1; then compte=postgres; fi
        if ! setpriv --reuid "$compte" --regid "$(id -g "$compte")" --clear-groups test -x "$PWD"; then
            PORTAIL_VAR=/var/lib/portail-$(printf '%s' "$PWD" | cksum | cut -d ' ' -f 1)
            dire "les données vont dans $PORTAIL_VAR : le compte $compte ne peut pas entrer dans $PWD"
        fi
    fi
    export PORTAIL_VAR
}
