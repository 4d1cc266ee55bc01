# The portal as an image: dressed by Node, compiled by Rust, run on Debian without a compiler and without root.
# The private PostgreSQL is not in it: give DATABASE_URL.

FROM node:22-bookworm-slim AS habillage
WORKDIR /portail
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY script/habiller.mjs script/
COPY static static
RUN node script/habiller.mjs

FROM rust:1.95-bookworm AS construction
WORKDIR /portail
ENV SQLX_OFFLINE=true
COPY . .
# Both folders are kept from one build to the next; the program is copied out of the second.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/portail/target \
    cargo build --locked --release --bin portail && cp target/release/portail /usr/local/bin/portail

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/portail --create-home portail
WORKDIR /portail
COPY --from=construction /usr/local/bin/portail /usr/local/bin/portail
COPY --from=habillage /portail/static/dist static/dist
ENV PORTAIL_ADRESSE=0.0.0.0:8080 \
    PORTAIL_METRIQUES=0.0.0.0:9090 \
    PORTAIL_VAR=/var/lib/portail \
    PORTAIL_TRACES=json \
    RUST_LIB_BACKTRACE=0
USER portail
VOLUME /var/lib/portail
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD curl -fsS http://127.0.0.1:8080/sante/pret || exit 1
# SIGTERM lets the requests in flight finish: give it more than PORTAIL_DELAI_ARRET (20 s).
STOPSIGNAL SIGTERM
ENTRYPOINT ["portail"]
CMD ["servir"]
