# Broadsheet in a container: docs/running.md says how to run it.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
# No scripts: every native module that we depend on brings its binaries along.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY package.json LICENSE CHANGELOG.md broadsheet.schema.json ./
COPY bin ./bin
COPY templates ./templates
RUN ln -s /app/bin/broadsheet.js /usr/local/bin/broadsheet && install -d -o node -g node /paper

# The installation: broadsheet.yaml, templates/, var/, feeds/.
WORKDIR /paper
VOLUME /paper
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
# The first collection may take a while; the pages answer before it is done.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["broadsheet", "serve"]
