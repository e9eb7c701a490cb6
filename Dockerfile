# Builds to JavaScript, then keeps only that and what it needs to run.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts ./scripts
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production SPILLWAY_HOME=/var/lib/spillway
WORKDIR /app
# Caches and spill files are the only thing it writes.
RUN mkdir -p "$SPILLWAY_HOME" && chown node:node "$SPILLWAY_HOME"
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
USER node
VOLUME /var/lib/spillway
# For Slack over HTTP; Socket Mode needs none.
EXPOSE 3000
ENTRYPOINT ["node", "bin/spillway.mjs"]
CMD ["start"]
