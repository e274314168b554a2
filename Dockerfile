# One image for each process of OMNI2 Chat; nothing else is built from here:
#   docker build --build-arg SERVICE=ws-edge --tag omni2-chat/ws-edge .
# SERVICE: auth, ws-edge, chat-worker, flow-recorder, console, migrations, streams, bootstrap, model-simulator or seed.
# A release pins the base by digest: --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:…
# Debian, not Alpine: V8's and glibc's malloc and the resolver are what the project is measured on.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# ── The bundle of the process, laid out as in the workspace ────────────────────────────────────────────────────────────
FROM ${NODE_IMAGE} AS gather
ARG SERVICE
RUN npm install --global pnpm@12.21.0
WORKDIR /workspace
COPY . .
RUN --mount=type=cache,target=/pnpm/store \
    pnpm config set --global store-dir /pnpm/store \
 && pnpm config set --global package-import-method copy \
 && infra/docker/gather-image.sh "${SERVICE:?give --build-arg SERVICE=…}" /gathered

# ── Node and what it stands on, without any package manager ─────────────────────────────────────────────────────────
FROM ${NODE_IMAGE} AS trimmed
# /var/lib/dpkg/status stays: scanners read from it what is installed.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/share /opt/yarn* \
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
      /usr/bin/apt* /usr/lib/apt /etc/apt /var/lib/apt /var/cache /usr/bin/dpkg* /usr/lib/dpkg /var/lib/dpkg/info \
      /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale /usr/share/i18n /root/.npm* /tmp/* \
 && mkdir /app

# ── The image: one layer that all services share, then the service's own ────────────────────────────────────────────
FROM scratch
COPY --from=trimmed / /
ENV PATH=/usr/local/bin:/usr/bin:/bin \
    NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.compile-cache \
    HEALTH_HOST=0.0.0.0 \
    HEALTH_PORT=9090
WORKDIR /app
COPY --from=gather --chown=0:0 /gathered /app

# Compiled ahead by the user that runs it, for the cache is each user's own: without its configuration (or with --help)
# a process loads its code and ends. Run read-only, it reads the cache and writes nothing.
RUN mkdir "$NODE_COMPILE_CACHE" && chown 10001:10001 "$NODE_COMPILE_CACHE"
USER 10001:10001
RUN node main.js --help > /dev/null 2>&1; test -n "$(ls "$NODE_COMPILE_CACHE")"

ARG SERVICE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="omni2-chat/${SERVICE}" \
      org.opencontainers.image.description="OMNI2 Chat: ${SERVICE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Run it with an init (docker run --init, compose `init: true`): node gets SIGTERM itself and has no children to reap.
ENTRYPOINT ["node", "/app/main.js"]
